"""Quantiles with intervals that ask nothing of the distribution's shape."""

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from heldout.core.estimate import Estimate, undefined
from heldout.stats.clusters import Clusters, variance_of_sum
from heldout.stats.sample import BadSample, Floats, as_numbers, checked_level, checked_number, whole_number

__all__ = ["median", "order_statistic_ranks", "quantile"]


def quantile(values: ArrayLike, q: float, cluster: ArrayLike | None = None, level: float = 0.95) -> Estimate:
    """Return the quantile `q` of values (n,), 0 < q < 1, with a distribution-free interval.

    The value interpolates as numpy and R (type 7) do. Without `cluster` the ends are the order statistics of
    `order_statistic_ranks`, which cover at least `level` whatever the distribution. With `cluster` (n,) the interval
    of the share of rows at or below the quantile, t(G - 1) over clusters, is read back into values (Woodruff 1952,
    JASA 47:635); it covers too little below some 20 clusters, and where ties make the share leap over `q`.

    The interval is undefined where the sample does not reach far enough: no order statistic gives the level (a median
    takes 6 rows at .95, the .99 quantile 368), or the share's interval leaves (0, 1); and, with clusters, below two of
    them or where their shares show no variance. Raises BadSample for bad arrays, no rows or q outside (0, 1).

    >>> latency = quantile([12, 15, 11, 30, 18, 14, 22, 13, 17, 16], 0.5)
    >>> latency.value, latency.low, latency.high, latency.method
    (15.5, 12.0, 22.0, 'order statistics 2 and 9, exact coverage 0.979')
    """
    checked_level(level)
    numbers = as_numbers(values, "values")
    if not numbers.size:
        raise BadSample("values is empty", expected="one row at least")
    if not 0 < checked_number(q, "q") < 1:
        raise BadSample(f"there is no quantile {q}", expected="a number between 0 and 1")
    if cluster is None:
        return _by_order(np.sort(numbers), q, level)
    return _by_share(numbers, q, Clusters.of(cluster, numbers.size), level)


def median(values: ArrayLike, cluster: ArrayLike | None = None, level: float = 0.95) -> Estimate:
    """Return the median of values (n,) with its distribution-free interval: `quantile` at ½ (Thompson 1936).

    Thompson 1936, Ann. Math. Statist. 7:122. Undefined and refused as `quantile` is.

    >>> middle = median([12, 15, 11, 30, 18, 14, 22, 13, 17, 16])
    >>> middle.value, middle.low, middle.high
    (15.5, 12.0, 22.0)
    """
    return quantile(values, 0.5, cluster, level)


def order_statistic_ranks(n: int, q: float, level: float = 0.95) -> tuple[int, int]:
    """Return the ranks, from 1, of the order statistics that hold the quantile `q` of n rows with chance ≥ `level`.

    Each leaves at most (1 - level) / 2 outside (Thompson 1936, Ann. Math. Statist. 7:122; as scipy's quantile_test).
    A rank of 0 or n + 1 says that no order statistic reaches the level on that side. Raises BadSample for an n
    that is no whole number of at least 1, or q or level outside (0, 1).

    >>> order_statistic_ranks(20, 0.5)
    (6, 15)
    """
    checked_level(level)
    n = whole_number(n, "n", least=1)
    if not 0 < checked_number(q, "q") < 1:
        raise BadSample(f"there is no quantile {q}", expected="a number between 0 and 1")
    tail = (1 - level) / 2 * (1 + 1e-12)  # a chance that is the tail but for rounding is the tail
    # with B binomial(n, q): P(quantile < X_(rank)) is P(B < rank), and P(quantile ≥ X_(rank)) is P(n - B ≤ n - rank)
    return _most_below(n, q, tail), n + 1 - _most_below(n, 1 - q, tail)


def _by_order(ordered: Floats, q: float, level: float) -> Estimate:
    n, value = ordered.size, float(np.quantile(ordered, q))
    low, high = order_statistic_ranks(n, q, level)
    if low < 1 or high > n:
        side = "below" if low < 1 else "above"
        reason = f"{n} rows hold no order statistic far enough {side} the quantile {q:g} for a level of {level:g}"
        return undefined(reason, n=n, method="order statistics", value=value, level=level)
    coverage = _chance_below(high, n, q) - _chance_below(low, n, q)
    method = f"order statistics {low} and {high}, exact coverage {coverage:.3f}"
    low_value, high_value = float(ordered[low - 1]), float(ordered[high - 1])
    return Estimate(value=value, low=low_value, high=high_value, n=n, method=method, level=level)


def _by_share(numbers: Floats, q: float, clusters: Clusters, level: float) -> Estimate:
    n, value = numbers.size, float(np.quantile(numbers, q))
    method = f"Woodruff, t over {clusters.count} {clusters.unit}"

    def without(reason: str) -> Estimate:
        return undefined(reason, n=n, method=method, value=value, level=level)

    too_few = clusters.why_no_variance()
    if too_few:
        return without(too_few)
    below = (numbers <= value).astype(np.float64)
    error = float(np.sqrt(variance_of_sum(clusters.sums((below - below.mean()) / n))))
    if error < 1e-12:
        return without("the clusters' shares below the quantile show no variance, so they say nothing of its error")
    half = float(special.stdtrit(clusters.count - 1, (1 + level) / 2)) * error
    if q - half <= 0 or q + half >= 1:
        return without(f"the interval of the share below, {q:g} ± {half:.3f}, leaves the sample's range")
    low, high = (float(x) for x in np.quantile(numbers, [q - half, q + half], method="inverted_cdf"))
    return Estimate(value=value, low=min(low, value), high=max(high, value), n=n, method=method, level=level)


def _most_below(n: int, q: float, tail: float) -> int:
    """Return the largest rank with P(B < rank) ≤ tail, B binomial(n, q), by bisection of 0..n."""
    low, high = 0, n + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _chance_below(middle, n, q) <= tail else (low, middle)
    return low


def _chance_below(rank: int, n: int, q: float) -> float:
    """Return P(B < rank) for B binomial(n, q) and 1 ≤ rank ≤ n."""
    return float(special.betainc(n - rank + 1, rank, 1 - q))
