"""The best that can be had by a metric without looking at a row: the same prediction for all of them."""

import numpy as np
from numpy.typing import ArrayLike

from heldout.stats.metrics.named import cut_of
from heldout.stats.sample import as_numbers

__all__ = ["PERFECT_CONSTANTS", "best_constant"]

BEST_AT_1 = ("f1", "f_beta", "jaccard", "precision")
BEST_AT_0 = ("negative_predictive_value",)

PERFECT_CONSTANTS = {"recall": 1, "specificity": 0}
"""Metrics that one constant makes perfect, whatever the labels are."""


def best_constant(metric: str, label: ArrayLike) -> float:
    """Return the constant prediction with the best value of `metric`, by its name, on label (n,).

    The median for an absolute error, the commonest class for accuracy, 1 for precision and its like, else the mean,
    which is the best one for squares and log loss; a ranking gains nothing by any. Raises BadSample for bad labels.

    >>> best_constant("accuracy@0.3", [0, 0, 1]), best_constant("f1", [0, 0, 1]), best_constant("brier_loss", [0, 1])
    (0.0, 1.0, 0.5)
    """
    labels = as_numbers(label, "label")
    bare = cut_of(metric)[0]
    kind = bare.partition(":")[0]
    if kind in BEST_AT_1 or kind in BEST_AT_0 or bare in PERFECT_CONSTANTS:
        return float(kind in BEST_AT_1 or PERFECT_CONSTANTS.get(bare, 0))
    if bare == "mean_absolute_error":
        return float(np.median(labels))
    mean = float(labels.mean())
    return float(mean >= 0.5) if bare == "accuracy" else mean
