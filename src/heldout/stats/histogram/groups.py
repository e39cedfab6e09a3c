"""Rows dealt to few groups of neighbouring scores, about as many rows in each, for a bootstrap to count."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heldout.stats.histogram.binary_scores import BinaryScores, Bools
from heldout.stats.histogram.grid import Bins, bins_of
from heldout.stats.histogram.leveling import FEWEST_ROWS, binned_within
from heldout.stats.histogram.levels import Levels
from heldout.stats.sample import Floats

__all__ = ["Groups", "grouped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """The group (n,) of each row, in the order of the scores, and whether a group's (count,) scores may differ."""

    of_row: Bins
    mixed: Bools

    @property
    def count(self) -> int:
        """How many groups there are."""
        return self.mixed.size

    def auc(self, negatives: Floats, positives: Floats) -> Floats:
        """Return the AUC of counts (..., count) of each class, NaN where a class has none, shape (...)."""
        below = np.cumsum(negatives, axis=-1)
        below -= negatives / 2
        below *= positives
        return _share(below.sum(axis=-1), negatives, positives)

    def auc_bound(self, negatives: Floats, positives: Floats) -> Floats:
        """Return how far grouping can have moved the AUC of counts (..., count), shape (...)."""
        pairs = (negatives[..., self.mixed] * positives[..., self.mixed]).sum(axis=-1)
        return _share(pairs / 2, negatives, positives)


def grouped(sample: BinaryScores, most: int) -> Groups:
    """Return a sample with both classes in at most `most` groups; scores are kept apart where there are no more.

    >>> groups = grouped(BinaryScores.of([0, 0, 1, 1], [0.1, 0.4, 0.4, 0.8]), 4096)
    >>> groups.of_row, groups.mixed
    (array([0, 1, 1, 2]), array([False, False, False]))
    """
    if sample.n < FEWEST_ROWS:
        distinct, bins = np.unique(sample.score, return_inverse=True)
        loose = np.zeros(distinct.size, np.bool_)
    else:
        binned, _ = binned_within(sample, Levels.auc_slack, tolerance=1e-6)
        bins = bins_of(binned.grid, sample.score)
        loose = np.zeros(binned.grid.count, np.bool_)
        loose[binned.bins] = binned.levels.loose
    rows = np.bincount(bins, minlength=loose.size)
    used = np.flatnonzero(rows)
    group = np.arange(used.size)
    if used.size > most:
        # a bin of more rows than a group should have lies alone: its neighbours' middles are far from its own
        middle = np.cumsum(rows[used]) - rows[used] / 2
        group = np.minimum(middle * most // sample.n, most - 1).astype(np.intp)
    parts = np.bincount(group)
    mixed = (parts > 1) | (np.bincount(group, weights=loose[used]) > 0)
    of_bin = np.zeros(loose.size, np.intp)
    of_bin[used] = (np.cumsum(parts > 0) - 1)[group]
    return Groups(of_row=of_bin[bins], mixed=mixed[parts > 0])


def _share(pairs: NDArray[np.float64], negatives: Floats, positives: Floats) -> Floats:
    total = negatives.sum(axis=-1) * positives.sum(axis=-1)
    share: Floats = np.divide(pairs, total, out=np.full(np.shape(pairs), np.nan), where=total > 0)
    return share
