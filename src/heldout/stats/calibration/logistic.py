"""Logistic recalibration: what the log odds of a score would have to be multiplied by and moved by."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypedDict

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from heldout.core.estimate import Estimate, undefined
from heldout.stats.calibration.newton import Fit, fit_intercept, fit_line, log_likelihood
from heldout.stats.clusters import Clusters
from heldout.stats.labelled import labelled
from heldout.stats.sample import BadSample, Floats, Undefined, as_array, checked_level, checked_number

__all__ = ["FEWEST_OF_A_CLASS", "CalibrationSlope", "calibration_slope", "mean_miscalibration", "recalibrated"]

FEWEST_OF_A_CLASS = 10
"""Below this many rows of a class the Wald intervals of a recalibration are undefined."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationSlope:
    """logit P(label) = intercept + slope × logit(score), and the same with the slope held at 1.

    `slope` is 1 and `intercept` 0 for calibrated scores; a slope below 1 means scores too extreme. `in_the_large` is
    the intercept with the slope held at 1: above 0 where scores are too low on the whole. Each Estimate is
    on the scale of log odds; the standard errors are None where undefined. `covariance` is that of intercept and slope.
    `likelihood_ratio` tests intercept 0 and slope 1 together on 2 degrees of freedom (Cox 1958), `p_value` is its p,
    for independent rows. `unreliability` is Harrell's U, (likelihood_ratio - 2) / n.
    """

    intercept: Estimate
    slope: Estimate
    in_the_large: Estimate
    intercept_standard_error: float | None
    slope_standard_error: float | None
    in_the_large_standard_error: float | None
    covariance: float | None
    likelihood_ratio: float | None
    p_value: float | None
    unreliability: float | None
    n: int


class _Given(TypedDict):
    clusters: Clusters
    n: int
    few: str | None
    level: float


def calibration_slope(
    label: ArrayLike,
    score: ArrayLike,
    *,
    cluster: ArrayLike | None = None,
    clip: float | None = None,
    level: float = 0.95,
) -> CalibrationSlope:
    """Return intercept and slope of label (n,) on the log odds of probabilities (n,), and calibration in the large.

    Maximum likelihood with Wald intervals, as R's `glm` and `rms::val.prob` (Cox 1958, Biometrika 45:562; Miller,
    Hui & Tierney 1991, Stat. Med. 10:1213). With `cluster` (n,) the variance is the sandwich of cluster sums with the
    factor G / (G - 1), and t(G - 1). `clip` moves scores into [clip, 1 - clip]; without it a score of 0 or 1 makes
    all undefined. Also undefined: one class; for intercept and slope a constant score, or scores that separate the
    classes; and the intervals below 10 rows of a class. Raises BadSample for scores outside [0, 1] or bad arrays.

    >>> fit = calibration_slope([0, 0, 1, 0, 1, 1, 0, 1], [0.1, 0.3, 0.2, 0.4, 0.5, 0.7, 0.6, 0.9])
    >>> round(fit.intercept.value, 3), round(fit.slope.value, 3), round(fit.in_the_large.value, 3)
    (0.174, 0.886, 0.2)
    """
    checked_level(level)
    labels, scores = labelled(label, score, probability=True)
    clusters = Clusters.of(cluster, labels.size)
    log_odds = _log_odds(scores, clip)
    line = _attempt(lambda: fit_line(_finite(log_odds), labels), labels)
    large = _attempt(lambda: fit_intercept(_finite(log_odds), labels), labels)
    few = _few(labels) or clusters.why_no_variance()
    given: _Given = {"clusters": clusters, "n": labels.size, "few": few, "level": level}
    intercept, intercept_se = _coefficient(line, 0, **given)
    slope, slope_se = _coefficient(line, 1, **given)
    in_the_large, large_se = _coefficient(large, 0, **given)
    ratio = None
    if isinstance(line, Fit):
        ratio = max(2 * (line.log_likelihood - log_likelihood(log_odds, labels)), 0.0)
    return CalibrationSlope(
        intercept=intercept,
        slope=slope,
        in_the_large=in_the_large,
        intercept_standard_error=intercept_se,
        slope_standard_error=slope_se,
        in_the_large_standard_error=large_se,
        covariance=None if isinstance(line, str) or slope_se is None else float(line.covariance(clusters)[0, 1]),
        likelihood_ratio=ratio,
        p_value=None if ratio is None else float(special.chdtrc(2, ratio)),
        unreliability=None if ratio is None else (ratio - 2) / labels.size,
        n=labels.size,
    )


def recalibrated(score: ArrayLike, intercept: float, slope: float, *, clip: float | None = None) -> Floats:
    """Return probabilities (n,) after logit p → intercept + slope × logit p. Raises BadSample for bad scores,
    or an intercept or slope that is not finite.

    >>> recalibrated([0.5, 0.9], 0.0, 0.5).round(3)
    array([0.5 , 0.75])
    """
    given = as_array(score, "score")
    _, scores = labelled(np.zeros(given.shape), given, probability=True)
    line = checked_number(intercept, "intercept"), checked_number(slope, "slope")
    moved: Floats = special.expit(line[0] + line[1] * _finite(_log_odds(scores, clip)))
    return moved


def mean_miscalibration(
    label: ArrayLike,
    score: ArrayLike,
    *,
    cluster: ArrayLike | None = None,
    clip: float | None = None,
    level: float = 0.95,
) -> Estimate:
    """Return mean |score - recalibrated score|, in probability, with the recalibration of `calibration_slope`.

    It is the integrated calibration index of Austin & Steyerberg 2019 (Stat. Med. 38:4051) with a logistic in place
    of a loess curve, so it sees scores that are too high, too low or too extreme, and no waves. The interval is by
    the delta method, cut at 0; near 0 the value is biased upward. Undefined as the slope is, and below 10 rows of a
    class for the interval. Raises BadSample as `calibration_slope` does.

    >>> label = [0, 1] * 20
    >>> round(mean_miscalibration(label, [0.2, 0.4] * 19 + [0.4, 0.2]).value, 3)
    0.35
    """
    checked_level(level)
    labels, scores = labelled(label, score, probability=True)
    clusters = Clusters.of(cluster, labels.size)
    log_odds = _log_odds(scores, clip)
    method, n = f"logistic recalibration over {clusters.count} {clusters.unit}, delta method", labels.size
    fit = _attempt(lambda: fit_line(_finite(log_odds), labels), labels)
    if isinstance(fit, str):
        return undefined(fit, n=n, method=method, level=level)
    moved = special.expit(fit.coefficients[0] + fit.coefficients[1] * log_odds)
    gap, slope_of = moved - scores, moved * (1 - moved)
    value = float(np.abs(gap).mean())
    few = _few(labels) or clusters.why_no_variance()
    if few:
        return undefined(few, n=n, method=method, value=value, level=level)
    direction = np.sign(gap) * slope_of
    gradient = np.array([direction.mean(), (direction * log_odds).mean()])
    sampled = (np.abs(gap) - value) / n  # which rows there are moves the mean too
    parts = clusters.sums(sampled + gradient @ fit.influence)
    error = float(np.sqrt(parts @ parts * clusters.count / (clusters.count - 1)))
    half = float(special.stdtrit(clusters.count - 1, (1 + level) / 2)) * error
    return Estimate(value=value, low=max(value - half, 0.0), high=value + half, n=n, method=method, level=level)


def _coefficient(
    fit: Fit | str, place: int, *, clusters: Clusters, n: int, few: str | None, level: float
) -> tuple[Estimate, float | None]:
    method = f"logistic regression, Wald over {clusters.count} {clusters.unit}"
    if isinstance(fit, str):
        return undefined(fit, n=n, method=method, level=level), None
    value = float(fit.coefficients[place])
    if clusters.codes is not None and clusters.count < 2:
        return undefined(few or "", n=n, method=method, value=value, level=level), None
    error = float(np.sqrt(fit.covariance(clusters)[place, place]))
    if few:
        return undefined(few, n=n, method=method, value=value, level=level), error
    tail = (1 + level) / 2
    quantile = special.ndtri(tail) if clusters.codes is None else special.stdtrit(clusters.count - 1, tail)
    half = float(quantile) * error
    return Estimate(value=value, low=value - half, high=value + half, n=n, method=method, level=level), error


def _attempt(fit: Callable[[], Fit], labels: Floats) -> Fit | str:
    """Return the fit, or why there is none."""
    try:
        if labels.min() == labels.max():
            return f"all {labels.size} rows are of one class"
        return fit()
    except Undefined as reason:
        return str(reason)


def _few(labels: Floats) -> str | None:
    positives = int(labels.sum())
    fewest = min(positives, labels.size - positives)
    if fewest >= FEWEST_OF_A_CLASS:
        return None
    return f"the smaller class has {fewest} rows, and {FEWEST_OF_A_CLASS} are needed for an interval"


def _log_odds(scores: Floats, clip: float | None) -> Floats:
    if clip is not None:
        if not 0 < checked_number(clip, "clip") < 0.5:
            raise BadSample(f"clip is {clip}", expected="a number within (0, 0.5)")
        scores = np.clip(scores, clip, 1 - clip)
    log_odds: Floats = special.logit(scores)
    return log_odds


def _finite(log_odds: Floats) -> Floats:
    infinite = ~np.isfinite(log_odds)
    if infinite.any():
        row = int(np.argmax(infinite))
        raise Undefined(f"row {row} has a score of {0 if log_odds[row] < 0 else 1}, whose log odds are infinite")
    return log_odds
