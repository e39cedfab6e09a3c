"""The default rule: from a lift, a target and a reproducibility class to a band, with reasons for people."""

from heldout.core.lift import Band, Decision, Lift, LiftTarget
from heldout.stats.in_words import amount, number, probability
from heldout.stats.lift import confidence_at_least
from heldout.stats.reproducibility import class_rank
from heldout.stats.sample import BadSample

__all__ = ["FEWEST_CLUSTERS", "decide"]

FEWEST_CLUSTERS = 20
"""Below this many clusters no band but `undecided` is given for a lift."""


def decide(lift: Lift, target: LiftTarget, reproducibility: str, lowest: str) -> Decision:
    """Return the band of the default rule and every reason that holds.

    Fail: confidence(lift < minimum) reaches the confidence asked for, or the class `reproducibility` is below the
    brief's `lowest` (whatever the lift). Pass: confidence(lift ≥ minimum) reaches it. Target: moreover the estimate is
    at least the target. Otherwise undecided, which a person decides; so also below 20 clusters, or where the lift is
    undefined. Raises BadSample when lift and target are on different scales, or for an unknown class.

    >>> from heldout.core.estimate import Estimate
    >>> from heldout.core.lift import LiftScale
    >>> value = Estimate(value=0.083, low=0.042, high=0.125, n=9000, method="t")
    >>> lift = Lift(metric="roc_auc", scale=LiftScale.RELATIVE, estimate=value, standard_error=0.021,
    ...     degrees_of_freedom=60.0, clusters=61, design_effect=44.0, largest_clusters_share=0.6, seeds=3,
    ...     baseline_seeds=3, seed_variance=1e-6, candidate=value, baseline=value)
    >>> decision = decide(lift, LiftTarget(scale=LiftScale.RELATIVE, minimum=0.02, target=0.05), "bitwise", "tolerance")
    >>> print(decision.band, *decision.reasons)  # doctest: +NORMALIZE_WHITESPACE
    target
    The lift is 8.3 % [4.2, 12.5]; confidence that it is at least 2 % is .998, and .95 is asked for.
    The estimate of 8.3 % reaches the target of 5 %.
    """
    if lift.scale is not target.scale:
        raise BadSample(f"the lift is {lift.scale} and the target {target.scale}", expected="one scale for both")
    band, reasons = _by_lift(lift, target)
    if class_rank(reproducibility) < class_rank(lowest):
        band = Band.FAIL
        says = f'The reproducibility class is "{reproducibility}", and the brief asks for "{lowest}" at least.'
        reasons = (says, *reasons)
    return Decision(band=band, reasons=reasons, at_minimum=confidence_at_least(lift, target.minimum))


def _by_lift(lift: Lift, target: LiftTarget) -> tuple[Band, tuple[str, ...]]:
    confidence = confidence_at_least(lift, target.minimum)
    value = lift.estimate.value
    few = (
        (f"The holdout has {lift.clusters} clusters; below {FEWEST_CLUSTERS} the lift is left to a person.",)
        if lift.clusters < FEWEST_CLUSTERS
        else ()
    )
    if confidence is None or value is None:
        return Band.UNDECIDED, (f"The lift has no interval: {lift.estimate.undefined_because}.", *few)

    minimum, asked = amount(target.minimum, target.scale), f"{target.confidence:g}".removeprefix("0")
    below = 1 - confidence >= target.confidence
    side, shown = ("below", 1 - confidence) if below else ("at least", confidence)
    measured = (
        f"The lift is {_with_interval(lift)}; confidence that it is {side} {minimum} is {probability(shown)}, "
        f"and {asked} is asked for."
    )
    goal = f"{amount(value, target.scale)} {{}} the target of {amount(target.target, target.scale)}."
    if few:
        return Band.UNDECIDED, (measured, *few)
    if below:
        return Band.FAIL, (measured,)
    if confidence < target.confidence:
        return Band.UNDECIDED, (measured, "Neither pass nor fail is supported at this n; a person decides.")
    if value < target.target:
        return Band.PASS, (measured, "The estimate of " + goal.format("stays below"))
    return Band.TARGET, (measured, "The estimate of " + goal.format("reaches"))


def _with_interval(lift: Lift) -> str:
    estimate = lift.estimate
    ends = ", ".join(number(end, lift.scale) for end in (estimate.low, estimate.high) if end is not None)
    return f"{amount(estimate.value or 0.0, lift.scale)} [{ends}]"
