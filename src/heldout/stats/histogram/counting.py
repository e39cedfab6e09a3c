"""Rows of each class counted by bin, in one pass over blocks that stay in the processor's cache."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from heldout.stats.histogram.binary_scores import BinaryScores, Scores
from heldout.stats.histogram.grid import BLOCK, Grid

__all__ = ["ClassCounts", "class_counts", "counts_and_strays"]

ClassCounts = NDArray[np.int32] | NDArray[np.int64]
"""Negative and positive rows of each bin, (2, count)."""


def class_counts(sample: BinaryScores, grid: Grid) -> ClassCounts:
    """Return the negative and the positive rows of each bin, (2, count).

    >>> from heldout.stats.histogram.grid import EvenGrid
    >>> class_counts(BinaryScores.of([0, 1, 1], [0.1, 0.9, 0.2]), EvenGrid(0.0, 1.0, 2))
    array([[1, 0],
           [1, 1]], dtype=int32)
    """
    return counts_and_strays(sample, grid, None)[0]


def counts_and_strays(sample: BinaryScores, grid: Grid, expected: Scores | None) -> tuple[ClassCounts, Scores]:
    """Return counts as `class_counts` does, and the scores that differ from the `expected` (count,) of their bin.

    >>> from heldout.stats.histogram.grid import EvenGrid
    >>> counts_and_strays(BinaryScores.of([0, 1, 1], [0.1, 0.9, 0.2]), EvenGrid(0.0, 1.0, 2), np.array([0.1, 0.9]))[1]
    array([0.2])
    """
    count = grid.count
    kind = np.int32 if sample.n < 1 << 31 else np.int64  # half the bytes, of which the processor keeps twice as many
    counts: NDArray[Any] = np.empty(2 * count, kind)
    counts.fill(0)  # unlike np.zeros this has large pages, which are found in half the time
    bins, classes = np.empty((2, min(BLOCK, sample.n)), np.intp)
    strays = [sample.score[:0]]
    with np.errstate(over="ignore", under="ignore"):
        for start in range(0, sample.n, BLOCK):
            score, label = sample.score[start : start + BLOCK], sample.label[start : start + BLOCK]
            here = bins[: score.size]
            grid.place(score, here)
            if expected is not None:
                differs = expected.take(here, mode="clip") != score
                if differs.any():
                    strays.append(score[differs])
            of_class = classes[: score.size]
            of_class[:] = label
            of_class *= count
            here += of_class
            np.add.at(counts, here, kind(1))  # faster than bincount, which reads its input twice and counts in 64 bits
    return counts.reshape(2, count), np.concatenate(strays)
