"""Methods of lists, mappings and scores; and choices that are made by scores."""

import ast
from dataclasses import replace

from heldout.core.data_flow.events import Chosen
from heldout.core.data_flow.machine import Call, Machine
from heldout.core.data_flow.names import CHOOSERS, WEAK_CHOOSERS
from heldout.core.data_flow.subscripts import put
from heldout.core.data_flow.values import (
    ANYTHING,
    NOTHING,
    Fitted,
    Kind,
    Lesson,
    Taint,
    Value,
    combine,
    element,
    flat,
    join,
    join_all,
)

__all__ = ["choose", "method", "of_score", "scores_in"]


def scores_in(values: tuple[Value, ...]) -> list[Value]:
    """Return the scores among values and their items."""
    return [value for value in flat(values) if value.kind is Kind.SCORE]


def choose(m: Machine, given: Call, scores: list[Value], what: str) -> Value:
    """Note that a score chose something, and return the choice."""
    score = combine(*scores)
    names = given.words()
    sure = what not in WEAK_CHOOSERS
    m.events.chosen.append(Chosen(given.site, score, f"{what}()", sure, m.loops, names, score.cut, m.entry))
    lesson = Taint(Lesson.CHOICE, given.site, f"{what}()", score.rows, sure=sure, supervised=True)
    return replace(score, taints=score.taints | {lesson})


def of_score(m: Machine, base: Value, func: ast.Attribute, given: Call) -> Value:
    """Return what a method of a score gives: `backward` fits the network that was scored."""
    name = func.attr
    if name in CHOOSERS or name in WEAK_CHOOSERS:
        return choose(m, given, [base], name)
    if name == "backward" and base.ident in m.heap:
        instance = m.heap[base.ident]
        fit = Fitted(given.site, instance.what, base.rows, base.taints, serial=m.tick())
        m.change(base.ident, fits=(fit,))
        m.events.fitted.append(fit)
    return base


def method(m: Machine, base: Value, func: ast.Attribute, given: Call) -> Value:
    """Return what a method of a list or a mapping gives; those that change it are bound back."""
    name = func.attr
    if name in ("append", "add", "insert", "extend", "appendleft"):
        new = given.positional[-1] if given.positional else ANYTHING
        put(m, func.value, _longer(m, base, new, name))
        return NOTHING
    if name == "update" and given.positional:
        put(m, func.value, combine_mappings(base, given.positional[0]))
        return NOTHING
    if name in ("sort", "argsort") and scores_in((base,)):
        choose(m, given, scores_in((base,)), name)
        return base
    return _read(base, name, given)


def _longer(m: Machine, base: Value, new: Value, name: str) -> Value:
    if name == "extend" and new.kind is Kind.SEQUENCE:
        rest = new.rest or base.rest
        return replace(base, items=(*base.items, *new.items)[:24], rest=rest)
    if m.loops or len(base.items) >= 24:
        return replace(base, rest=new if base.rest is None else join(base.rest, new))
    return replace(base, items=(*base.items, new))


def combine_mappings(base: Value, other: Value) -> Value:
    """Return a mapping with the items of another one laid over it."""
    if other.kind is not Kind.MAPPING or base.kind is not Kind.MAPPING:
        return base
    items = dict(zip(base.keys, base.items, strict=True)) | dict(zip(other.keys, other.items, strict=True))
    return Value(Kind.MAPPING, keys=tuple(items), items=tuple(items.values()), rest=other.rest or base.rest)


def _read(base: Value, name: str, given: Call) -> Value:
    if base.kind is Kind.MAPPING and name in ("items", "values", "keys"):
        return _listed(base, name)
    if name in ("get", "pop", "setdefault") and base.kind is Kind.MAPPING:
        key = given.literal(0)
        found = [*base.items, *([base.rest] if base.rest else [])]
        return base.items[base.keys.index(key)] if key in base.keys else join_all(found) if found else ANYTHING
    if name in ("pop", "popleft"):
        return element(base)
    return base if name == "copy" else combine(base, *given.all())


def _listed(base: Value, name: str) -> Value:
    """Return the keys, the values or the pairs of a mapping."""
    keys = tuple(Value(Kind.CONSTANT, const=key) for key in base.keys)
    if name == "keys":
        return Value(Kind.SEQUENCE, items=keys)
    if name == "values":
        return Value(Kind.SEQUENCE, items=base.items, rest=base.rest)
    pairs = (Value(Kind.SEQUENCE, items=pair) for pair in zip(keys, base.items, strict=True))
    rest = Value(Kind.SEQUENCE, items=(ANYTHING, base.rest)) if base.rest else None
    return Value(Kind.SEQUENCE, items=tuple(pairs), rest=rest)
