"""Methods of tables and arrays: which keep the rows, narrow them, or learn a statistic from them."""

import ast
from collections.abc import Callable, Mapping
from dataclasses import replace

from heldout.core.data_flow import learners
from heldout.core.data_flow.library import by_row, joined, statistic
from heldout.core.data_flow.machine import Call, Machine
from heldout.core.data_flow.names import (
    CHOOSERS,
    CORRELATIONS,
    GROUP_NAME,
    HARMLESS_STATISTICS,
    IN_TIME,
    PLAIN_IN_GROUPS,
    SHOWN,
    STATISTICS,
    TIME_NAME,
    words,
)
from heldout.core.data_flow.rows import Part, Step, flipped, narrowed
from heldout.core.data_flow.subscripts import columns_of, narrow, put
from heldout.core.data_flow.values import ANYTHING, NOTHING, Kind, Lesson, Taint, Value, combine, flat

__all__ = ["method"]

MASKS = words(
    """
    isna isnull notna notnull between contains startswith endswith duplicated eq ne lt gt le ge
    """
)
ADDING = words(
    """
    map fillna merge join replace sub div add mul subtract divide where mask clip assign combine_first
    """
)


def method(m: Machine, base: Value, func: ast.Attribute, given: Call) -> Value:
    """Return what a method of rows gives; done in place, it is bound back."""
    result = _result(m, base, func, given)
    if given.literal(99, "inplace") is True and result.is_rows:
        put(m, func.value, result)
        return NOTHING
    return result


def _result(m: Machine, base: Value, func: ast.Attribute, given: Call) -> Value:
    name = func.attr
    if base.kind is Kind.WINDOW:
        return replace(base, kind=Kind.DATA)
    if name in IN_TIME and (name != "resample" or given.literal(0) is not None):
        return _in_time(m, base, name, given)
    if base.kind is Kind.GROUPS:
        return _of_groups(m, base, name, given)
    if base.kind is Kind.OPAQUE and name in learners.METHODS:
        return learners.method(m, replace(base, ident=base.ident or _opaque(base)), name, given)
    handler = HANDLERS.get(name)
    return handler(m, base, func, given) if handler else _by_kind(m, base, name, given)


def _opaque(base: Value) -> str:
    return ", ".join(sorted(part.source for part in base.rows))[:200] or "something unknown"


def _by_kind(m: Machine, base: Value, name: str, given: Call) -> Value:
    if name in CORRELATIONS:
        about = frozenset(value.name for value in given.positional if value.is_rows and value.name)
        taint = Taint(Lesson.CORRELATION, given.site, f"{name}()", base.rows, supervised=True, about=about)
        return Value(Kind.STATISTIC, taints=base.taints | {taint})
    if name in STATISTICS | HARMLESS_STATISTICS and not (name in CHOOSERS and base.models and not base.judged):
        if given.literal(0) == 1 and name not in ("quantile", "nth"):
            return base
        return statistic(m, given, name, base)
    if name in SHOWN:
        return NOTHING
    if name in MASKS:
        text = ast.unparse(given.node)[:200]
        step = Step(f"rows where {base.name} {text}", ("==", "True"), site=given.site)
        return replace(base, kind=Kind.MASK, steps=(step,))
    return _added(base, given) if name in ADDING or _keeps_taints(given) else base


def _keeps_taints(given: Call) -> bool:
    return any(value.kind is Kind.STATISTIC for value in flat(given.all()))


def _added(base: Value, given: Call) -> Value:
    result = combine(base, *given.all(), rows_of=base)
    return replace(result, name=base.name, index=base.index)


def _in_time(m: Machine, base: Value, name: str, given: Call) -> Value:
    rows = base.rows
    if name in ("shift", "rolling", "expanding", "ewm") and rows:
        m.mark(given.node, "time", f"{name}()", rows)
    kept = replace(base, kind=Kind.DATA)
    return kept if name in ("shift", "diff", "pct_change") else replace(kept, kind=Kind.WINDOW)


def _grouped(m: Machine, base: Value, _: ast.Attribute, given: Call) -> Value:
    keys = columns_of(given.argument(0, "by") or NOTHING)
    for key in keys:
        if GROUP_NAME.fullmatch(key):
            m.mark(given.node, "group", key, base.rows)
    return replace(base, kind=Kind.GROUPS, name="")


def _of_groups(m: Machine, base: Value, name: str, given: Call) -> Value:
    if name in PLAIN_IN_GROUPS:
        return replace(base, kind=Kind.DATA)
    words = set(_literals(given))
    if name in HARMLESS_STATISTICS or (words and words <= HARMLESS_STATISTICS | {base.name}):
        return Value(Kind.STATISTIC, taints=base.taints)
    named = frozenset(base.name.split(",")) if base.name else frozenset(words)
    sure = name in STATISTICS or (name in ("agg", "aggregate", "transform") and bool(words & STATISTICS))
    what = f"groupby().{name}()"
    taint = Taint(Lesson.GROUP, given.site, what, base.rows, sure=sure, supervised=False, about=named - {""})
    function = given.argument(0, "func")
    if function is not None and function.kind is Kind.FUNCTION:
        return _by_function(m, base, function, given, taint)
    if name in ("transform", "apply", "filter"):
        plain = name == "filter" or (bool(words) and words <= PLAIN_IN_GROUPS | HARMLESS_STATISTICS)
        return replace(base, kind=Kind.DATA, taints=base.taints | (set() if plain else {taint}))
    return Value(Kind.STATISTIC, taints=base.taints | {taint}, name=base.name)


def _by_function(m: Machine, base: Value, function: Value, given: Call, taint: Taint) -> Value:
    """Return what a function of each group gives: a group statistic only where the function makes one."""
    rows = replace(base, kind=Kind.DATA)
    result = m.invoke(function, replace(given, positional=(rows,), named={}))
    learned = result.taints - base.taints or result.kind is Kind.STATISTIC
    taints = base.taints | ({replace(taint, sure=True)} if learned else set())
    aligned = result.kind is not Kind.STATISTIC or "transform" in taint.what
    return replace(rows if aligned else Value(Kind.STATISTIC, name=base.name), taints=taints)


def _literals(given: Call) -> list[str]:
    inside = (node for one in [*given.node.args, *given.node.keywords] for node in ast.walk(one))
    found = [node.value for node in inside if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return found[:50]


def _sample(_m: Machine, base: Value, _: ast.Attribute, given: Call) -> Value:
    share, count = given.argument(99, "frac"), given.argument(0, "n")
    if given.literal(99, "replace") is True:
        taint = Taint(Lesson.RESAMPLED, given.site, "sample(replace=True)", base.rows)
        return replace(base, taints=base.taints | {taint})
    if (share is not None and share.const in (1, 1.0)) or (share is None and count is not None and count.rows):
        return base
    step = Step(f"sample at {given.site}:{given.node.col_offset}", ("in", ""), dealt=True, site=given.site)
    return narrow(base, (step,))


def _drop(_: Machine, base: Value, __: ast.Attribute, given: Call) -> Value:
    keys = [value for value in (given.argument(0, "labels"), given.argument(99, "columns", "index")) if value]
    rows = [value for value in keys if value.is_rows and value.index]
    if rows:
        parts = set()
        for part in base.rows:
            mine = [one for one in rows[0].rows if one.source == part.source and one.steps]
            lost = [step for one in mine for step in one.steps if step not in part.steps]
            parts.add(narrowed(part, [flipped(lost[-1])]) if lost else part)
        return replace(base, rows=frozenset[Part](parts))
    names = {name for key in keys for name in columns_of(key)}
    return replace(
        base, taints=frozenset(taint for taint in base.taints if taint.column not in names or not taint.column)
    )


def _pop(m: Machine, base: Value, func: ast.Attribute, given: Call) -> Value:
    names = columns_of(given.argument(0, "item") or NOTHING)
    left = frozenset(taint for taint in base.taints if not taint.column or taint.column not in names)
    put(m, func.value, replace(base, taints=left))
    mine = frozenset(taint for taint in base.taints if not taint.column or taint.column in names)
    return replace(base, kind=Kind.DATA, taints=mine, name=names[0] if names else "")


def _query(_m: Machine, base: Value, _: ast.Attribute, given: Call) -> Value:
    text = given.literal(0, "expr")
    try:
        test = ast.parse(str(text), mode="eval").body if text and len(str(text)) < 500 else None
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        test = None
    if isinstance(test, ast.Compare) and isinstance(test.left, ast.Name) and len(test.ops) == 1:
        signs = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!="}
        sign = next((mark for kind, mark in signs.items() if isinstance(test.ops[0], kind)), "")
        if sign:
            bound = ast.unparse(test.comparators[0])
            return narrow(base, (Step(f"rows where {test.left.id}", (sign, bound), site=given.site),))
    return narrow(base, (Step(f"rows where {text}", ("==", "True"), site=given.site),))


def _isin(_: Machine, base: Value, __: ast.Attribute, given: Call) -> Value:
    other = given.argument(0, "values") or ANYTHING
    if base.index and other.is_rows:
        steps = [step for part in sorted(other.rows, key=str) for step in part.steps]
        return replace(base, kind=Kind.MASK, steps=tuple(steps[-1:]))
    text = ast.unparse(given.node.args[0])[:200] if given.node.args else ""
    return replace(base, kind=Kind.MASK, steps=(Step(f"rows where {base.name}", ("in", text), site=given.site),))


def _sorted(m: Machine, base: Value, _: ast.Attribute, given: Call) -> Value:
    for key in columns_of(given.argument(0, "by", "keys") or NOTHING):
        if TIME_NAME.fullmatch(key):
            m.mark(given.node, "time", key, base.rows)
    return base


def _head(_: Machine, base: Value, func: ast.Attribute, given: Call) -> Value:
    step = Step(f"{func.attr} at {given.site}", ("==", "these"), site=given.site)
    return narrow(base, (step,)) if given.positional else base


def _applied(m: Machine, base: Value, func: ast.Attribute, given: Call) -> Value:
    function = given.argument(0, "func")
    if function is None or function.kind is not Kind.FUNCTION or (by_row(given) and func.attr != "pipe"):
        return base
    call = replace(given, positional=(base, *given.positional[1:]), named={})
    result = m.invoke(function, call)
    if func.attr == "pipe":
        return result
    return combine(base, result, rows_of=base) if result.is_rows or result.kind is Kind.STATISTIC else base


def _appended(_m: Machine, base: Value, _: ast.Attribute, given: Call) -> Value:
    return joined(given, [base, *flat(given.positional)])


def _insert(m: Machine, base: Value, func: ast.Attribute, given: Call) -> Value:
    value = given.argument(2, "value") or NOTHING
    names = columns_of(given.argument(1, "column") or NOTHING)
    moved = {replace(taint, column=name) for taint in value.taints for name in names or ("",)}
    put(m, func.value, replace(base, taints=base.taints | moved))
    return NOTHING


def _divided(_m: Machine, base: Value, _: ast.Attribute, given: Call) -> Value:
    sides = learners.deal(base, f"train_test_split at {given.site}", given.site)
    items = tuple(replace(one, index=False, taints=base.taints) for one in sides)
    return Value(Kind.MAPPING, keys=("train", "test"), items=items)


def _taken(m: Machine, base: Value, _: ast.Attribute, given: Call) -> Value:
    key = given.argument(0, "indices") or ANYTHING
    if key.is_rows and key.index:
        rows = {narrowed(part, one.steps) for part in base.rows for one in key.rows}
        return replace(base, rows=frozenset[Part](rows) or base.rows)
    if key.kind is Kind.MASK:
        return narrow(base, key.steps)
    text = m.versioned(given.node.args[0]) if given.node.args else ""
    return narrow(base, (Step(f"rows at {text}", ("==", "these"), site=given.site),))


def _backward(m: Machine, base: Value, func: ast.Attribute, given: Call) -> Value:
    from heldout.core.data_flow.containers import of_score

    return of_score(m, base, func, given)


Handler = Callable[[Machine, Value, ast.Attribute, Call], Value]
HANDLERS: Mapping[str, Handler] = {
    "groupby": _grouped,
    "sample": _sample,
    "drop": _drop,
    "pop": _pop,
    "query": _query,
    "isin": _isin,
    "sort_values": _sorted,
    "sort": _sorted,
    "set_index": _sorted,
    "head": _head,
    "tail": _head,
    "apply": _applied,
    "pipe": _applied,
    "transform": _applied,
    "append": _appended,
    "insert": _insert,
    "train_test_split": _divided,
    "take": _taken,
    "filter": _taken,
    "backward": _backward,
}
