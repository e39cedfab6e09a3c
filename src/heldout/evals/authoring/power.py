"""The chance of each band before anybody has worked: by the decision rule and the code that scores, from a pilot.

The standard error of a candidate of a wished lift (`candidates`) is that of `paired_lift`, clustered as a submission's
will be; the chances follow from it.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from heldout.core.lift import Band, Lift, LiftTarget
from heldout.evals.authoring.candidates import Candidate, Candidates, Pilot
from heldout.stats import band_probabilities
from heldout.stats.decision import FEWEST_CLUSTERS
from heldout.stats.power import lift_power

__all__ = ["ENOUGH", "Chances", "Outlook", "outlook"]

ENOUGH = 0.8
"""The power at the target that a holdout must give."""
MOST_CLUSTERS = 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Chances:
    """The chance of each band when `true_lift` is true, the standard error behind it, and how that was made."""

    true_lift: float
    name: str
    bands: Mapping[Band, float]
    standard_error: float | None
    rows: int
    clusters: int
    made: str

    @property
    def power(self) -> float:
        """The chance of a pass or better."""
        return self.bands[Band.PASS] + self.bands[Band.TARGET]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """The chances at true lift 0, minimum and target; `refused` says why the holdout is too small, or is empty.

    `pilot_lift` is the lift of the pilot itself, None where it is undefined. `mends` are ways out, a phrase each.
    """

    chances: tuple[Chances, ...]
    pilot_lift: float | None
    refused: str = ""
    mends: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def outlook(pilot: Pilot, target: LiftTarget, *, seed: int = 0) -> Outlook:
    """Return the chance of each band at true lift 0, minimum and target; refuse power below 0.8 at the target."""
    path = Candidates(pilot, target.scale, seed)
    own = path.at(1.0).lift
    notes = []
    if own.estimate.value is None:
        why = f"the lift over the baseline is undefined: {own.estimate.undefined_because}"
        return Outlook(chances=(), pilot_lift=None, refused=why, mends=("choose another --metric or --scale",))
    goal = path.of_lift(target.target)
    if goal is None:
        why = f"no predictions, not even the labels themselves, reach a lift of {target.target:g}"
        return Outlook(chances=(), pilot_lift=own.estimate.value, refused=why, mends=("lower --target-lift",))
    if goal.place > 1:
        notes.append(
            f"The pilot itself has a lift of {own.estimate.value:.3g}, below the target: beyond it the labels were "
            "blended in, so that the chances are those at best. Ask whether anybody can reach the target."
        )
    low = path.of_lift(target.minimum if target.minimum > 0 else target.target / 2) or goal
    chances = (
        _chances("no lift", 0.0, path.without_lift(low), target),
        _chances("minimum", target.minimum, low, target),
        _chances("target", target.target, goal, target),
    )
    notes.append("The variance that a submission's own seeds add is not known yet, and not in these chances.")
    refused, mends = _refusal(path, target, chances[-1])
    return Outlook(chances=chances, pilot_lift=own.estimate.value, refused=refused, mends=mends, notes=tuple(notes))


def _chances(name: str, true_lift: float, candidate: Candidate, target: LiftTarget) -> Chances:
    """Return the chances when `true_lift` is true, with the standard error of a candidate near it."""
    lift = candidate.lift
    return Chances(
        true_lift=true_lift,
        name=name,
        bands=_bands(lift, target, true_lift),
        standard_error=lift.standard_error,
        rows=lift.estimate.n,
        clusters=lift.clusters,
        made=candidate.made,
    )


def _bands(lift: Lift, target: LiftTarget, true_lift: float) -> Mapping[Band, float]:
    has_error = lift.standard_error is not None and lift.standard_error > 0 and lift.degrees_of_freedom is not None
    if lift.clusters < FEWEST_CLUSTERS or not has_error:
        return {band: float(band is Band.UNDECIDED) for band in Band}
    assert lift.standard_error is not None
    assert lift.degrees_of_freedom is not None
    return dict(band_probabilities(lift.standard_error, lift.degrees_of_freedom, target, true_lift))


def _refusal(path: Candidates, target: LiftTarget, at_target: Chances) -> tuple[str, tuple[str, ...]]:
    if at_target.power >= ENOUGH:
        return "", ()
    unit = "clusters" if path.pilot.cluster is not None else "rows"
    mends = []
    if at_target.clusters >= FEWEST_CLUSTERS and (smallest := _smallest_target(path, target)) is not None:
        mends.append(f"ask for a target of {smallest:.3g} with --target-lift (the smallest that this holdout can tell)")
    if (needed := _clusters_needed(at_target, target)) is not None:
        mends.append(
            f"keep {needed:,} {unit} for the final rows instead of {at_target.clusters:,}, with --final or more data"
        )
    mends.append("lower --minimum")
    chance = f"with a chance of {at_target.power:.2f}, below {ENOUGH}"
    why = f"at a true lift of {target.target:g} a submission would pass {chance}"
    if at_target.clusters < FEWEST_CLUSTERS:
        why += (
            f": the final rows have {at_target.clusters} clusters, and below {FEWEST_CLUSTERS} every lift is undecided"
        )
    elif at_target.standard_error is None:
        why += ": a lift has no standard error on these rows"
    return why, tuple(mends)


def _smallest_target(path: Candidates, target: LiftTarget) -> float | None:
    """Return the smallest lift that would pass with enough power, each with the error of a candidate of that lift."""

    def power(wished: float) -> float:
        made = path.of_lift(wished)
        if made is None or not made.lift.standard_error or made.lift.degrees_of_freedom is None:
            return math.nan
        changed = replace(target, target=wished)
        return lift_power(made.lift.standard_error, wished, changed, made.lift.degrees_of_freedom)

    low, high = target.target, target.target
    while not power(high) >= ENOUGH:
        low, high = high, high * 1.25
        if math.isnan(power(high)):
            return None
    for _ in range(12):
        middle = (low + high) / 2
        low, high = (low, middle) if power(middle) >= ENOUGH else (middle, high)
    return _rounded_up(high)


def _rounded_up(number: float) -> float:
    """Return a number rounded up to three digits.

    >>> _rounded_up(0.06121)
    0.0613
    """
    unit = 10.0 ** (math.floor(math.log10(number)) - 2)
    return round(math.ceil(number / unit - 1e-9) * unit, 12)


def _clusters_needed(chances: Chances, target: LiftTarget) -> int | None:
    """Return how many clusters like these would give enough power, or None where no number of them would."""
    error, have = chances.standard_error, chances.clusters
    if not error or have < 2 or target.target <= target.minimum:
        return None

    def power(clusters: int) -> float:
        return lift_power(error * math.sqrt(have / clusters), target.target, target, df=clusters - 1.0)

    low, high = have, max(have, FEWEST_CLUSTERS)
    while power(high) < ENOUGH:
        low, high = high, high * 2
        if high > MOST_CLUSTERS:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if power(middle) >= ENOUGH else (middle, high)
    return max(high, FEWEST_CLUSTERS)
