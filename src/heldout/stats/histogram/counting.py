"""Rows of each class counted by bin, in one pass over blocks that stay in the processor's cache."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from heldout.stats.histogram.binary_scores import BinaryScores, Scores
from heldout.stats.histogram.grid import BLOCK, SAMPLED, Grid

__all__ = ["ClassCounts", "class_counts", "counts_and_strays"]

ClassCounts = NDArray[Any]
"""Negative and positive rows of each bin, (2, count), whole numbers of 8 to 64 bits."""

EVEN = 4 / SAMPLED
"""A share of the sampled rows that a bin reaches by chance."""


def class_counts(sample: BinaryScores, grid: Grid, densest: float = 1.0) -> ClassCounts:
    """Return the negative and the positive rows of each bin, (2, count); `densest` guesses the largest share of a bin.

    >>> from heldout.stats.histogram.grid import EvenGrid
    >>> class_counts(BinaryScores.of([0, 1, 1], [0.1, 0.9, 0.2]), EvenGrid(0.0, 1.0, 2))
    array([[1, 0],
           [1, 1]], dtype=uint16)
    """
    return counts_and_strays(sample, grid, None, densest)[0]


def counts_and_strays(
    sample: BinaryScores, grid: Grid, expected: Scores | None, densest: float = 1.0
) -> tuple[ClassCounts, Scores]:
    """Return counts as `class_counts` does, and the scores that differ from the `expected` (count,) of their bin.

    >>> from heldout.stats.histogram.grid import EvenGrid
    >>> counts_and_strays(BinaryScores.of([0, 1, 1], [0.1, 0.9, 0.2]), EvenGrid(0.0, 1.0, 2), np.array([0.1, 0.9]))[1]
    array([0.2])
    """
    counts, strays = _counted(sample, grid, expected, _narrowest(sample.n, grid.count, densest))
    if counts.dtype.itemsize < 4 and counts.sum(dtype=np.int64) != sample.n:  # a count has overflowed
        return _counted(sample, grid, expected, _narrowest(sample.n, grid.count, 1.0))
    return counts, strays


def _narrowest(rows: int, bins: int, densest: float) -> np.dtype[Any]:
    """Return the type of the counts: the fewer bytes, the more of them the processor keeps at hand."""
    if rows >= 1 << 31:
        return np.dtype(np.int64)
    if densest <= EVEN and rows < 16 * bins:
        return np.dtype(np.uint8)
    return np.dtype(np.uint16 if 2 * densest * rows < 1 << 16 else np.int32)


def _counted(
    sample: BinaryScores, grid: Grid, expected: Scores | None, kind: np.dtype[Any]
) -> tuple[NDArray[Any], Scores]:
    counts: NDArray[Any] = np.empty(2 * grid.count, kind)
    counts.fill(0)  # unlike np.zeros this has large pages, which are found in half the time
    offset = np.uint32(grid.count)
    room = np.empty(min(BLOCK, sample.n), np.intp)
    strays = [sample.score[:0]]
    with np.errstate(over="ignore", under="ignore"):
        for start in range(0, sample.n, BLOCK):
            score, label = sample.score[start : start + BLOCK], sample.label[start : start + BLOCK]
            places, bins = grid.place(score), room[: score.size]
            if expected is not None:
                bins[:] = places
                differs = expected.take(bins, mode="clip") != score
                if differs.any():
                    strays.append(score[differs])
            places += np.multiply(label.view(np.uint8), offset, dtype=np.uint32)
            bins[:] = places
            np.add.at(counts, bins, kind.type(1))  # faster than bincount, which reads its input twice
    return counts.reshape(2, grid.count), np.concatenate(strays)
