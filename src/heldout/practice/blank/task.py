"""What a blank-file task is: a statement, hidden tests with an oracle, a reference solution and its mutants."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from heldout.practice.drill import Family
from heldout.practice.point import Point

__all__ = ["Case", "Slip", "Task", "Trace", "Value"]

Value = None | bool | int | float | str | Sequence["Value"] | Mapping[str, "Value"]
"""What goes in and comes out: plain JSON, with lists and dicts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One call of a hidden test; several may share a `test`. A number may be off by `tolerance`, either way."""

    test: str
    arguments: tuple[Value, ...]
    wanted: Value
    tolerance: float = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """A tiny example for the hand trace: what goes in, what comes out, and the way from one to the other."""

    arguments: tuple[Value, ...]
    result: Value
    way: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """A plausible mistake: the reference with each (old, new) changed, and the tests that it fails on every seed."""

    mistake: str
    changes: tuple[tuple[str, str], ...]
    fails: tuple[str, ...]

    def source(self, reference: str) -> str:
        """Return the mutant; raises ValueError where a change does not fit the reference exactly once."""
        for old, new in self.changes:
            if reference.count(old) != 1:
                raise ValueError(f"{old!r} is there {reference.count(old)} times")
            reference = reference.replace(old, new)
        return reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A blank file. A module `practice/blank/<task>.py` holds one as TASK.

    The five steps: restate `inputs`, `outputs` and `edges`; a `baseline` that can be finished; the `trace` by hand;
    `tests` by name, with what each looks at in words; and one sentence on trade-offs and what to watch, which has to
    make the `point`. `hidden` makes the calls from a seed, with what an oracle of its own wants: the same seed gives
    the same calls. The solution is one Python file with a function `function`; the standard library is all it has.
    """

    family: Family
    name: str
    title: str
    statement: str
    function: str
    signature: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    edges: tuple[str, ...]
    baseline: str
    trace: Trace
    tests: dict[str, str]
    hidden: Callable[[int], tuple[Case, ...]]
    reference: str
    slips: tuple[Slip, ...]
    point: Point
