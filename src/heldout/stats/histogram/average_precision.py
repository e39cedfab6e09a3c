"""Average precision with an interval, from a histogram whose error is bounded by its counts."""

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from heldout.core.estimate import Estimate, undefined
from heldout.stats.histogram.auc import FEWEST_OF_A_CLASS
from heldout.stats.histogram.binary_scores import BinaryScores
from heldout.stats.histogram.leveling import levels_within
from heldout.stats.histogram.levels import Levels
from heldout.stats.sample import BadSample, Floats, checked_level

__all__ = [
    "average_precision",
    "average_precision_histogram",
    "average_precision_slack",
    "average_precision_variance",
    "precision_estimate",
]


def average_precision_histogram(
    label: ArrayLike, score: ArrayLike, level: float = 0.95, tolerance: float = 1e-4
) -> Estimate:
    """Return the average precision, Σ (R_k − R_{k−1}) P_k over distinct scores, within `tolerance` of its exact value.

    For independent rows: label (n,) of 0 and 1, score (n,) of any finite numbers. The value is scikit-learn's
    `average_precision_score`; `method` tells the bound of the error, or that the value is exact, as it is at a
    tolerance of 0 and below 131,072 rows. The interval is z on the logit scale, its variance that of the rows'
    influence (Boyd, Eng & Page 2013, ECML: logit intervals cover best). Undefined with one class, and the interval
    below 20 rows of a class or without variance. Raises BadSample for bad arrays, level or tolerance.

    >>> average_precision_histogram([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]).value
    0.8333333333333333
    """
    if not tolerance >= 0:
        raise BadSample(f"the tolerance {tolerance} is no bound", expected="a number of 0 or more")
    checked_level(level)
    sample = BinaryScores.of(label, score)
    reason = sample.why_undefined("average precision")
    if reason:
        return undefined(reason, n=sample.n, method="average precision", level=level)
    return precision_estimate(levels_within(sample, average_precision_slack, tolerance), level)


def precision_estimate(levels: Levels, level: float) -> Estimate:
    """Return the average precision of levels, with the interval that `average_precision_histogram` describes."""
    value, n = average_precision(levels), levels.positives + levels.negatives
    bound = float(average_precision_slack(levels).sum())
    method = "average precision, influence functions, z on the logit scale"
    if bound:
        method += f"; histogram, value within {bound:.1e}"
    fewest = min(levels.positives, levels.negatives)
    if fewest < FEWEST_OF_A_CLASS:
        few = f"the smaller class has {fewest} rows, and {FEWEST_OF_A_CLASS} are needed for a sound interval"
        return undefined(few, n=n, method=method, value=value, level=level)
    half = float(special.ndtri((1 + level) / 2)) * float(np.sqrt(average_precision_variance(levels)))
    if value >= 1 or not half:
        alike = "no row moves the value, so the sample says nothing of its error"
        return undefined(alike, n=n, method=method, value=value, level=level)
    logit, half_logit = float(special.logit(value)), half / (value * (1 - value))
    low, high = float(special.expit(logit - half_logit)), float(special.expit(logit + half_logit))
    return Estimate(value=value, low=low, high=high, n=n, method=method, level=level)


def average_precision(levels: Levels) -> float:
    """Return the average precision, the rows of a level counting as tied."""
    return float((levels.hits * _precision(levels)).sum() / levels.positives)


def average_precision_slack(levels: Levels) -> Floats:
    """Return how far each level's ties can have moved the average precision at most, shape (k,)."""
    at_or_above = levels.positives - levels.hits_below
    above = at_or_above - levels.hits
    wrong_above = levels.negatives - levels.below - levels.tied
    highest = at_or_above / (at_or_above + wrong_above)  # all positive rows first
    # all negative rows first: the sum over rows of a concave precision is at least that of its chord
    first, last = ((top / (top + wrong_above + levels.tied)) for top in (above + 1, at_or_above))
    lowest = (first + last) / 2
    tied = _precision(levels)
    slack: Floats = np.where(levels.loose, levels.hits * np.maximum(highest - tied, tied - lowest), 0)
    return slack / levels.positives


def average_precision_variance(levels: Levels) -> float:
    """Return the sum over rows of the squared influence on the average precision."""
    precision = _precision(levels)
    called = levels.positives - levels.hits_below + levels.negatives - levels.below
    value = float((levels.hits * precision).sum() / levels.positives)
    # a row changes the precision at every level up to its own
    lifted = np.cumsum(levels.hits / called)
    lowered = np.cumsum(levels.hits / called * precision)
    of_positives = precision - value + lifted - lowered
    gaps = levels.below.copy()
    gaps[1:] -= levels.below[:-1] + levels.tied[:-1]
    in_gap = np.concatenate(([0.0], lowered[:-1]))
    last = levels.negatives - levels.below[-1] - levels.tied[-1]
    squares = (levels.hits * of_positives**2).sum() + (levels.tied * lowered**2).sum() + (gaps * in_gap**2).sum()
    return float(squares + last * lowered[-1] ** 2) / levels.positives**2


def _precision(levels: Levels) -> Floats:
    called_right = levels.positives - levels.hits_below
    precision: Floats = called_right / (called_right + levels.negatives - levels.below)
    return precision
