"""Wasserstein's distance on the line: how far rows would have to be carried, in the column's own unit."""

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from heldout.core.estimate import Estimate, undefined
from heldout.stats.distances.distance import Distance
from heldout.stats.magnitude import same_scale, squarable, whole_enough
from heldout.stats.sample import BadSample, Floats, as_numbers, checked_level

__all__ = ["wasserstein", "wasserstein_from_counts"]

METHOD = "bias bound and Efron-Stein, normal"


def wasserstein(
    u: ArrayLike,
    v: ArrayLike,
    u_weight: ArrayLike | None = None,
    v_weight: ArrayLike | None = None,
    *,
    level: float = 0.95,
) -> Distance:
    """Return the first Wasserstein distance of values u (n,) and v (m,): the area between their distributions.

    Vallender 1974, Theory Probab. Appl. 18:784. Without weights the interval takes out the most that chance adds and
    bounds the rest by the values' variance (Efron & Stein 1981, Ann. Statist. 9:586): on the wide side; undefined below
    20 rows of a sample, and where neither sample varies. Weights (n,), (m,), above or at 0, are no counts: no interval.
    The unit is the column's, so columns compare only after division by a scale such as the reference's standard
    deviation. Raises BadSample for values that are not finite, empty samples, or weights below 0 or all 0.

    >>> wasserstein([0, 1, 3], [5, 6, 8]).value
    5.0
    """
    first, second = squarable(as_numbers(u, "u"), "u"), squarable(as_numbers(v, "v"), "v")
    masses = _weights(u_weight, first.size, "u"), _weights(v_weight, second.size, "v")
    weighted = u_weight is not None or v_weight is not None
    rows = (0, 0) if weighted else (first.size, second.size)
    return _carried(first, second, masses, rows, level)


def wasserstein_from_counts(
    reference: ArrayLike, current: ArrayLike, positions: ArrayLike, *, level: float = 0.95
) -> Distance:
    """Return the first Wasserstein distance of counts (bins,) that stand at `positions` (bins,), such as bin middles.

    What bins hide is not in it: at most the widest bin. Interval and errors as for `wasserstein`, from whole counts.

    >>> wasserstein_from_counts([30, 10], [20, 20], [0, 1]).value
    0.25
    """
    places = squarable(as_numbers(positions, "positions"), "positions")
    first = _weights(reference, places.size, "reference", counts=True)
    second = _weights(current, places.size, "current", counts=True)
    whole = all((counts == np.floor(counts)).all() for counts in (first, second))
    rows = (int(first.sum()), int(second.sum())) if whole else (0, 0)
    return _carried(places, places, (first, second), rows, level)


def _carried(u: Floats, v: Floats, masses: tuple[Floats, Floats], rows: tuple[int, int], level: float) -> Distance:
    checked_level(level)
    first, second = masses[0] / masses[0].sum(), masses[1] / masses[1].sum()
    points = np.concatenate((u, v))
    order = np.argsort(points)
    width = np.diff(points[order])
    shares = np.concatenate((first, np.zeros_like(second))), np.concatenate((np.zeros_like(first), second))
    below = [np.cumsum(share[order])[:-1] for share in shares]
    value = float(np.abs(below[0] - below[1]) @ width)
    n = sum(rows)
    if not n:
        reason = "weights and shares tell no number of rows, and an interval takes counts"
        nothing = undefined(reason, n=0, method=METHOD, value=value, level=level)
        return Distance(value=value, estimate=nothing, expected_without_drift=None)
    pooled = (below[0] * rows[0] + below[1] * rows[1]) / n
    expected = _mean_absolute([(pooled, rows[0]), (pooled, rows[1])], width)
    if min(rows) < 20:
        nothing = undefined("fewer than 20 rows in a sample", n=n, method=METHOD, value=value, level=level)
        return Distance(value=value, estimate=nothing, expected_without_drift=expected)
    added = _mean_absolute(list(zip(below, rows, strict=True)), width)
    variance = sum(_variance(x, share) / size for x, share, size in ((u, first, rows[0]), (v, second, rows[1])))
    if not any(np.ptp(x[share > 0]) for x, share in ((u, first), (v, second))):
        reason = "neither sample varies, so they say nothing of the distance's error"
        nothing = undefined(reason, n=n, method=METHOD, value=value, level=level)
        return Distance(value=value, estimate=nothing, expected_without_drift=expected)
    half = float(special.ndtri((1 + level) / 2)) * math.sqrt(variance)
    low, high = max(value - added - half, 0.0), value + half
    estimate = Estimate(value=value, low=low, high=high, n=n, method=METHOD, level=level)
    return Distance(value=value, estimate=estimate, expected_without_drift=expected)


def _mean_absolute(below: list[tuple[Floats, int]], width: Floats) -> float:
    """Return the area under the mean absolute error of the difference of distributions (points,), each of n rows."""
    variance = sum(np.clip(share * (1 - share), 0, None) / rows for share, rows in below)
    return float(np.sqrt(variance * (2 / math.pi)) @ width)


def _variance(x: Floats, share: Floats) -> float:
    mean = share @ x
    return float(share @ (x - mean) ** 2)


def _weights(weight: ArrayLike | None, size: int, name: str, *, counts: bool = False) -> Floats:
    if not size:
        raise BadSample(f"{name} is empty", expected="one row at least")
    if weight is None:
        return np.ones(size)
    weights = as_numbers(weight, f"the weight of {name}")
    if weights.size != size:
        raise BadSample(f"{weights.size} weights of {name} for {size} values", expected="one weight for each value")
    if (weights < 0).any() or not weights.any():
        raise BadSample(f"the weights of {name} are not all above or at 0, or none is above", expected="weights")
    if counts:
        with np.errstate(over="ignore"):
            whole_enough(float(weights.sum()), f"the counts of {name}")
    return same_scale(weights)
