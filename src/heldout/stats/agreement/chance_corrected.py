"""The form that coefficients of many raters share, (observed − expected) / (1 − expected), with Gwet's variance.

>>> pairwise_agreement(np.array([[2.0, 1.0]]), np.eye(2)).round(4)
array([0.3333])
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from heldout.stats.agreement.ratings import Ratings, as_ratings
from heldout.stats.agreement.result import NO_CHANCE, Agreement, Asked
from heldout.stats.agreement.weights import agreement_weights, needs_scores
from heldout.stats.sample import Floats

__all__ = ["Expected", "Units", "coefficient", "pairwise_agreement"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Units:
    """Units with one rating or more: `counts` (units, q), their sums `per_unit`, how often each occurs, `times`.

    `n` is the number of units, `weights` (q, q) the weights of agreement, `share` (q,) each category's mean share.
    """

    ratings: Ratings
    counts: Floats
    per_unit: Floats
    times: Floats
    n: float
    weights: Floats
    share: Floats

    @staticmethod
    def of(ratings: Ratings, weights: str | ArrayLike | None) -> "Units":
        """Count the categories of each unit that has a rating."""
        rated = ratings.rated(1)
        scores = rated.scores if needs_scores(weights) else np.arange(rated.categories.size)
        agree = agreement_weights(scores, weights)
        counts, times = rated.counts(), rated.weight
        per_unit, n = counts.sum(axis=1), float(times.sum())
        return Units(
            ratings=rated,
            counts=counts,
            per_unit=per_unit,
            times=times,
            n=n,
            weights=agree,
            share=(times / per_unit) @ counts / n,
        )

    @property
    def twice(self) -> Floats:
        """1 for a unit that is rated twice or more, else 0."""
        return (self.per_unit >= 2).astype(np.float64)

    @property
    def divisor(self) -> float:
        """What a sum of squares over units is divided by: n (n − 1), or n² for a table, as published for tables."""
        return self.n * (self.n - 1 if self.ratings.times is None else self.n)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Expected:
    """The agreement that chance gives, and each unit's part in it, (units,)."""

    value: float
    per_unit: Floats


def pairwise_agreement(counts: Floats, weights: Floats) -> Floats:
    """Return the mean agreement over the pairs of ratings of each unit (units,), 0 where there is no pair."""
    per_unit = counts.sum(axis=1)
    pairs = per_unit * (per_unit - 1)
    agreeing = ((counts @ weights) * counts).sum(axis=1) - per_unit
    return np.asarray(agreeing / np.where(pairs == 0, 1.0, pairs) * (pairs > 0))


def coefficient(
    ratings: ArrayLike | Ratings,
    weights: str | ArrayLike | None,
    categories: Sequence[Any] | None,
    *,
    name: str,
    by_chance: Callable[[Units], Expected],
    level: float,
    floor: int,
    null: Callable[[Units], float | None] | None = None,
) -> Agreement:
    """Return the coefficient whose expected agreement `by_chance` tells, with a t interval over units.

    Gwet 2014, Handbook of Inter-Rater Reliability, ch. 5-6. `null` gives the standard error without agreement.
    """
    coded = as_ratings(ratings, categories)
    units = Units.of(coded, weights)
    paired = float(units.times @ units.twice)
    asked = Asked(
        method=f"{name}, Gwet's variance, t", level=level, floor=floor, units=int(paired), raters=coded.raters
    )
    if reason := asked.why_nothing():
        return asked.without_value(reason)
    agreement = pairwise_agreement(units.counts, units.weights)
    observed = float(units.times @ agreement / paired)
    if units.share.size < 2:
        reason = "all ratings are of one category, and no other is listed, so there is nothing to tell apart"
        return asked.without_value(reason, observed=observed)
    expected = by_chance(units)
    room = 1 - expected.value
    if room <= NO_CHANCE:
        reason = "all ratings are of one category, so chance alone explains the agreement"
        return asked.without_value(reason, observed=observed, expected=expected.value)
    value = (observed - expected.value) / room
    unit_value = units.n / paired * (agreement - expected.value * units.twice) / room
    influence = unit_value - 2 * (1 - value) * (expected.per_unit - expected.value) / room - value
    spread = float(units.times @ influence**2)
    return asked.result(
        value,
        math.sqrt(spread / units.divisor) if units.n > 1 else None,
        observed=observed,
        expected=expected.value,
        degrees_of_freedom=units.n - 1 if units.n > 1 else None,
        null_standard_error=null(units) if null else None,
    )
