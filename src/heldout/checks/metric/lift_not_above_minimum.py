"""Finds a lift that does not reach the brief's minimum."""

from heldout.core.check import check
from heldout.core.error_control import alpha_of
from heldout.core.estimate import Measure
from heldout.core.finding import Answer, Certainty, caution, clear, problem
from heldout.core.lift import Lift, LiftScale, LiftTarget
from heldout.stats import confidence_at_least
from heldout.stats.decision import FEWEST_CLUSTERS
from heldout.stats.in_words import amount, probability

MINIMUM_EFFECT = 1.0
"""Share of the target's lift that is gone: a candidate no better than the baseline is found."""


@check("MET002")
def lift_not_above_minimum(lift: Lift, target: LiftTarget) -> Answer:
    """Ask whether the lift over the re-run baseline can be told from the brief's minimum.

    ## Why it matters
    A lift that the test rows cannot tell from the minimum may be luck of the rows or of the seed; shipping it buys
    the model's cost and perhaps nothing else.

    ## Example
    Minimum 2 %. A lift of 3.7 % with the interval [-1.3, 8.3] over 31 days does not show it; 11 % [5.4, 16.8] does.

    ## What to do
    Score more clusters (days, entities), not more rows of the same ones; average over seeds; or improve the model.

    ## Limits
    The bounds are those of the clustered, paired lift: below {FEWEST_CLUSTERS} clusters it only cautions. It is
    `strong` when the confidence that the lift reaches the minimum is within this check's part of the audit's error
    budget, `suspect` when the lift is below the minimum at the brief's confidence, and a caution between. It promises
    to find a candidate that lost the whole of the target's lift (a share of {MINIMUM_EFFECT}), where the distance
    from 0 to the minimum is four standard errors or more.
    """
    unit = "" if lift.scale is LiftScale.ABSOLUTE else "share"
    measures = (Measure(name=f"{lift.scale.value.replace('_', ' ')} lift", estimate=lift.estimate, unit=unit),)
    reached = confidence_at_least(lift, target.minimum)
    if reached is None:
        reason = lift.estimate.undefined_because or "it has no standard error"
        return caution(f"The lift has no interval: {reason}.", measures=measures)
    minimum, asked = amount(target.minimum, target.scale), f"{target.confidence:g}".removeprefix("0")
    claim = f"The confidence that the lift reaches the minimum of {minimum} is {probability(reached)}"
    unit = "rows" if lift.clusters == lift.estimate.n else "clusters"
    if lift.clusters < FEWEST_CLUSTERS:
        return caution(
            f"{claim}, but {lift.clusters} {unit} are too few to rely on it.",
            to_do=f"Score {FEWEST_CLUSTERS} {unit} or more.",
            measures=measures,
        )
    if reached >= target.confidence:
        return clear(f"{claim}, and {asked} is asked for.", measures=measures)
    if reached <= 1 - target.confidence:
        strong = reached <= alpha_of("metric")
        return problem(
            f"The confidence that the lift is below the minimum of {minimum} is {probability(1 - reached)}.",
            Certainty.STRONG if strong else Certainty.SUSPECT,
            to_do="Keep the baseline, or improve the model and score it again.",
            measures=measures,
        )
    return caution(
        f"{claim}: cannot tell at this n.",
        to_do=f"Score more {unit}, or average over more seeds.",
        measures=measures,
    )
