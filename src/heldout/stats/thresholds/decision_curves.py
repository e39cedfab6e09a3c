"""Decision curves: what acting on a score is worth beside acting on all rows, or on none."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from heldout.core.estimate import Estimate
from heldout.stats.clusters import Clusters, Uncertainty
from heldout.stats.labelled import labelled, linear_estimate, odds, score_counts
from heldout.stats.sample import BadSample, Floats, as_numbers, checked_level

__all__ = ["DecisionCurve", "NetBenefit", "decision_curve", "net_benefit"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NetBenefit:
    """Net benefit at one threshold, in true positives per row, beside that of acting on all rows.

    Acting on none has 0. `over_treat_all` is the paired difference to acting on all; `standardized` is net benefit
    over the share of positives, None where there are none; `interventions_avoided` is how many rows fewer are acted
    on per row without missing a positive, against acting on all. `positives` are those of n rows;
    `true_positives` and `false_positives` the rows acted on.
    """

    threshold: float
    net_benefit: Estimate
    treat_all: Estimate
    over_treat_all: Estimate
    treat_none: float
    standardized: float | None
    interventions_avoided: float
    true_positives: int
    false_positives: int
    positives: int
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionCurve:
    """Net benefit at each threshold, arrays of shape (k,): with pointwise ends `low` and `high`, and of acting on all.

    Acting on none has 0 everywhere. Ends are None where there is no variance to know (one unit).
    """

    threshold: Floats
    net_benefit: Floats
    low: Floats | None
    high: Floats | None
    treat_all: Floats
    n: int
    level: float


def net_benefit(
    label: ArrayLike, score: ArrayLike, threshold: float, *, cluster: ArrayLike | None = None, level: float = 0.95
) -> NetBenefit:
    """Return TP / n - FP / n × t / (1 - t) for probabilities (n,), acting where the score is at least t = `threshold`.

    Vickers & Elkin 2006, Medical Decision Making 26:565. The threshold says that a false positive weighs t / (1 - t)
    true positives; it comes from the decision, not from the data. t intervals over rows or `cluster` (n,).
    Raises BadSample for a threshold outside (0, 1) or bad arrays.

    >>> at = net_benefit([0, 0, 0, 1], [0.1, 0.3, 0.1, 0.7], 0.2)
    >>> round(at.net_benefit.value, 4), round(at.treat_all.value, 4)
    (0.1875, 0.0625)
    """
    checked_level(level)
    labels, scores = labelled(label, score, probability=True)
    weight = odds(threshold)
    clusters = Clusters.of(cluster, labels.size)
    worth = np.where(labels == 1, 1.0, -weight)
    acted = scores >= threshold
    gained = np.where(acted, worth, 0.0)
    rate = float(labels.mean())
    value, of_all = float(gained.mean()), float(worth.mean())

    def mean(per_row: Floats) -> Estimate:
        centre = float(per_row.mean())
        return linear_estimate(centre, (per_row - centre) / labels.size, clusters, level=level)

    return NetBenefit(
        threshold=threshold,
        net_benefit=mean(gained),
        treat_all=mean(worth),
        over_treat_all=mean(gained - worth),
        treat_none=0.0,
        standardized=value / rate if rate else None,
        interventions_avoided=(value - of_all) / weight,
        true_positives=int(labels[acted].sum()),
        false_positives=int((1 - labels[acted]).sum()),
        positives=int(labels.sum()),
        n=labels.size,
    )


def decision_curve(
    label: ArrayLike,
    score: ArrayLike,
    thresholds: ArrayLike | None = None,
    *,
    cluster: ArrayLike | None = None,
    level: float = 0.95,
) -> DecisionCurve:
    """Return net benefit at each of `thresholds` (k,), default .01 to .99, with pointwise t intervals.

    As `net_benefit`, from counts without clusters. Raises BadSample for thresholds outside (0, 1) or bad arrays.

    >>> curve = decision_curve([0, 0, 0, 1], [0.1, 0.3, 0.1, 0.7], [0.2, 0.5])
    >>> curve.net_benefit, curve.treat_all
    (array([0.1875, 0.25  ]), array([ 0.0625, -0.5   ]))
    """
    checked_level(level)
    labels, scores = labelled(label, score, probability=True)
    at = np.arange(1, 100) / 100 if thresholds is None else as_numbers(thresholds, "thresholds")
    if ((at <= 0) | (at >= 1)).any():
        raise BadSample("a threshold lies outside (0, 1)", expected="probabilities to decide at")
    clusters = Clusters.of(cluster, labels.size)
    weight, n = at / (1 - at), labels.size
    counts = score_counts(labels, scores)
    true_positives, false_positives = (side[np.searchsorted(counts.score, at)] for side in counts.called_positive)
    value = (true_positives - weight * false_positives) / n
    half = _half_widths(labels, scores, at, clusters=clusters, level=level, called=(true_positives, false_positives))
    return DecisionCurve(
        threshold=at,
        net_benefit=value,
        low=None if half is None else value - half,
        high=None if half is None else value + half,
        treat_all=labels.mean() - (1 - labels.mean()) * weight,
        n=n,
        level=level,
    )


def _half_widths(
    labels: Floats,
    scores: Floats,
    at: Floats,
    *,
    clusters: Clusters,
    level: float,
    called: tuple[Floats, Floats],
) -> Floats | None:
    if clusters.count < 2:
        return None
    weight, n = at / (1 - at), labels.size
    if clusters.codes is None:  # a mean of rows that are worth 1, -weight or 0
        true_positives, false_positives = called
        mean = (true_positives - weight * false_positives) / n
        variance = (true_positives + weight**2 * false_positives) / n - mean**2
        error = np.sqrt(np.maximum(variance, 0) / (n - 1))
        return np.asarray(Uncertainty(standard_error=1.0, degrees_of_freedom=n - 1).t_quantile(level) * error)
    halves = []
    for threshold, odd in zip(at, weight, strict=True):
        gained = np.where(scores >= threshold, np.where(labels == 1, 1.0, -odd), 0.0)
        spread = Uncertainty.of(clusters.sums((gained - gained.mean()) / n))
        halves.append(spread.t_quantile(level) * spread.standard_error)
    return np.array(halves)
