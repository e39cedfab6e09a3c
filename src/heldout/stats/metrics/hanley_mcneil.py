"""Hanley and McNeil's standard error of an AUC, from the AUC and the counts of the two classes alone."""

import math

from scipy import special

from heldout.core.estimate import Estimate, undefined
from heldout.stats.sample import BadSample, checked_level, checked_number, whole_number

__all__ = ["hanley_mcneil", "hanley_mcneil_standard_error"]

FEWEST_PER_CLASS = 20
"""As for DeLong's interval: with fewer rows of a class it covers far too little."""


def hanley_mcneil_standard_error(auc: float, positives: int, negatives: int) -> float:
    """Return the standard error of an AUC of `positives` and `negatives` independent rows (exponential scores).

    Hanley & McNeil 1982, Radiology 143:29, eq. 1 with Q1 = A / (2 - A) and Q2 = 2A² / (1 + A). It needs no scores, as
    for an AUC that was published with its counts; with scores at hand DeLong's is closer. Raises BadSample for an AUC
    outside [0, 1] or a class without rows.

    >>> round(hanley_mcneil_standard_error(0.893, 51, 58), 4)
    0.0325
    """
    auc, positives, negatives = _checked(auc, positives, negatives)
    two_positives_above = auc / (2 - auc)
    two_negatives_below = 2 * auc**2 / (1 + auc)
    variance = (
        auc * (1 - auc)
        + (positives - 1) * (two_positives_above - auc**2)
        + (negatives - 1) * (two_negatives_below - auc**2)
    ) / (positives * negatives)
    return math.sqrt(variance)


def hanley_mcneil(auc: float, positives: int, negatives: int, level: float = 0.95) -> Estimate:
    """Return an AUC known with its counts alone as an Estimate: Wald, cut at 0 and 1, for independent rows.

    Hanley & McNeil 1982, Radiology 143:29. The interval is undefined below 20 rows of a class, and for an AUC of 0
    or 1. Raises BadSample as `hanley_mcneil_standard_error` does, and for a level outside (0, 1).

    >>> auc = hanley_mcneil(0.893, 51, 58)
    >>> round(auc.low, 3), round(auc.high, 3)
    (0.829, 0.957)
    """
    checked_level(level)
    auc, positives, negatives = _checked(auc, positives, negatives)
    error, n, method = hanley_mcneil_standard_error(auc, positives, negatives), positives + negatives, "Hanley-McNeil"
    fewest = min(positives, negatives)
    if fewest < FEWEST_PER_CLASS:
        reason = f"the smaller class has {fewest} rows, and {FEWEST_PER_CLASS} are needed for a sound interval"
        return undefined(reason, n=n, method=method, value=auc, level=level)
    if error == 0:
        return undefined("an AUC of 0 or 1 has no standard error", n=n, method=method, value=auc, level=level)
    half = float(special.ndtri((1 + level) / 2)) * error
    return Estimate(value=auc, low=max(auc - half, 0.0), high=min(auc + half, 1.0), n=n, method=method, level=level)


def _checked(auc: float, positives: int, negatives: int) -> tuple[float, int, int]:
    area = checked_number(auc, "auc")
    if not 0 <= area <= 1:
        raise BadSample(f"{auc} is no AUC", expected="a number in [0, 1]")
    return area, whole_number(positives, "positives", least=1), whole_number(negatives, "negatives", least=1)
