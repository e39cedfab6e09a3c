"""A procedure's metric averaged over its runs with different seeds."""

from dataclasses import dataclass

import numpy as np

from heldout.stats.clusters import Clusters
from heldout.stats.influence import unseen_part
from heldout.stats.metrics import Metric
from heldout.stats.metrics.intake import Numbers
from heldout.stats.sample import Floats

__all__ = ["Seeded"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeded:
    """One procedure on one holdout: the metric's mean over `seeds` runs and the mean influence (n,) of each row.

    `seed_variance` is s² / S, what the choice of seeds adds to the variance of that mean. It is None when not
    measured: a single run, or runs that all score alike, which say nothing of how far a seed can move the score.
    `unseen` is the variance that no influence shows (`Linearised.unseen`).
    """

    value: float
    influence: Floats
    seeds: int
    seed_variance: float | None
    unseen: float = 0.0

    @staticmethod
    def of(metric: Metric, label: Numbers, runs: Numbers, weight: Floats | None = None) -> "Seeded":
        """Average `metric` over checked runs (S, n) with checked weights. Raises Undefined where it does not exist.

        >>> from heldout.stats.metrics import METRICS
        >>> label, runs = np.array([0.0, 1.0, 1.0]), np.array([[0.1, 0.9, 0.9], [0.1, 0.9, 0.2]])
        >>> Seeded.of(METRICS["accuracy"], label, runs).value
        0.8333333333333333
        """
        distinct = runs[:1] if len(runs) == 1 or (runs == runs[0]).all() else runs
        first = metric.kernel(label, distinct[0], weight)
        values, influence, unseen = np.array([first.value]), first.influence, first.unseen
        for run in distinct[1:]:
            scored = metric.kernel(label, run, weight)
            values, influence = np.append(values, scored.value), influence + scored.influence
            unseen += scored.unseen
        spread = float(values.var(ddof=1) / values.size) if np.ptp(values) > 0 else None
        return Seeded(
            value=float(values.mean()),
            influence=influence / values.size if values.size > 1 else influence,
            seeds=len(runs),
            seed_variance=spread,
            unseen=unseen / values.size,
        )

    def seed_part(self, gradient: float = 1.0) -> tuple[tuple[float, int], ...]:
        """Return the seeds' (variance, degrees of freedom) where measured, for a quantity with this `gradient`."""
        return () if self.seed_variance is None else ((gradient**2 * self.seed_variance, self.seeds - 1),)

    def unseen_part(self, clusters: Clusters, gradient: float = 1.0) -> tuple[tuple[float, int], ...]:
        """Return the unseen (variance, degrees of freedom) where there is any, as `seed_part` returns the seeds'."""
        return unseen_part(gradient**2 * self.unseen, clusters)
