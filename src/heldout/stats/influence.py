"""The interval of a metric from the influence of its rows, on the scale that keeps it in the metric's range."""

import math
from collections.abc import Sequence
from dataclasses import replace

from scipy import special

from heldout.core.estimate import Estimate, undefined
from heldout.stats.clusters import Clusters, Uncertainty
from heldout.stats.proportions import wilson
from heldout.stats.sample import Floats, checked_level
from heldout.stats.t_interval import NO_SPREAD

__all__ = ["influence_estimate", "method_of", "spread_estimate", "unseen_part", "where_all_fare_alike"]

LARGEST_EXPONENT = 700.0
"""Beyond this e^x is no double."""


def influence_estimate(
    value: float,
    influence: Floats,
    clusters: Clusters,
    *,
    lowest: float = 0.0,
    highest: float = math.inf,
    level: float = 0.95,
    of: str = "",
    seed_parts: Sequence[tuple[float, int]] = (),
) -> Estimate:
    """Return `value` with the interval that influence (n,), summed in each cluster, and `seed_parts` give it.

    Liang & Zeger 1986, Biometrika 73:13; t with Satterthwaite's degrees of freedom on the logit scale of
    [lowest, highest], on the log scale where one of them is infinite. `of` stands before the method. Undefined with
    fewer than two clusters, or no variance among them.

    >>> import numpy as np
    >>> half = influence_estimate(0.5, np.tile([0.02, -0.02], 10), Clusters.of(None, 20), highest=1.0)
    >>> round(half.low, 3), round(half.high, 3)
    (0.317, 0.683)
    """
    too_few = clusters.why_no_variance()
    if too_few:
        method = method_of(clusters, of)
        return undefined(too_few, n=clusters.rows, method=method, value=value, level=level)
    spread = Uncertainty.of(clusters.sums(influence), seed_parts)
    return spread_estimate(value, spread, clusters, lowest=lowest, highest=highest, level=level, of=of)


def spread_estimate(
    value: float,
    spread: Uncertainty,
    clusters: Clusters,
    *,
    lowest: float = 0.0,
    highest: float = math.inf,
    level: float = 0.95,
    of: str = "",
) -> Estimate:
    """Return `value` with the interval that an already known Uncertainty gives it; else as `influence_estimate`.

    >>> known = Uncertainty(standard_error=0.1, degrees_of_freedom=20.0)
    >>> round(spread_estimate(0.5, known, Clusters.of(None, 21)).low, 3)
    0.329
    """
    checked_level(level)
    method, n = method_of(clusters, of), clusters.rows
    if spread.standard_error <= NO_SPREAD * abs(value) or not lowest < value < highest:
        reason = "no row moves the value, so the sample says nothing of its error"
        return undefined(reason, n=n, method=method, value=value, level=level)
    half = spread.t_quantile(level) * spread.standard_error
    low, high = _ends(value, half, lowest, highest)
    if not (math.isfinite(low) and math.isfinite(high)):
        reason = "the standard error is many times the value, so its interval has no end"
        return undefined(reason, n=n, method=method, value=value, level=level)
    return Estimate(value=value, low=low, high=high, n=n, method=method, level=level)


def where_all_fare_alike(estimate: Estimate, hits: int, rows: int) -> Estimate:
    """Return `estimate` of a share, hits of independent rows, or Wilson's interval where none or all of them hit.

    There no row moves the share, and yet a share of independent rows has an interval (Wilson 1927, JASA 22:209).

    >>> perfect = undefined("no row moves the value", n=60, method="t", value=1.0)
    >>> round(where_all_fare_alike(perfect, 60, 60).low, 4), where_all_fare_alike(perfect, 60, 60).method
    (0.9398, 'Wilson')
    """
    if estimate.is_defined or estimate.value is None or hits not in (0, rows) or rows < 1:
        return estimate
    method = "Wilson" if rows == estimate.n else f"Wilson over {rows} rows"
    return replace(wilson(hits, rows, estimate.level), n=estimate.n, method=method)


def unseen_part(unseen: float, clusters: Clusters) -> tuple[tuple[float, int], ...]:
    """Return the variance that rows agree on as a part for `Uncertainty`, taken over clusters as if each were one row.

    >>> unseen_part(0.01, Clusters.of(["a", "a", "b", "b"], 4))
    ((0.04, 1),)
    """
    per_cluster = clusters.rows / clusters.count
    return ((unseen * per_cluster**2, clusters.count - 1),) if unseen else ()


def method_of(clusters: Clusters, of: str = "") -> str:
    """Say how the interval is made, for Estimate.method."""
    how = f"influence functions over {clusters.count} {clusters.unit}, t"
    return f"{of}, {how}" if of else how


def _ends(value: float, half: float, lowest: float, highest: float) -> tuple[float, float]:
    above, below = value - lowest, highest - value
    if math.isinf(above) and math.isinf(below):
        return value - half, value + half
    if math.isinf(below):
        return lowest + above * math.exp(-half / above), lowest + above * _exp(half / above)
    if math.isinf(above):
        return highest - below * _exp(half / below), highest - below * math.exp(-half / below)
    width = highest - lowest
    logit, half_logit = float(special.logit(above / width)), half * width / (above * below)
    low, high = special.expit(logit - half_logit), special.expit(logit + half_logit)
    return lowest + width * float(low), lowest + width * float(high)


def _exp(x: float) -> float:
    return math.exp(x) if x < LARGEST_EXPONENT else math.inf
