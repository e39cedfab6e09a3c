"""Labels and scores of a binary task, checked in a few passes and kept in the types they came in."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from heldout.stats.sample import BadSample, Undefined, as_array, as_numbers, as_paired

__all__ = ["BinaryScores", "Bools", "Scores"]

Bools = NDArray[np.bool_]
Scores = NDArray[np.floating[Any]]
"""float32 or float64."""

BLOCK = 65_536
"""Rows checked at a time, so that each is read from memory once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BinaryScores:
    """Whether each row is positive, `label` (n,), and its finite `score` (n,), float32 or float64; `positives` counted.

    `low` and `high` are the least and the greatest score.
    """

    label: Bools
    score: Scores
    positives: int
    low: float
    high: float

    @staticmethod
    def of(label: ArrayLike, score: ArrayLike) -> "BinaryScores":
        """Check label (n,) of 0 and 1 and finite score (n,) or (1, n), n ≥ 1; copies only what has another type.

        Raises BadSample that names the first wrong row.

        >>> BinaryScores.of([0, 1, 1], [0.5, 0.25, 2.0]).positives
        2
        """
        given_label, given_score = as_array(label, "label"), _floats(score)
        paired = given_label.ndim == 1 and given_label.shape == given_score.shape and given_label.size > 0
        is_positive = _truth(given_label) if paired else None
        low, high = _ends(given_score) if paired else (np.nan, np.nan)
        if is_positive is None or not (np.isfinite(low) and np.isfinite(high)):
            as_paired(label, score, binary=True, probability=False)  # says which row is wrong
            raise BadSample("label and score are not one run of numbers", expected="label (n,) and score (n,)")
        return BinaryScores(
            label=is_positive,
            score=given_score,
            positives=int(np.count_nonzero(is_positive)),
            low=low,
            high=high,
        )

    @property
    def n(self) -> int:
        """How many rows there are."""
        return self.label.size

    def why_undefined(self, what: str = "AUC") -> str | None:
        """Say why a comparison of the two classes does not exist, or None when it does."""
        alone = self.positives in (0, self.n)
        return f"all {self.n} rows are of one class, and {what} compares two" if alone else None

    def two_classes(self, what: str = "AUC") -> "BinaryScores":
        """Return itself, or raise Undefined when one class has no rows."""
        reason = self.why_undefined(what)
        if reason:
            raise Undefined(reason)
        return self

    def swapped(self) -> "BinaryScores":
        """Return the same rows with the classes' names swapped: its AUC is 1 − AUC."""
        return BinaryScores(
            label=~self.label, score=self.score, positives=self.n - self.positives, low=self.low, high=self.high
        )


def _floats(score: ArrayLike) -> Scores:
    given = as_array(score, "score")
    if given.ndim == 2 and given.shape[0] == 1:
        given = given[0]
    if given.dtype in (np.float32, np.float64):
        return given
    return given.astype(np.float32) if given.dtype == np.float16 else as_numbers(given, "score", dimensions=given.ndim)


def _ends(score: Scores) -> tuple[float, float]:
    """Return the least and the greatest score, NaN where there is one."""
    blocks = [score[start : start + BLOCK] for start in range(0, score.size, BLOCK)]
    return float(np.min([block.min() for block in blocks])), float(np.max([block.max() for block in blocks]))


def _truth(label: NDArray[Any]) -> Bools | None:
    """Return the labels as booleans, or None when one is neither 0 nor 1."""
    if label.dtype == np.bool_:
        return label
    if label.dtype.kind not in "iuf":
        label = as_numbers(label, "label")
    if label.dtype in (np.uint8, np.int8) and label.flags.c_contiguous and label.view(np.uint8).max() <= 1:
        return label.view(np.bool_)  # the same bytes
    if label.dtype.kind in "iu":
        truth = np.empty(label.size, np.bool_)
        bits = 0
        for start in range(0, label.size, BLOCK):
            block = label[start : start + BLOCK]
            bits |= int(np.bitwise_or.reduce(block))  # 0 or 1 just where every label is
            truth[start : start + BLOCK] = block
        return truth if bits in (0, 1) else None
    is_one: Bools = label == 1
    return is_one if np.count_nonzero(label) == np.count_nonzero(is_one) else None
