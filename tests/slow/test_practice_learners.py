"""Simulated learners by the plan's own days; `python -m benchmarks practice_learners` has 500 runs of each."""

from functools import cache

import pytest
from benchmarks.simulation.learners import LEARNERS, played, tally

from heldout.stats import clopper_pearson

RUNS = 30

pytestmark = pytest.mark.slow


@cache
def found(name):
    return tally({one.name: one for one in LEARNERS}[name], RUNS, 1.0, 2)


NAMES = [one.name for one in LEARNERS]


def test_the_plan_beats_the_rotation_in_at_least_eighty_of_a_hundred_runs():
    assert sum(found(name).wins for name in NAMES) >= 0.8 * RUNS * len(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_no_type_of_learner_contradicts_that_and_time_goes_where_the_weakness_is(name):
    assert clopper_pearson(found(name).wins, RUNS).high > 0.8
    assert found(name).focused >= 0.8 * RUNS
    assert found(name).focus > 1.3


def test_the_readiness_interval_covers():
    stated = sum(found(name).stated for name in NAMES)
    assert stated == RUNS * len(NAMES)
    assert clopper_pearson(sum(found(name).covered for name in NAMES), stated).high > 0.9


def test_confidence_leans_as_it_was_planted():
    assert found("over-confident").confidence > 0.08
    assert found("under-confident").confidence < -0.08
    assert abs(found("slow").confidence) < 0.03


def test_plan_and_rotation_take_the_same_minutes_and_the_same_seed_gives_the_same_fortnight():
    by_plan, by_rotation = (played(LEARNERS[0], 7, 1.5, adapts=adapts) for adapts in (True, False))
    assert abs(by_plan.minutes - by_rotation.minutes) <= 14 * 6
    assert played(LEARNERS[0], 7, 1.5, adapts=True) == by_plan
