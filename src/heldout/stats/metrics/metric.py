"""What the house knows of a metric: its direction, its range, its value and how each row moves it."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, Protocol

import numpy as np
from numpy.typing import ArrayLike

from heldout.stats.magnitude import squarable
from heldout.stats.metrics.intake import Numbers, checked_rows, checked_weight
from heldout.stats.sample import Floats

__all__ = ["Kernel", "Linearised", "Metric", "Summed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Linearised:
    """A metric's value on a sample and its influence (n,): how far each row has moved the value, summing to 0.

    With rows in G independent clusters, Var(value) ≈ G / (G - 1) · Σ over clusters of (sum of influence)², and
    `unseen`: the variance of parts of the metric that every row agrees on, and so no influence shows (`cells.unseen`).
    """

    value: float
    influence: Floats
    unseen: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Summed:
    """A metric's value and the sum of its squared influence: all that independent rows need, without an array of n."""

    value: float
    squares: float
    unseen: float = 0.0


class Kernel(Protocol):
    """Scores checked arrays: label (n,), score (n,), and the weight (n,) of each row or None."""

    def __call__(self, label: Numbers, score: Numbers, weight: Floats | None = None, /) -> Linearised:
        """Return value and influence, or raise Undefined."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A metric of labels (n,) against scores (n,).

    For a binary task labels are 0 or 1 and scores those of class 1 (probabilities where `needs_probability`); for a
    regression both are in label units. `perfect` is the best value there is; values lie in [`lowest`, `highest`].
    `fewest_per_class` is the smallest class with which an interval is sound. `kernel` takes checked arrays: labels of a
    binary task as bool, scores as float32 or float64. `summed` is a shorter way, where there is one, for independent
    rows that count alike, and `share` counts the hits and the rows of a metric that is a share of rows. Rows may have a
    `weight` (n,), not negative and not all zero, as scikit-learn's `sample_weight`: a weight of 2 is the row twice, a
    weight of 0 the row not there.
    """

    name: str
    higher_is_better: bool
    task: Literal["binary", "regression"]
    perfect: float
    lowest: float = 0.0
    highest: float
    needs_probability: bool = False
    fewest_per_class: int = 0
    kernel: Kernel
    summed: Callable[[Numbers, Numbers], Summed] | None = None
    share: Callable[[Numbers, Numbers], tuple[int, int]] | None = None

    @property
    def bounded(self) -> bool:
        """True when no value is lower than `lowest` nor higher than `highest`, and both are finite."""
        return math.isfinite(self.lowest) and math.isfinite(self.highest)

    def checked(self, label: ArrayLike, score: ArrayLike) -> tuple[Numbers, Numbers]:
        """Return label (n,) and score (S, n) as this metric takes them, or raise BadSample."""
        labels, scores = checked_rows(label, score, binary=self.task == "binary", probability=self.needs_probability)
        if self.task == "regression":
            return squarable(labels, "label", twice=True), squarable(scores, "score", twice=True)
        return labels, scores

    def linearised(self, label: ArrayLike, score: ArrayLike, weight: ArrayLike | None = None) -> Linearised:
        """Return value and influence on one sample; both come from one pass.

        Raises BadSample for arrays that the metric does not take, Undefined where it does not exist.
        """
        labels, (scores,) = self.checked(label, score)
        weights = checked_weight(weight, labels.size)
        if weights is None or weights.all():
            return self.kernel(labels, scores, weights)
        counted = weights > 0
        of_counted = self.kernel(labels[counted], scores[counted], weights[counted])
        influence = np.zeros(labels.size)
        influence[counted] = of_counted.influence
        return replace(of_counted, influence=influence)

    def value(self, label: ArrayLike, score: ArrayLike, weight: ArrayLike | None = None) -> float:
        """Return the metric. Raises as `linearised` does."""
        if weight is not None or self.summed is None:
            return self.linearised(label, score, weight).value
        labels, (scores,) = self.checked(label, score)
        return self.summed(labels, scores).value

    def influence(self, label: ArrayLike, score: ArrayLike, weight: ArrayLike | None = None) -> Floats:
        """Return the influence of each row, shape (n,). Raises as `linearised` does."""
        return self.linearised(label, score, weight).influence

    def why_no_interval(self, label: Numbers) -> str | None:
        """Say why checked labels are too few for a sound interval, or None when they are not."""
        if not self.fewest_per_class:
            return None
        positives = int(label.sum())
        fewest = min(positives, label.size - positives)
        if fewest >= self.fewest_per_class:
            return None
        return f"the smaller class has {fewest} rows, and {self.fewest_per_class} are needed for a sound interval"
