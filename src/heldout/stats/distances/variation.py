"""Distances by the largest or the total difference of shares, from counts: Kolmogorov-Smirnov and total variation."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from heldout.core.estimate import Estimate, undefined
from heldout.stats.distances.distance import Counts, Distance, why_no_interval
from heldout.stats.sample import BadSample, as_array

__all__ = ["ks_from_counts", "total_variation"]

MEAN_KOLMOGOROV = math.sqrt(math.pi / 2) * math.log(2)
"""The mean of Kolmogorov's distribution."""

FEWEST_ROWS = 20
"""Below this many rows of a sample the asymptotic band of D is not used."""


def ks_from_counts(
    reference: ArrayLike, current: ArrayLike, *, single: ArrayLike | None = None, level: float = 0.95
) -> Distance:
    """Return Kolmogorov-Smirnov's D, the largest gap of the two distributions, from counts (bins,) in order.

    The gap is read at the bins' edges, so D of the rows may be larger, by `error_bound` at most: what the counts allow
    inside a bin, never more than its mass. `single` (bins,) marks bins of one value, which hide nothing. The interval
    is Kolmogorov's band around both distributions, on the wide side, plus the bound; undefined below 20 rows of a
    sample, and for shares. Without drift D is about .87 √(1/n + 1/m) (Kolmogorov 1933), less for discrete columns.
    Raises BadSample for bad counts.

    >>> gap = ks_from_counts([500, 300, 200], [400, 300, 300])
    >>> round(gap.value, 3), round(gap.error_bound, 3), round(gap.expected_without_drift, 3)
    (0.1, 0.4, 0.039)
    """
    method = "Kolmogorov's band"
    counts = Counts.of(reference, current, level)
    shape = as_array(reference, "reference").shape
    alone = np.zeros(shape, dtype=bool) if single is None else as_array(single, "single").astype(bool)
    if alone.shape != shape:
        raise BadSample(f"single has shape {alone.shape}", expected="one mark for each bin")
    value, hidden = _largest_gap(counts, alone[counts.position])
    n, noise = counts.n + counts.m, counts.noise
    if noise is None or min(counts.n, counts.m) < FEWEST_ROWS:
        reason = why_no_interval(counts) if noise is None else f"fewer than {FEWEST_ROWS} rows in a sample"
        estimate = undefined(str(reason), n=n, method=method, value=value, level=level)
    else:
        half = float(special.kolmogi(1 - level)) * math.sqrt(noise)
        low, high = max(value - half, 0.0), min(value + hidden + half, 1.0)
        estimate = Estimate(value=value, low=low, high=high, n=n, method=method, level=level)
    expected = None if noise is None else min(MEAN_KOLMOGOROV * math.sqrt(noise), 1.0)
    return Distance(value=value, estimate=estimate, expected_without_drift=expected, error_bound=hidden)


def total_variation(p: ArrayLike, q: ArrayLike, *, level: float = 0.95) -> Distance:
    """Return the total variation distance ½ Σ |p - q|, in [0, 1], from counts or shares (bins,).

    The share of rows that would have to move. The interval holds for any distribution, on the wide side: chance adds
    at most the sum of the bins' mean absolute errors, and moves the sum by McDiarmid's bound (McDiarmid 1989, Surveys
    in Combinatorics 148). Undefined for shares and below 5 rows a bin on average. Raises BadSample for bad
    counts.

    >>> moved = total_variation([500, 300, 200], [400, 300, 300])
    >>> round(moved.value, 3), round(moved.estimate.low, 3), round(moved.estimate.high, 3)
    (0.1, 0.015, 0.161)
    """
    method = "bias bound and McDiarmid"
    counts = Counts.of(p, q, level)
    value = float(np.abs(counts.p - counts.q).sum()) / 2
    n, noise, reason = counts.n + counts.m, counts.noise, why_no_interval(counts)
    if noise is None:
        nothing = undefined(str(reason), n=n, method=method, value=value, level=level)
        return Distance(value=value, estimate=nothing, expected_without_drift=None)
    pooled = (counts.p * counts.n + counts.q * counts.m) / n
    expected = _mean_absolute(pooled * (1 - pooled) * noise)
    if reason:
        estimate = undefined(reason, n=n, method=method, value=value, level=level)
    else:
        added = _mean_absolute(counts.p * (1 - counts.p) / counts.n + counts.q * (1 - counts.q) / counts.m)
        moved = math.sqrt(math.log(2 / (1 - level)) * noise / 2)
        low, high = max(value - added - moved, 0.0), min(value + moved, 1.0)
        estimate = Estimate(value=value, low=low, high=high, n=n, method=method, level=level)
    return Distance(value=value, estimate=estimate, expected_without_drift=expected)


def _largest_gap(counts: Counts, single: NDArray[np.bool_]) -> tuple[float, float]:
    """Return D at the edges, and how far the rows inside a bin could lift it."""
    after_p, after_q = np.cumsum(counts.p), np.cumsum(counts.q)
    value = float(np.abs(after_p - after_q).max())
    before_p, before_q = after_p - counts.p, after_q - counts.q
    inside = np.maximum(after_p - before_q, after_q - before_p)[~single]
    return value, max(float(inside.max(initial=0.0)) - value, 0.0)


def _mean_absolute(variance: NDArray[np.float64]) -> float:
    """Return half the sum of the mean absolute values of normal errors with these variances."""
    return float(np.sqrt(variance * (2 / math.pi)).sum()) / 2
