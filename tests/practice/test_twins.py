"""Drills on comparison, experiments and human evaluation: only the evidence tells a drill from its clean twin."""

from collections import Counter
from collections.abc import Iterator

import numpy as np
import pytest

from heldout.practice.deck import deck
from heldout.practice.drill import Difficulty, Drill, Family, Kind
from heldout.practice.exhibit import Curves, Exhibit, Rows
from heldout.practice.mark import share_of
from heldout.practice.question import Form

FAMILIES = (Family.COMPARISON, Family.EXPERIMENTS, Family.HUMAN)
KINDS = [kind for kind in deck() if kind.family in FAMILIES]
SEEDS = range(6)
MOST_ROWS = 40


def drills(kind: Kind) -> Iterator[Drill]:
    for seed in SEEDS:
        for planted in (True, False):
            yield kind.build(seed, Difficulty(1 + seed % 3), planted)


def outline(exhibit: Exhibit) -> object:
    if isinstance(exhibit, Rows):
        return exhibit.name, exhibit.columns
    return (exhibit.name, tuple(exhibit.series)) if isinstance(exhibit, Curves) else (exhibit.name, exhibit.language)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
@pytest.mark.parametrize("difficulty", Difficulty)
def test_a_twin_asks_the_same_of_the_same_exhibits(kind: Kind, difficulty: Difficulty) -> None:
    planted, clean = (kind.build(11, difficulty, one).shown for one in (True, False))
    for one, other in zip(planted.questions, clean.questions, strict=True):
        assert (one.name, one.form, one.worth, one.options) == (other.name, other.form, other.worth, other.options)
    assert [outline(one) for one in planted.exhibits] == [outline(one) for one in clean.exhibits]
    assert planted.exhibits != clean.exhibits


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_tables_are_short_and_steps_never_stand_in_their_right_order(kind: Kind) -> None:
    for drill in drills(kind):
        assert all(len(one.rows) <= MOST_ROWS for one in drill.shown.exhibits if isinstance(one, Rows))
        for one in drill.shown.questions:
            if one.form is Form.ORDER:
                assert share_of(one, drill.keys[one.name], tuple(range(len(one.options)))) < 1


def test_neither_place_nor_length_gives_the_right_option_away() -> None:
    places: Counter[int] = Counter()
    longest: list[bool] = []
    for kind in KINDS:
        for drill in drills(kind):
            for one in drill.shown.questions:
                if one.form is Form.CHOICE:
                    right = int(np.argmax(drill.keys[one.name].credit))
                    places[right] += 1
                    longest.append(len(one.options[right]) == max(map(len, one.options)))
    assert max(places.values()) < 0.33 * places.total()
    assert np.mean(longest) < 0.33


def test_difficulty_changes_what_is_shown() -> None:
    for kind in KINDS:
        shown = [kind.build(3, difficulty, True).shown for difficulty in Difficulty]
        assert len({repr(one.exhibits) for one in shown}) == len(shown)
