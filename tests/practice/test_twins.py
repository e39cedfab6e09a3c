"""Only the evidence tells a drill from its clean twin: no wording, and no option's place or length."""

import ast
import re
from collections import Counter
from collections.abc import Iterator

import numpy as np
import pytest

from heldout.practice.deck import deck
from heldout.practice.drill import Difficulty, Drill, Kind, Shown
from heldout.practice.exhibit import Curves, Exhibit, Lines, Rows
from heldout.practice.mark import share_of
from heldout.practice.question import Form, Question

SEEDS = range(6)
MOST_ROWS, WIDEST = 40, 110
NUMBER = re.compile(r"[+\-−]?\d[\d,.:%]*(e-?\d+)?|'[a-z ]+'")
EACH = pytest.mark.parametrize("kind", deck(), ids=lambda kind: f"{kind.family}/{kind.name}")


def drills(kind: Kind) -> Iterator[Drill]:
    for seed in SEEDS:
        for planted in (True, False):
            yield kind.build(seed, Difficulty(1 + seed % 3), planted)


def worded(text: str, shown: Shown) -> str:
    """Return a text without numbers, and without what is named in a table, of which either twin draws its own."""
    cells = {cell for one in shown.exhibits if isinstance(one, Rows) for row in one.rows for cell in row}
    for cell in sorted((cell for cell in cells if isinstance(cell, str) and len(cell) > 2), key=len, reverse=True):
        text = re.sub(rf"\b{re.escape(cell)}\b", "#", text)
    return NUMBER.sub("#", text)


def asked(question: Question, shown: Shown) -> object:
    options = sorted(worded(one, shown) for one in question.options)
    return question.name, worded(question.ask, shown), question.form, question.worth, options


def outline(exhibit: Exhibit) -> object:
    if isinstance(exhibit, Rows):
        return exhibit.name, exhibit.columns
    return (exhibit.name, tuple(exhibit.series)) if isinstance(exhibit, Curves) else (exhibit.name, exhibit.language)


@EACH
def test_a_twin_asks_the_same_in_the_same_words_of_the_same_exhibits(kind) -> None:
    for seed in range(3):
        for difficulty in Difficulty:
            planted, clean = (kind.build(seed, difficulty, one).shown for one in (True, False))
            assert worded(planted.situation, planted) == worded(clean.situation, clean)
            for one, other in zip(planted.questions, clean.questions, strict=True):
                assert asked(one, planted) == asked(other, clean)
            assert [outline(one) for one in planted.exhibits] == [outline(one) for one in clean.exhibits]
            assert (planted.situation, planted.exhibits) != (clean.situation, clean.exhibits)


@EACH
def test_exhibits_fit_a_screen_code_is_code_and_steps_never_stand_in_their_right_order(kind) -> None:
    for drill in drills(kind):
        for one in drill.shown.exhibits:
            if isinstance(one, Rows):
                assert len(one.rows) <= MOST_ROWS
                assert {len(row) for row in one.rows} == {len(one.columns)}
            if isinstance(one, Lines):
                assert max(map(len, one.text.splitlines())) <= WIDEST
            if isinstance(one, Lines) and one.language == "python":
                ast.parse(one.text)
        for question in drill.shown.questions:
            if question.form is Form.ORDER:
                assert share_of(question, drill.keys[question.name], tuple(range(len(question.options)))) < 1


@EACH
def test_the_right_option_stands_at_every_place(kind) -> None:
    drawn = [kind.build(seed, Difficulty.EASY, True) for seed in range(50)]
    for name in (one.name for one in drawn[0].shown.questions if one.form is Form.CHOICE):
        shares = [one.keys[name].credit for one in drawn]
        assert {share.index(1.0) for share in shares} == set(range(len(shares[0])))


@EACH
def test_difficulties_and_seeds_give_different_drills(kind) -> None:
    drawn = [kind.build(seed, one, True).shown for seed in range(4) for one in Difficulty]
    assert len({repr((one.situation, one.exhibits)) for one in drawn}) == len(drawn)


def test_neither_place_nor_length_gives_the_right_option_away() -> None:
    places: Counter[tuple[int, int]] = Counter()
    longest: list[tuple[bool, float]] = []
    for kind in deck():
        for drill in drills(kind):
            for one in drill.shown.questions:
                if one.form is Form.CHOICE:
                    right = int(np.argmax(drill.keys[one.name].credit))
                    places[len(one.options), right] += 1
                    longest.append((len(one.options[right]) == max(map(len, one.options)), 1 / len(one.options)))
    for many in {many for many, _ in places}:
        of = [count for (size, _), count in places.items() if size == many]
        assert max(of) < 1.25 * sum(of) / many
    found, expected = np.mean(longest, axis=0)
    assert 0.8 * expected < found < 1.2 * expected  # the longest one is right as often as by chance
