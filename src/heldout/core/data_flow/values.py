"""The abstract values of a program that works on tables: which rows they hold, and what was learned from which rows."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import Enum, StrEnum
from typing import Any

from heldout.core.data_flow.rows import Part, Site, widest

__all__ = ["ANYTHING", "NOTHING", "Fitted", "Kind", "Taint", "Value", "combine", "constant", "element", "join"]

MOST_ITEMS = 24
"""A sequence or mapping remembers so many of its items one by one."""

MOST_SITES = 8
"""A value remembers so many calls that could not be followed."""

MOST_TAINTS = 60
"""A value remembers so many of the things that were learned for it."""


class Kind(Enum):
    """What a value is, as far as it matters."""

    UNKNOWN = "unknown"
    CONSTANT = "constant"
    DATA = "data"
    OPAQUE = "opaque"  # a parameter of a function that nobody calls: it may be rows or a learner
    MASK = "mask"
    STATISTIC = "statistic"
    SCORE = "score"
    GROUPS = "groups"
    WINDOW = "window"
    SEQUENCE = "sequence"
    MAPPING = "mapping"
    NAME = "name"
    MODULE = "module"
    FUNCTION = "function"
    CLASS = "class"
    OBJECT = "object"
    METHOD = "method"


class Lesson(StrEnum):
    """How something was learned from rows."""

    FIT = "fit"
    STATISTIC = "statistic"
    GROUP = "group"
    ENCODER = "encoder"
    RESAMPLED = "resampled"
    CORRELATION = "correlation"
    IMPORTANCE = "importance"
    SEARCH = "search"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Taint:
    """Something learned from `rows` that went into a value: by `what` at `site`; `column` is where it now stands.

    `about` are the columns that a group statistic is of; `sure` is whether the lesson is one beyond doubt; `maybe`
    whether it was learned on one of several branches alone.
    """

    lesson: Lesson
    site: Site
    what: str
    rows: frozenset[Part]
    sure: bool = True
    supervised: bool = False
    maybe: bool = False
    column: str = ""
    about: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Fitted:
    """A learner after `fit` at `site`: on which rows, what had been learned for its features before, who stopped it."""

    site: Site
    what: str
    rows: frozenset[Part]
    taints: frozenset[Taint] = frozenset()
    stopped_on: frozenset[Part] = frozenset()
    stopped_at: Site | None = None
    maybe: bool = False
    serial: int = field(default=0, compare=False)
    loops: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Value:
    """An abstract value. `name` is a dotted name, a column or an attribute; `ident` a key of the heap or a table.

    `items` (with `keys` for mappings) are the known items and `rest` any other one. `index` marks row numbers,
    `judged` predictions that met the truth, `cut` those that a threshold cut, `murky` calls that could not be followed.
    """

    kind: Kind
    rows: frozenset[Part] = frozenset()
    taints: frozenset[Taint] = frozenset()
    models: frozenset[Fitted] = frozenset()
    name: str = ""
    ident: str = ""
    const: Any = None
    items: tuple["Value", ...] = ()
    keys: tuple[Any, ...] = ()
    rest: "Value | None" = None
    steps: tuple[Any, ...] = ()
    index: bool = False
    judged: bool = False
    cut: bool = False
    crossed: bool = False
    murky: frozenset[Site] = frozenset()

    @property
    def is_rows(self) -> bool:
        """Tell whether the value holds rows, or one value per row."""
        return self.kind in (Kind.DATA, Kind.OPAQUE, Kind.MASK)


ANYTHING = Value(Kind.UNKNOWN)
NOTHING = Value(Kind.CONSTANT)


def constant(value: object) -> Value:
    """Return the value of a literal; what cannot be hashed is no literal."""
    return Value(Kind.CONSTANT, const=value)


def flat(values: Iterable[Value], depth: int = 3) -> list[Value]:
    """Return the values, with the items of sequences and mappings in place of these."""
    found: list[Value] = []
    for value in values:
        if value.kind in (Kind.SEQUENCE, Kind.MAPPING) and depth:
            inner = [*value.items, *([value.rest] if value.rest else [])]
            found += flat(inner, depth - 1)
        else:
            found.append(value)
    return found


def element(value: Value) -> Value:
    """Return what an iteration over the value gives."""
    if value.kind is Kind.MAPPING:
        return constant(value.keys[0]) if len(value.keys) == 1 else NOTHING
    if value.kind is Kind.SEQUENCE:
        found = [*value.items, *([value.rest] if value.rest else [])]
        return join_all(found) if found else ANYTHING
    if value.kind in (Kind.CONSTANT, Kind.NAME):
        return NOTHING
    return value


def join_all(values: Iterable[Value]) -> Value:
    """Return a value that may be any of `values`."""
    result: Value | None = None
    for value in values:
        result = value if result is None else join(result, value)
    return result or ANYTHING


RANK = {Kind.UNKNOWN: 0, Kind.CONSTANT: 1}


def join(one: Value, two: Value) -> Value:
    """Return a value that may be either: what was learned on one side alone is marked so."""
    if one == two:
        return one
    if one.kind is Kind.CONSTANT and two.kind is Kind.CONSTANT:
        return NOTHING
    if RANK.get(one.kind, 2) != RANK.get(two.kind, 2):
        return max(one, two, key=lambda value: RANK.get(value.kind, 2))
    if {one.kind, two.kind} <= {Kind.SEQUENCE} or {one.kind, two.kind} <= {Kind.MAPPING}:
        return _join_items(one, two)
    if (one.is_rows and two.is_rows) or (one.kind is two.kind and one.kind in (Kind.SCORE, Kind.STATISTIC)):
        return _join_rows(one, two)
    return one if one.is_rows or one.kind is Kind.OBJECT else two


def _join_items(one: Value, two: Value) -> Value:
    same = len(one.items) == len(two.items) and one.keys == two.keys
    if same:
        rests = [rest for rest in (one.rest, two.rest) if rest]
        items = tuple(join(a, b) for a, b in zip(one.items, two.items, strict=True))
        return replace(one, items=items, rest=join_all(rests) if rests else None)
    longer, shorter = (one, two) if len(one.items) >= len(two.items) else (two, one)
    if longer.items[: len(shorter.items)] == shorter.items and longer.keys[: len(shorter.keys)] == shorter.keys:
        return longer
    everything = [*one.items, *two.items, *(rest for rest in (one.rest, two.rest) if rest)]
    return Value(one.kind, rest=join_all(everything))


def _join_rows(one: Value, two: Value) -> Value:
    kind = one.kind if one.kind is two.kind else Kind.DATA
    shared = one.taints & two.taints
    lonely = {replace(taint, maybe=True) for taint in one.taints ^ two.taints}
    fits = {replace(fit, maybe=True) for fit in one.models ^ two.models} if one.models and two.models else set()
    models = (one.models & two.models) | fits if one.models and two.models else one.models | two.models
    return Value(
        kind,
        rows=widest(one.rows | two.rows),
        taints=_few(shared | lonely),
        models=models,
        name=one.name if one.name == two.name else "",
        ident=one.ident if one.ident == two.ident else "",
        steps=one.steps if one.steps == two.steps else (),
        index=one.index and two.index,
        judged=one.judged or two.judged,
        cut=one.cut or two.cut,
        crossed=one.crossed and two.crossed,
        murky=_some((*one.murky, *two.murky)),
    )


def combine(*values: Value, rows_of: Value | None = None) -> Value:
    """Return what a row-wise operation makes of the values: rows from rows, with all that was learned for any of them.

    `rows_of` says whose rows the result has; else it has those of all.
    """
    many = flat(values)
    rows = [value for value in many if value.is_rows]
    learned = [value for value in many if value.is_rows or value.kind is Kind.STATISTIC]
    scores = [value for value in many if value.kind is Kind.SCORE]
    murky = _some(site for value in many for site in value.murky)
    if not rows and scores:
        return _scored(scores)
    if not learned:
        taints = _few(taint for value in many for taint in value.taints)
        kind = Kind.CONSTANT if all(value.kind is Kind.CONSTANT for value in many) else Kind.UNKNOWN
        return Value(kind, taints=taints, murky=murky)
    predicted = [value for value in rows if value.models or value.ident]
    holders = [rows_of] if rows_of and rows_of.is_rows else rows
    names = {value.name for value in rows}
    return Value(
        Kind.DATA if rows else Kind.STATISTIC,
        rows=widest(frozenset[Part]().union(*(value.rows for value in holders))),
        taints=_few(taint for value in many for taint in value.taints),
        models=frozenset[Fitted]().union(*(value.models for value in rows)),
        name=names.pop() if len(names) == 1 else "",
        ident=predicted[0].ident if predicted else "",
        index=bool(rows) and all(value.index for value in rows),
        judged=any(value.judged for value in rows) or 0 < len(predicted) < len(rows),
        cut=any(value.cut for value in rows),
        murky=murky,
    )


def _scored(scores: list[Value]) -> Value:
    return Value(
        Kind.SCORE,
        rows=frozenset[Part]().union(*(value.rows for value in scores)),
        models=frozenset[Fitted]().union(*(value.models for value in scores)),
        taints=_few(taint for value in scores for taint in value.taints),
        ident=scores[0].ident,
        cut=all(value.cut for value in scores),
        crossed=all(value.crossed for value in scores),
    )


def _some(sites: Iterable[Site]) -> frozenset[Site]:
    many = frozenset(sites)
    return many if len(many) <= MOST_SITES else frozenset(sorted(many)[:MOST_SITES])


def _few(taints: Iterable[Taint]) -> frozenset[Taint]:
    many = frozenset(taints)
    if len(many) <= MOST_TAINTS:
        return many
    return frozenset(sorted(many, key=lambda taint: (taint.site, taint.what, taint.column))[:MOST_TAINTS])
