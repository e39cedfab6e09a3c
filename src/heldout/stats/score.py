"""One procedure's metric with an interval that knows of clusters, seeds and the metric's range."""

import math

from numpy.typing import ArrayLike
from scipy import special

from heldout.core.estimate import Estimate, undefined
from heldout.stats.clusters import Clusters, Uncertainty
from heldout.stats.metrics import METRICS, Metric
from heldout.stats.sample import BadSample, Floats, Undefined
from heldout.stats.seeded import Seeded

__all__ = ["metric_named", "score_estimate"]

NO_SPREAD = 1e-12
"""A standard error below this share of the value is rounding, not variance."""


def score_estimate(
    metric: str, label: ArrayLike, score: ArrayLike, cluster: ArrayLike | None = None, level: float = 0.95
) -> Estimate:
    """Return `metric` on label (n,) and score, one run (n,) or several (S, n), with its interval; n is in rows.

    The variance is that of the clusters' influence sums, plus s² / S where the seeds matter; the interval is t with
    Satterthwaite's degrees of freedom on the logit scale for metrics in [0, 1], on the log scale for other losses,
    so that it keeps to the metric's range. Undefined, with the value where it exists: one class for AUC; fewer than
    20 rows of a class for AUC; fewer than two clusters; no variance among the clusters.
    Raises BadSample for an unknown metric or bad arrays.

    >>> import numpy as np
    >>> day = np.repeat(np.arange(30), 4)
    >>> label = np.tile([0, 1, 0, 1], 30)
    >>> score = label * 0.5 + np.sin(np.arange(120))
    >>> auc = score_estimate("roc_auc", label, score, day)
    >>> round(auc.low, 2), round(auc.value, 2), round(auc.high, 2)
    (0.64, 0.7, 0.75)
    """
    chosen = metric_named(metric)
    labels, runs = chosen.checked(label, score)
    clusters = Clusters.of(cluster, labels.size)
    try:
        seeded = Seeded.of(chosen, labels, runs)
    except Undefined as reason:
        return undefined(str(reason), n=labels.size, method=_method(clusters), level=level)
    return seeded_estimate(chosen, labels, seeded, clusters, level)


def metric_named(name: str) -> Metric:
    """Return the metric called `name`, or raise BadSample naming those that exist."""
    if name not in METRICS:
        raise BadSample(f"there is no metric {name!r}", expected="one of " + ", ".join(METRICS))
    return METRICS[name]


def seeded_estimate(metric: Metric, label: Floats, seeded: Seeded, clusters: Clusters, level: float) -> Estimate:
    """Return the Estimate of an already scored procedure; `score_estimate` says how."""
    method, n, value = _method(clusters), label.size, seeded.value
    too_few = metric.why_no_interval(label) or clusters.why_no_variance()
    if too_few:
        return undefined(too_few, n=n, method=method, value=value, level=level)
    spread = Uncertainty.of(clusters.sums(seeded.influence), seeded.seed_part())
    if spread.standard_error <= NO_SPREAD * abs(value):
        reason = "no row moves the value, so the sample says nothing of its error"
        return undefined(reason, n=n, method=method, value=value, level=level)
    half = spread.t_quantile(level) * spread.standard_error
    if metric.bounded:
        logit, half_logit = float(special.logit(value)), half / (value * (1 - value))
        low, high = float(special.expit(logit - half_logit)), float(special.expit(logit + half_logit))
    else:
        low, high = value * math.exp(-half / value), value * math.exp(half / value)
    return Estimate(value=value, low=low, high=high, n=n, method=method, level=level)


def _method(clusters: Clusters) -> str:
    return f"influence functions over {clusters.count} {clusters.unit}, t"
