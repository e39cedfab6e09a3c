"""Which grid suits a sample: chosen from 16,384 of its rows, as a poor choice costs time and never truth."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from heldout.stats.histogram.binary_scores import BinaryScores, Bools, Scores
from heldout.stats.histogram.grid import Bins, EvenGrid, FoldedGrid, Grid, KeyGrid, bins_of

__all__ = ["MOST_BINS", "Choice", "chosen_grid"]

Fitted = EvenGrid | FoldedGrid | KeyGrid

SAMPLED = 16_384

TRIED_BINS = 1 << 20

MOST_BINS = 1 << 22
"""More bins than this no longer fit the processor's cache."""

FEW_SCORES = 2_048
"""Fewer distinct scores than this among the sampled ones are heavy ties."""

BINS_OF_TIES = 1 << 16

COARSE = 256
"""Bins in which the sampled rows show where the two classes overlap."""

FEWEST_OF_A_CLASS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The grid chosen, the sorted scores that chose it, whether these are heavily tied, and the largest bin's share."""

    grid: Grid
    seen: Scores
    tied: bool
    densest: float


def chosen_grid(sample: BinaryScores, tolerance: float) -> Choice:
    """Return the grid that separates random rows of the sample best.

    It has as many bins as seem to be needed to leave in one bin at most the share `tolerance` of all pairs of a
    positive and a negative row, equal scores aside; fewer where scores are heavily tied.

    >>> sample = BinaryScores.of(np.arange(1000) % 2, np.linspace(-1, 1, 1000))
    >>> chosen_grid(sample, 1e-6).grid
    EvenGrid(first=-1.0, last=1.0, most=65536)
    """
    rows = np.random.default_rng(0).integers(0, sample.n, SAMPLED)
    score = sample.score[rows]
    seen = np.sort(score)
    tied = int(np.count_nonzero(seen[1:] != seen[:-1])) < FEW_SCORES
    options = _candidates(seen, sample.low, BINS_OF_TIES if tied else TRIED_BINS)
    binned = [bins_of(grid, seen) for grid in options]
    shares = [_equal_pairs(bins) - _equal_pairs(seen) for bins in binned]
    best, share, bins = min(zip(options, shares, binned, strict=True), key=lambda option: option[1])
    if not tied:
        between = share * _overlap(bins_of(replace(best, most=COARSE), score), sample.label[rows])
        needed = TRIED_BINS * between / tolerance if tolerance else 2.0 * TRIED_BINS
        best = replace(best, most=int(min(max(needed, BINS_OF_TIES), MOST_BINS)))
    return Choice(grid=best, seen=seen, tied=tied, densest=float(_runs(bins).max()) / SAMPLED)


def _candidates(seen: Scores, low: float, most: int) -> list[Fitted]:
    first, last = float(seen[0]), float(seen[-1])
    inside = seen[(seen != seen[0]) & (seen != seen[-1])]
    middle = last / 2 - first / 2
    nearest = furthest = middle
    if inside.size:
        # half the smallest distance seen, so that scores at the very ends have bins of their own
        nearest, furthest = (min(gap / 2, middle) for gap in (float(inside[0]) - first, last - float(inside[-1])))
    grids: list[Fitted] = [EvenGrid(first, last, most), FoldedGrid(first, last, nearest, furthest, most)]
    return [KeyGrid(first, last, most), *grids] if low >= 0 else grids


def _equal_pairs(values: Bins | Scores) -> float:
    """Return the share of the pairs of sorted values that are equal."""
    runs = _runs(values)
    return float((runs * (runs - 1)).sum()) / (values.size * (values.size - 1))


def _runs(values: Bins | Scores) -> NDArray[np.intp]:
    return np.diff(np.flatnonzero(np.concatenate(([True], values[1:] != values[:-1], [True]))))


def _overlap(bins: Bins, label: Bools) -> float:
    """Return how much oftener rows of different classes share a bin than any rows do; 1 where too few rows tell."""
    positive = np.bincount(bins[label], minlength=COARSE)
    both = np.bincount(bins, minlength=COARSE)
    positives, rows = float(positive.sum()), float(both.sum())
    if min(positives, rows - positives) < FEWEST_OF_A_CLASS:
        return 1.0
    negative = both - positive
    mixed = float((positive * negative).sum()) / positives / (rows - positives)
    return mixed / (float((both * both).sum()) / rows**2)
