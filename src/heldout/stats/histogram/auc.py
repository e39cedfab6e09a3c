"""AUC with DeLong's interval from a histogram whose error is bounded by its counts, or exactly."""

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from heldout.core.estimate import Estimate, undefined
from heldout.stats.histogram.binary_scores import BinaryScores
from heldout.stats.histogram.leveling import levels_within
from heldout.stats.histogram.levels import Levels
from heldout.stats.sample import BadSample, checked_level

__all__ = ["FEWEST_OF_A_CLASS", "auc_histogram", "delong_estimate", "exact_auc"]

FEWEST_OF_A_CLASS = 20
"""Below this many rows of a class DeLong's interval covers far too little."""


def auc_histogram(label: ArrayLike, score: ArrayLike, level: float = 0.95, tolerance: float = 1e-6) -> Estimate:
    """Return the AUC within `tolerance` of its exact value, with DeLong's Wald interval cut at 0 and 1.

    For independent rows: label (n,) of 0 and 1, score (n,) of any finite numbers; float32 and booleans are not copied.
    Scores are counted in order-preserving bins. Pairs of rows in one bin bound the error; where the bound passes
    `tolerance`, the rows of the worst bins are sorted. `method` tells the bound, or that the value is exact, as it is
    below 131,072 rows. Undefined with one class; the interval is undefined below 20 rows of a class, and where the
    scores separate the classes, which leaves no variance. Raises BadSample for bad arrays, level or tolerance.
    DeLong, DeLong & Clarke-Pearson 1988, Biometrics 44:837.

    >>> label = np.arange(300_000) % 3 == 0
    >>> auc = auc_histogram(label, label + np.sin(np.arange(300_000)))
    >>> round(auc.low, 4), round(auc.value, 4), round(auc.high, 4)
    (0.8137, 0.8152, 0.8168)
    """
    if not tolerance >= 0:
        raise BadSample(f"the tolerance {tolerance} is no bound", expected="a number of 0 or more")
    return delong_estimate(BinaryScores.of(label, score), level, tolerance)


def exact_auc(sample: BinaryScores) -> float:
    """Return the exact AUC of a sample with both classes; raises Undefined without.

    >>> exact_auc(BinaryScores.of([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]))
    0.75
    """
    levels, swapped = auc_levels(sample.two_classes(), 0.0)
    return 1 - levels.auc() if swapped else levels.auc()


def delong_estimate(sample: BinaryScores, level: float, tolerance: float) -> Estimate:
    """Return the AUC within `tolerance`, 0 for exactly, with DeLong's Wald interval; `auc_histogram` says when.

    >>> delong_estimate(BinaryScores.of([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]), 0.95, 0.0).value
    0.75
    """
    checked_level(level)
    reason = sample.why_undefined()
    if reason:
        return undefined(reason, n=sample.n, method="DeLong, Wald", level=level)
    levels, swapped = auc_levels(sample, tolerance)
    value = 1 - levels.auc() if swapped else levels.auc()
    bound = float(levels.auc_slack().sum())
    if bound and min(value, 1 - value) <= 2 * bound:  # perhaps the classes are apart, which leaves no variance
        return delong_estimate(sample, level, tolerance=0.0)
    method = f"DeLong, Wald; histogram, AUC within {bound:.1e}" if bound else "DeLong, Wald"
    fewest = min(sample.positives, sample.n - sample.positives)
    if fewest < FEWEST_OF_A_CLASS:
        few = f"the smaller class has {fewest} rows, and {FEWEST_OF_A_CLASS} are needed for a sound interval"
        return undefined(few, n=sample.n, method=method, value=value, level=level)
    half = float(special.ndtri((1 + level) / 2)) * float(np.sqrt(levels.delong_variance()))
    if not half:
        alike = "every row has the same placement, so the sample says nothing of its error"
        return undefined(alike, n=sample.n, method=method, value=value, level=level)
    low, high = max(value - half, 0.0), min(value + half, 1.0)
    return Estimate(value=value, low=low, high=high, n=sample.n, method=method, level=level)


def auc_levels(sample: BinaryScores, tolerance: float) -> tuple[Levels, bool]:
    """Return the levels of the smaller class that give the AUC within `tolerance`, and whether classes are swapped."""
    swapped = 2 * sample.positives > sample.n
    return levels_within(sample.swapped() if swapped else sample, Levels.auc_slack, tolerance), swapped
