"""Candidates of a wished lift, made of a pilot's predictions and the baseline's, on the final rows."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heldout.core.lift import Lift, LiftScale
from heldout.stats import METRICS, paired_lift

__all__ = ["Candidate", "Candidates", "Pilot"]

Floats = NDArray[np.float64]
HALVINGS, CLOSE = 40, 1e-4
MOST_NOISE = 64.0
SURE = 0.02
"""The labels as probabilities: this far from 0 and 1."""


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
class Candidate:
    """One candidate: where it stands between baseline (0), pilot (1) and labels (2), its lift, what it is made of."""

    place: float
    lift: Lift
    made: str


class Candidates:
    """All candidates on the way from the baseline over the pilot to the labels.

    Probabilities are blended as log odds. The way up from a constant baseline is the pilot under ever less noise:
    shrunk towards a constant, a model ranks as before and its errors hardly vary, and nobody's model is like that.
    """

    def __init__(self, pilot: Pilot, scale: LiftScale, seed: int) -> None:
        self.pilot, self.scale = pilot, scale
        self._is_binary = METRICS[pilot.metric].task == "binary"
        self._baseline, self._pilot = (self._inner(side) for side in (pilot.baseline, pilot.pilot))
        self._truth = self._inner(np.clip(pilot.label, SURE, 1 - SURE)) if self._is_binary else pilot.label
        spread = float(np.std(self._pilot)) or 1.0
        self._noise = np.random.default_rng(seed).normal(0, spread, pilot.label.size)
        self._is_constant = bool(np.ptp(self._baseline) == 0)
        self._seen: dict[tuple[float, float], Lift] = {}

    def at(self, place: float, noise: float = 0.0) -> Candidate:
        """Return the candidate at a place, under noise in units of the pilot's spread."""
        if (place, noise) not in self._seen:
            self._seen[place, noise] = paired_lift(
                self.pilot.label,
                self._predictions(place, noise),
                self.pilot.baseline,
                metric=self.pilot.metric,
                scale=self.scale,
                cluster=self.pilot.cluster,
                coverage_worlds=0,
            )
        return Candidate(place=place, lift=self._seen[place, noise], made=self._made(place, noise))

    def of_lift(self, wished: float) -> Candidate | None:
        """Return a candidate of the wished lift; None where not even the labels reach it."""
        low, high = (0.0, 1.0) if _value(self.at(1.0)) >= wished else (1.0, 2.0)
        if _value(self.at(high)) < wished:
            return None
        return self.at(_first(lambda place: _value(self.at(place)) >= wished, low, high))

    def without_lift(self, like: Candidate) -> Candidate:
        """Return a candidate made as `like`, under as much noise as takes its lift away.

        It differs from the baseline as models differ. One that hardly does would never pass by chance.
        """
        if self._is_constant:
            return self.of_lift(0.0) or like
        most = 1 / 64
        while _value(self.at(like.place, most)) > 0:
            most *= 2
            if most > MOST_NOISE:
                return like
        return self.at(like.place, _first(lambda noise: _value(self.at(like.place, noise)) <= 0, 0.0, most))

    def _inner(self, predictions: Floats) -> Floats:
        """Return predictions on the scale on which they are blended: log odds of probabilities, numbers as they are."""
        if not self._is_binary:
            return predictions
        inside = np.clip(predictions, 1e-6, 1 - 1e-6)
        return np.log(inside / (1 - inside))

    def _predictions(self, place: float, noise: float) -> Floats:
        if place > 1:
            mixed = self._pilot + (place - 1) * (self._truth - self._pilot)
        else:
            mixed = self._baseline + place * (self._pilot - self._baseline)
            noise += (1 - place) * self._is_constant
        mixed = mixed + noise * self._noise
        return 1 / (1 + np.exp(-mixed)) if self._is_binary else mixed

    def _made(self, place: float, noise: float) -> str:
        pilot = self.pilot
        under = ", under noise" if noise or (self._is_constant and place < 1) else ""
        if place > 1:
            return f"{2 - place:.0%} {pilot.of}, {place - 1:.0%} the labels{under}"
        return f"{place:.1%} {pilot.of}, {1 - place:.1%} {pilot.baseline_is}{under}"


def _value(candidate: Candidate) -> float:
    return candidate.lift.estimate.value or 0.0


def _first(holds: Callable[[float], bool], low: float, high: float) -> float:
    """Return the smallest number between `low` and `high` from which on something holds, closely."""
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if holds(middle) else (middle, high)
        if high - low < CLOSE:
            break
    return high
