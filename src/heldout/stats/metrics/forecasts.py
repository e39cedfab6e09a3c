"""Forecasts: errors against a naive forecast, the median error, and intervals judged by coverage and width."""

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from heldout.core.estimate import Estimate, undefined
from heldout.stats.clusters import Clusters, variance_of_sum
from heldout.stats.influence import influence_estimate, method_of
from heldout.stats.magnitude import LARGEST, squarable
from heldout.stats.metrics.row_means import linearised_mean
from heldout.stats.proportions import wilson
from heldout.stats.sample import BadSample, Floats, as_numbers, checked_level, whole_number

__all__ = ["interval_coverage", "interval_score", "mase", "median_absolute_error"]


def mase(
    label: ArrayLike,
    forecast: ArrayLike,
    insample: ArrayLike,
    seasonality: int = 1,
    *,
    cluster: ArrayLike | None = None,
    level: float = 0.95,
) -> Estimate:
    """Return the mean absolute scaled error: that of forecast (n,), over that of the naive forecast in the training.

    Hyndman & Koehler 2006, Int. J. Forecasting 22:679. The scale is the mean of |y_t - y_(t-seasonality)| over
    `insample`, the series (m,) that was learned from, in its order; it is taken as known. Below 1 is better than the
    naive forecast one step ahead. Undefined where that is never wrong, or `insample` has no more than `seasonality`
    points. Errors of neighbouring times are alike: give `cluster` (n,), days or series. Raises BadSample.

    >>> round(mase([4.0, 6.0], [5.0, 5.0], [1.0, 3.0, 2.0, 5.0]).value, 4)
    0.5
    """
    errors = _errors(label, forecast)
    history = _squarable(insample, "insample")
    checked_level(level)
    step, clusters = whole_number(seasonality, "seasonality", least=1), Clusters.of(cluster, errors.size)
    reason = None
    if history.size <= step:
        reason = f"the training series has {history.size} points, and a naive forecast takes more than {step}"
    else:
        scale = float(np.abs(history[step:] - history[:-step]).mean())
        if scale == 0:
            reason = "the naive forecast is never wrong in the training series, and its error is the scale"
        elif not float(errors.max()) / scale < LARGEST:
            reason = f"the naive forecast's error in the training series, {scale:g}, is too small to divide by"
    if reason:
        return undefined(reason, n=errors.size, method=method_of(clusters), level=level)
    scaled = linearised_mean(errors / scale)
    return influence_estimate(scaled.value, scaled.influence, clusters, level=level)


def median_absolute_error(
    label: ArrayLike, forecast: ArrayLike, *, cluster: ArrayLike | None = None, level: float = 0.95
) -> Estimate:
    """Return the median of |label - forecast|, both (n,), with Woodruff's interval.

    Woodruff 1952, JASA 47:635: the interval of the share of errors up to the median, ½ with its clustered standard
    error, is read off at the sorted errors; it assumes no density. Undefined, with the value, below two clusters, or
    where the share's interval leaves (0, 1) as it does with about 6 clusters or fewer. Raises BadSample.

    >>> median_absolute_error([1.0, 2.0, 3.0], [1.0, 4.0, 4.0]).value
    1.0
    """
    checked_level(level)
    errors = _errors(label, forecast)
    clusters = Clusters.of(cluster, errors.size)
    value, method = float(np.median(errors)), f"Woodruff over {clusters.count} {clusters.unit}"
    too_few = clusters.why_no_variance()
    if too_few:
        return undefined(too_few, n=errors.size, method=method, value=value, level=level)
    below = linearised_mean(np.where(errors == value, 0.5, errors < value))
    # ties at the median would hide variance: it is that of independent rows at least
    error = math.sqrt(max(variance_of_sum(clusters.sums(below.influence)), 0.25 / errors.size))
    half = _t_quantile(clusters.count - 1, level) * error
    rank = round((0.5 - half) * errors.size)
    if rank < 1:
        reason = f"{clusters.count} {clusters.unit} are too few for an interval of a median"
        return undefined(reason, n=errors.size, method=method, value=value, level=level)
    ordered = np.sort(errors)
    low, high = ordered[rank - 1], ordered[errors.size - rank]
    return Estimate(value=value, low=float(low), high=float(high), n=errors.size, method=method, level=level)


def interval_coverage(
    label: ArrayLike, low: ArrayLike, high: ArrayLike, *, cluster: ArrayLike | None = None, level: float = 0.95
) -> Estimate:
    """Return the share of labels (n,) within their forecast intervals [low, high], ends included.

    Wilson's interval for independent rows, else that of clusters (n,), on the logit scale. Compare it with the nominal
    coverage of the forecasts; a forecast may cover by being wide, which `interval_score` sees. Raises BadSample for bad
    arrays, and for an interval whose low is above its high.

    >>> interval_coverage([1.0, 2.0, 9.0], [0.0, 1.0, 2.0], [2.0, 2.0, 4.0]).value
    0.6666666666666666
    """
    labels, lows, highs = _intervals(label, low, high)
    inside = (lows <= labels) & (labels <= highs)
    if cluster is None:
        return wilson(int(inside.sum()), labels.size, level)
    share = linearised_mean(inside.astype(np.float64))
    return influence_estimate(share.value, share.influence, Clusters.of(cluster, labels.size), highest=1.0, level=level)


def interval_score(
    label: ArrayLike,
    low: ArrayLike,
    high: ArrayLike,
    nominal: float,
    *,
    cluster: ArrayLike | None = None,
    level: float = 0.95,
) -> Estimate:
    """Return the mean Winkler score of forecast intervals [low, high] (n,) whose coverage is meant to be `nominal`.

    The width, plus 2 / (1 - nominal) times the distance of a label that lies outside; lower is better, and the true
    quantiles score lowest (Winkler 1972, JASA 67:187; Gneiting & Raftery 2007, JASA 102:359). In label units, so scores
    compare on the same rows only. Raises BadSample as `interval_coverage` does, and for a nominal outside (0, 1).

    >>> interval_score([1.0, 5.0], [0.0, 1.0], [2.0, 4.0], nominal=0.5).value
    4.5
    """
    if not 0 < nominal < 1:
        raise BadSample(f"the nominal coverage {nominal} is none", expected="a number between 0 and 1")
    labels, lows, highs = _intervals(label, low, high)
    outside = np.maximum(lows - labels, 0) + np.maximum(labels - highs, 0)
    scored = linearised_mean(highs - lows + 2 / (1 - nominal) * outside)
    return influence_estimate(scored.value, scored.influence, Clusters.of(cluster, labels.size), level=level)


def _errors(label: ArrayLike, forecast: ArrayLike) -> Floats:
    labels, forecasts = _squarable(label, "label"), _squarable(forecast, "forecast")
    if labels.size != forecasts.size or not labels.size:
        raise BadSample(f"{labels.size} labels and {forecasts.size} forecasts", expected="as many, one at least")
    errors: Floats = np.abs(labels - forecasts)
    return errors


def _intervals(label: ArrayLike, low: ArrayLike, high: ArrayLike) -> tuple[Floats, Floats, Floats]:
    labels, lows, highs = _squarable(label, "label"), _squarable(low, "low"), _squarable(high, "high")
    if not labels.size == lows.size == highs.size or not labels.size:
        sizes = f"{labels.size} labels, {lows.size} lows and {highs.size} highs"
        raise BadSample(sizes, expected="as many of each, one at least")
    crossed = lows > highs
    if crossed.any():
        row = int(np.argmax(crossed))
        raise BadSample(f"low {lows[row]:g} is above high {highs[row]:g}", where=f"row {row}", expected="low ≤ high")
    return labels, lows, highs


def _squarable(values: ArrayLike, name: str) -> Floats:
    return squarable(as_numbers(values, name), name)


def _t_quantile(degrees: int, level: float) -> float:
    return float(special.stdtrit(degrees, (1 + level) / 2))
