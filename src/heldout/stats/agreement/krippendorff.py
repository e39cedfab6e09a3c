"""Krippendorff's alpha at every level of measurement, with an interval linearised by units."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from heldout.stats.agreement.ratings import Codes, Ratings, as_ratings
from heldout.stats.agreement.result import FLOOR, Agreement, Asked
from heldout.stats.agreement.weights import agreement_weights, needs_scores, ratio_distance
from heldout.stats.magnitude import centred, same_scale, squarable
from heldout.stats.sample import BadSample, Floats

__all__ = ["MeasurementLevel", "krippendorff_alpha"]

MeasurementLevel = Literal["nominal", "ordinal", "interval", "ratio", "circular"]

FEW_RATERS = 16
"""Up to this many raters equal ratings are counted pair by pair of raters, beyond by sorting."""

CHUNK = 512
"""Rows of a matrix of distances that are made at a time."""


def krippendorff_alpha(
    ratings: ArrayLike | Ratings,
    level_of_measurement: MeasurementLevel = "nominal",
    *,
    weights: str | ArrayLike | None = None,
    period: float | None = None,
    categories: Sequence[Any] | None = None,
    level: float = 0.95,
    floor: int = FLOOR,
) -> Agreement:
    """Return Krippendorff's alpha of ratings (raters, units) with missing values, and its t interval over units.

    Krippendorff 2011, Computing Krippendorff's Alpha-Reliability. Units rated once are left out. Distances: "nominal"
    equal or not; "ordinal" by the ratings in between; "interval" squared differences; "ratio" relative differences of
    values of at least 0; "circular" sin² of the difference in turns of `period` (24 for hours). `weights` (see
    `agreement_weights`) replace the distance by 1 − weight. Texts are nominal, or ordinal where `categories` lists
    them lowest first. "ratio" and weights take time by the square of the number of distinct values.

    The standard error is that of the exact derivative by each unit's weight (for "nominal" it is Gwet's), so the
    bootstrap over units agrees with it; near alpha = 1 both are too hopeful. `observed` and `expected` are one minus
    the mean distances over the largest. Undefined where all ratings are equal (nothing varies, so reliability cannot be
    seen), with one rater, or no unit rated twice; without an interval below `floor` units. Raises BadSample as
    `as_ratings`, for an unknown level of measurement, or for values that it does not take.

    >>> alpha = krippendorff_alpha([[1, 2, 3, 3, 2, None], [1, 2, 3, 3, 1, 4], [1, 2, 3, 2, 2, 4]], "ordinal")
    >>> round(alpha.estimate.value, 4)
    0.8613
    """
    coded = as_ratings(ratings, categories)
    paired = coded.rated(2)
    name = f"Krippendorff's alpha, {level_of_measurement if weights is None else 'weighted'}"
    n = int(paired.weight.sum())
    asked = Asked(method=f"{name}, linearised by units, t", level=level, floor=floor, units=n, raters=coded.raters)
    chosen = _chosen(coded, level_of_measurement, weights, period)
    if reason := asked.why_nothing():
        return asked.without_value(reason)
    return _alpha(chosen(_Pooled.of(paired)), asked)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Pooled:
    """Units rated twice or more: ratings `per_unit`, how often each category occurs in all, `total` (q,), their sum."""

    ratings: Ratings
    per_unit: Floats
    times: Floats
    total: Floats
    sum: float

    @staticmethod
    def of(ratings: Ratings) -> "_Pooled":
        q, codes = ratings.categories.size, ratings.codes
        if ratings.times is None:
            total = np.bincount(codes.ravel() + 1, minlength=q + 1)[1:]
        else:
            total = np.bincount(codes.ravel() + 1, np.broadcast_to(ratings.times, codes.shape).ravel(), q + 1)[1:]
        return _Pooled(
            ratings=ratings,
            per_unit=(codes >= 0).sum(axis=0).astype(np.float64),
            times=ratings.weight,
            total=total.astype(np.float64),
            sum=float(total.sum()),
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Distances:
    """Distances within units and over all pairs, and how far a unit's weight moves both.

    `within` (units,) is each unit's sum of distances over m − 1; `between` the sum over all pairs; `reach` (q,) the sum
    of a category's distances to all ratings; `moves_within` and `moves_between` (q,) what one more rating of a category
    adds by changing the distances themselves (ordinal), else None. `largest` is the largest distance.
    """

    pooled: _Pooled
    within: Floats
    between: float
    reach: Floats
    largest: float
    moves_within: Floats | None = None
    moves_between: Floats | None = None


def _alpha(distances: _Distances, asked: Asked) -> Agreement:
    pooled, between, total = distances.pooled, distances.between, distances.pooled.sum
    if between <= 0 or distances.largest <= 0:
        reason = "all ratings are equal: nothing varies, so nothing shows whether raters would agree on what varies"
        return asked.without_value(reason, observed=1.0)
    within = float(pooled.times @ distances.within)
    value = 1 - (total - 1) * within / between
    moved = total * distances.within
    if distances.moves_within is not None:
        moved += total * pooled.ratings.summed(distances.moves_within)
    by_rating = 2 * distances.reach
    if distances.moves_between is not None:
        by_rating = by_rating + distances.moves_between
    ratio, n = within / between, asked.units
    # Gwet adds the last term: alpha's small-sample correction, spread over units by their number of ratings
    by_number = pooled.per_unit + pooled.per_unit / total - 1 / n
    influence = (moved - total * ratio * pooled.ratings.summed(by_rating)) / between + by_number * ratio
    spread = float(pooled.times @ influence**2)
    return asked.result(
        value,
        math.sqrt(spread * (n / (n - 1) if pooled.ratings.times is None else 1.0)) if n > 1 else None,
        observed=1 - (1 - 1 / total) * within / (total * distances.largest),
        expected=1 - between / (total**2 * distances.largest),
        degrees_of_freedom=n - 1.0 if n > 1 else None,
    )


def _chosen(
    ratings: Ratings, level_of_measurement: str, weights: Any, period: float | None
) -> Callable[[_Pooled], _Distances]:
    if level_of_measurement not in get_args(MeasurementLevel):
        expected = ", ".join(get_args(MeasurementLevel))
        raise BadSample(f"there is no level of measurement {level_of_measurement!r}", expected=expected)
    if weights is not None:
        scores = ratings.scores if needs_scores(weights) else np.arange(ratings.categories.size)
        return _by_weights(1 - agreement_weights(scores, weights))
    if level_of_measurement == "nominal":
        return _nominal
    if level_of_measurement == "ordinal":
        if not ratings.ordered:
            raise BadSample("texts have no order", expected="categories=[...], lowest first")
        return _ordinal
    if ratings.categories.dtype.kind != "f":
        raise BadSample(f"the level of measurement {level_of_measurement!r} takes numbers", expected="no texts")
    if level_of_measurement == "ratio":
        return _by_ratio(same_scale(ratings.categories))
    if level_of_measurement == "interval":
        scaled = same_scale(ratings.categories)
        return lambda pooled: _squared(pooled, same_scale(centred(scaled)))
    if period is None or not 0 < period < math.inf:
        raise BadSample(
            f"the period {period} is no length of a circle", expected="period=24 for hours, 360 for degrees"
        )
    turns = squarable(ratings.categories, "ratings") / squarable(np.array([period], dtype=np.float64), "the period")
    return _circular(squarable(2 * math.pi * turns, "ratings over the period"))


def _nominal(pooled: _Pooled) -> _Distances:
    m = pooled.per_unit
    return _Distances(
        pooled=pooled,
        within=m - _equal_pairs(pooled.ratings) / (m - 1),
        between=pooled.sum**2 - float(pooled.total @ pooled.total),
        reach=pooled.sum - pooled.total,
        largest=1.0,
    )


def _equal_pairs(ratings: Ratings) -> Floats:
    """Return how many ordered pairs of ratings are equal in each unit (units,)."""
    codes = ratings.codes
    raters, units = codes.shape
    if raters > FEW_RATERS:
        places = (codes + ratings.categories.size * np.arange(units))[codes >= 0]
        found, count = np.unique(places, return_counts=True)
        pairs = np.bincount(found // ratings.categories.size, weights=count * (count - 1.0), minlength=units)
        return pairs.astype(np.float64, copy=False)
    equal = np.zeros(units)
    for rater in range(1, raters):
        equal += ((codes[:rater] == codes[rater]) & (codes[rater] >= 0)).sum(axis=0)
    return 2 * equal


def _squared(pooled: _Pooled, values: Floats) -> _Distances:
    """Squared differences of `values` (q,), without a matrix of distances."""
    m, total = pooled.per_unit, pooled.sum
    first, second = float(pooled.total @ values), float(pooled.total @ values**2)
    sums = pooled.ratings.summed(values)
    seen = values[pooled.total > 0]
    return _Distances(
        pooled=pooled,
        within=np.maximum(2 * (m * pooled.ratings.summed(values**2) - sums**2) / (m - 1), 0.0),
        between=2 * (total * second - first**2),
        reach=total * values**2 - 2 * first * values + second,
        largest=float(np.ptp(seen)) ** 2,
    )


def _ordinal(pooled: _Pooled) -> _Distances:
    # the ratings between two categories are a difference of mid-ranks, so ordinal is interval on mid-ranks
    ranks = np.cumsum(pooled.total) - pooled.total / 2
    ranks = ranks - ranks.mean()
    plain = _squared(pooled, ranks)
    m, first = pooled.per_unit, float(pooled.total @ ranks)
    codes, sums = pooled.ratings.codes, pooled.ratings.summed(ranks)
    share = pooled.times / (m - 1)
    given, q = codes >= 0, ranks.size
    count = np.bincount(codes[given], np.broadcast_to(share * m, codes.shape)[given], q)
    summed = np.bincount(codes[given], np.broadcast_to(share * sums, codes.shape)[given], q)
    return _Distances(
        pooled=pooled,
        within=plain.within,
        between=plain.between,
        reach=plain.reach,
        largest=plain.largest,
        moves_within=_above(4 * (count * ranks - summed)),
        moves_between=_above(4 * pooled.total * (pooled.sum * ranks - first)),
    )


def _above(by_rank: Floats) -> Floats:
    """Return what one more rating of each category adds: it lifts its own rank by half, all above by one."""
    return np.asarray(by_rank.sum() - np.cumsum(by_rank) + by_rank / 2)


def _circular(angles: Floats) -> Callable[[_Pooled], _Distances]:
    def distances(pooled: _Pooled) -> _Distances:
        cosine, sine = (_squared(pooled, part) for part in (np.cos(angles), np.sin(angles)))
        seen = angles[pooled.total > 0]
        return _Distances(  # sin² of half an angle is a quarter of the squared chord
            pooled=pooled,
            within=(cosine.within + sine.within) / 4,
            between=(cosine.between + sine.between) / 4,
            reach=(cosine.reach + sine.reach) / 4,
            largest=_farthest_on_circle(seen),
        )

    return distances


def _farthest_on_circle(angles: Floats) -> float:
    turned = np.sort(angles % (2 * math.pi))
    opposite = np.searchsorted(turned, (turned + math.pi) % (2 * math.pi))
    near = np.stack([turned[opposite % turned.size], turned[opposite - 1]])
    return float((np.sin((near - turned) / 2) ** 2).max())


def _by_ratio(values: Floats) -> Callable[[_Pooled], _Distances]:
    if (values < 0).any():
        raise BadSample(f"the rating {values.min():g} is below 0", expected="ratings of at least 0 for 'ratio'")
    return lambda pooled: _by_pairs(pooled, lambda a, b: ratio_distance(values[a], values[b]))


def _by_weights(apart: Floats) -> Callable[[_Pooled], _Distances]:
    return lambda pooled: _by_pairs(pooled, lambda a, b: apart[a, b])


def _by_pairs(pooled: _Pooled, distance: Callable[[Codes, Codes], Floats]) -> _Distances:
    codes = _packed(pooled.ratings.codes, int(pooled.per_unit.max()))
    within = np.zeros(codes.shape[1])
    for rater in range(1, len(codes)):
        both = (codes[:rater] >= 0) & (codes[rater] >= 0)
        within += np.where(both, distance(codes[:rater], codes[rater]), 0.0).sum(axis=0)
    seen = np.flatnonzero(pooled.total)
    reach, largest = np.zeros(pooled.total.size), 0.0
    for start in range(0, seen.size, CHUNK):
        rows = seen[start : start + CHUNK]
        block = distance(rows[:, None], seen[None, :])
        reach[rows], largest = block @ pooled.total[seen], max(largest, float(block.max()))
    return _Distances(
        pooled=pooled,
        within=2 * within / (pooled.per_unit - 1),
        between=float(pooled.total @ reach),
        reach=reach,
        largest=largest,
    )


def _packed(codes: Codes, most: int) -> Codes:
    """Return codes with each unit's ratings in the first `most` rows, so that pairs of gaps cost nothing."""
    if len(codes) == most:
        return codes
    return -np.sort(-codes, axis=0)[:most]
