"""Places with their ties, and what evidence differs."""

from dataclasses import replace

import pytest
from tests.core.test_card_order import card
from tests.report import worlds
from tests.report.debriefs import beside

from heldout.core.finding import Ending
from heldout.core.lift import Band

EVEN = (0.5, 0.5, 0.5)


def places(compared) -> dict[str, tuple[int, bool]]:
    return {one.submission: (one.place, one.is_shared) for one in compared.places}


def test_two_that_nothing_tells_apart_share_a_place_and_the_third_counts_on() -> None:
    cards = [card(name, Band.PASS, EVEN) for name in ("a", "b")] + [card("c", Band.PASS, (0.1, 0.1, 0.1))]

    compared = beside(*cards, gaps=(0.001, 0.5, 0.5))

    assert places(compared) == {"a": (1, True), "b": (1, True), "c": (3, False)}
    assert {one.submission: one.by_axes for one in compared.places} == {"a": 1, "b": 1, "c": 3}


def test_a_lift_that_is_surely_higher_breaks_a_tie_of_the_axes_and_one_in_doubt_does_not() -> None:
    cards = [card(name, Band.PASS, EVEN) for name in ("a", "b")]

    assert places(beside(*cards, gaps=(-0.2,))) == {"b": (1, False), "a": (2, False)}
    assert places(beside(*cards, gaps=(0.005,))) == {"a": (1, True), "b": (1, True)}
    assert places(beside(*cards, gaps=(None,))) == {"a": (1, True), "b": (1, True)}


def test_ranges_of_places_hold_ties_that_do_not_carry_over() -> None:
    """A is surely before C, and B is tied with both."""
    cards = [card(name, Band.PASS, EVEN) for name in "abc"]

    compared = beside(*cards, gaps=(0.005, 0.1, 0.005))

    assert {one.submission: one.by_lift for one in compared.places} == {"a": (1, 2), "b": (1, 3), "c": (2, 3)}


def test_bands_come_before_everything_that_can_be_tied() -> None:
    compared = beside(card("low", Band.FAIL, (1, 1, 1)), card("high", Band.PASS, EVEN), gaps=(0.5,))

    assert [one.submission for one in compared.cards] == ["high", "low"]
    assert places(compared) == {"high": (1, False), "low": (2, False)}


def test_what_ends_differently_is_told_of_the_leader_and_each_other_with_both_claims() -> None:
    compared = beside(*worlds.three())

    told = {(one.second, one.code): one for one in compared.evidence}
    assert {one.first for one in compared.evidence} == {"careful"}
    base = told["leaky", "REP003"]
    assert (base.first_ending, base.second_ending) == (Ending.CLEAR, Ending.PROBLEM)
    assert "digest" in base.first_claim
    assert "floats" in base.second_claim
    assert told["leaky", "LEK004"].first_ending is None
    same = {finding.code for finding in worlds.careful().findings if finding.ending is Ending.CLEAR}
    assert not [code for name, code in told if code not in same and told[name, code].first_ending is Ending.CLEAR]


def test_a_submission_without_a_lift_has_no_place_by_it() -> None:
    without = replace(card("without", Band.UNDECIDED, EVEN), lift=None)

    compared = beside(without, card("with", Band.PASS, EVEN), gaps=(None,))

    assert {one.submission: one.by_lift for one in compared.places} == {"with": (1, 1), "without": None}


@pytest.mark.parametrize("count", [0, 1])
def test_nobody_and_one_alone_are_no_comparison_and_no_error(count: int) -> None:
    compared = beside(*[card("a", Band.PASS, EVEN)][:count])

    assert len(compared.places) == count
    assert compared.evidence == ()
