"""What AUC, DeLong's variance, average precision and KS need of two classes: a line per bin or distinct score."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heldout.stats.histogram.binary_scores import BinaryScores, Bools
from heldout.stats.histogram.counting import ClassCounts
from heldout.stats.sample import Floats

BLOCK = 16_384
"""Levels summed at a time, so that the steps stay in the processor's cache."""

__all__ = ["Counts", "Levels", "exact_levels", "levels_of_counts"]

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """The levels of score that hold positive rows, in rising order.

    Each has `hits` (k,) positive rows, `tied` (k,) negative rows at the same level and `below` (k,) negative rows
    at lower levels. `loose` (k,) tells levels whose rows may differ in score, where a tie is only assumed; at the
    others all rows score alike. `positives` and `negatives` are all rows of each class.
    """

    hits: Counts
    tied: Counts
    below: Counts
    loose: Bools
    positives: int
    negatives: int

    @property
    def centre(self) -> Floats:
        """Negative rows below each level, those of the level itself counting half, shape (k,)."""
        return np.add(self.below, self.tied / 2, dtype=np.float64)

    @property
    def hits_below(self) -> Counts:
        """Positive rows at lower levels, shape (k,)."""
        return np.cumsum(self.hits) - self.hits

    def auc(self) -> float:
        """Return the AUC, the rows of a level counting as tied."""
        doubled = 0
        for start in range(0, self.hits.size, BLOCK):
            hits, tied, below = (of[start : start + BLOCK] for of in (self.hits, self.tied, self.below))
            doubled += int(hits @ (2 * below + tied))
        return doubled / (2 * self.positives * self.negatives)

    def auc_slack(self) -> Floats:
        """Return how far each level's ties can have moved the AUC at most, shape (k,); the sum bounds the error."""
        slack: Floats = np.multiply(self.hits, self.tied, dtype=np.float64)
        slack *= self.loose
        slack *= 0.5 / self.positives / self.negatives
        return slack

    def delong_variance(self) -> float:
        """Return DeLong's variance of the AUC (DeLong et al. 1988, Biometrics 44:837), for two rows of each class.

        A level's rows count as tied.
        """
        auc = self.auc()
        of_positives = of_negatives = 0.0
        hits_below = ends = 0
        for start in range(0, self.hits.size, BLOCK):
            hits, tied, below = (of[start : start + BLOCK] for of in (self.hits, self.tied, self.below))
            # negative rows below each positive one, less their mean, and the same the other way round
            of_positives += _weighted_squares(below + tied * 0.5 - auc * self.negatives, hits)
            upto = np.cumsum(hits)
            above = (1 - auc) * self.positives - hits_below - upto + hits
            gaps = np.diff(below, prepend=ends)
            gaps[1:] -= tied[:-1]
            of_negatives += _weighted_squares(above, gaps) + _weighted_squares(above - hits * 0.5, tied)
            hits_below, ends = hits_below + int(upto[-1]), int(below[-1] + tied[-1])
        of_negatives += (self.negatives - ends) * (auc * self.positives) ** 2
        of_positives /= (self.positives - 1) * self.positives * self.negatives**2
        return of_positives + of_negatives / ((self.negatives - 1) * self.negatives * self.positives**2)


def exact_levels(sample: BinaryScores) -> Levels:
    """Return the levels of a sample with both classes by sorting each: one level per distinct score of a positive row.

    >>> levels = exact_levels(BinaryScores.of([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]))
    >>> levels.below, levels.auc()
    (array([1, 2]), 0.75)
    """
    positive = sample.score.compress(sample.label)
    positive.sort()
    negative = sample.score.compress(~sample.label)
    negative.sort()
    starts = np.flatnonzero(np.concatenate(([True], positive[1:] != positive[:-1])))
    distinct = positive[starts]
    below = np.searchsorted(negative, distinct, "left")
    return Levels(
        hits=np.diff(starts, append=positive.size),
        tied=np.searchsorted(negative, distinct, "right") - below,
        below=below,
        loose=np.zeros(distinct.size, np.bool_),
        positives=positive.size,
        negatives=negative.size,
    )


def levels_of_counts(counts: ClassCounts) -> tuple[Levels, NDArray[np.intp]]:
    """Return the levels of negative and positive rows (2, B) in rising bins, and the bin of each level.

    Every level with more than one row is loose.

    >>> levels, bins = levels_of_counts(np.array([[1, 0, 1], [0, 1, 1]]))
    >>> levels.below, levels.loose, bins
    (array([1, 1]), array([False,  True]), array([1, 2]))
    """
    negatives, positives = counts
    bins = np.flatnonzero(positives > 0)  # five times as fast as on the counts
    hits, tied, below = np.empty((3, bins.size), np.int64)
    loose = np.empty(bins.size, np.bool_)
    upto, first = 0, 0
    # by blocks, as a first touch of new memory costs more than the sums
    for start in range(0, positives.size, BLOCK):
        in_block = negatives[start : start + BLOCK]
        last = first + int(np.searchsorted(bins[first:], start + in_block.size))
        here, inside = slice(first, last), bins[first:last] - start
        below_or_tied = np.cumsum(in_block, dtype=np.int64)
        hits[here], tied[here] = positives[start : start + BLOCK][inside], in_block[inside]
        np.add(below_or_tied[inside], upto, out=below[here])
        below[here] -= tied[here]
        np.greater(hits[here] + tied[here], 1, out=loose[here])
        upto, first = upto + int(below_or_tied[-1]), last
    levels = Levels(hits=hits, tied=tied, below=below, loose=loose, positives=int(hits.sum()), negatives=upto)
    return levels, bins


def _weighted_squares(values: NDArray[np.floating[Any]], counts: Counts) -> float:
    # a sum rather than a dot product: the latter starts threads, which costs more than it saves
    return float((values * values * counts).sum())
