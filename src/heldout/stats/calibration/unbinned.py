"""Tests and ratios of calibration that need no bins and no fit."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from heldout.core.estimate import Estimate, undefined
from heldout.stats.labelled import labelled
from heldout.stats.magnitude import LARGEST
from heldout.stats.sample import Undefined, checked_level

__all__ = ["SpiegelhalterTest", "observed_to_expected", "spiegelhalter"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpiegelhalterTest:
    """Spiegelhalter's z, standard normal with calibrated scores, and its two-sided p; below 0 for too good a score."""

    z: float
    p_value: float
    n: int


def spiegelhalter(label: ArrayLike, score: ArrayLike) -> SpiegelhalterTest:
    """Test whether the Brier score is what calibrated probabilities (n,) would have (Spiegelhalter 1986, SiM 5:421).

    For independent rows. With many rows it rejects every model: look at the effect too. Raises BadSample for bad
    arrays, and Undefined where all scores are 0, .5 or 1, as no label then moves the statistic.

    >>> test = spiegelhalter([0, 0, 1, 1], [0.1, 0.8, 0.3, 0.9])
    >>> round(test.z, 4), round(test.p_value, 4)
    (1.3207, 0.1866)
    """
    labels, scores = labelled(label, score, probability=True)
    lean = 1 - 2 * scores
    variance = float((lean**2 * scores * (1 - scores)).sum())
    if variance == 0:
        raise Undefined("all scores are 0, .5 or 1, so no label moves Spiegelhalter's statistic")
    z = float((labels - scores) @ lean) / math.sqrt(variance)
    return SpiegelhalterTest(z=z, p_value=float(2 * special.ndtr(-abs(z))), n=labels.size)


def observed_to_expected(label: ArrayLike, score: ArrayLike, level: float = 0.95) -> Estimate:
    """Return observed over expected positives, O / E, with the log interval of Debray et al. 2017 (BMJ 356:i6460).

    1 with scores calibrated in the large, above 1 where they are too low. For independent rows. Undefined where
    nothing is expected; the interval where no row, or every row, is positive. Raises BadSample for bad arrays.

    >>> ratio = observed_to_expected([0, 0, 1, 1], [0.1, 0.2, 0.4, 0.3])
    >>> round(ratio.value, 3), round(ratio.low, 3), round(ratio.high, 3)
    (2.0, 0.751, 5.329)
    """
    checked_level(level)
    labels, scores = labelled(label, score, probability=True)
    n, observed, expected = labels.size, float(labels.sum()), float(scores.sum())
    method = "observed / expected, log scale"
    if expected * LARGEST < observed or expected == 0:
        reason = "all scores are 0, or next to it, so nothing is expected"
        return undefined(reason, n=n, method=method, level=level)
    ratio = observed / expected
    if observed in (0, n):
        return undefined("all rows are of one class", n=n, method=method, value=ratio, level=level)
    half = float(special.ndtri((1 + level) / 2)) * math.sqrt((1 - observed / n) / observed)
    low, high = ratio * np.exp([-half, half])
    return Estimate(value=ratio, low=float(low), high=float(high), n=n, method=method, level=level)
