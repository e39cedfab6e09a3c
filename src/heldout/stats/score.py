"""One procedure's metric with an interval that knows of clusters, weights, seeds and the metric's range."""

import math

import numpy as np
from numpy.typing import ArrayLike

from heldout.core.estimate import Estimate, undefined
from heldout.stats.clusters import Clusters, Uncertainty
from heldout.stats.influence import influence_estimate, method_of, spread_estimate, where_all_fare_alike
from heldout.stats.metrics import Metric, metric_named
from heldout.stats.metrics.intake import Numbers, checked_weight
from heldout.stats.sample import Floats, Undefined, checked_level
from heldout.stats.seeded import Seeded

__all__ = ["counted_rows", "metric_named", "score_estimate"]


def score_estimate(
    metric: str | Metric,
    label: ArrayLike,
    score: ArrayLike,
    cluster: ArrayLike | None = None,
    level: float = 0.95,
    *,
    weight: ArrayLike | None = None,
) -> Estimate:
    """Return `metric` on label (n,) and score, one run (n,) or several (S, n), with its interval; n is in rows.

    `metric` is a name ("roc_auc", "precision@0.8", "f_beta:2") or a Metric. `weight` (n,), as scikit-learn's
    sample_weight; rows of weight 0 count for nothing, and n leaves them out. The variance is that of the clusters'
    influence sums, plus s² / S where the seeds matter; the interval is t with Satterthwaite's degrees of freedom on the
    logit scale for metrics in [0, 1] or [-1, 1], on the log scale for other losses and 1 - R², so that it keeps to the
    metric's range. Undefined, with the value where it exists: a metric that does not exist (one class for AUC, no
    positive call for precision); fewer rows of a class than the metric's `fewest_per_class`; fewer than two clusters;
    no variance among the clusters, but a share of independent rows that all fare alike has Wilson's interval. Raises
    BadSample for an unknown metric or bad arrays.

    >>> import numpy as np
    >>> day = np.repeat(np.arange(30), 4)
    >>> label = np.tile([0, 1, 0, 1], 30)
    >>> score = label * 0.5 + np.sin(np.arange(120))
    >>> auc = score_estimate("roc_auc", label, score, day)
    >>> round(auc.low, 2), round(auc.value, 2), round(auc.high, 2)
    (0.64, 0.7, 0.75)
    """
    checked_level(level)
    chosen = metric if isinstance(metric, Metric) else metric_named(metric)
    labels, runs = chosen.checked(label, score)
    labels, (runs,), rows, weights = counted_rows(labels, (runs,), cluster, weight)
    clusters = Clusters.of(rows, labels.size)
    try:
        if chosen.summed is not None and clusters.codes is None and weights is None and len(runs) == 1:
            estimate = _of_independent_rows(chosen, labels, runs[0], clusters, level)
            if estimate.is_defined or chosen.share is None or clusters.count < 2:
                return estimate
            return where_all_fare_alike(estimate, *chosen.share(labels, runs[0]))
        seeded = Seeded.of(chosen, labels, runs, weights)
    except Undefined as reason:
        return undefined(str(reason), n=labels.size, method=method_of(clusters), level=level)
    return seeded_estimate(chosen, labels, seeded, clusters, level)


def counted_rows(
    label: Numbers, sides: tuple[Numbers, ...], cluster: ArrayLike | None, weight: ArrayLike | None
) -> tuple[Numbers, tuple[Numbers, ...], ArrayLike | None, Floats | None]:
    """Return checked labels, runs (S, n) of each side, clusters and weights without the rows of weight 0.

    >>> label, _, cluster, weight = counted_rows(np.array([0, 1, 1]), (), ["a", "b", "b"], [1, 0, 2])
    >>> label, cluster, weight
    (array([0, 1]), array(['a', 'b'], dtype='<U1'), array([1., 2.]))
    """
    weights = checked_weight(weight, label.size)
    if weights is None or weights.all():
        return label, sides, cluster, weights
    counted = weights > 0
    if cluster is not None:
        Clusters.of(cluster, label.size)
        cluster = np.asarray(cluster)[counted]
    return label[counted], tuple(runs[:, counted] for runs in sides), cluster, weights[counted]


def seeded_estimate(metric: Metric, label: Numbers, seeded: Seeded, clusters: Clusters, level: float) -> Estimate:
    """Return the Estimate of an already scored procedure; `score_estimate` says how."""
    too_few = metric.why_no_interval(label)
    if too_few:
        return undefined(too_few, n=label.size, method=method_of(clusters), value=seeded.value, level=level)
    return influence_estimate(
        seeded.value,
        seeded.influence,
        clusters,
        lowest=metric.lowest,
        highest=metric.highest,
        level=level,
        seed_parts=(*seeded.seed_part(), *seeded.unseen_part(clusters)),
    )


def _of_independent_rows(metric: Metric, label: Numbers, score: Numbers, clusters: Clusters, level: float) -> Estimate:
    assert metric.summed is not None
    summed, n = metric.summed(label, score), label.size
    too_few = metric.why_no_interval(label) or clusters.why_no_variance()
    if too_few:
        return undefined(too_few, n=n, method=method_of(clusters), value=summed.value, level=level)
    variance = summed.squares * n / (n - 1) + summed.unseen
    spread = Uncertainty(standard_error=math.sqrt(variance), degrees_of_freedom=n - 1.0)
    return spread_estimate(summed.value, spread, clusters, lowest=metric.lowest, highest=metric.highest, level=level)
