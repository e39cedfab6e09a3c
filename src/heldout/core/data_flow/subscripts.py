"""Rows, columns and items: what a subscript or an attribute takes out of a value, and what an assignment puts in."""

import ast
from dataclasses import replace

from heldout.core.data_flow.machine import Machine
from heldout.core.data_flow.names import TRANSPARENT
from heldout.core.data_flow.rows import Part, Step, narrowed
from heldout.core.data_flow.values import (
    ANYTHING,
    NOTHING,
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

__all__ = ["assign", "attribute_of_rows", "columns_of", "narrow", "put", "subscript"]

MOST_KEYS = 200
"""A mapping remembers so many keys one by one."""


def narrow(value: Value, steps: tuple[Step, ...]) -> Value:
    """Return the rows of a value on the sides that `steps` say."""
    return replace(value, rows=frozenset(narrowed(part, steps) for part in value.rows))


def columns_of(value: Value) -> tuple[str, ...]:
    """Return the literal column names in a key."""
    return tuple(one.const for one in flat([value]) if one.kind is Kind.CONSTANT and isinstance(one.const, str))


def attribute_of_rows(base: Value, node: ast.Attribute) -> Value:
    """Return an attribute of rows: their numbers, their shape, a view of them, or a column."""
    name = node.attr
    if name == "index":
        return replace(base, kind=Kind.DATA, index=True, taints=frozenset())
    if name in ("shape", "size", "ndim", "columns", "dtypes", "dtype", "feature_names", "target_names", "n_features"):
        return replace(ANYTHING, rows=base.rows) if name in ("shape", "size") else NOTHING
    if name == "data" and base.kind is Kind.DATA:
        return base
    if name in TRANSPARENT:
        return base
    return _column(base, (name,))


def _column(base: Value, names: tuple[str, ...]) -> Value:
    taints = frozenset(taint for taint in base.taints if not taint.column or taint.column in names)
    return replace(base, kind=Kind.DATA, taints=taints, name=names[0] if len(names) == 1 else "")


def subscript(m: Machine, base: Value, node: ast.Subscript) -> Value:
    """Return what a subscript takes out of a value."""
    if base.kind in (Kind.SEQUENCE, Kind.MAPPING):
        return _item(m, base, node.slice)
    if base.kind is Kind.GROUPS:
        return replace(base, name=",".join(columns_of(m.evaluate(node.slice))))
    if base.kind is Kind.STATISTIC:
        return _of_statistic(m, base, node.slice)
    return _of_rows(m, base, node) if base.is_rows else _of_other(m, base, node.slice)


def _of_other(m: Machine, base: Value, node: ast.expr) -> Value:
    key = m.evaluate(node) if not isinstance(node, ast.Slice) else NOTHING
    if key.kind is Kind.SCORE:
        return replace(ANYTHING, taints=base.taints | key.taints)
    return base if base.kind in (Kind.SCORE, Kind.WINDOW) else combine(base, replace(key, kind=Kind.UNKNOWN))


def _of_rows(m: Machine, base: Value, node: ast.Subscript) -> Value:
    accessor = node.value.attr if isinstance(node.value, ast.Attribute) else ""
    if isinstance(node.slice, ast.Tuple) and node.slice.elts:
        rows, *others = node.slice.elts
        return _by_column(_by_row(m, base, rows, sure=True), [m.evaluate(one) for one in others if not _all(one)])
    return _by_row(m, base, node.slice, sure=accessor in ("loc", "iloc", "at", "iat"))


def _all(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Slice | ast.Constant)
        and getattr(node, "value", None) is not Ellipsis
        and not isinstance(getattr(node, "value", None), str)
    )


def _of_statistic(m: Machine, base: Value, node: ast.expr) -> Value:
    key = m.evaluate(node) if not isinstance(node, ast.Slice) else NOTHING
    names = columns_of(key)
    if not names:
        return base
    return replace(base, taints=frozenset(replace(one, about=one.about | set(names)) for one in base.taints))


def _item(m: Machine, base: Value, node: ast.expr) -> Value:
    if isinstance(node, ast.Slice):
        low, high = (m.evaluate(one).const if one else None for one in (node.lower, node.upper))
        known = all(one is None or isinstance(one, int) for one in (low, high)) and not base.rest
        return replace(base, items=base.items[low:high]) if known else base
    key = m.evaluate(node)
    if base.kind is Kind.SEQUENCE and isinstance(key.const, int) and -len(base.items) <= key.const < len(base.items):
        return base.items[key.const]
    if base.kind is Kind.MAPPING and key.kind is Kind.CONSTANT and key.const in base.keys:
        return base.items[base.keys.index(key.const)]
    if base.kind is Kind.MAPPING:
        found = [*base.items, *([base.rest] if base.rest else [])]
        return join_all(found)
    chosen = frozenset(key.taints) if key.kind in (Kind.SCORE, Kind.UNKNOWN) else frozenset()
    inner = element(base)
    return replace(inner, taints=inner.taints | chosen) if chosen else inner


def _by_row(m: Machine, base: Value, node: ast.expr, *, sure: bool) -> Value:
    if isinstance(node, ast.Slice):
        return narrow(base, _positions(m, base, node))
    key = m.evaluate(node)
    if key.kind is Kind.MASK:
        return narrow(base, key.steps or _unknown_step(node))
    if key.is_rows and key.index:
        return _at(base, key)
    if sure and key.kind in (Kind.UNKNOWN, Kind.OPAQUE):
        return narrow(base, _unknown_step(node))
    return base if sure else _by_column(base, [key])


def _unknown_step(node: ast.expr) -> tuple[Step, ...]:
    return (Step(f"rows at {ast.unparse(node)[:200]}", ("==", "these")),)


def _positions(m: Machine, base: Value, node: ast.Slice) -> tuple[Step, ...]:
    if node.step is not None and node.lower is None and node.upper is None:
        return ()
    depth = max((len(part.steps) for part in base.rows), default=0)
    found = []
    for sign, bound in ((">=", node.lower), ("<", node.upper)):
        if bound is None:
            continue
        value = m.evaluate(bound)
        text = repr(value.const) if value.kind is Kind.CONSTANT and value.const is not None else m.versioned(bound)
        if text.startswith("-"):
            text = f"from the end {text}"
        if text != "0":
            found.append(Step(f"rows by position {depth}", (sign, text), site=m.site(bound)))
    return tuple(found)


def _at(base: Value, key: Value) -> Value:
    """Return the rows at row numbers: narrowed as the numbers were, where these are of the same rows."""
    rows = set()
    for part in base.rows:
        mine = [one for one in key.rows if one.source == part.source] or list(key.rows)
        rows |= {narrowed(part, one.steps) for one in mine}
    return replace(base, rows=frozenset[Part](rows) or base.rows)


def _by_column(base: Value, keys: list[Value]) -> Value:
    value = base
    for key in keys:
        names = columns_of(key)
        learned = [one for one in flat([key]) if one.kind in (Kind.STATISTIC, Kind.UNKNOWN, Kind.SCORE) and one.taints]
        if learned:
            picks = {
                taint
                for one in learned
                for taint in one.taints
                if taint.lesson in (Lesson.CORRELATION, Lesson.IMPORTANCE, Lesson.FIT, Lesson.CHOICE)
            }
            value = replace(value, taints=value.taints | picks, name="")
        elif names and len(names) == len(flat([key])):
            value = _column(value, names)
    return value


def assign(m: Machine, target: ast.expr, value: Value) -> None:
    """Bind a target: a name, several, an attribute, a column or an item."""
    if isinstance(target, ast.Name):
        m.bind(target.id, value, target.lineno)
        m.scope.mutated.discard(target.id)
    elif isinstance(target, ast.Tuple | ast.List):
        _unpack(m, target.elts, value)
    elif isinstance(target, ast.Starred):
        assign(m, target.value, value)
    elif isinstance(target, ast.Attribute):
        _set_attribute(m, target, value)
    elif isinstance(target, ast.Subscript):
        put(m, target.value, _with_item(m, target, value))


def put(m: Machine, node: ast.expr, value: Value) -> None:
    """Bind what was changed in place to where it was found."""
    while isinstance(node, ast.Attribute) and node.attr in ("loc", "iloc", "at", "iat", "values", "str"):
        node = node.value
    if isinstance(node, ast.Name):
        scope = m.scope.find(node.id)
        if scope is not None:
            scope.values[node.id] = value
            scope.mutated.add(node.id)
    elif isinstance(node, ast.Attribute | ast.Subscript):
        assign(m, node, value)


def _unpack(m: Machine, targets: list[ast.expr], value: Value) -> None:
    star = next((place for place, one in enumerate(targets) if isinstance(one, ast.Starred)), None)
    after = len(targets) - star - 1 if star is not None else 0
    items = value.items if value.kind is Kind.SEQUENCE else ()
    for place, target in enumerate(targets):
        if star is not None and place == star:
            middle = items[star : len(items) - after]
            assign(m, target, Value(Kind.SEQUENCE, items=middle, rest=value.rest))
            continue
        position = place if star is None or place < star else place - len(targets)
        known = -len(items) <= position < len(items)
        assign(m, target, items[position] if known else value.rest or element(value))


def _set_attribute(m: Machine, target: ast.Attribute, value: Value) -> None:
    base = m.evaluate(target.value)
    if base.kind is Kind.OBJECT and base.ident in m.heap:
        m.change(base.ident, attributes={**m.heap[base.ident].attributes, target.attr: value})
    elif base.kind is Kind.DATA and target.attr not in ("columns", "index", "name"):
        put(m, target.value, _with_columns(base, (target.attr,), value))


def _with_item(m: Machine, target: ast.Subscript, value: Value) -> Value:
    base = m.evaluate(target.value)
    if isinstance(target.slice, ast.Slice):
        return base
    key = m.evaluate(target.slice)
    if base.kind is Kind.MAPPING:
        return _with_key(base, key, value)
    if base.kind is Kind.SEQUENCE:
        return replace(base, rest=value if base.rest is None else join(base.rest, value))
    if base.is_rows and not base.models:
        names = columns_of(key)
        added = replace(base, taints=base.taints | _moved(value.taints, names))
        return added if isinstance(target.slice, ast.Tuple) else _with_columns(base, names, value)
    return value if base.kind is Kind.UNKNOWN and (value.is_rows or value.kind is Kind.SCORE) else base


def _with_key(base: Value, key: Value, value: Value) -> Value:
    if key.kind is not Kind.CONSTANT or key.const is None or len(base.keys) >= MOST_KEYS:
        return replace(base, rest=value if base.rest is None else join(base.rest, value))
    if key.const in base.keys:
        place = base.keys.index(key.const)
        return replace(base, items=(*base.items[:place], value, *base.items[place + 1 :]))
    return replace(base, keys=(*base.keys, key.const), items=(*base.items, value))


def _with_columns(base: Value, names: tuple[str, ...], value: Value) -> Value:
    kept = frozenset(taint for taint in base.taints if not names or taint.column not in names)
    return replace(base, taints=kept | _moved(value.taints, names), murky=base.murky | value.murky)


def _moved(taints: frozenset[Taint], names: tuple[str, ...]) -> frozenset[Taint]:
    return frozenset(replace(taint, column=name) for taint in taints for name in names or ("",))
