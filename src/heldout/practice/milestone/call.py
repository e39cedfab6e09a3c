"""A ship / don't-ship call, and how it is scored when the experiment is revealed."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from heldout.core.errors import BadInput
from heldout.core.estimate import Estimate, undefined
from heldout.practice.milestone.milestone import LEVEL, Experiment

__all__ = ["Call", "Scored", "coverage", "plain_scored", "score_call", "scored_of"]

LEAST_CALLS = 3
"""Milestones from which coverage is spoken of; its interval tells how little so few say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What the learner commits to: the decision, the effect that they predict, and an interval at LEVEL.

    Effects are relative changes of the online metric (0.01 is 1 %). Raises BadInput for an interval that is none.
    """

    ships: bool
    effect: float
    low: float
    high: float

    def __post_init__(self) -> None:
        if not all(map(math.isfinite, (self.effect, self.low, self.high))) or not self.low <= self.effect <= self.high:
            raise BadInput(
                f"the prediction {self.effect:g} in [{self.low:g}, {self.high:g}] is none",
                expected="low ≤ effect ≤ high, finite numbers",
                mend="say the effect, and two numbers around it",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """How a call stood: each part by itself, and `points` of 100 for all.

    `interval_score` is the width plus what a miss costs, in relative change (Gneiting & Raftery 2007, JASA 102:359:
    the true quantiles score lowest on average); `best` is what the interval of who knows the law scores on average.
    `signs` is whether the predicted effect has the sign of the measured one, `decides` whether the decision pays by the
    true effect.
    """

    day: int
    decides: bool
    signs: bool
    covers: bool
    width: float
    interval_score: float
    best: float
    points: float


def score_call(day: int, call: Call, experiment: Experiment) -> Scored:
    """Return the score of a call, a pure function of it and of what was revealed.

    Points: 40 for a decision that pays, 20 for the sign, and 40 for the interval: all of them up to the score that who
    knows the law gets on average, and then in proportion down.
    """
    score = _interval_score(call.low, call.high, experiment.measured)
    best = _expected_best(math.hypot(experiment.law[1], experiment.error))
    decides, signs = call.ships == experiment.pays, (call.effect >= 0) == (experiment.measured >= 0)
    return Scored(
        day=day,
        decides=decides,
        signs=signs,
        covers=call.low <= experiment.measured <= call.high,
        width=call.high - call.low,
        interval_score=score,
        best=best,
        points=40.0 * decides + 20.0 * signs + 40.0 * min(1.0, best / score),
    )


def coverage(scored: Sequence[Scored]) -> Estimate:
    """Return the share of the intervals that held what was measured; it was asked to be LEVEL."""
    from heldout.stats import wilson

    if len(scored) < LEAST_CALLS:
        return undefined(f"{len(scored)} milestones; it takes {LEAST_CALLS}", n=len(scored), method="Wilson")
    return wilson(sum(one.covers for one in scored), len(scored))


def plain_scored(one: Scored) -> dict[str, Any]:
    """Return a scored call as JSON can hold it."""
    return {name: getattr(one, name) for name in Scored.__slots__}


def scored_of(plain: Mapping[str, Any], where: str = "milestones.jsonl") -> Scored:
    """Return the scored call that plain data hold; names it does not know are left. Raises BadInput."""
    try:
        return Scored(**{name: plain[name] for name in Scored.__slots__})
    except KeyError as error:
        raise BadInput(
            f"a milestone has no {error}", where=where, mend="remove this line; the others are kept"
        ) from None


def _interval_score(low: float, high: float, measured: float) -> float:
    outside = max(low - measured, 0.0) + max(measured - high, 0.0)
    return max(high - low + 2 / (1 - LEVEL) * outside, 1e-9)


def _expected_best(spread: float) -> float:
    """Return the mean interval score of a normal law's own interval: 4 φ(z) / α × spread, with α = 1 - LEVEL."""
    alpha = 1 - LEVEL
    return spread * 4 / alpha * math.exp(-(Z**2) / 2) / math.sqrt(2 * math.pi)


Z = 1.2815515655446004
"""The normal quantile of (1 + LEVEL) / 2."""
