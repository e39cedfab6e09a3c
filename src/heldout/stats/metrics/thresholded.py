"""Metrics of a score that is cut at a threshold: a row is called positive when its score is at least that."""

import math
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from heldout.stats.metrics.cells import RATIOS, Ratio, f_ratio, unseen
from heldout.stats.metrics.intake import Numbers, blocks
from heldout.stats.metrics.metric import Linearised, Metric, Summed
from heldout.stats.sample import Floats, Undefined, checked_number

__all__ = [
    "ACCURACY",
    "BALANCED_ACCURACY",
    "F1",
    "JACCARD",
    "MCC",
    "NEGATIVE_PREDICTIVE_VALUE",
    "PRECISION",
    "RECALL",
    "SPECIFICITY",
    "THRESHOLD",
    "accuracy_at",
    "balanced_accuracy_at",
    "f1_at",
    "f_beta",
    "jaccard_at",
    "mcc_at",
    "negative_predictive_value_at",
    "precision_at",
    "recall_at",
    "specificity_at",
]

THRESHOLD = 0.5
"""A row is called positive when its score is at least this."""

OfCells = Callable[[Floats], tuple[float, Floats, float]]
"""Takes weighted counts (4,) of true negatives, false positives, false negatives and true positives; returns the value,
its derivative by each of them, and the variance that they do not show if each weighs one row, or raises Undefined."""


def _kernel(
    of_cells: OfCells, threshold: float, label: Numbers, score: Numbers, weight: Floats | None = None
) -> Linearised:
    cell = _cells(label, score, threshold)
    counts = np.zeros(4)
    for rows in blocks(cell.size):
        counts += np.bincount(cell[rows], None if weight is None else weight[rows], minlength=4)
    # Kish's effective rows: what is unseen is judged by rows, and the derivative by weights
    scale = 1.0 if weight is None else float(weight.sum() / (weight @ weight))
    value, gradient, of_alike = of_cells(scale * counts)
    gradient = scale * gradient
    influence = np.empty(cell.size)
    for rows in blocks(cell.size):
        gradient.take(cell[rows], out=influence[rows], mode="clip")
    if weight is not None:
        influence *= weight
    return Linearised(value=value, influence=influence, unseen=of_alike)


def _summed(of_cells: OfCells, threshold: float, label: Numbers, score: Numbers) -> Summed:
    n, called, hits = label.size, 0, 0
    positives = int(np.count_nonzero(label))
    for rows in blocks(n):
        calls = score[rows] >= threshold
        called += int(np.count_nonzero(calls))
        hits += int(np.count_nonzero(np.logical_and(calls, label[rows], out=calls)))
    counts = np.array([n - positives - called + hits, called - hits, positives - hits, hits], dtype=np.float64)
    value, gradient, of_alike = of_cells(counts)
    return Summed(value=value, squares=float(counts @ gradient**2), unseen=of_alike)


def _share(ratio: Ratio, threshold: float, label: Numbers, score: Numbers) -> tuple[int, int]:
    counts = np.bincount(_cells(label, score, threshold), minlength=4)
    return int(counts @ np.array(ratio.numerator)), int(counts @ np.array(ratio.denominator))


def _cells(label: Numbers, score: Numbers, threshold: float) -> NDArray[np.uint8]:
    cell = (score >= threshold).view(np.uint8)
    cell += 2 * label.astype(np.uint8)
    return cell


def _ratio(ratio: Ratio, cells: Floats) -> tuple[float, Floats, float]:
    (value,), (gradient,) = ratio.of(cells[np.newaxis])
    if math.isnan(value):
        raise Undefined(ratio.missing.format(it="positive"))
    return float(value), gradient, 0.0


def _balanced_accuracy(cells: Floats) -> tuple[float, Floats, float]:
    recall, by_recall, _ = _ratio(RATIOS["recall"], cells)
    specificity, by_specificity, _ = _ratio(RATIOS["specificity"], cells)
    alike = sum(float(unseen(RATIOS[name], cells[np.newaxis])[0]) for name in ("recall", "specificity"))
    both_alike = {recall, specificity} <= {0.0, 1.0}
    return (recall + specificity) / 2, (by_recall + by_specificity) / 2, 0.0 if both_alike else alike / 4


def _mcc(cells: Floats) -> tuple[float, Floats, float]:
    tn, fp, fn, tp = cells
    margins = np.array([tn + fp, fn + tp, tn + fn, fp + tp])
    if not margins.all():
        raise Undefined("all rows are of one class, or are called one class, and a correlation takes two")
    scale = math.sqrt(margins[0] * margins[1]) * math.sqrt(margins[2] * margins[3])
    value = min(max((tp * tn - fp * fn) / scale, -1.0), 1.0)
    negatives, positives, called_negative, called = 1 / (2 * margins)
    by_scale = np.array(
        [negatives + called_negative, negatives + called, positives + called_negative, positives + called]
    )
    return float(value), np.array([tp, -fn, -fp, tn]) / scale - value * by_scale, 0.0


def _share_metric(name: str, threshold: float) -> Metric:
    metric = _metric(name, partial(_ratio, RATIOS[name]), threshold)
    return replace(metric, share=partial(_share, RATIOS[name], threshold))


def _metric(name: str, of_cells: OfCells, threshold: float, *, lowest: float = 0.0, fewest: int = 0) -> Metric:
    threshold = checked_number(threshold, "threshold")
    return Metric(
        name=name if threshold == THRESHOLD else f"{name}@{threshold:g}",
        higher_is_better=True,
        task="binary",
        perfect=1.0,
        lowest=lowest,
        highest=1.0,
        fewest_per_class=fewest,
        kernel=partial(_kernel, of_cells, threshold),
        summed=partial(_summed, of_cells, threshold),
    )


def accuracy_at(threshold: float = THRESHOLD) -> Metric:
    """Return the share of rows that are called what they are.

    >>> accuracy_at(0.8).value([0, 1, 1], [0.7, 0.8, 0.7])
    0.6666666666666666
    """
    return _share_metric("accuracy", threshold)


def balanced_accuracy_at(threshold: float = THRESHOLD) -> Metric:
    """Return the mean of recall and specificity; undefined with one class, its interval below 5 rows of a class.

    A class whose rows are all called right is given the variance that it does not show (`cells.unseen`): without it a
    nominal 95 % interval covers .58 to .84 at 10 or 20 positive rows and a recall of .9, with it .93 to .97.

    >>> balanced_accuracy_at().value([0, 0, 0, 1], [0.1, 0.2, 0.7, 0.8])
    0.8333333333333333
    """
    return _metric("balanced_accuracy", _balanced_accuracy, threshold, fewest=5)


def f_beta(beta: float, threshold: float = THRESHOLD) -> Metric:
    """Return F-beta: precision and recall as one, recall weighing `beta` times as much (van Rijsbergen 1979).

    It is 0 where rows are positive or called so and none is both, and undefined where none is either.

    >>> f_beta(2).name, f_beta(2).value([0, 1, 1], [0.6, 0.9, 0.2])
    ('f_beta:2', 0.5)
    """
    beta = checked_number(beta, "beta")
    return _metric("f1" if beta == 1 else f"f_beta:{beta:g}", partial(_ratio, f_ratio(beta)), threshold)


def f1_at(threshold: float = THRESHOLD) -> Metric:
    """Return F1, the harmonic mean of precision and recall; undefined where no row is or is called positive.

    >>> f1_at(0.5).value([0, 1, 1], [0.6, 0.9, 0.8])
    0.8
    """
    return f_beta(1, threshold)


def jaccard_at(threshold: float = THRESHOLD) -> Metric:
    """Return the rows that are and are called positive over those that are or are called so (Jaccard 1912).

    >>> jaccard_at().value([0, 1, 1], [0.6, 0.9, 0.8])
    0.6666666666666666
    """
    return _share_metric("jaccard", threshold)


def mcc_at(threshold: float = THRESHOLD) -> Metric:
    """Return Matthews' correlation of label and call, in [-1, 1] (Matthews 1975, BBA 405:442).

    Undefined where all rows are of one class or are called one. Its interval is Fisher's z, and takes 10 rows of each
    class (at 10 it covers .93, at 2 .84 of a nominal .95).

    >>> mcc_at().value([0, 1, 1, 0], [0.6, 0.9, 0.8, 0.1])
    0.5773502691896258
    """
    return _metric("mcc", _mcc, threshold, lowest=-1.0, fewest=10)


def negative_predictive_value_at(threshold: float = THRESHOLD) -> Metric:
    """Return the share of rows called negative that are; undefined where none is called so.

    >>> negative_predictive_value_at().value([0, 1, 1, 0], [0.6, 0.9, 0.8, 0.1])
    1.0
    """
    return _share_metric("negative_predictive_value", threshold)


def precision_at(threshold: float = THRESHOLD) -> Metric:
    """Return the share of rows called positive that are; undefined where none is called so.

    >>> precision_at(0.7).value([0, 1, 1, 0], [0.6, 0.9, 0.8, 0.7])
    0.6666666666666666
    """
    return _share_metric("precision", threshold)


def recall_at(threshold: float = THRESHOLD) -> Metric:
    """Return the share of positive rows that are called so, the sensitivity; undefined where none is positive.

    >>> recall_at().value([0, 1, 1, 0], [0.6, 0.9, 0.2, 0.1])
    0.5
    """
    return _share_metric("recall", threshold)


def specificity_at(threshold: float = THRESHOLD) -> Metric:
    """Return the share of negative rows that are called so; undefined where none is negative.

    >>> specificity_at().value([0, 1, 1, 0], [0.6, 0.9, 0.2, 0.1])
    0.5
    """
    return _share_metric("specificity", threshold)


ACCURACY = accuracy_at()
BALANCED_ACCURACY = balanced_accuracy_at()
F1 = f1_at()
JACCARD = jaccard_at()
MCC = mcc_at()
NEGATIVE_PREDICTIVE_VALUE = negative_predictive_value_at()
PRECISION = precision_at()
RECALL = recall_at()
SPECIFICITY = specificity_at()
