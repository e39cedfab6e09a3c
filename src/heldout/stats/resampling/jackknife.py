"""The jackknife: what a statistic becomes without each of the units."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from heldout.stats.resampling.statistic import Sample, Statistic
from heldout.stats.sample import Floats, Undefined

__all__ = ["jackknife_influence", "jackknife_standard_error"]


def jackknife_standard_error(
    statistic: Callable[..., ArrayLike],
    *arrays: ArrayLike,
    cluster: ArrayLike | None = None,
    vectorised: bool = False,
) -> float:
    """Return the jackknife standard error of `statistic(*arrays)`, arrays (n,) of paired rows.

    √((n − 1) / n · Σ (θ₋ᵢ − mean)²) over rows, or over clusters (n,) where given (Efron & Tibshirani 1993, An
    Introduction to the Bootstrap, equation 11.5). Not for quantiles or other statistics that jump. `vectorised` tells
    that `statistic` takes arrays (R, n) and returns (R,). Raises BadSample for bad arrays, and Undefined below two
    units or where the statistic does not exist without one of them.

    >>> jackknife_standard_error(np.mean, [1.0, 2.0, 3.0, 6.0])
    1.0801234497346435
    """
    sample = Sample.of(arrays, cluster)
    if sample.clusters.count < 2:
        raise Undefined(f"a jackknife takes two {sample.clusters.unit}, and there is {sample.clusters.count}")
    influence = jackknife_influence(sample, Statistic(function=statistic, vectorised=vectorised))
    if not np.isfinite(influence).all():
        raise Undefined(f"the statistic does not exist without one of the {sample.clusters.unit}")
    count = influence.size
    return float(np.sqrt((influence**2).sum() / count / (count - 1)))


def jackknife_influence(sample: Sample, statistic: Statistic) -> Floats:
    """Return (n − 1)(mean of θ₋ᵢ − θ₋ᵢ) for each row or cluster i; not finite where the statistic does not exist.

    >>> sample = Sample.of(([1.0, 2.0, 6.0],), None)
    >>> jackknife_influence(sample, Statistic(function=np.mean, vectorised=False))
    array([-2., -1.,  3.])
    """
    without = statistic.values(sample.taken(sample.without(unit)) for unit in range(sample.clusters.count))
    spread: Floats = (without.size - 1) * (without.mean() - without)
    return spread
