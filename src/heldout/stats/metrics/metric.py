"""What the house knows of a metric: its direction, its range, its value and how each row moves it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from numpy.typing import ArrayLike

from heldout.stats.sample import Floats, as_paired

__all__ = ["Linearised", "Metric"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Linearised:
    """A metric's value on a sample and its influence (n,): how far each row has moved the value, summing to 0.

    With rows in G independent clusters, Var(value) ≈ G / (G - 1) · Σ over clusters of (sum of influence)².
    """

    value: float
    influence: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A metric of labels (n,) against scores (n,).

    For a binary task labels are 0 or 1 and scores those of class 1 (probabilities where `needs_probability`); for a
    regression both are in label units. `perfect` is the best value there is. `bounded` tells that values lie in
    [0, 1]; otherwise they lie in [0, ∞). `fewest_per_class` is the smallest class with which an interval is sound.
    `kernel` takes checked arrays.
    """

    name: str
    higher_is_better: bool
    task: Literal["binary", "regression"]
    perfect: float
    bounded: bool
    needs_probability: bool = False
    fewest_per_class: int = 0
    kernel: Callable[[Floats, Floats], Linearised]

    def checked(self, label: ArrayLike, score: ArrayLike) -> tuple[Floats, Floats]:
        """Return label (n,) and score (S, n) as this metric takes them, or raise BadSample."""
        return as_paired(label, score, binary=self.task == "binary", probability=self.needs_probability)

    def linearised(self, label: ArrayLike, score: ArrayLike) -> Linearised:
        """Return value and influence on one sample; both come from one pass.

        Raises BadSample for arrays that the metric does not take, Undefined where it does not exist.
        """
        labels, (scores,) = self.checked(label, score)
        return self.kernel(labels, scores)

    def value(self, label: ArrayLike, score: ArrayLike) -> float:
        """Return the metric. Raises as `linearised` does."""
        return self.linearised(label, score).value

    def influence(self, label: ArrayLike, score: ArrayLike) -> Floats:
        """Return the influence of each row, shape (n,). Raises as `linearised` does."""
        return self.linearised(label, score).influence

    def why_no_interval(self, label: Floats) -> str | None:
        """Say why checked labels are too few for a sound interval, or None when they are not."""
        if not self.fewest_per_class:
            return None
        positives = int(label.sum())
        fewest = min(positives, label.size - positives)
        if fewest >= self.fewest_per_class:
            return None
        return f"the smaller class has {fewest} rows, and {self.fewest_per_class} are needed for a sound interval"
