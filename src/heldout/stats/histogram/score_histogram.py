"""A mergeable histogram of scores by label, and what it says of how the scores order the classes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from heldout.core.estimate import Estimate
from heldout.stats.histogram.average_precision import precision_estimate
from heldout.stats.histogram.binary_scores import BinaryScores
from heldout.stats.histogram.choice import chosen_grid
from heldout.stats.histogram.counting import class_counts
from heldout.stats.histogram.grid import Grid, universal_grid
from heldout.stats.histogram.levels import Counts, Levels, levels_of_counts
from heldout.stats.sample import BadSample, Undefined

__all__ = ["Bounded", "ScoreHistogram"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounded:
    """A value computed from bins; the value from the rows themselves is at most `bound` away."""

    value: float
    bound: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ScoreHistogram:
    """Counts of negative and of positive rows, (count,) each, in the order-preserving bins of `grid`."""

    grid: Grid
    negatives: Counts
    positives: Counts

    @staticmethod
    def of(label: ArrayLike, score: ArrayLike, grid: Grid | None = None) -> "ScoreHistogram":
        """Count label (n,) of 0 and 1 by score (n,), n ≥ 1, in the bins of `grid`.

        Without a grid it is `universal_grid()`, so that any two histograms can be merged. `fitted` has a smaller
        error. Raises BadSample for bad arrays.

        >>> halves = [ScoreHistogram.of([0, 0], [0.1, 0.4]), ScoreHistogram.of([1, 1], [0.35, 0.8])]
        >>> halves[0].merge(halves[1]).auc()
        Bounded(value=0.75, bound=0.0)
        """
        return _counted(BinaryScores.of(label, score), grid or universal_grid())

    @staticmethod
    def fitted(label: ArrayLike, score: ArrayLike, tolerance: float = 1e-6) -> "ScoreHistogram":
        """Count rows in the grid that suits them, fine enough to leave an error of about `tolerance` in the AUC.

        Pass its `grid` to `of` for histograms to be merged with it. Raises BadSample for bad arrays.

        >>> ScoreHistogram.fitted([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]).auc().value
        0.75
        """
        sample = BinaryScores.of(label, score)
        if not tolerance > 0:
            raise BadSample(f"the tolerance {tolerance} is no bound", expected="a number above 0")
        return _counted(sample, chosen_grid(sample, tolerance).grid)

    @property
    def n(self) -> int:
        """How many rows were counted."""
        return int(self.negatives.sum() + self.positives.sum())

    def merge(self, other: "ScoreHistogram") -> "ScoreHistogram":
        """Return the histogram of both samples' rows. Raises BadSample when the two have different grids."""
        if self.grid != other.grid:
            raise BadSample("histograms with different bins cannot be merged", expected="one grid for both")
        return ScoreHistogram(
            grid=self.grid, negatives=self.negatives + other.negatives, positives=self.positives + other.positives
        )

    def levels(self) -> Levels:
        """Return the bins that hold positive rows, as levels. Raises Undefined when a class has no rows."""
        if not (self.negatives.any() and self.positives.any()):
            raise Undefined(f"all {self.n} rows are of one class, and AUC compares two")
        return levels_of_counts(np.stack((self.negatives, self.positives)))[0]

    def auc(self) -> Bounded:
        """Return the AUC, the rows of a bin counting as tied. Raises Undefined as `levels` does."""
        levels = self.levels()
        return Bounded(value=levels.auc(), bound=float(levels.auc_slack().sum()))

    def delong_variance(self) -> float:
        """Return DeLong's variance of the AUC. Raises Undefined unless each class has two rows."""
        if min(self.negatives.sum(), self.positives.sum()) < 2:
            raise Undefined("a class has fewer than two rows, and a variance takes two")
        return self.levels().delong_variance()

    def average_precision(self, level: float = 0.95) -> Estimate:
        """Return the average precision with its interval, as `average_precision_histogram`, at these bins."""
        return precision_estimate(self.levels(), level)

    def kolmogorov_smirnov(self) -> Bounded:
        """Return the largest distance of the two classes' distribution functions, which is that of TPR and FPR.

        Raises Undefined as `levels` does.

        >>> ScoreHistogram.of([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]).kolmogorov_smirnov()
        Bounded(value=0.5, bound=0.0)
        """
        levels = self.levels()
        before = levels.below / levels.negatives - levels.hits_below / levels.positives
        after = before + levels.tied / levels.negatives - levels.hits / levels.positives
        value = max(float(before.max()), float(-after.min()))
        inside = np.where(levels.loose, levels.tied, 0) / levels.negatives
        outside = np.where(levels.loose, levels.hits, 0) / levels.positives
        # within a bin one class may come first, but the distance must be met again at the bin's other end
        most = max(
            float(np.minimum(before + inside, after + outside).max()),
            float(np.minimum(outside - before, inside - after).max()),
            value,
        )
        return Bounded(value=value, bound=most - value)


def _counted(sample: BinaryScores, grid: Grid) -> ScoreHistogram:
    negatives, positives = class_counts(sample, grid).astype(np.int64)
    return ScoreHistogram(grid=grid, negatives=negatives, positives=positives)
