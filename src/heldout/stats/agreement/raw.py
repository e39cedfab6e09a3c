"""Raw agreement, category by category, and the units on which raters differ: what to read first, at any n."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from heldout.core.estimate import Estimate
from heldout.stats.agreement.chance_corrected import Units, pairwise_agreement
from heldout.stats.agreement.ratings import Ratings, as_ratings
from heldout.stats.agreement.result import Agreement, Asked, why_no_interval
from heldout.stats.sample import BadSample, Undefined

__all__ = ["Disagreement", "SpecificAgreement", "disagreements", "raw_agreement", "specific_agreement"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """A unit (its column) on which raters differ: the share of agreeing pairs, and each rater's rating or None."""

    unit: int
    agreement: float
    ratings: tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecificAgreement:
    """The chance that another rater gives `category` too, where one did; None where nobody did."""

    category: Any
    share: float
    agreement: float | None


def raw_agreement(
    ratings: ArrayLike | Ratings,
    weights: str | ArrayLike | None = None,
    *,
    categories: Sequence[Any] | None = None,
    level: float = 0.95,
    floor: int = 0,
) -> Agreement:
    """Return the share of agreeing pairs of ratings, averaged over units of ratings (raters, units) with gaps.

    With `weights` (see `agreement_weights`) near categories agree in part. The interval is Wilson's at the effective
    number of units, agreement × (1 − agreement) / variance over units (Dean & Pagano 2015, J. Surv. Stat. Methodol.
    3:484), shrunk by (z / t)² and never less than the number of units; for two raters it is Wilson's. It holds for few
    units, so `floor` is 0. High agreement can be chance's own where one category is common. The standard error is
    Gwet's. Undefined with one rater or no unit rated twice; raises BadSample as `as_ratings`.

    >>> agreement = raw_agreement([["a", "b", "b", "a"], ["a", "b", "a", "a"]]).estimate
    >>> agreement.value, round(agreement.low, 4), round(agreement.high, 4)
    (0.75, 0.3006, 0.9544)
    """
    coded = as_ratings(ratings, categories)
    units = Units.of(coded, weights)
    paired = float(units.times @ units.twice)
    method = "pairwise agreement, Wilson at the effective number of units"
    asked = Asked(method=method, level=level, floor=floor, units=int(paired), raters=coded.raters)
    if reason := asked.why_nothing():
        return asked.without_value(reason)
    by_unit = pairwise_agreement(units.counts, units.weights)
    observed = min(1.0, float(units.times @ by_unit / paired))
    spread = float(units.times @ (units.n / paired * by_unit - observed) ** 2)
    error = math.sqrt(spread / units.divisor) if units.n > 1 else None
    bare = asked.result(observed, error, observed=observed, expected=None, degrees_of_freedom=max(units.n - 1, 1.0))
    within = float((units.times * units.twice) @ (by_unit - observed) ** 2) / paired**2
    return Agreement(
        estimate=bare.estimate if why_no_interval(int(paired), floor) else _wilson(observed, within, asked),
        standard_error=bare.standard_error,
        observed=observed,
        expected=None,
        units=asked.units,
        raters=asked.raters,
        degrees_of_freedom=bare.degrees_of_freedom,
    )


def specific_agreement(
    ratings: ArrayLike | Ratings, *, categories: Sequence[Any] | None = None
) -> tuple[SpecificAgreement, ...]:
    """Return the agreement on each category of ratings (raters, units): of two categories, positive and negative.

    Cicchetti & Feinstein 1990, J. Clin. Epidemiol. 43:551; several raters as Fleiss 1981. Shows which category a high
    raw agreement rests on. Raises BadSample as `as_ratings`, and Undefined where no unit is rated twice.

    >>> [round(s.agreement, 4) for s in specific_agreement([["a", "b", "b", "a"], ["a", "b", "a", "a"]])]
    [0.8, 0.6667]
    """
    paired = as_ratings(ratings, categories).rated(2)
    if not paired.codes.shape[1]:
        raise Undefined("no unit was rated twice")
    units = Units.of(paired, None)
    per_rating = units.times / (units.per_unit - 1)
    agreeing = per_rating @ (units.counts * (units.counts - 1))
    given = units.times @ units.counts
    return tuple(
        SpecificAgreement(
            category=_plain(category),
            share=float(number / given.sum()),
            agreement=float(equal / number) if number else None,
        )
        for category, equal, number in zip(paired.categories, agreeing, given, strict=True)
    )


def disagreements(
    ratings: ArrayLike | Ratings,
    weights: str | ArrayLike | None = None,
    *,
    categories: Sequence[Any] | None = None,
    limit: int | None = None,
) -> tuple[Disagreement, ...]:
    """Return the units of ratings (raters, units) on which raters differ, worst first, then in their order.

    `weights` ranks by distance (see `agreement_weights`); `limit` keeps the worst so many. From a table, a unit is a
    cell of it. Raises BadSample as `as_ratings`, or for a limit below 0.

    >>> [d.unit for d in disagreements([[1, 2, 2, None], [1, 1, 2, 2], [1, 3, 1, 2]])]
    [1, 2]
    """
    if limit is not None and limit < 0:
        raise BadSample(f"the limit {limit} is below 0", expected="0 or more, or None for all")
    coded = as_ratings(ratings, categories)
    units = Units.of(coded, weights)
    rated = np.flatnonzero((coded.codes >= 0).any(axis=0))
    by_unit = pairwise_agreement(units.counts, units.weights)
    differing = ((units.counts > 0).sum(axis=1) > 1).nonzero()[0]
    worst = differing[np.argsort(by_unit[differing], kind="stable")][:limit]
    return tuple(
        Disagreement(
            unit=int(rated[i]),
            agreement=float(by_unit[i]),
            ratings=tuple(_plain(coded.categories[c]) if c >= 0 else None for c in coded.codes[:, rated[i]]),
        )
        for i in worst
    )


def _wilson(share: float, variance: float, asked: Asked) -> Estimate:
    z, n = float(special.ndtri((1 + asked.level) / 2)), float(asked.units)
    if variance > 0 and n > 1:
        shrink = (z / float(special.stdtrit(n - 1, (1 + asked.level) / 2))) ** 2
        n = max(n, share * (1 - share) / variance * shrink)
    scale, centre = 1 + z * z / n, share + z * z / (2 * n)
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    low, high = max(0.0, (centre - half) / scale), min(1.0, (centre + half) / scale)
    return Estimate(
        value=share,
        low=min(low, share),
        high=max(high, share),
        n=asked.units,
        method=asked.method,
        level=asked.level,
    )


def _plain(category: Any) -> Any:
    return category.item() if hasattr(category, "item") else category
