"""Finds test rows that cannot tell the lift that is asked for."""

import numpy as np

from heldout.core.check import check
from heldout.core.error_control import alpha_of
from heldout.core.estimate import Estimate, Measure, counted
from heldout.core.evidence import Predictions
from heldout.core.finding import Answer, Certainty, caution, clear, problem
from heldout.core.lift import Lift, LiftScale, LiftTarget
from heldout.stats import metric_named
from heldout.stats.detectable import POWER, detectable_beside, detectable_lift

ASSUMED_REDUCTION = 0.1  # share of the error, the lift that is taken for the wish where none is stated
MINIMUM_EFFECT = 0.95
"""Share of 800 positives among 4,000 rows that are taken away."""


@check("MET005")
def too_few_positives(predictions: Predictions, target: LiftTarget | None = None, lift: Lift | None = None) -> Answer:
    """Ask whether so many positives and clusters can tell the lift that is asked for.

    ## Why it matters
    With few positives two models that differ by as much as anybody hopes for still look alike, or the worse one wins by
    luck. That is known before anything is compared.

    ## Example
    40 positives give an AUC of .80 a standard error of .04. A rival that is better by .02 is found once in eight times.

    ## What to do
    Score rows with more positives, or more clusters (days, entities); or ask for a larger lift.

    ## Limits
    A lift is detectable when it is found with a chance of {POWER}. It rests on the standard error of the paired `lift`
    where that is given; else on the score's own, which is the paired one where candidate and rival correlate by a half.
    It is `suspect` when the detectable lift, by the lower bound that the standard error's own uncertainty leaves, is
    above the distance from the brief's minimum to its target; clear when the upper bound is below. Where no target is
    stated, {ASSUMED_REDUCTION} of the error is taken for one, and the answer is a caution at most. It promises
    to find a share of {MINIMUM_EFFECT} of the positives taken away, where the rest were enough.
    """
    level = 1 - 2 * alpha_of("metric")
    wanted = target or LiftTarget(scale=LiftScale.ERROR_REDUCTION, minimum=0.0, target=ASSUMED_REDUCTION)
    bounds, shown = (_detectable(predictions, wanted, lift, at) for at in (level, 0.95))
    counts = _counts(predictions)
    unit = "" if wanted.scale is LiftScale.ABSOLUTE else "share"
    measures = (Measure(name="detectable lift above the minimum", estimate=shown, unit=unit), *counts)
    if bounds.value is None or bounds.low is None or bounds.high is None:
        return caution(f"The lift that can be told is not known: {bounds.undefined_because}.", measures=measures)
    asked = wanted.target - wanted.minimum
    kind = wanted.scale.value.replace("_", " ")
    wish = f"a lift of {asked:.3g} ({kind}, above the minimum)"
    told = wish if target else f"{wish}, which is assumed as none is stated"
    why = f"the smallest that is found with a chance of {POWER} is {bounds.value:.3g}"
    more = "rows" if predictions.cluster is None else "clusters"
    what = f"{more} with positives" if _is_binary(predictions) else more
    to_do = f"Score more {what}, or ask for a larger lift."
    if bounds.high <= asked:
        return clear(f"Enough to tell {told}: {why}.", measures=measures)
    if bounds.low <= asked:
        claim = f"Whether there is enough to tell {told} cannot be said at this n: {why}, give or take."
        return caution(claim, to_do=to_do, measures=measures)
    claim = f"Not enough to tell {told}: {why}."
    if target is None:
        return caution(claim, to_do=to_do, measures=measures)
    return problem(claim, Certainty.SUSPECT, to_do=to_do, measures=measures)


def _detectable(predictions: Predictions, wanted: LiftTarget, lift: Lift | None, level: float) -> Estimate:
    if lift is not None and lift.scale is wanted.scale:
        return detectable_lift(lift, confidence=wanted.confidence, level=level)
    return detectable_beside(
        predictions.metric,
        predictions.label,
        predictions.score,
        scale=wanted.scale,
        cluster=predictions.cluster,
        confidence=wanted.confidence,
        level=level,
    )


def _is_binary(predictions: Predictions) -> bool:
    return metric_named(predictions.metric).task == "binary"


def _counts(predictions: Predictions) -> tuple[Measure, ...]:
    n = len(predictions.label)
    found = []
    if _is_binary(predictions):
        found.append(Measure(name="positives", estimate=counted(float(predictions.label.sum()), n=n), unit="rows"))
    if predictions.cluster is not None:
        clusters = float(len(np.unique(predictions.cluster)))
        found.append(Measure(name="clusters", estimate=counted(clusters, n=n), unit="clusters"))
    return tuple(found)
