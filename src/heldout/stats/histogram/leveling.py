"""From rows to levels: a histogram first, and the rows of those bins sorted whose ties are not known to be ties."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from heldout.stats.histogram.binary_scores import BinaryScores, Bools, Scores
from heldout.stats.histogram.choice import Choice, chosen_grid
from heldout.stats.histogram.counting import class_counts, counts_and_strays
from heldout.stats.histogram.grid import BLOCK, Bins, Grid, bins_of
from heldout.stats.histogram.levels import Counts, Levels, exact_levels, levels_of_counts
from heldout.stats.sample import Floats

__all__ = ["FEWEST_ROWS", "Binned", "binned_within", "levels_within"]

FEWEST_ROWS = 1 << 17
"""Below this many rows a sort is as fast as a histogram."""

FEW_LEVELS = 3
"""So many levels are compared with one score each in less time than their rows can be sorted."""

OUTLYING = 64
"""A level with this many times an even share of the tolerance is looked into first."""

HEADROOM = 1.65
"""The grid is chosen for this share of pairs in one bin, in tolerances: half of it counts, less some for chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Binned:
    """Levels of a histogram on `grid`, the bin of each, and the sorted scores of some rows."""

    sample: BinaryScores
    levels: Levels
    bins: Bins
    grid: Grid
    seen: Scores


Examples = Callable[[Binned, Bins], tuple[Bins, Scores]]


def levels_within(sample: BinaryScores, slack: Callable[[Levels], Floats], tolerance: float) -> Levels:
    """Return levels of a sample with both classes whose `slack`, a bound per level, adds up to `tolerance` at most.

    At a tolerance of 0 nothing is assumed to be tied that is not, and the levels give exact values.

    >>> sample = BinaryScores.of([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    >>> levels_within(sample, Levels.auc_slack, tolerance=0.0).auc()
    0.75
    """
    if sample.n < FEWEST_ROWS:
        return exact_levels(sample)
    binned, too_loose = binned_within(sample, slack, tolerance)
    return _sorted(binned, too_loose).levels if too_loose.size else binned.levels


def binned_within(sample: BinaryScores, slack: Callable[[Levels], Floats], tolerance: float) -> tuple[Binned, Bins]:
    """Return a sample with both classes in bins chosen to keep `slack` within `tolerance`, as far as bins can.

    Levels whose rows are found to have one score are not loose. Also return the levels whose rows must be sorted to
    keep within the tolerance.

    >>> sample = BinaryScores.of([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    >>> binned_within(sample, Levels.auc_slack, tolerance=0.0)[0].levels.auc()
    0.75
    """
    choice = chosen_grid(sample, HEADROOM * tolerance)
    binned = _with_known_ties(sample, choice) if choice.tied else _binned(sample, choice)
    chosen = _heaviest(slack(binned.levels), tolerance)
    for tightened in (
        partial(_single_floats, examples=_sampled),  # finds the heaviest, for next to nothing
        _compared,
        partial(_single_floats, examples=_of_positives),
    ):
        if not chosen.size:
            break
        binned = tightened(binned, chosen)
        chosen = _heaviest(slack(binned.levels), tolerance)
    return binned, chosen


def _binned(sample: BinaryScores, choice: Choice) -> Binned:
    levels, bins = levels_of_counts(class_counts(sample, choice.grid, choice.densest))
    return Binned(sample=sample, levels=levels, bins=bins, grid=choice.grid, seen=choice.seen)


def _with_known_ties(sample: BinaryScores, choice: Choice) -> Binned:
    """Bin heavily tied scores, and find the bins in which every row has the same score."""
    grid, seen = choice.grid, choice.seen
    scores = np.full(grid.count, np.nan, seen.dtype)
    scores[bins_of(grid, seen)] = seen
    counts, strays = counts_and_strays(sample, grid, scores)
    # a score that the sampled rows do not have fills its bin alone, unless the bin has another
    stray_bins = bins_of(grid, strays)
    is_new = np.isnan(scores[stray_bins])
    scores[stray_bins[is_new]] = strays[is_new]
    mixed = np.zeros(grid.count, np.bool_)
    mixed[stray_bins[scores[stray_bins] != strays]] = True
    levels, bins = levels_of_counts(counts)
    levels = replace(levels, loose=levels.loose & mixed[bins])
    return Binned(sample=sample, levels=levels, bins=bins, grid=grid, seen=seen)


def _heaviest(slack: Floats, tolerance: float) -> Bins:
    """Return the levels that must be looked into, the largest first, for the rest to add up to `tolerance` at most."""
    if float(slack.sum()) <= tolerance:
        return np.empty(0, np.intp)
    if not tolerance:
        return np.flatnonzero(slack > 0)
    outlying = np.flatnonzero(slack > OUTLYING * tolerance / slack.size)
    if float(slack.sum()) - float(slack[outlying].sum()) <= tolerance:
        return outlying
    octave = np.frexp(slack)[1]
    floor = int(octave[slack > 0].min())
    octave = np.maximum(octave - floor, 0)
    rest = np.cumsum(np.bincount(octave, weights=slack))
    kept = int(np.searchsorted(rest, tolerance, "right"))  # so many octaves can stay
    return np.flatnonzero((octave >= kept) & (slack > 0))


def _single_floats(binned: Binned, chosen: Bins, examples: Examples) -> Binned:
    """Free of looseness those chosen levels whose bin has room for one number of the scores' type."""
    levels, scores = examples(binned, chosen)
    sample, bins = binned.sample, binned.bins[levels]
    below = bins_of(binned.grid, np.nextafter(scores, scores.dtype.type(sample.low)))
    above = bins_of(binned.grid, np.nextafter(scores, scores.dtype.type(sample.high)))
    single = ((below < bins) | (scores == sample.low)) & ((above > bins) | (scores == sample.high))
    return _tied(binned, levels[single])


def _compared(binned: Binned, chosen: Bins) -> Binned:
    """Free of looseness those of a few chosen levels whose rows all have one score."""
    if chosen.size > FEW_LEVELS:
        return binned
    levels, scores = _sampled(binned, chosen)
    alike = np.array([np.count_nonzero(binned.sample.score == score) for score in scores], np.int64)
    return _tied(binned, levels[alike == binned.levels.hits[levels] + binned.levels.tied[levels]])


def _sampled(binned: Binned, chosen: Bins) -> tuple[Bins, Scores]:
    """Return those chosen levels that a sampled row lies in, and its score."""
    seen_bins = bins_of(binned.grid, binned.seen)
    place = np.minimum(np.searchsorted(seen_bins, binned.bins[chosen]), seen_bins.size - 1)
    found = seen_bins[place] == binned.bins[chosen]
    return chosen[found], binned.seen[place[found]]


def _of_positives(binned: Binned, chosen: Bins) -> tuple[Bins, Scores]:
    """Return the chosen levels, and the score of a positive row in each."""
    positive = binned.sample.score.compress(binned.sample.label)
    of_bin = np.empty(binned.grid.count, positive.dtype)
    of_bin[bins_of(binned.grid, positive)] = positive
    return chosen, of_bin[binned.bins[chosen]]


def _tied(binned: Binned, known: Bins) -> Binned:
    loose = binned.levels.loose.copy()
    loose[known] = False
    return replace(binned, levels=replace(binned.levels, loose=loose))


def _sorted(binned: Binned, chosen: Bins) -> Binned:
    """Replace each chosen level by the exact levels of the rows in its bin."""
    levels = binned.levels
    inner = exact_levels(_rows_in(binned, binned.bins[chosen]))
    # negative rows of the chosen bins before a bin are below its rows in both counts
    outer_below = levels.below[chosen] - (np.cumsum(levels.tied[chosen]) - levels.tied[chosen])
    ends = np.cumsum(levels.hits[chosen])
    owner = np.searchsorted(ends, inner.hits_below, "right")
    kept = np.ones(levels.hits.size, np.bool_)
    kept[chosen] = False
    order = np.argsort(np.concatenate((np.flatnonzero(kept), chosen[owner])), kind="stable")

    def spliced(old: Counts, new: Counts) -> Counts:
        return np.concatenate((old[kept], new))[order]

    exact = replace(
        levels,
        hits=spliced(levels.hits, inner.hits),
        tied=spliced(levels.tied, inner.tied),
        below=spliced(levels.below, inner.below + outer_below[owner]),
        loose=np.concatenate((levels.loose[kept], inner.loose))[order],
    )
    return replace(binned, levels=exact)


def _rows_in(binned: Binned, bins: Bins) -> BinaryScores:
    """Return the rows of the sample that lie in the given bins."""
    wanted = np.zeros(binned.grid.count, np.bool_)
    wanted[bins] = True
    sample = binned.sample
    labels: list[Bools] = []
    scores: list[Scores] = []
    for start in range(0, sample.n, BLOCK):
        score = sample.score[start : start + BLOCK]
        inside = wanted.take(bins_of(binned.grid, score), mode="clip")
        scores.append(score.compress(inside))
        labels.append(sample.label[start : start + BLOCK].compress(inside))
    label = np.concatenate(labels)
    return BinaryScores(
        label=label,
        score=np.concatenate(scores),
        positives=int(np.count_nonzero(label)),
        low=sample.low,
        high=sample.high,
    )
