"""The smallest lift that so many rows can tell from a minimum."""

import math

from numpy.typing import ArrayLike
from scipy import special

from heldout.core.estimate import Estimate, undefined
from heldout.core.lift import Lift, LiftScale
from heldout.stats.clusters import Clusters, Uncertainty
from heldout.stats.lift import checked_scale
from heldout.stats.sample import BadSample, Undefined, checked_level, checked_number
from heldout.stats.score import metric_named

__all__ = ["POWER", "detectable_beside", "detectable_lift"]

POWER = 0.8
"""The chance with which a detectable lift is found."""


def detectable_lift(lift: Lift, *, confidence: float = 0.95, power: float = POWER, level: float = 0.95) -> Estimate:
    """Return how far above a minimum a true lift has to lie so that confidence(lift ≥ minimum) reaches `confidence`.

    It is (t(confidence) + t(power)) standard errors of a paired `lift` like this one, with the interval that the
    standard error has from its degrees of freedom (chi-square). Undefined where the lift has no standard error.
    Raises BadSample for a confidence, power or level outside (0, 1).

    >>> from heldout.core.estimate import counted
    >>> lift = Lift(metric="roc_auc", scale=LiftScale.RELATIVE, estimate=counted(0.1, n=900), standard_error=0.01,
    ...     degrees_of_freedom=60.0, clusters=61, design_effect=None, largest_clusters_share=None, seeds=1,
    ...     baseline_seeds=1, seed_variance=None, candidate=counted(0.7, n=900), baseline=counted(0.6, n=900))
    >>> told = detectable_lift(lift)
    >>> round(told.value, 4), round(told.low, 4), round(told.high, 4)
    (0.0252, 0.0214, 0.0307)
    """
    n, method = lift.estimate.n, "standard error of the paired lift"
    if not lift.standard_error or not lift.degrees_of_freedom:
        reason = lift.estimate.undefined_because or "the lift has no standard error"
        return undefined(reason, n=n, method=method, level=level)
    return _detectable(
        Uncertainty(standard_error=lift.standard_error, degrees_of_freedom=lift.degrees_of_freedom),
        confidence=confidence,
        power=power,
        level=level,
        n=n,
        method=method,
    )


def detectable_beside(
    metric: str,
    label: ArrayLike,
    score: ArrayLike,
    *,
    scale: LiftScale | str,
    cluster: ArrayLike | None = None,
    confidence: float = 0.95,
    power: float = POWER,
    level: float = 0.95,
) -> Estimate:
    """Return the same where only one procedure's score (n,) is there, for a rival that is as good.

    It takes the rival's errors to correlate with these by a half, so that the paired difference has the standard error
    of the score itself; its degrees of freedom are the clusters, or the rows of the rarer class if they are fewer, less
    one. Undefined where the metric or its variance does not exist, or `scale` divides by 0. Raises BadSample as
    `score_estimate` does, and for an unknown scale.

    >>> label, score = [0, 1] * 50, [i * 37 % 100 / 100 for i in range(100)]
    >>> told = detectable_beside("brier_loss", label, score, scale=LiftScale.ABSOLUTE)
    >>> round(told.value, 3)
    0.075
    """
    checked_level(level)
    scale = checked_scale(scale)
    chosen = metric_named(metric)
    labels, (scores,) = chosen.checked(label, score)
    clusters = Clusters.of(cluster, labels.size)
    n, method = labels.size, f"standard error of the score over {clusters.count} {clusters.unit}"
    units = clusters.count
    gone = clusters.why_no_variance()
    if chosen.task == "binary":
        rarer = int(min(labels.sum(), n - labels.sum()))
        units = min(units, rarer)
        gone = gone or (f"a variance takes two rows of a class, and there is {rarer}" if rarer < 2 else None)
    if gone:
        return undefined(gone, n=n, method=method, level=level)
    try:
        found = chosen.kernel(labels, scores)
    except Undefined as reason:
        return undefined(str(reason), n=n, method=method, level=level)
    spread = Uncertainty.of(clusters.sums(found.influence))
    one = {
        LiftScale.ABSOLUTE: 1.0,
        LiftScale.RELATIVE: abs(found.value),
        LiftScale.ERROR_REDUCTION: abs(chosen.perfect - found.value),
    }[scale]
    if one == 0 or spread.standard_error == 0:
        return undefined("the score has no error or no spread to measure by", n=n, method=method, level=level)
    return _detectable(
        Uncertainty(standard_error=spread.standard_error / one, degrees_of_freedom=units - 1.0),
        confidence=confidence,
        power=power,
        level=level,
        n=n,
        method=method,
    )


def _detectable(spread: Uncertainty, *, confidence: float, power: float, level: float, n: int, method: str) -> Estimate:
    for share, name in ((confidence, "confidence"), (power, "power"), (level, "level")):
        if not 0 < checked_number(share, name) < 1:
            raise BadSample(f"the {name} is {share}", expected="a number between 0 and 1")
    df = spread.degrees_of_freedom
    value = float(special.stdtrit(df, confidence) + special.stdtrit(df, power)) * spread.standard_error
    low, high = (value * math.sqrt(df / float(special.chdtri(df, tail))) for tail in ((1 - level) / 2, (1 + level) / 2))
    return Estimate(value=value, low=low, high=high, n=n, method=method, level=level)
