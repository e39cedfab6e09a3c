"""Which grid suits a sample: chosen from 16,384 of its rows, as a poor choice costs time and never truth."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from heldout.stats.histogram.binary_scores import BinaryScores, Bools, Scores
from heldout.stats.histogram.grid import (
    SAMPLED,
    Bins,
    EvenGrid,
    FoldedGrid,
    Grid,
    KeyGrid,
    bins_of,
    key_score,
    score_key,
)

__all__ = ["MOST_BINS", "Choice", "chosen_grid"]

Fitted = EvenGrid | FoldedGrid | KeyGrid

TRIED_BINS = 1 << 20

MOST_BINS = 1 << 22
"""More bins than this no longer fit the processor's cache."""

FEW_SCORES = 2_048
"""Fewer distinct scores than this among the sampled ones are heavy ties."""

GOOD_SHARE = 2.6e-6
"""So few of the pairs in one bin are left by grids that suit; others need not be tried."""

RUN = 8

MARGIN = 0.05

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
    # runs of rows, as reading one row costs as much as reading its neighbours too
    starts = np.random.default_rng(0).integers(0, max(sample.n - RUN, 1), SAMPLED // RUN)
    rows = np.minimum(np.add.outer(starts, np.arange(RUN)).ravel(), sample.n - 1)
    score = sample.score[rows]
    seen = np.sort(score)
    tied = int(np.count_nonzero(seen[1:] != seen[:-1])) < FEW_SCORES
    best, bins, share = _best(seen, sample, tied=tied)
    if not tied:
        between = share * _overlap(bins_of(replace(best, most=COARSE), score), sample.label[rows])
        needed = TRIED_BINS * between / tolerance if tolerance else 2.0 * TRIED_BINS
        best = replace(best, most=int(min(max(needed, BINS_OF_TIES), MOST_BINS)))
    return Choice(grid=best, seen=seen, tied=tied, densest=float(_runs(bins).max()) / SAMPLED)


def _best(seen: Scores, sample: BinaryScores, *, tied: bool) -> tuple[Fitted, Bins, float]:
    """Return the first grid that is good enough, or the best, with the sampled scores' bins and pairs in one bin."""
    tried: list[tuple[Fitted, Bins, float]] = []
    for grid in _candidates(seen, sample, tied=tied):
        bins = bins_of(grid, seen)
        share = _equal_pairs(bins) - _equal_pairs(seen)
        tried.append((grid, bins, share))
        if share <= GOOD_SHARE:
            return tried[-1]
    return min(tried, key=lambda one: one[2])


def _candidates(seen: Scores, sample: BinaryScores, *, tied: bool) -> Iterator[Fitted]:
    most = BINS_OF_TIES if tied else TRIED_BINS
    first, last, low, high = float(seen[0]), float(seen[-1]), sample.low, sample.high
    if low >= 0:
        # beyond the sampled scores, though not beyond all: the end bins would be the fullest
        first_key, last_key = score_key(first), score_key(last)
        wider = int(MARGIN * (last_key - first_key))
        ends = max(low, key_score(max(first_key - wider, score_key(0.0)))), min(high, key_score(last_key + wider))
        yield KeyGrid(low, high, most) if tied else KeyGrid(*ends, most)
    wider_by = MARGIN * last - MARGIN * first
    yield EvenGrid(max(low, first - wider_by), min(high, last + wider_by), most)
    middle = high / 2 - low / 2
    inside = seen[(seen > low) & (seen < high)]
    nearest = furthest = middle
    if inside.size:
        # below the smallest distance seen, so that scores at the very ends have bins of their own
        step = abs(high) * float(np.finfo(seen.dtype).eps) / 8  # half the distance to the float below, or less
        nearest = min((float(inside[0]) - low) / 2, middle)
        furthest = min(max((high - float(inside[-1])) / 4, step), middle)
    yield FoldedGrid(low, high, nearest, furthest, most)


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
