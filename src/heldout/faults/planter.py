"""What a planter is: it builds the same world with and without one fault, and knows no check.

Each family of checks has a module here, `faults/<family>.py`, with `PLANTERS`: from the code of a check to the planters
of the faults that it should find. `tests/test_every_check.py` puts the worlds to the checks.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

__all__ = ["Planter", "Table", "World"]

World = Mapping[str, object]
"""Evidence by the name under which checks ask for it. A Table stands for the profile of that table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Raw columns, each of shape (rows,), by name, and the one among them that is the target.

    `faults` stands below `tables`, so a planter hands out columns and whoever uses it profiles them.
    """

    columns: Mapping[str, NDArray[Any]]
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Planter:
    """One fault, and a way to build a world that has it to a chosen degree.

    `fault` says in one sentence what is planted; `effect` names the unit of the effect size ("share of test rows",
    "missing files"). `build(seed, effect)` returns the world: the same seed gives the same world but for the fault,
    an effect of 0 is the clean twin, and a larger effect is more of the fault.

    A check states the smallest effect that it promises to find as the constant `MINIMUM_EFFECT` of its module, in the
    unit of its planters, and quotes it on its page; 1 where a single counted fact suffices. Planters do not read it.
    """

    fault: str
    effect: str
    build: Callable[[int, float], World]
