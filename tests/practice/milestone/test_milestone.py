"""Milestones: the same seed gives the same world, who knows the law calls well, and named mistakes call worse."""

import dataclasses

import numpy as np
import pytest

from heldout.core.errors import BadInput
from heldout.practice.exhibit import Rows
from heldout.practice.milestone import (
    LEVEL,
    Call,
    coverage,
    milestone,
    plain_scored,
    reveal,
    score_call,
    scored_of,
)
from heldout.practice.milestone.predictors import MISTAKEN, reference
from heldout.practice.milestone.world import SITUATIONS
from heldout.practice.plan.frame import MILESTONES

SEEDS = range(500)


def scores(predictor, day):
    return [score_call(day, predictor(seen), seen) for seen in (reveal(day, seed) for seed in SEEDS)]


@pytest.fixture(scope="module")
def known():
    return {day: scores(reference, day) for day in MILESTONES}


def mean(scored, what):
    return float(np.mean([getattr(one, what) for one in scored]))


def test_each_milestone_of_the_plan_has_a_situation_of_its_own():
    assert tuple(SITUATIONS) == MILESTONES
    assert len({world.name for world in SITUATIONS.values()}) == len(MILESTONES)


@pytest.mark.parametrize("day", MILESTONES)
def test_the_same_seed_gives_the_same_milestone_and_experiment(day):
    assert milestone(day, 4) == milestone(day, 4)
    assert reveal(day, 4) == reveal(day, 4)
    assert milestone(day, 4) != milestone(day, 5)
    assert reveal(day, 4).effect != reveal(day, 5).effect


@pytest.mark.parametrize("day", MILESTONES)
def test_what_is_shown_holds_the_offline_result_the_history_and_neither_effect_nor_law(day):
    for seed in range(20):
        shown, planted = milestone(day, seed), reveal(day, seed)
        assert shown.exhibits[0].rows[0][1] == pytest.approx(100 * planted.offline, abs=0.006)
        assert len(shown.exhibits[1].rows) >= 10
        cells = {cell for one in shown.exhibits if isinstance(one, Rows) for row in one.rows for cell in row}
        assert round(100 * planted.measured, 2) not in cells or abs(planted.measured) < 0.2
        assert f"{planted.measured:+.1%}" not in shown.situation + shown.ask


@pytest.mark.parametrize("day", MILESTONES)
def test_the_history_that_is_shown_tells_the_law(day):
    pairs = np.array([row[1:] for seed in range(200) for row in milestone(day, seed).exhibits[1].rows]) / 100
    slope, intercept = np.polyfit(pairs[:, 0], pairs[:, 1], 1)
    world = SITUATIONS[day]
    assert slope == pytest.approx(world.holds, abs=0.06)
    assert intercept == pytest.approx(world.bias, abs=0.006)


@pytest.mark.parametrize("day", MILESTONES)
def test_who_knows_the_law_calls_well(day, known):
    scored = known[day]
    assert mean(scored, "points") > 80
    assert mean(scored, "covers") == pytest.approx(LEVEL, abs=4 * np.sqrt(LEVEL * (1 - LEVEL) / len(SEEDS)))
    assert mean(scored, "interval_score") == pytest.approx(scored[0].best, rel=0.1)
    assert 0.1 < mean([reveal(day, seed) for seed in SEEDS], "pays") < 0.9


@pytest.mark.parametrize("mistake", MISTAKEN)
@pytest.mark.parametrize("day", MILESTONES)
def test_a_named_mistake_calls_worse(day, mistake, known):
    gap = [right.points - wrong.points for right, wrong in zip(known[day], scores(MISTAKEN[mistake], day), strict=True)]
    assert np.mean(gap) > 3 * np.std(gap) / np.sqrt(len(gap))


@pytest.mark.parametrize("day", MILESTONES)
@pytest.mark.parametrize("factor", [0.3, 0.6, 1.6, 3.0])
def test_the_interval_score_is_lowest_for_the_interval_of_the_law(day, factor, known):
    def stretched(seen):
        call = reference(seen)
        half = factor * (call.high - call.effect)
        return dataclasses.replace(call, low=call.effect - half, high=call.effect + half)

    assert mean(scores(stretched, day), "interval_score") > mean(known[day], "interval_score")


def test_a_call_is_scored_by_its_parts():
    seen = dataclasses.replace(reveal(3, 0), effect=0.02, measured=0.021, least=0.01, error=0.003)
    right = score_call(3, Call(ships=True, effect=0.02, low=0.019, high=0.023), seen)
    assert (right.decides, right.signs, right.covers, right.points) == (True, True, True, 100.0)
    assert right.interval_score == pytest.approx(0.004)
    wrong = score_call(3, Call(ships=False, effect=-0.01, low=-0.011, high=-0.009), seen)
    assert (wrong.decides, wrong.signs, wrong.covers) == (False, False, False)
    assert wrong.interval_score == pytest.approx(0.002 + 10 * 0.03)
    assert wrong.points < 10


def test_coverage_is_unknown_below_three_milestones_and_has_its_interval_from_there_on(known):
    scored = [known[day][0] for day in MILESTONES]
    assert not coverage(scored[:2]).is_defined
    found = coverage(scored)
    assert found.n == 6
    assert found.high - found.low > 0.3


def test_a_scored_call_comes_back_from_plain_data(known):
    scored = known[7][3]
    assert scored_of(plain_scored(scored)) == scored
    with pytest.raises(BadInput, match="has no 'covers'"):
        scored_of({**{name: 0 for name in plain_scored(scored) if name != "covers"}})


@pytest.mark.parametrize(
    "numbers", [(0.0, 0.1, 0.2), (0.3, 0.1, 0.2), (0.1, float("nan"), 0.2), (0.1, 0.0, float("inf"))]
)
def test_an_interval_that_is_none_is_refused(numbers):
    effect, low, high = numbers
    with pytest.raises(BadInput, match="is none"):
        Call(ships=True, effect=effect, low=low, high=high)


def test_another_day_has_no_milestone():
    with pytest.raises(BadInput, match="day 4 has no milestone"):
        milestone(4, 0)
