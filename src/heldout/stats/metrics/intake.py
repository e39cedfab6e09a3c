"""What a metric accepts: labels, scores and weights checked in few passes and copied only where they must be."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from heldout.stats.magnitude import same_scale
from heldout.stats.sample import BadSample, Floats, as_array, as_numbers, as_paired

__all__ = ["Numbers", "blocks", "checked_rows", "checked_weight"]

Numbers = NDArray[Any]
"""Checked numbers: bool for the labels of a binary task, else float32 or float64."""

BLOCK = 1 << 16
"""Rows that are worked on at a time, so that what is in between stays in the processor's cache."""


def blocks(n: int) -> Iterator[slice]:
    """Deal n rows to consecutive blocks.

    >>> len(list(blocks(100_000)))
    2
    """
    return (slice(start, start + BLOCK) for start in range(0, n, BLOCK))


def checked_rows(label: ArrayLike, score: ArrayLike, *, binary: bool, probability: bool) -> tuple[Numbers, Numbers]:
    """Return label (n,) and score (S, n) that belong together, S and n ≥ 1; float32 and float64 are not copied.

    Labels of a `binary` task come back as bool. Raises BadSample as `sample.as_paired` does.

    >>> checked_rows([0, 1], [0.2, 0.9], binary=True, probability=True)
    (array([False,  True]), array([[0.2, 0.9]]))
    """
    labels, scores = as_array(label, "label"), as_array(score, "score")
    wide = np.atleast_2d(scores)
    fits = labels.ndim == 1 and scores.ndim in (1, 2) and wide.shape[1] == labels.size > 0 and len(wide) > 0
    if fits and _is_finite(wide, probability=probability):
        if not binary and _is_finite(labels[np.newaxis], probability=False):
            return labels, wide
        positive = _as_positive(labels) if binary else None
        if positive is not None:
            return positive, wide
    labels, scores = as_paired(labels, scores, binary=binary, probability=probability)
    return (labels == 1 if binary else labels), scores


def checked_weight(weight: ArrayLike | None, n: int) -> Floats | None:
    """Return the weights (n,) of n rows, or None where all count alike; those beyond 1e±30 times a power of two.

    Raises BadSample for weights that are negative, not finite, all zero, or not one for each row.

    >>> checked_weight([1, 0.5], 2)
    array([1. , 0.5])
    """
    if weight is None:
        return None
    weights = as_numbers(weight, "weight")
    if weights.size != n:
        raise BadSample(f"{weights.size} weights and {n} rows", expected="one weight for each row")
    if not n:
        raise BadSample("there are no rows", expected="one row at least")
    if weights.min() < 0:
        row = int(np.argmax(weights < 0))
        raise BadSample(f"the weight {weights[row]:g} is negative", where=f"row {row}", expected="weights of 0 or more")
    if weights.max() == 0:
        raise BadSample("every weight is 0", expected="a weight above 0")
    return same_scale(weights)


def _is_finite(numbers: Numbers, *, probability: bool) -> bool:
    """Tell whether these are floats that can be used as they are; a no may be a caution, and is looked into."""
    if numbers.dtype not in (np.float32, np.float64):
        return False
    with np.errstate(all="ignore"):
        if not probability:
            # cheaper than a mask of n: what is not finite makes the sum not finite
            return all(bool(np.isfinite(run.sum())) for run in numbers)
        return bool(numbers.min() >= 0 and numbers.max() <= 1)


def _as_positive(labels: Numbers) -> NDArray[np.bool_] | None:
    """Return labels 0 and 1 as bool, or None where others are among them."""
    if labels.dtype == np.bool_:
        return labels
    if labels.dtype.kind not in "iuf":
        return None
    if labels.dtype.itemsize == 1:
        return labels.view(np.bool_) if labels.min() >= 0 and labels.max() <= 1 else None
    positive, others = np.empty(labels.size, dtype=np.bool_), 0
    for rows in blocks(labels.size):
        part = np.equal(labels[rows], 1, out=positive[rows])
        others += int(np.count_nonzero(labels[rows] != 0)) - int(np.count_nonzero(part))
    return None if others else positive
