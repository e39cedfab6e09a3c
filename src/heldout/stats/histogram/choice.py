"""Which grid suits a sample: chosen from 16,384 of its rows, as a poor choice costs time and never truth."""

from dataclasses import replace

import numpy as np

from heldout.stats.histogram.binary_scores import BinaryScores, Bools, Scores
from heldout.stats.histogram.grid import Bins, EvenGrid, FoldedGrid, Grid, KeyGrid, bins_of

__all__ = ["MOST_BINS", "chosen_grid", "has_few_scores"]

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


def chosen_grid(sample: BinaryScores, tolerance: float) -> tuple[Grid, Scores]:
    """Return the grid that separates random rows of the sample best, and the sorted scores of these rows.

    It has as many bins as seem to be needed to leave in one bin at most the share `tolerance` of all pairs of a
    positive and a negative row, equal scores aside; fewer where scores are heavily tied.

    >>> sample = BinaryScores.of(np.arange(1000) % 2, np.linspace(-1, 1, 1000))
    >>> chosen_grid(sample, 1e-6)[0]
    EvenGrid(first=-1.0, last=1.0, most=65536)
    """
    rows = np.random.default_rng(0).integers(0, sample.n, SAMPLED)
    score = sample.score[rows]
    seen = np.sort(score)
    few = has_few_scores(seen)
    options = _candidates(seen, sample.low, BINS_OF_TIES if few else TRIED_BINS)
    shares = [_together(grid, seen) for grid in options]
    best, share = options[int(np.argmin(shares))], min(shares)
    if few:
        return best, seen
    between = share * _overlap(bins_of(replace(best, most=COARSE), score), sample.label[rows])
    needed = TRIED_BINS * between / tolerance if tolerance else 2.0 * TRIED_BINS
    return replace(best, most=int(min(max(needed, BINS_OF_TIES), MOST_BINS))), seen


def has_few_scores(seen: Scores) -> bool:
    """Say whether the sorted scores are heavily tied.

    >>> has_few_scores(np.sort(np.arange(16_384) % 100))
    True
    """
    return int(np.count_nonzero(seen[1:] != seen[:-1])) < FEW_SCORES


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


def _together(grid: Grid, seen: Scores) -> float:
    """Return the share of the pairs of sampled rows that lie in one bin with different scores."""
    return (_equal_pairs(bins_of(grid, seen)) - _equal_pairs(seen)) / (seen.size * (seen.size - 1))


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


def _equal_pairs(values: Bins | Scores) -> float:
    runs = np.diff(np.flatnonzero(np.concatenate(([True], values[1:] != values[:-1], [True]))))
    return float((runs * (runs - 1)).sum())
