"""The studentised cluster bootstrap: quantiles of t when clusters are few and unlike each other."""

import numpy as np
from numpy.typing import ArrayLike

from heldout.stats.sample import BadSample, Undefined, as_numbers, checked_level

__all__ = ["FEWEST_CLUSTERS", "studentised_quantiles"]

FEWEST_CLUSTERS = 10
"""Below this many clusters a bootstrap repeats too few different samples to know a tail."""

DRAWS = 4999


def studentised_quantiles(
    sums: ArrayLike, sizes: ArrayLike, *, level: float = 0.95, draws: int = DRAWS, seed: int = 0
) -> tuple[float, float]:
    """Return the quantiles of (mean* - mean) / standard error* over clusters drawn with replacement.

    `sums` and `sizes` (G,) are each cluster's sum of scores and number of items; the interval of the mean is
    [mean - high × standard error, mean - low × standard error]. Efron 1981, Can. J. Stat. 9:139; for clusters
    Cameron, Gelbach & Miller 2008, REStat 90:414. Draws without any spread are left out. Raises BadSample below
    10 clusters or for bad arrays, Undefined where most draws have no spread.

    >>> low, high = studentised_quantiles(np.arange(30.0), np.full(30, 5))
    >>> -2.5 < low < -1.7 < 1.7 < high < 2.5
    True
    """
    total, size = as_numbers(sums, "sums"), as_numbers(sizes, "sizes")
    if total.size != size.size or total.size < FEWEST_CLUSTERS:
        raise BadSample(f"there are {total.size} clusters", expected=f"{FEWEST_CLUSTERS} clusters at least, each sized")
    checked_level(level)
    rng = np.random.default_rng(seed)
    count = total.size
    drawn = rng.integers(0, count, (draws, count))
    weight = size[drawn].sum(axis=1)
    mean = total[drawn].sum(axis=1) / weight
    residual = total[drawn] - mean[:, None] * size[drawn]
    error = np.sqrt((residual**2).sum(axis=1) * count / (count - 1)) / weight
    known = error > 1e-12 * float(np.abs(total).max(initial=0.0)) / float(size.sum())
    if known.mean() < 0.5:
        raise Undefined("most clusters do not differ at all, so redrawing them says nothing of the error")
    pivot = (mean[known] - total.sum() / size.sum()) / error[known]
    low, high = np.quantile(pivot, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
