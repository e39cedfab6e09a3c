"""Named predictors: the reference, which knows the world's law, and mistakes that a learner can be compared to."""

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType

from heldout.practice.milestone.call import Call, Z
from heldout.practice.milestone.milestone import Experiment

__all__ = ["MISTAKEN", "reference"]

NARROW = 0.1


def reference(seen: Experiment) -> Call:
    """Return the call of who knows the law, and neither the effect nor what was measured."""
    mean, spread = seen.law
    return _around(mean, math.hypot(spread, seen.error), ships=mean >= seen.least)


def _believes(seen: Experiment) -> Call:
    """Return the call of who takes the offline gain for the online one, with the offline interval."""
    return Call(ships=seen.offline >= seen.least, effect=seen.offline, low=0.8 * seen.offline, high=1.2 * seen.offline)


def _too_narrow(seen: Experiment) -> Call:
    mean, spread = seen.law
    return _around(mean, NARROW * math.hypot(spread, seen.error), ships=mean >= seen.least)


def _always_ships(seen: Experiment) -> Call:
    mean, spread = seen.law
    return _around(mean, math.hypot(spread, seen.error), ships=True)


def _around(mean: float, spread: float, *, ships: bool) -> Call:
    return Call(ships=ships, effect=mean, low=mean - Z * spread, high=mean + Z * spread)


MISTAKEN: Mapping[str, Callable[[Experiment], Call]] = MappingProxyType(
    {
        "believes the offline number as it is": _believes,
        "gives intervals far too narrow": _too_narrow,
        "always ships": _always_ships,
    }
)
