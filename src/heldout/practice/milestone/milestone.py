"""Makes a milestone: what is shown, what is planted, and the experiment that is revealed after the call."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heldout.core.errors import BadInput
from heldout.practice.exhibit import Exhibit, Rows
from heldout.practice.milestone.world import SITUATIONS, Situation

__all__ = ["LEVEL", "PAST", "Experiment", "Milestone", "milestone", "reveal"]

LEVEL = 0.8
"""The level that the predicted interval is asked for, and the law's own for the reference."""
PAST = 12
"""Earlier changes whose offline gain and online effect are shown."""
OFFLINE, HISTORY, COSTS = "offline result", "earlier changes", "experiment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """A milestone as its learner sees it. `day` and `seed` make it again, and its experiment."""

    day: int
    seed: int
    title: str
    situation: str
    exhibits: tuple[Exhibit, ...]
    ask: str
    least: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """What is revealed: the true effect that was planted, what the experiment measured with which error, and why.

    Effects are relative changes of the online metric. `law` is the mean and the spread of the true effect before it
    was drawn, which the reference predictor knows; `offline` the gain that was reported.
    """

    offline: float
    law: tuple[float, float]
    effect: float
    measured: float
    error: float
    least: float
    because: str

    @property
    def pays(self) -> bool:
        """Return whether shipping pays: the true effect is at least what the change costs to run."""
        return self.effect >= self.least


def milestone(day: int, seed: int) -> Milestone:
    """Return the milestone of a day: the same day and seed give the same one. Raises BadInput for another day."""
    world = _world(day)
    offline, past = _drawn(day, seed, world)[:2]
    return Milestone(
        day=day,
        seed=seed,
        title=f"Day {day}: {world.name}",
        situation=world.story,
        exhibits=(
            Rows(
                name=OFFLINE,
                columns=("metric", "relative gain, %", "low, %", "high, %"),
                rows=((world.offline, *(_percent(offline * factor) for factor in (1, 0.8, 1.2))),),
            ),
            Rows(
                name=HISTORY,
                columns=("change", f"offline: {world.offline}, %", f"online: {world.online}, %"),
                rows=tuple((number, _percent(a), _percent(b)) for number, (a, b) in enumerate(past, start=1)),
            ),
            Rows(
                name=COSTS,
                columns=("what", "value, %"),
                rows=(
                    (f"effect on {world.online} from which it pays", _percent(world.least)),
                    ("standard error of the planned experiment", _percent(world.error)),
                ),
            ),
        ),
        ask=(
            f"Ship it, or don't? What will the experiment measure on {world.online}, in % relative, and between which "
            f"two numbers does it fall with a chance of {LEVEL:.0%}?"
        ),
        least=world.least,
    )


def reveal(day: int, seed: int) -> Experiment:
    """Draw the planted experiment of a milestone. Raises BadInput for a day without one."""
    world = _world(day)
    offline, _, effect, measured = _drawn(day, seed, world)
    law = (world.holds * offline + world.bias, world.around)
    return Experiment(
        offline=offline,
        law=law,
        effect=effect,
        measured=measured,
        error=world.error,
        least=world.least,
        because=(
            f"{world.trap} Of an offline gain of {offline:.1%} this world keeps {law[0]:+.1%} on average, give or take "
            f"{law[1]:.1%}; this time {effect:+.1%}, and the experiment measured {measured:+.1%} ± "
            f"{1.96 * world.error:.1%}."
        ),
    )


def _drawn(day: int, seed: int, world: Situation) -> tuple[float, NDArray[np.float64], float, float]:
    rng = np.random.default_rng([day, seed])
    offline = float(rng.uniform(*world.gain))
    gains = rng.uniform(*world.gain, PAST)
    online = world.holds * gains + world.bias + rng.normal(0, np.hypot(world.around, world.error), PAST)
    effect = world.holds * offline + world.bias + float(rng.normal(0, world.around))
    return offline, np.column_stack([gains, online]), effect, effect + float(rng.normal(0, world.error))


def _world(day: int) -> Situation:
    if day not in SITUATIONS:
        days = ", ".join(map(str, SITUATIONS))
        raise BadInput(f"day {day} has no milestone", expected=days, mend="choose one of these days")
    return SITUATIONS[day]


def _percent(share: float) -> float:
    return round(100 * share, 2)
