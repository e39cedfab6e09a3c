"""What every point of the deck has to bear: its own sentence, its denial, and its words without a sentence."""

import pytest

from heldout.practice.answers import Standing, read
from heldout.practice.answers.corpus import labelled_points
from heldout.practice.deck import deck
from heldout.practice.drill import Difficulty
from heldout.practice.point import Point

POINTS = {
    **{f"labelled: {name}": point for name, (_, point) in labelled_points().items()},
    **{
        f"{kind.family}/{kind.name}, {'planted' if planted else 'clean'}: {point.name}": point
        for kind in deck()
        for planted in (True, False)
        for point in kind.build(1, Difficulty.EASY, planted).points
    },
}


def standing(text: str, point: Point) -> Standing:
    return read(text, (point,)).heard[0].standing


@pytest.mark.parametrize("name", POINTS)
def test_its_own_sentence_makes_it_or_is_asked_about(name) -> None:
    assert standing(POINTS[name].says, POINTS[name]) in (Standing.COVERED, Standing.UNCLEAR)


@pytest.mark.parametrize("name", POINTS)
def test_the_denial_of_its_sentence_is_not_credited(name) -> None:
    says = POINTS[name].says
    assert standing(f"It is not true that {says[0].lower()}{says[1:]}", POINTS[name]) is not Standing.COVERED
    assert standing(f"{says} That is wrong.", POINTS[name]) is not Standing.COVERED


@pytest.mark.parametrize("name", POINTS)
def test_its_words_without_a_sentence_earn_nothing(name) -> None:
    words = [alternative.rstrip("*") for group in POINTS[name].anchors for alternative in group]
    assert standing(", ".join(words), POINTS[name]) is Standing.MISSING
