"""The doses at which each planted fault is put to its check, and how often it is found there."""

import functools
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from tests.alike import alike
from tests.worlds import as_evidence, planters

from heldout.core.check import Check
from heldout.core.finding import Certainty, Ending
from heldout.engine import catalog, run
from heldout.faults.planter import Planter

__all__ = ["SEEDS", "Fault", "asked", "faults", "jobs"]

SEEDS = 200
BLOCK = 20
FIRST_SEED = 1000
"""Apart from the seeds by which the shared test holds a check to its promise."""

TIMES = (0.125, 0.25, 0.5, 0.75, 0.9, 1, 1.5, 2, 3)
FAR = (0.25, 0.5, 0.75, 0.9)
LACKING = (32, 16, 8, 4, 2, 1.5, 1, 0.5, 0)
COUNTS = (0.0, 1.0, 2.0, 3.0)


@dataclass(kw_only=True)
class Fault:
    """A check and one of its planters, which is the one at `place` among them."""

    check: Check
    planter: Planter
    place: int

    @property
    def promised(self) -> float:
        """The smallest effect that the check promises to find."""
        return float(sys.modules[self.check.function.__module__].MINIMUM_EFFECT)

    @property
    def name(self) -> str:
        """The code, and which of its faults it is."""
        return f"{self.check.code}.{self.place + 1}"

    @functools.cached_property
    def is_counted(self) -> bool:
        """Tell whether the effect is a number of things, or is there or not: a part of one is none, or one."""
        none, part, one = (self.planter.build(0, effect) for effect in (0.0, 0.3, 1.0))
        return self.promised >= 1 and (alike(none, part) or alike(part, one))

    @functools.cached_property
    def doses(self) -> tuple[float, ...]:
        """The effects to plant: none, less than is promised, and more; shares end at 1, and approach it when high."""
        if self.is_counted:
            some = (float(round(self.promised * times)) for times in TIMES if self.promised > COUNTS[-1])
            return tuple(sorted({*COUNTS, *some, self.promised}))
        if "share" in self.planter.effect and 0.5 <= self.promised < 1:
            near = [1 - (1 - self.promised) * times for times in LACKING if (1 - self.promised) * times < 1]
            return (0.0, *(dose for dose in FAR if dose < near[0] - 0.05), *(round(dose, 10) for dose in near))
        most = 1.0 if self.promised == 1 or "share" in self.planter.effect else np.inf
        return (0.0, *(round(self.promised * times, 10) for times in TIMES if self.promised * times <= most))


@functools.cache
def faults() -> tuple[Fault, ...]:
    """Return every fault that a check of the catalog should find."""
    planted = planters()
    return tuple(
        Fault(check=check, planter=planter, place=place)
        for check in catalog()
        for place, planter in enumerate(planted.get(check.code, ("", ()))[1])
    )


def jobs() -> Iterator[tuple[str, str, tuple[str, float, int]]]:
    """Yield name, fault and place of each block of seeds: the first seeds of all faults and doses come first."""
    for first in range(FIRST_SEED, FIRST_SEED + SEEDS, BLOCK):
        for fault in faults():
            for dose in fault.doses:
                yield f"{fault.name} at {dose!r}, seeds from {first}", fault.name, (fault.name, dose, first)


def asked(place: tuple[str, float, int]) -> dict[str, Any]:
    """Plant a fault at a dose over a block of seeds, and count how often its check finds it."""
    name, dose, first = place
    fault = next(fault for fault in faults() if fault.name == name)
    told: dict[str, Any] = {"fault": name, "dose": dose, "seeds": BLOCK, "found": 0, "strong": 0, "crashed": 0}
    for seed in range(first, first + BLOCK):
        findings = run([fault.check], as_evidence(fault.planter.build(seed, dose)))
        told["found"] += any(finding.ending is Ending.PROBLEM for finding in findings)
        told["strong"] += any(finding.is_problem_at(Certainty.STRONG) for finding in findings)
        told["crashed"] += any(finding.ending in (Ending.CRASHED, Ending.NO_EVIDENCE) for finding in findings)
    return told
