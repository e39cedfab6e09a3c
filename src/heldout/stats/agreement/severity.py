"""Whether a rater is stricter than the others, and whether that moves while the rater works."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from heldout.core.estimate import Estimate, undefined
from heldout.stats.agreement.ratings import SHAPE, Ratings, as_ratings
from heldout.stats.clusters import Clusters
from heldout.stats.sample import BadSample, Floats, as_numbers, checked_level

__all__ = ["FEWEST_CLUSTERS_OF_RATER", "FEWEST_SHARED", "rater_severity", "severity_drift"]

FEWEST_SHARED = 20
"""So many units must a rater share with another before severity has an interval."""

FEWEST_CLUSTERS_OF_RATER = 6
"""And of so many clusters: candidates."""

NO_SPREAD = 1e-10


def rater_severity(
    ratings: ArrayLike | Ratings,
    cluster: ArrayLike | None = None,
    *,
    categories: Sequence[Any] | None = None,
    level: float = 0.95,
) -> tuple[Estimate, ...]:
    """Return how many levels each rater of ratings (raters, units) lies below the others' mean: above 0, stricter.

    Taken over the units that the rater shares with another; each such unit counts once. Relative to the others: a
    committee that is strict as a whole shows nothing. To be shown, never to be subtracted from ratings. Texts count in
    steps of `categories`, lowest first. `cluster` (units,) as in `committee_agreement`: the interval leaves out one
    cluster at a time, t(G − 1). Withheld below 20 shared units or 6 clusters, or where every unit says the same; `n`
    counts the shared units. In simulation it covers within .03 from 30 units on; at six
    candidates down to .90 where most is of one level. Raises BadSample as `as_ratings`.

    >>> strict, mild = np.tile([1, 2, 1, 0], 6), np.tile([2, 2, 2, 0], 6)
    >>> [severity.value for severity in rater_severity([strict, mild])]
    [0.5, -0.5]
    """
    deviations, grouped = _deviations(ratings, cluster, categories, level)
    return tuple(_estimate(row, np.zeros_like(row), grouped, _MEAN, level) for row in deviations)


def severity_drift(
    ratings: ArrayLike | Ratings,
    order: ArrayLike,
    cluster: ArrayLike | None = None,
    *,
    categories: Sequence[Any] | None = None,
    level: float = 0.95,
) -> tuple[Estimate, ...]:
    """Return by how many levels each rater grew stricter from the first to the last unit that the rater rated.

    `order` (raters, units) tells when each rating was given: any number that grows with time; where a rating is missing
    it is not read. The slope of the deviation from the others' mean (see `rater_severity`) over the rank in that order,
    0 for the first, 1 for the last, by least squares. Where all rate in one order, only drift apart from the others
    shows. Interval and what withholds it as `rater_severity`; withheld too where all was rated at one time. Raises
    BadSample as `as_ratings`, or for an order of another shape or with a gap where there is a rating.

    >>> steady, tiring = np.full(24, 2), np.repeat([2, 1], 12)
    >>> when = np.tile(np.arange(24), (2, 1))
    >>> round(severity_drift([steady, tiring], when)[1].value, 2)
    1.44
    """
    deviations, grouped = _deviations(ratings, cluster, categories, level)
    times = np.asarray(order)
    if times.shape != deviations.shape:
        raise BadSample(f"the order has shape {times.shape}", expected=f"{deviations.shape[0]} × {deviations.shape[1]}")
    return tuple(
        _estimate(row, _scaled_ranks(when, ~np.isnan(row)), grouped, _SLOPE, level)
        for row, when in zip(deviations, times, strict=True)
    )


def _deviations(
    ratings: ArrayLike | Ratings, cluster: ArrayLike | None, categories: Sequence[Any] | None, level: float
) -> tuple[Floats, Clusters]:
    """Return the others' mean minus the rater's rating (raters, units), NaN where a unit is not shared."""
    checked_level(level)
    coded = as_ratings(ratings, categories)
    if not coded.named or coded.times is not None:
        raise BadSample("severity needs to know who gave which rating", expected=SHAPE)
    given = coded.codes >= 0
    score = np.where(given, coded.scores[coded.codes], 0.0)
    others = given.sum(axis=0) - given
    shared = given & (others > 0)
    mean = (score.sum(axis=0) - score) / np.where(shared, others, 1)
    return np.where(shared, mean - score, np.nan), Clusters.of(cluster, given.shape[1])


def _scaled_ranks(when: NDArray[Any], known: NDArray[np.bool_]) -> Floats:
    times = as_numbers(when[known], "order")
    distinct, place = np.unique(times, return_inverse=True)
    through = np.cumsum(np.bincount(place, minlength=distinct.size))
    middle = through - (np.diff(through, prepend=0) + 1) / 2
    ranks = np.full(known.size, np.nan)
    ranks[known] = middle[place] / max(times.size - 1, 1)
    return ranks


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fit:
    """What it is called, and how sums of 1, x, y, x², xy (5, ...) give it (...,)."""

    called: str
    of: Callable[[Floats], Floats]


def _mean(sums: Floats) -> Floats:
    return np.asarray(sums[2] / sums[0])


def _slope(sums: Floats) -> Floats:
    count, x, y, xx, xy = sums
    spread = count * xx - x * x
    level = spread <= NO_SPREAD
    return np.asarray(np.where(level, np.nan, (count * xy - x * y) / np.where(level, 1, spread)))


_MEAN = _Fit(called="mean below the others", of=_mean)
_SLOPE = _Fit(called="slope over the order of rating", of=_slope)


def _estimate(deviation: Floats, place: Floats, clusters: Clusters, fit: _Fit, level: float) -> Estimate:
    known = ~np.isnan(deviation)
    n, y, x = int(known.sum()), deviation[known], place[known]
    owner = np.arange(n) if clusters.codes is None else np.unique(clusters.codes[known], return_inverse=True)[1]
    groups = int(owner.max()) + 1 if n else 0
    method = f"{fit.called}, jackknife over {groups} {clusters.unit.replace('rows', 'units')}, t"
    if not n:
        return undefined("the rater shares no unit with another", n=0, method=method, level=level)
    sums = np.stack([np.bincount(owner, part, groups) for part in (np.ones(n), x, y, x * x, x * y)])
    total = sums.sum(axis=1)
    value = float(fit.of(total))
    if np.isnan(value):
        return undefined("all was rated at one time", n=n, method=method, level=level)
    if n < FEWEST_SHARED or groups < FEWEST_CLUSTERS_OF_RATER:
        reason = (
            f"an interval takes {FEWEST_SHARED} shared units of {FEWEST_CLUSTERS_OF_RATER} clusters, "
            f"and there are {n} of {groups}"
        )
        return undefined(reason, n=n, method=method, value=value, level=level)
    without = fit.of(total[:, None] - sums)
    error = float(np.sqrt((groups - 1) / groups * ((without - without.mean()) ** 2).sum()))
    if not error > NO_SPREAD:
        reason = "no unit moves the value, so the sample says nothing of its error"
        return undefined(reason, n=n, method=method, value=value, level=level)
    half = float(special.stdtrit(groups - 1, (1 + level) / 2)) * error
    return Estimate(value=value, low=value - half, high=value + half, n=n, method=method, level=level)
