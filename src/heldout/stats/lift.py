"""The paired lift of a candidate over the re-run baseline, with a clustered interval."""

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from heldout.core.estimate import Estimate, undefined
from heldout.core.lift import Lift, LiftScale
from heldout.stats.clusters import Clusters, Uncertainty, largest_share, variance_of_sum
from heldout.stats.coverage import simulated_coverage
from heldout.stats.magnitude import LARGEST
from heldout.stats.metrics import Metric
from heldout.stats.sample import BadSample, Undefined, checked_level, checked_number, whole_number
from heldout.stats.score import counted_rows, metric_named, seeded_estimate
from heldout.stats.seeded import Seeded

__all__ = ["COVERAGE_BELOW", "COVERAGE_WORLDS", "checked_scale", "confidence_at_least", "paired_lift"]

COVERAGE_BELOW = 100
"""Below this many clusters the coverage of the nominal interval is checked by simulation."""

COVERAGE_WORLDS = 2000

NO_SPREAD = 1e-10
"""A standard error below this share of what the sides would have unpaired is rounding, not variance."""


def paired_lift(
    label: ArrayLike,
    candidate: ArrayLike,
    baseline: ArrayLike,
    *,
    metric: str | Metric,
    scale: LiftScale | str,
    cluster: ArrayLike | None = None,
    weight: ArrayLike | None = None,
    level: float = 0.95,
    coverage_worlds: int = COVERAGE_WORLDS,
    coverage_seed: int = 0,
) -> Lift:
    """Return the lift of candidate (S, n) over baseline (S_b, n) on the same rows with label (n,), cluster (n,).

    Estimand: the lift of the metrics expected over seeds. Its variance is that of the clusters' sums of the paired,
    seed-mean influence, carried to `scale` by the delta method, plus s² / S of each side whose seeds were measured;
    the interval is t with Satterthwaite's degrees of freedom from G - 1, S - 1 and S_b - 1. A run may also be (n,).
    `metric` is a name or a Metric; `weight` (n,) as in `score_estimate`.
    Below 100 clusters the interval's coverage is simulated (`coverage.simulated_coverage`; 0 worlds: not).

    The estimate is undefined, with its reason: a metric that does not exist on these labels; a baseline that makes
    the scale's denominator 0; and, for the interval alone, fewer than 20 rows of a class for AUC, fewer than two
    clusters, or a difference that no row moves. A candidate whose outputs are the baseline's has lift 0 exactly.
    Raises BadSample for bad arrays, or an unknown metric or scale.

    >>> rng = np.random.default_rng(7)
    >>> label = rng.integers(0, 2, 3000)
    >>> day = np.repeat(np.arange(150), 20)
    >>> baseline = label + rng.normal(0, 3, 3000)
    >>> candidate = label + rng.normal(0, 1, (2, 3000))
    >>> lift = paired_lift(label, candidate, baseline, metric="roc_auc", scale=LiftScale.RELATIVE, cluster=day)
    >>> f"{lift.estimate.value:.2f} [{lift.estimate.low:.2f}, {lift.estimate.high:.2f}] G={lift.clusters}"
    '0.26 [0.21, 0.31] G=150'
    """
    scale, level = checked_scale(scale), checked_level(level)
    worlds, seed = whole_number(coverage_worlds, "coverage_worlds"), whole_number(coverage_seed, "coverage_seed")
    chosen = metric if isinstance(metric, Metric) else metric_named(metric)
    labels, candidate_runs = chosen.checked(label, candidate)
    _, baseline_runs = chosen.checked(label, baseline)
    labels, (candidate_runs, baseline_runs), cluster, weights = counted_rows(
        labels, (candidate_runs, baseline_runs), cluster, weight
    )
    clusters = Clusters.of(cluster, labels.size)
    method = f"paired influence functions over {clusters.count} {clusters.unit}, t"
    unknown = undefined("the metric is undefined", n=labels.size, method=method, level=level)
    bare = Lift(
        metric=chosen.name,
        scale=scale,
        estimate=unknown,
        standard_error=None,
        degrees_of_freedom=None,
        clusters=clusters.count,
        design_effect=None,
        largest_clusters_share=None,
        seeds=len(candidate_runs),
        baseline_seeds=len(baseline_runs),
        seed_variance=None,
        candidate=unknown,
        baseline=unknown,
    )

    def without_interval(lift: Lift, reason: str, value: float | None = None) -> Lift:
        return replace(lift, estimate=undefined(reason, n=labels.size, method=method, value=value, level=level))

    try:
        ours = Seeded.of(chosen, labels, candidate_runs, weights)
        theirs = Seeded.of(chosen, labels, baseline_runs, weights)
    except Undefined as reason:
        gone = undefined(str(reason), n=labels.size, method=method, level=level)
        return replace(bare, estimate=gone, candidate=gone, baseline=gone)
    scored = replace(
        bare,
        candidate=seeded_estimate(chosen, labels, ours, clusters, level),
        baseline=seeded_estimate(chosen, labels, theirs, clusters, level),
    )
    try:
        value, by_ours, by_theirs = _on_scale(chosen, scale, ours.value, theirs.value)
    except Undefined as reason:
        return without_interval(scored, str(reason))
    if (candidate_runs == baseline_runs[0]).all() and (baseline_runs == baseline_runs[0]).all():
        same = Estimate(value=0.0, low=0.0, high=0.0, n=labels.size, method="equal outputs", level=level)
        return replace(scored, estimate=same, standard_error=0.0, degrees_of_freedom=clusters.count - 1.0)
    too_few = chosen.why_no_interval(labels) or clusters.why_no_variance()
    if too_few:
        return without_interval(scored, too_few, value)

    influence = by_ours * ours.influence + by_theirs * theirs.influence
    parts = clusters.sums(influence)
    seed_parts = (
        *ours.seed_part(by_ours),
        *theirs.seed_part(by_theirs),
        *ours.unseen_part(clusters, by_ours),
        *theirs.unseen_part(clusters, by_theirs),
    )
    unpaired = abs(by_ours) * np.linalg.norm(ours.influence) + abs(by_theirs) * np.linalg.norm(theirs.influence)
    if np.linalg.norm(parts) <= NO_SPREAD * unpaired:
        return without_interval(scored, "no row moves the difference, so the sample says nothing of its error", value)
    spread = Uncertainty.of(parts, seed_parts)
    half = spread.t_quantile(level) * spread.standard_error
    return replace(
        scored,
        estimate=Estimate(value=value, low=value - half, high=value + half, n=labels.size, method=method, level=level),
        standard_error=spread.standard_error,
        degrees_of_freedom=spread.degrees_of_freedom,
        design_effect=variance_of_sum(parts) / variance_of_sum(influence),
        largest_clusters_share=largest_share(parts),
        seed_variance=_variance(ours, by_ours),
        baseline_seed_variance=_variance(theirs, by_theirs),
        coverage=simulated_coverage(parts, seed_parts, level=level, worlds=worlds, seed=seed)
        if clusters.count < COVERAGE_BELOW and worlds
        else None,
    )


def confidence_at_least(lift: Lift, x: float) -> float | None:
    """Return confidence(lift ≥ x): one minus the one-sided p of "the lift is below x", not a posterior.

    None where the lift has no standard error. Raises BadSample where x is no number.

    >>> label, score = [0, 1] * 40, [i % 7 / 7 for i in range(80)]
    >>> none = paired_lift(label, score, score, metric="roc_auc", scale=LiftScale.RELATIVE)
    >>> confidence_at_least(none, 0.02)
    0.0
    """
    x = checked_number(x, "x", infinite=True)
    value, error = lift.estimate.value, lift.standard_error
    if value is None or error is None or lift.degrees_of_freedom is None:
        return None
    if error == 0:
        return 1.0 if value >= x else 0.0
    return float(special.stdtr(lift.degrees_of_freedom, (value - x) / error))


def checked_scale(scale: LiftScale | str) -> LiftScale:
    """Return the scale, which may be given by its name; raises BadSample for another.

    >>> checked_scale("relative") is LiftScale.RELATIVE
    True
    """
    try:
        return LiftScale(scale)
    except ValueError as error:
        raise BadSample(f"there is no scale {scale!r}", expected=" or ".join(LiftScale)) from error


def _variance(side: Seeded, gradient: float) -> float | None:
    return None if side.seed_variance is None else gradient**2 * side.seed_variance


def _on_scale(metric: Metric, scale: LiftScale, candidate: float, baseline: float) -> tuple[float, float, float]:
    """Return the lift and its derivatives by the candidate's and by the baseline's value; LiftScale says how."""
    gain = candidate - baseline
    sign = 1.0 if metric.higher_is_better else -1.0
    if scale is LiftScale.ABSOLUTE:
        return sign * gain, sign, -sign
    if scale is LiftScale.RELATIVE:
        if baseline == 0:
            raise Undefined("the baseline's value is 0, and a relative lift divides by it")
        if baseline < 0:
            raise Undefined("the baseline's value is below 0, and a share of it would turn the sign round")
        if not abs(candidate / baseline) < LARGEST or not baseline > 1 / LARGEST:
            raise Undefined(f"the baseline's value is {baseline:g}, too near 0 for a relative lift")
        return sign * gain / baseline, sign / baseline, -sign * (candidate / baseline) / baseline
    room = metric.perfect - baseline
    if room == 0:
        raise Undefined("the baseline is perfect already, and leaves no error to reduce")
    return gain / room, 1 / room, (candidate - metric.perfect) / room**2
