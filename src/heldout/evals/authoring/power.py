"""The chance of each band before anybody has worked: by the decision rule and the code that scores, from a pilot.

A candidate of a wished lift is made by blending the pilot's predictions with the baseline's. Its standard error on the
final rows is that of `paired_lift`, clustered as a submission's will be; the chances follow from it.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from heldout.core.lift import Band, Lift, LiftTarget
from heldout.stats import METRICS, band_probabilities, paired_lift
from heldout.stats.decision import FEWEST_CLUSTERS
from heldout.stats.power import lift_power

__all__ = ["ENOUGH", "Chances", "Outlook", "Pilot", "outlook"]

Floats = NDArray[np.float64]
ENOUGH = 0.8
"""The power at the target that a holdout must give."""
HALVINGS = 40
MOST_CLUSTERS = 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Pilot:
    """The final rows as the scorer sees them: label, baseline, pilot (n,), and the cluster (n,) or None.

    `of` says in words what the pilot is, and `baseline_is` what the baseline's predictions come from.
    """

    label: Floats
    baseline: Floats
    pilot: Floats
    cluster: NDArray[np.int64] | None
    metric: str
    of: str = "a pilot model"
    baseline_is: str = "the baseline"


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
    path = _Path(pilot, target, seed)
    own = path.at(1.0)
    notes = []
    if own.estimate.value is None:
        why = f"the lift over the baseline is undefined: {own.estimate.undefined_because}"
        return Outlook(chances=(), pilot_lift=None, refused=why, mends=("choose another --metric or --scale",))
    goal = path.of_lift(target.target)
    if goal is None:
        why = f"no predictions, not even the labels themselves, reach a lift of {target.target:g}"
        return Outlook(chances=(), pilot_lift=own.estimate.value, refused=why, mends=("lower --target-lift",))
    if goal[0] > 1:
        notes.append(
            f"The pilot itself has a lift of {own.estimate.value:.3g}, below the target: beyond it the labels were "
            "blended in, so that the chances are those at best. Ask whether anybody can reach the target."
        )
    # a candidate without lift differs from the baseline as one of the minimum does: a smaller difference would
    # make a false pass look rarer than it is
    low = path.of_lift(target.minimum if target.minimum > 0 else target.target / 2) or goal
    none = path.of_lift(0.0) if path.has_noise else None
    chances = (
        path.chances("no lift", 0.0, none or low),
        path.chances("minimum", target.minimum, low),
        path.chances("target", target.target, goal),
    )
    refused, mends = _refusal(path, target, chances[-1])
    return Outlook(
        chances=chances, pilot_lift=own.estimate.value, refused=refused, mends=mends, notes=(*notes, *path.notes())
    )


class _Path:
    """Candidates on a way from the baseline (0) over the pilot (1) to the labels (2)."""

    def __init__(self, pilot: Pilot, target: LiftTarget, seed: int) -> None:
        self.pilot, self.target = pilot, target
        self._is_binary = METRICS[pilot.metric].task == "binary"
        self._baseline, self._pilot = (self._inner(side) for side in (pilot.baseline, pilot.pilot))
        self._noise = np.zeros_like(self._baseline)
        if np.ptp(self._baseline) == 0:
            # ranks do not change, and errors hardly vary, when a model is shrunk towards a constant: nobody's model is
            # like that, so the way up from a constant is a model under ever less noise
            spread = float(np.std(self._pilot)) or 1.0
            self._noise = np.random.default_rng(seed).normal(0, spread, pilot.label.size)
        self._truth = self._inner(np.clip(pilot.label, 0.02, 0.98)) if self._is_binary else pilot.label
        self._seen: dict[float, Lift] = {}

    @property
    def has_noise(self) -> bool:
        """Whether candidates differ from the baseline by noise where they have no lift."""
        return bool(self._noise.any())

    def _inner(self, predictions: Floats) -> Floats:
        """Return predictions on the scale on which they are blended: log odds of probabilities, numbers as they are."""
        if not self._is_binary:
            return predictions
        inside = np.clip(predictions, 1e-6, 1 - 1e-6)
        return np.log(inside / (1 - inside))

    def predictions(self, place: float) -> Floats:
        """Return the candidate at a place."""
        if place <= 1:
            mixed = self._baseline + place * (self._pilot - self._baseline) + (1 - place) * self._noise
        else:
            mixed = self._pilot + (place - 1) * (self._truth - self._pilot)
        return 1 / (1 + np.exp(-mixed)) if self._is_binary else mixed

    def at(self, place: float) -> Lift:
        """Return the lift of the candidate at a place."""
        if place not in self._seen:
            self._seen[place] = paired_lift(
                self.pilot.label,
                self.predictions(place),
                self.pilot.baseline,
                metric=self.pilot.metric,
                scale=self.target.scale,
                cluster=self.pilot.cluster,
                coverage_worlds=0,
            )
        return self._seen[place]

    def of_lift(self, wished: float) -> tuple[float, Lift] | None:
        """Return the place whose candidate has the wished lift, and its lift; None where there is none."""
        ends = (0.0, 1.0) if (self.at(1.0).estimate.value or 0.0) >= wished else (1.0, 2.0)
        if (self.at(ends[1]).estimate.value or 0.0) < wished:
            return None
        low, high = ends
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            if (self.at(middle).estimate.value or 0.0) < wished:
                low = middle
            else:
                high = middle
            if high - low < 1e-4:
                break
        return high, self.at(high)

    def chances(self, name: str, true_lift: float, made_of: tuple[float, Lift]) -> Chances:
        """Return the chances when `true_lift` is true, with the standard error of a candidate near it."""
        place, lift = made_of
        return Chances(
            true_lift=true_lift,
            name=name,
            bands=_bands(lift, self.target, true_lift),
            standard_error=lift.standard_error,
            rows=lift.estimate.n,
            clusters=lift.clusters,
            made=self._made(place),
        )

    def _made(self, place: float) -> str:
        pilot = self.pilot
        if place <= 1:
            noise = " and noise" if self.has_noise else ""
            return f"{place:.1%} {pilot.of}, {1 - place:.1%} {pilot.baseline_is}{noise}"
        return f"{2 - place:.0%} {pilot.of}, {place - 1:.0%} the labels"

    def notes(self) -> Sequence[str]:
        """Say what the chances leave out."""
        return ("The variance that a submission's own seeds add is not known yet, and not in these chances.",)


def _bands(lift: Lift, target: LiftTarget, true_lift: float) -> Mapping[Band, float]:
    has_error = lift.standard_error is not None and lift.standard_error > 0 and lift.degrees_of_freedom is not None
    if lift.clusters < FEWEST_CLUSTERS or not has_error:
        return {band: float(band is Band.UNDECIDED) for band in Band}
    assert lift.standard_error is not None
    assert lift.degrees_of_freedom is not None
    return dict(band_probabilities(lift.standard_error, lift.degrees_of_freedom, target, true_lift))


def _refusal(path: _Path, target: LiftTarget, at_target: Chances) -> tuple[str, tuple[str, ...]]:
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


def _smallest_target(path: _Path, target: LiftTarget) -> float | None:
    """Return the smallest lift that would pass with enough power, each with the error of a candidate of that lift."""

    def power(wished: float) -> float:
        made = path.of_lift(wished)
        if made is None or not made[1].standard_error or made[1].degrees_of_freedom is None:
            return math.nan
        return lift_power(made[1].standard_error, wished, replace(target, target=wished), made[1].degrees_of_freedom)

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
