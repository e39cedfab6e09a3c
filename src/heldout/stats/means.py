"""Means, ratios of means and paired differences of means, of independent rows or of clusters."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from heldout.core.estimate import Estimate, undefined
from heldout.stats.clusters import Clusters, Correction, clustered_standard_error, error_of_sum
from heldout.stats.magnitude import LARGEST, ROUNDING, centred, length, moderate, same_scale, scalable
from heldout.stats.sample import BadSample, Floats, Undefined, as_numbers, checked_level, checked_number
from heldout.stats.t_interval import Alternative, checked_alternative, t_estimate, t_p_value

__all__ = [
    "PairedMeanTest",
    "as_differences",
    "clustered_paired_difference",
    "mean_estimate",
    "mean_standard_error",
    "paired_mean_test",
    "ratio_estimate",
]


def mean_estimate(
    values: ArrayLike, cluster: ArrayLike | None = None, weight: ArrayLike | None = None, level: float = 0.95
) -> Estimate:
    """Return the (weighted) mean of values (n,) with its t interval; n is in rows of positive weight.

    Without `cluster` (n,) rows are independent and, unweighted, this is the one-sample t interval (Student 1908,
    Biometrika 6:1). With it the variance is that of the clusters' sums (Liang & Zeger 1986, Biometrika 73:13), with
    the factor G / (G - 1) and t(G - 1); it covers too little below some 20 clusters. `weight` (n,) holds sampling
    weights ≥ 0, of which only the ratios count, not numbers of copies. The interval is undefined below two rows or
    clusters and where the values show no variance; the mean too where all weights are 0.
    Raises BadSample for bad arrays, no rows or negative weights.

    >>> accuracy = mean_estimate([1, 1, 0, 1, 0, 0, 1, 1], cluster=["a", "a", "b", "b", "c", "c", "d", "d"])
    >>> accuracy.value, round(accuracy.low, 3), round(accuracy.high, 3)
    (0.625, -0.137, 1.387)
    """
    try:
        mean, influence, clusters, rounding = _mean(values, cluster, weight)
    except Undefined as reason:
        return undefined(str(reason), n=0, method="mean, t", level=checked_level(level))
    method = f"mean, t over {clusters.count} {clusters.unit}"
    return _of_sums(mean, influence, clusters, rounding=rounding, method=method, level=level)


def mean_standard_error(
    values: ArrayLike,
    cluster: ArrayLike | None = None,
    weight: ArrayLike | None = None,
    correction: Correction = "CR1",
) -> float:
    """Return the standard error of the (weighted) mean of values (n,), whose rows come in clusters (n,) if given.

    "CR1" multiplies the variance by G / (G - 1), as R's survey does and, without clusters, s / √n; "CR0" does not
    (Liang & Zeger 1986, Biometrika 73:13). On outcomes of 0 or 1 without clusters "CR0" is √(p (1 - p) / n).
    Raises BadSample as `mean_estimate` does and for fewer than two rows or clusters, and Undefined where all weights
    are 0.

    >>> round(mean_standard_error([1, 1, 0, 1, 0, 0, 1, 1], cluster=["a", "a", "b", "b", "c", "c", "d", "d"]), 4)
    0.2394
    """
    _, influence, clusters, _ = _mean(values, cluster, weight)
    return clustered_standard_error(influence, clusters.codes, correction)


def ratio_estimate(
    numerator: ArrayLike,
    denominator: ArrayLike,
    cluster: ArrayLike | None = None,
    level: float = 0.95,
    method: Literal["delta", "fieller"] = "delta",
) -> Estimate:
    """Return Σ numerator / Σ denominator, both (n,), with a t interval over rows or, if given, clusters (n,).

    "delta" linearises the ratio (Cochran 1977, Sampling Techniques, ch. 6); "fieller" inverts the exact test (Fieller
    1954, JRSS B 16:175) and is not symmetric. It is the ratio of sums, not the mean of the rows' ratios. The interval
    is undefined below two rows or clusters, without variance, and where the denominator's own interval reaches 0; the
    ratio too where the denominator adds up to 0. Raises BadSample for bad arrays or no rows.

    >>> clicks, views = [2, 0, 3, 1, 4], [10, 5, 12, 9, 14]
    >>> rate = ratio_estimate(clicks, views)
    >>> round(rate.value, 3), round(rate.low, 3), round(rate.high, 3)
    (0.2, 0.085, 0.315)
    """
    checked_level(level)
    if method not in ("delta", "fieller"):
        raise BadSample(f"there is no method {method!r}", expected="delta or fieller")
    above, below = _rows(numerator, "numerator"), _rows(denominator, "denominator")
    _same_rows(above, below, "numerator", "denominator")
    clusters = Clusters.of(cluster, above.size)
    name = f"ratio, {method} over {clusters.count} {clusters.unit}, t"
    n, total = above.size, float(below.sum())
    if total == 0:
        return undefined("the denominator adds up to 0", n=n, method=name, level=level)
    ratio = float(above.sum()) / total
    if not abs(ratio) < LARGEST:
        return undefined("the ratio is too large for squares", n=n, method=name, level=level)
    too_few = clusters.why_no_variance()
    if too_few:
        return undefined(too_few, n=n, method=name, value=ratio, level=level)
    t = float(special.stdtrit(clusters.count - 1, (1 + level) / 2))
    slack = min(t * error_of_sum(clusters.sums(centred(below))) / abs(total), 1.0) ** 2
    if slack >= 1:
        reason = "the denominator's own interval reaches 0, so the ratio has no bounds"
        return undefined(reason, n=n, method=name, value=ratio, level=level)
    influence = centred((above - ratio * below) / total)
    size = (np.abs(above) + abs(ratio) * np.abs(below)) / abs(total)
    rounding = ROUNDING * length(clusters.sums(size))
    delta = _of_sums(ratio, influence, clusters, rounding=rounding, method=name, level=level)
    if method == "delta" or not delta.is_defined:
        return delta
    return _fieller(delta, above, below, clusters, t=t, slack=slack)


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedMeanTest:
    """The mean paired difference, first minus second, and the t test of whether it is `null`.

    `units` independent rows or clusters lie behind it. `design_effect` is the clustered variance over that of
    independent rows, None without clusters. `standard_error`, `statistic`, `degrees_of_freedom` and `p_value` are
    None where the interval of `difference` is undefined, and there alone.
    """

    difference: Estimate
    null: float
    alternative: Alternative
    units: int
    standard_error: float | None = None
    statistic: float | None = None
    degrees_of_freedom: float | None = None
    p_value: float | None = None
    design_effect: float | None = None


def paired_mean_test(
    first: ArrayLike,
    second: ArrayLike | None = None,
    *,
    cluster: ArrayLike | None = None,
    level: float = 0.95,
    null: float = 0.0,
    alternative: Alternative = "two-sided",
) -> PairedMeanTest:
    """Return the paired t test of first (n,) minus second (n,) on the same rows, or of differences given as `first`.

    Student 1908, Biometrika 6:1. With `cluster` (n,) it is the clusters that are independent, with t(G - 1).
    `alternative` "greater" asks whether the difference is above `null`; the interval is two-sided always. The interval
    is undefined below two rows or clusters, and where the differences show no variance. Raises BadSample for bad
    arrays, other lengths, no rows or a `null` that is not finite.

    >>> test = paired_mean_test([49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48])
    >>> round(test.statistic, 4), test.degrees_of_freedom, round(test.p_value, 4)
    (2.148, 14.0, 0.0497)
    """
    checked_alternative(alternative)
    null = moderate(checked_number(null, "null"), "the null")
    differences, size = as_differences(first, second)
    mean, influence, clusters, rounding = _mean(differences, cluster, None, size)
    method = f"paired difference, t over {clusters.count} {clusters.unit}"
    difference = _of_sums(mean, influence, clusters, rounding=rounding, method=method, level=level)
    bare = PairedMeanTest(difference=difference, null=null, alternative=alternative, units=clusters.count)
    if not difference.is_defined:
        return bare
    error, degrees = error_of_sum(clusters.sums(influence)), clusters.count - 1.0
    statistic = (mean - null) / error
    return PairedMeanTest(
        difference=difference,
        null=null,
        alternative=alternative,
        units=clusters.count,
        standard_error=error,
        statistic=statistic,
        degrees_of_freedom=degrees,
        p_value=t_p_value(statistic, degrees, alternative),
        design_effect=None if cluster is None else (error / error_of_sum(influence)) ** 2,
    )


def clustered_paired_difference(
    first: ArrayLike, second: ArrayLike, cluster: ArrayLike, level: float = 0.95
) -> PairedMeanTest:
    """Return the mean of first (n,) minus second (n,) on the same rows, which come in clusters (n,), with t(G - 1).

    Liang & Zeger 1986, Biometrika 73:13; for shares give 0 and 1. It is `paired_mean_test` with the clusters asked
    for, and undefined and refused as that is; its interval covers too little below some 20 clusters.

    >>> right_a, right_b = [1, 1, 0, 1, 1, 1, 0, 1], [1, 0, 0, 0, 1, 1, 0, 0]
    >>> test = clustered_paired_difference(right_a, right_b, ["p", "p", "q", "q", "r", "r", "s", "s"])
    >>> test.difference.value, test.units, round(test.design_effect, 3)
    (0.375, 4, 0.467)
    """
    return paired_mean_test(first, second, cluster=cluster, level=level)


def as_differences(first: ArrayLike, second: ArrayLike | None) -> tuple[Floats, float]:
    """Return the differences (n,), n ≥ 1, and the largest size of the numbers that they were made of.

    Raises BadSample for bad arrays, other lengths, no rows, or numbers beyond 1e150.

    >>> as_differences([3, 1], [1, 1])
    (array([2., 0.]), 3.0)
    """
    name = "differences" if second is None else "first"
    one = _rows(first, name)
    if second is None:
        return one, float(np.abs(one).max())
    other = scalable(as_numbers(second, "second"), "second")
    _same_rows(one, other, "first", "second")
    return one - other, float(max(np.abs(one).max(), np.abs(other).max()))


def _mean(
    values: ArrayLike, cluster: ArrayLike | None, weight: ArrayLike | None, size: float | None = None
) -> tuple[float, Floats, Clusters, float]:
    """Return the mean, the influence of each row of positive weight, their clusters, and how far rounding spreads it.

    `size` is that of the numbers behind the values, where it is not their own.
    """
    numbers = _rows(values, "values")
    if size is None:
        size = float(np.abs(numbers).max())
    if weight is None:
        clusters = Clusters.of(cluster, numbers.size)
        per_row = np.full(numbers.size, 1 / numbers.size)
        return float(numbers.mean()), centred(numbers) / numbers.size, clusters, _rounding(size, per_row, clusters)
    weights = as_numbers(weight, "weight")
    _same_rows(numbers, weights, "values", "weight")
    if (weights < 0).any():
        row = int(np.argmax(weights < 0))
        raise BadSample(f"the weight {weights[row]:g} is negative", where=f"row {row}", expected="weights of 0 or more")
    kept = weights > 0
    if not kept.any():
        raise Undefined("all weights are 0")
    weights = same_scale(weights)
    whole = Clusters.of(cluster, numbers.size)
    clusters = Clusters.of(None if whole.codes is None else whole.codes[kept], int(kept.sum()))
    shares = weights[kept] / weights.sum()
    mean = float(shares @ numbers[kept])
    apart = numbers[kept] - mean
    influence = shares * (apart - shares @ apart)  # the mean is off by its own rounding
    return mean, influence, clusters, _rounding(size, shares, clusters)


def _rounding(size: float, shares: Floats, clusters: Clusters) -> float:
    """Return the standard error that rounding alone can give the mean of rows of equal size."""
    return ROUNDING * size * length(clusters.sums(shares))


def _of_sums(
    value: float, influence: Floats, clusters: Clusters, *, rounding: float, method: str, level: float
) -> Estimate:
    too_few = clusters.why_no_variance()
    if too_few:
        return undefined(too_few, n=influence.size, method=method, value=value, level=checked_level(level))
    error, n = error_of_sum(clusters.sums(influence)), influence.size
    return t_estimate(value, error, clusters.count - 1, n=n, method=method, level=level, rounding=rounding)


def _fieller(delta: Estimate, above: Floats, below: Floats, clusters: Clusters, *, t: float, slack: float) -> Estimate:
    assert delta.value is not None
    total, ratio = float(below.sum()), delta.value
    parts = np.array([clusters.sums(centred(x)) for x in (above, below)]) / total
    (of_above, both), (_, of_below) = parts @ parts.T * clusters.count / (clusters.count - 1)
    inside = of_above - 2 * ratio * both + ratio**2 * of_below - slack * of_above + (t * both) ** 2
    centre = float(ratio - t * t * both) / (1 - slack)
    half = t * math.sqrt(max(float(inside), 0.0)) / (1 - slack)
    return Estimate(
        value=ratio, low=centre - half, high=centre + half, n=delta.n, method=delta.method, level=delta.level
    )


def _rows(values: ArrayLike, name: str) -> Floats:
    numbers = as_numbers(values, name)
    if not numbers.size:
        raise BadSample(f"{name} is empty", expected="one row at least")
    return scalable(numbers, name)


def _same_rows(one: Floats, other: Floats, name: str, other_name: str) -> None:
    if one.size != other.size:
        raise BadSample(f"{name} has {one.size} rows and {other_name} {other.size}", expected="the same rows in both")
