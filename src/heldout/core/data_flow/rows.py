"""Which rows a value holds: a source, narrowed by steps; and how two such sets of rows lie to each other."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import Enum

__all__ = [
    "PARAMETER",
    "Part",
    "Relation",
    "Site",
    "Step",
    "covers",
    "disjoint",
    "flipped",
    "narrowed",
    "relation",
    "widest",
]

PARAMETER = "parameter "
"""Begins the source of rows that a function is handed by nobody who is known."""

MOST_PARTS = 12
"""A value remembers so many parts of its rows."""

MOST_STEPS = 10
"""Rows that were narrowed more often keep their first steps."""

SIDES = {"train": "test", "test": "train", "in": "out", "out": "in"}
NEGATED = {"<": ">=", ">=": "<", ">": "<=", "<=": ">", "==": "!=", "!=": "==", "in": "not in", "not in": "in"}


@dataclass(frozen=True, slots=True, order=True)
class Site:
    """A line of a file; in a notebook `cell` counts its code cells from 1, and the line is that in the cell."""

    path: str
    line: int
    cell: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """One narrowing of rows: the `side` of what `split` divides. Two deals by chance (`dealt`) overlap.

    The side of a condition is its operator and its bound: `(">=", 2015)`.
    """

    split: str
    side: tuple[str, str]
    dealt: bool = False
    folds: bool = False
    site: Site | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of one source: a file that is read, a call that makes data, or a parameter; narrowed by steps."""

    source: str
    steps: tuple[Step, ...] = ()


class Relation(Enum):
    """How one set of rows lies to another."""

    COVERS = "covers"
    WITHIN = "within"
    OVERLAPS = "overlaps"
    DISJOINT = "disjoint"
    UNKNOWN = "unknown"


def relation(one: Part, two: Part) -> Relation:
    """Return how the rows of `one` lie to those of `two`; sources of different names share no rows."""
    if one.source != two.source or any(_apart(a, b) for a in one.steps for b in two.steps):
        return Relation.DISJOINT
    mine, other = set(one.steps), set(two.steps)
    if mine <= other:
        return Relation.COVERS
    if mine >= other:
        return Relation.WITHIN
    return Relation.OVERLAPS if all(step.dealt for step in mine ^ other) else Relation.UNKNOWN


def covers(many: Iterable[Part], part: Part) -> Relation:
    """Return the closest relation of any of `many` to `part`."""
    found = {relation(one, part) for one in many}
    order = (Relation.COVERS, Relation.WITHIN, Relation.OVERLAPS, Relation.UNKNOWN)
    return next((each for each in order if each in found), Relation.DISJOINT)


def disjoint(some: Iterable[Part], others: Iterable[Part]) -> bool:
    """Tell whether no row can be in both."""
    several = tuple(others)
    return all(relation(one, two) is Relation.DISJOINT for one in some for two in several)


def narrowed(part: Part, steps: Iterable[Step]) -> Part:
    """Return the rows of `part` on the sides that `steps` say; a step that was made before changes nothing."""
    new = tuple(step for step in steps if step not in part.steps)
    return part if not new or len(part.steps) >= MOST_STEPS else Part(part.source, (*part.steps, *new))


def flipped(step: Step) -> Step:
    """Return the step to the other side."""
    operator, bound = step.side
    sides = SIDES if step.dealt else NEGATED
    return replace(step, side=(sides.get(operator, f"not {operator}"), bound))


def widest(parts: Iterable[Part]) -> frozenset[Part]:
    """Return the parts without those that another one holds."""
    many = frozenset(parts)
    if len(many) > MOST_PARTS:
        return frozenset(sorted(many, key=str)[:MOST_PARTS])
    if len(many) < 2:
        return many
    held = {
        two
        for one in many
        for two in many
        if one != two and set(one.steps) < set(two.steps) and one.source == two.source
    }
    return many - held


def _apart(one: Step, two: Step) -> bool:
    if one.split != two.split or one.side == two.side:
        return False
    if one.dealt:
        return True
    (operator, bound), (other, limit) = one.side, two.side
    if NEGATED.get(operator) == other and bound == limit:
        return True
    a, b = _number(bound), _number(limit)
    if a is None or b is None or type(a) is not type(b):
        return bound == limit and {operator, other} in ({"<", ">"}, {"==", "<"}, {"==", ">"})
    return _separate(operator, a, other, b) or _separate(other, b, operator, a)


def _number(bound: str) -> float | str | None:
    """Return a bound that was written as a literal: a number, or a text that sorts as a date does."""
    try:
        return float(bound)
    except ValueError:
        return bound if bound[:1] in "'\"" else None


def _separate(operator: str, bound: float | str, other: str, limit: float | str) -> bool:
    """Tell whether `x operator bound` and `x other limit` exclude each other, the first one being the lower."""
    low, high = str(operator) in ("<", "<=", "=="), str(other) in (">", ">=", "==")
    if not (low and high):
        return False
    strict = operator == "<" or other == ">" or (operator == other == "==")
    less = bound < limit if type(bound) is type(limit) else False  # type: ignore[operator]  # both of one type
    return less or (strict and bound == limit and operator != other)
