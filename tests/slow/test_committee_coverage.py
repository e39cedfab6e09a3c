"""A committee's intervals cover what 10⁶ items would show; `python -m benchmarks committee_agreement` has it all."""

import dataclasses

import pytest
from benchmarks.simulation.committees import (
    SEVERITIES,
    Round,
    counted,
    covered,
    covered_severity,
    rounds,
    severity_rounds,
)

from heldout.core.estimate import Estimate

GRID = list(rounds())
PLAYED = [*GRID[:66:2], *GRID[66::3]]
"""Every second round without leaves, every third of the rest: a few minutes."""

SEVERE = [(played, asked) for asked in SEVERITIES for played in severity_rounds()]

pytestmark = pytest.mark.slow


def test_each_round_is_another_one():
    assert len({played.name for played in GRID}) == len(GRID)
    assert {played.units >= 60 for played in PLAYED} == {True, False}
    assert {played.committee.leaves for played in PLAYED} == {1, 4}
    assert {played.committee.raters for played in PLAYED} == {2, 3, 5}


@pytest.mark.parametrize("played", PLAYED, ids=[played.name for played in PLAYED])
def test_the_interval_covers_the_agreement_of_a_million_items(played):
    found = covered(played)
    assert found.worlds >= 2000
    assert found.broken(len(GRID)) is None


def test_most_rounds_are_inside_the_domain():
    spread = [p for p in PLAYED if p.committee.shares == "spread" and not p.committee.unsure]
    assert all(covered(played, worlds=200).defined >= 196 for played in spread)


def test_leaves_taken_as_independent_break_the_promise():
    heavy = max(
        (p for p in GRID if p.candidates == 30 and p.committee.leaves > 1),
        key=lambda p: (p.committee.halo, p.committee.raters, p.committee.shares == "spread"),
    )
    assert covered(heavy, worlds=1000).broken(len(GRID)) is None
    assert covered(heavy, worlds=1000, clustered=False).broken(len(GRID))


@pytest.mark.parametrize(("played", "asked"), SEVERE, ids=[f"{asked}: {played.name}" for played, asked in SEVERE])
def test_the_interval_of_a_raters_severity_covers_that_of_a_million_items(played, asked):
    found = covered_severity(played, asked)
    assert found.is_measured()
    assert found.broken(len(SEVERE)) is None


def test_an_interval_that_misses_is_told():
    estimate = Estimate(value=0.5, low=0.4, high=0.6, n=30, method="wrong")
    missed = dataclasses.replace(estimate, low=0.55, value=0.57)
    played = Round(committee=GRID[0].committee, candidates=30)
    assert counted(played, 0.5, [estimate] * 1900 + [missed] * 100).broken(1) is None
    assert counted(played, 0.5, [estimate] * 1700 + [missed] * 300).broken(1)
    assert counted(played, 0.5, [estimate] * 2000).broken(1)
