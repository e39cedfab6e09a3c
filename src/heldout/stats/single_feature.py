"""What one column alone says about the label, read off counts: no rows are needed, and no fit."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from heldout.core.estimate import Estimate, undefined
from heldout.core.profile import LabelKind

__all__ = ["FEWEST_OF_A_CLASS", "out_of_fold_auc", "out_of_fold_r2", "single_feature_power"]

FEWEST_OF_A_CLASS = 20
"""Below this many rows of a class an AUC has no interval worth its name."""

SMOOTHING = 2.0
"""A bin's mean is drawn to the overall mean with the weight of this many rows."""

TINY = 1e-12

AUC_METHOD = "out-of-fold target mean, AUC within folds; Newcombe (2006) method 5"
R2_METHOD = "out-of-fold target mean, R²; Fisher z"


def single_feature_power(joint: NDArray[np.float64], kind: LabelKind, *, level: float = 0.95) -> Estimate:
    """Return how well the column alone orders or predicts the label, out of fold, with a two-sided interval.

    `joint` is `ColumnProfile.joint`. Binary: AUC. Multiclass: the lowest one-vs-rest AUC over the classes that have
    `FEWEST_OF_A_CLASS` rows, as a column gives the label away only if it tells every class. Regression: R².
    """
    if kind is LabelKind.REGRESSION:
        return out_of_fold_r2(joint, level=level)
    classes = joint.shape[2]
    chosen: Iterable[int] = (classes - 1,) if kind is LabelKind.BINARY else range(classes)
    powers = [out_of_fold_auc(joint, positive=c, level=level) for c in chosen]
    defined = [power for power in powers if power.value is not None]
    return min(defined, key=lambda power: power.value or 0.0) if defined else powers[0]


def out_of_fold_auc(joint: NDArray[np.float64], *, positive: int, level: float = 0.95) -> Estimate:
    """Return the AUC of class `positive` against the rest when each bin is scored by its mean in the other folds.

    `joint` has shape (folds, bins, classes) and holds rows. Pairs are compared within a fold, where all scores come
    from the same other rows; ties count half. A value that occurs in one row scores the overall mean, so ids do not
    win. The interval (Newcombe 2006, Statistics in Medicine 25:559, method 5) exists at an AUC of 1 too.
    Undefined below `FEWEST_OF_A_CLASS` rows of either class.

    >>> joint = np.zeros((2, 2, 2))
    >>> joint[:, 0, 0] = joint[:, 1, 1] = 50  # the first bin is all negative, the second all positive
    >>> power = out_of_fold_auc(joint, positive=1)
    >>> power.value, round(power.low, 3), power.high, power.n
    (1.0, 0.98, 1.0, 200)
    """
    hits = joint[:, :, positive]
    misses = joint.sum(axis=2) - hits
    few = min(hits.sum(), misses.sum())
    if few < FEWEST_OF_A_CLASS:
        reason = f"{few:g} rows of a class, and an AUC asks for {FEWEST_OF_A_CLASS}"
        return undefined(reason, n=int(joint.sum()), method=AUC_METHOD, level=level)
    score = _mean_elsewhere(hits + misses, hits)
    won = pairs = 0.0
    for fold in range(joint.shape[0]):
        _, rank = np.unique(score[fold], return_inverse=True)
        good = np.bincount(rank, weights=hits[fold])
        bad = np.bincount(rank, weights=misses[fold])
        won += float(good @ (np.cumsum(bad) - bad / 2))
        pairs += float(good.sum() * bad.sum())
    if not pairs:
        return undefined("no fold holds both classes", n=int(joint.sum()), method=AUC_METHOD, level=level)
    low, high = _auc_bounds(won / pairs, float(hits.sum()), float(misses.sum()), level)
    return Estimate(value=won / pairs, low=low, high=high, n=int(joint.sum()), method=AUC_METHOD, level=level)


def out_of_fold_r2(joint: NDArray[np.float64], *, level: float = 0.95) -> Estimate:
    """Return the R² of predicting a numeric label by the mean of its bin in the other folds.

    `joint` has shape (folds, bins, 3): rows, sum of y, sum of y². Negative when the bins predict worse than the
    overall mean. The interval is Fisher's for the correlation √R², a guide rather than a guarantee.

    >>> joint = np.zeros((2, 2, 3))
    >>> joint[:, 0] = 50, 50 * 1.0, 50 * 1.0  # y is 1 in the first bin
    >>> joint[:, 1] = 50, 50 * 3.0, 50 * 9.0  # and 3 in the second
    >>> round(out_of_fold_r2(joint).value, 3)
    0.999
    """
    rows, total, squares = joint[:, :, 0], joint[:, :, 1], joint[:, :, 2]
    n = float(rows.sum())
    spread = float(squares.sum() - total.sum() ** 2 / n) if n else 0.0
    if n < FEWEST_OF_A_CLASS or spread <= 0:
        return undefined(f"{n:g} rows, or a constant label", n=int(n), method=R2_METHOD, level=level)
    guess = _mean_elsewhere(rows, total)
    error = float((squares - 2 * guess * total + guess**2 * rows).sum())
    value = 1 - error / spread
    centre = np.arctanh(np.sqrt(min(max(value, 0.0), 1 - 1e-12)))
    margin = ndtri((1 + level) / 2) / np.sqrt(n - 3)
    low, high = (float(np.tanh(max(z, 0.0)) ** 2) for z in (centre - margin, centre + margin))
    return Estimate(value=value, low=min(low, value), high=high, n=int(n), method=R2_METHOD, level=level)


def _mean_elsewhere(rows: NDArray[np.float64], total: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return, per fold and bin, the smoothed mean of that bin in the other folds."""
    rows, total = rows.sum(axis=0) - rows, total.sum(axis=0) - total
    overall = total.sum(axis=1, keepdims=True) / np.maximum(rows.sum(axis=1, keepdims=True), 1)
    mean: NDArray[np.float64] = (total + SMOOTHING * overall) / (rows + SMOOTHING)
    return mean


def _auc_bounds(auc: float, positives: float, negatives: float, level: float) -> tuple[float, float]:
    z = float(ndtri((1 + level) / 2))
    half = (positives + negatives) / 2 - 1

    def is_within(theta: float) -> bool:
        variance = theta * (1 - theta) * (1 + half * ((1 - theta) / (2 - theta) + theta / (1 + theta)))
        return abs(theta - auc) < z * float(np.sqrt(variance / (positives * negatives)))

    def edge(outside: float) -> float:
        inside = min(max(auc, TINY), 1 - TINY)  # at exactly 0 and 1 the variance is 0
        for _ in range(60):
            middle = (outside + inside) / 2
            outside, inside = (outside, middle) if is_within(middle) else (middle, inside)
        return inside

    return (0.0 if auc <= TINY else edge(0.0)), (1.0 if auc >= 1 - TINY else edge(1.0))
