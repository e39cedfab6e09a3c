"""What every point of the deck has to bear: its own sentence, its denial, and its words without a sentence."""

import pytest

from heldout.practice.answers import Standing, read
from heldout.practice.answers.corpus import labelled_points
from heldout.practice.deck import deck, kind_named
from heldout.practice.drill import Difficulty, Drill, Kind
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


def explained(drill: Drill) -> str:
    return " ".join(f"{point.says.rstrip('.')}." for point in drill.points)


@pytest.mark.parametrize("planted", [True, False])
@pytest.mark.parametrize("kind", deck(), ids=lambda kind: f"{kind.family}/{kind.name}")
def test_all_points_said_together_are_made_or_asked_about_at_no_loss(kind: Kind, planted: bool) -> None:
    for seed in range(3):
        drill = kind.build(seed, Difficulty.MIDDLE, planted)
        heard = read(explained(drill), drill.points).heard
        assert {one.standing for one in heard} <= {Standing.COVERED, Standing.UNCLEAR}
        assert all(one.is_said for one in heard)


@pytest.mark.parametrize("kind", deck(), ids=lambda kind: f"{kind.family}/{kind.name}")
def test_what_holds_of_the_planted_world_is_not_credited_in_its_clean_twin_nor_the_other_way(kind: Kind) -> None:
    for seed in range(3):
        drill, twin = (kind.build(seed, Difficulty.MIDDLE, planted) for planted in (True, False))
        for said, asked in ((drill, twin), (twin, drill)):
            other = {point.name: point.denied for point in said.points}
            heard = read(explained(said), asked.points).heard
            for point, one in zip(asked.points, heard, strict=True):
                if other.get(point.name, point.denied) is not point.denied:
                    assert one.standing is not Standing.COVERED, point.says


def test_a_sentence_that_makes_another_point_too_is_asked_about_and_a_plain_denial_is_not() -> None:
    drill = kind_named("serving/train-serve-skew").build(0, Difficulty.MIDDLE, planted=False)
    alike = next(place for place, point in enumerate(drill.points) if point.denied)
    whole = read(explained(drill), drill.points).heard[alike]
    assert (whole.standing, whole.is_said) == (Standing.UNCLEAR, True)
    denied = read(f"{explained(drill)} But the features do differ.", drill.points).heard[alike]
    assert denied.standing is Standing.CONTRADICTED


def test_a_denial_with_its_number_in_the_next_sentence_is_no_denial_of_the_number() -> None:
    drill = kind_named("human_evaluation/agreement-no-better-than-chance").build(0, Difficulty.MIDDLE, planted=True)
    assert "do not agree much beyond chance" in explained(drill)
    assert {one.standing for one in read(explained(drill), drill.points).heard} == {Standing.COVERED}
