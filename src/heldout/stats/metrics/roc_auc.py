"""ROC AUC: the chance that a positive row scores above a negative one, ties counting half."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from heldout.core.estimate import Estimate, undefined
from heldout.stats.histogram.auc import delong_estimate, exact_auc
from heldout.stats.histogram.binary_scores import BinaryScores
from heldout.stats.metrics.metric import Linearised, Metric
from heldout.stats.sample import Floats, Undefined, checked_level

__all__ = ["ROC_AUC", "DelongTest", "auc_delong", "delong_covariance", "delong_test", "roc_auc"]


def _placements(label: Floats, score: Floats, weight: Floats | None = None) -> tuple[float, Floats]:
    """Return the AUC and each row's placement (n,): the share of the other class that it is ordered rightly against."""
    n = label.size
    positive, negative = _class_weights(label, weight)
    positives, negatives = positive.sum(), negative.sum()
    if positives == 0 or negatives == 0:
        raise Undefined(f"all {n} rows are of one class, and AUC compares two")
    order = np.argsort(score)
    ranked = score[order]
    starts = np.flatnonzero(np.concatenate(([True], ranked[1:] != ranked[:-1])))
    sizes = np.diff(starts, append=n)
    tied_positives = np.add.reduceat(positive[order], starts)
    tied_negatives = sizes - tied_positives if weight is None else np.add.reduceat(negative[order], starts)
    of_positive = (np.cumsum(tied_negatives) - tied_negatives / 2) / negatives
    of_negative = (positives - np.cumsum(tied_positives) + tied_positives / 2) / positives
    placement = np.empty(n)
    placement[order] = np.where(label[order] == 1, np.repeat(of_positive, sizes), np.repeat(of_negative, sizes))
    return float(tied_positives @ of_positive / positives), placement


def _class_weights(label: Floats, weight: Floats | None) -> tuple[Floats, Floats]:
    """Return what each row weighs as a positive and as a negative."""
    positive = np.asarray(label, dtype=np.float64)
    return (positive, 1 - positive) if weight is None else (positive * weight, (1 - positive) * weight)


def _linearised(label: Floats, score: Floats, weight: Floats | None = None) -> Linearised:
    auc, placement = _placements(label, score, weight)
    positive, negative = _class_weights(label, weight)
    return Linearised(value=auc, influence=(placement - auc) * (positive / positive.sum() + negative / negative.sum()))


ROC_AUC = Metric(
    name="roc_auc",
    higher_is_better=True,
    task="binary",
    perfect=1.0,
    highest=1.0,
    fewest_per_class=20,
    kernel=_linearised,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DelongTest:
    """First AUC minus second on the same rows: its Estimate, z and two-sided p, and the covariance of the two.

    `z` and `p_value` are None where `difference` is undefined.
    """

    difference: Estimate
    z: float | None
    p_value: float | None
    covariance: float


def delong_covariance(label: ArrayLike, scores: ArrayLike) -> Floats:
    """Return the covariance (k, k) of the AUCs of scores (k, n) on the same independent rows.

    DeLong, DeLong & Clarke-Pearson 1988, Biometrics 44:837. Raises BadSample for bad arrays, and Undefined unless
    each class has two rows.

    >>> delong_covariance([0, 0, 1, 1], [[0.1, 0.4, 0.35, 0.8]])
    array([[0.125]])
    """
    labels, runs = ROC_AUC.checked(label, scores)
    positive = labels == 1
    placements = np.array([_placements(labels, run)[1] for run in runs])
    if min(positive.sum(), (~positive).sum()) < 2:
        raise Undefined("a class has a single row, and a variance takes two")
    total = np.zeros((len(runs), len(runs)))
    for rows in (positive, ~positive):
        total += np.atleast_2d(np.cov(placements[:, rows])) / rows.sum()
    return total


def roc_auc(label: ArrayLike, score: ArrayLike) -> float:
    """Return the exact AUC of label (n,) of 0 and 1 and score (n,), ties counting half.

    Mann & Whitney 1947, Annals of Mathematical Statistics 18:50. Raises BadSample for bad arrays, and Undefined with
    one class.

    >>> roc_auc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    0.75
    """
    return exact_auc(BinaryScores.of(label, score))


def auc_delong(label: ArrayLike, score: ArrayLike, level: float = 0.95) -> Estimate:
    """Return the exact AUC with DeLong's Wald interval cut at 0 and 1, for independent rows (as pROC's `ci.auc`).

    Undefined with one class; the interval is undefined below 20 rows of a class, where it covers far too little, and
    where the scores separate the classes, which leaves no variance. Above an AUC of .85 it asks for 200 rows of a
    class: with fewer it covers .91 to .93, and `score_estimate`, on the logit scale, .93 to .96. `auc_histogram` is
    faster on millions of rows. For clustered rows use `auc_clustered` or `score_estimate`. Raises BadSample for bad
    arrays or level.

    >>> auc_delong([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]).value
    0.75
    """
    return delong_estimate(BinaryScores.of(label, score), level, tolerance=0.0)


def delong_test(label: ArrayLike, first: ArrayLike, second: ArrayLike, level: float = 0.95) -> DelongTest:
    """Test whether two scores (n,) of the same independent rows have the same AUC (DeLong et al. 1988).

    Breaks for nested models (Demler, Pencina & D'Agostino 2012). Raises BadSample for bad arrays, and Undefined
    unless each class has two rows.

    >>> test = delong_test([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], [0.9, 0.2, 0.3, 0.4])
    >>> round(test.z, 4)
    0.3162
    """
    checked_level(level)
    labels, first_run = ROC_AUC.checked(label, first)
    _, second_run = ROC_AUC.checked(label, second)
    covariance = delong_covariance(labels, np.vstack((first_run, second_run)))
    gap = _placements(labels, first_run[0])[0] - _placements(labels, second_run[0])[0]
    error = float(np.sqrt(max(covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1], 0.0)))
    method = "DeLong, paired"
    if error == 0:
        reason = "both scores order every pair of rows alike, so the difference shows no variance"
        difference = undefined(reason, n=labels.size, method=method, value=gap, level=level)
        return DelongTest(difference=difference, z=None, p_value=None, covariance=float(covariance[0, 1]))
    half = _z(level) * error
    difference = Estimate(value=gap, low=gap - half, high=gap + half, n=labels.size, method=method, level=level)
    p_value = 2 * float(special.ndtr(-abs(gap / error)))
    return DelongTest(difference=difference, z=gap / error, p_value=p_value, covariance=float(covariance[0, 1]))


def _z(level: float) -> float:
    return float(special.ndtri((1 + level) / 2))
