"""Calls of names from outside the repository: readers, splits, metrics, statistics, and what keeps rows as they are."""

import ast
from collections.abc import Callable, Mapping
from dataclasses import replace

from heldout.core.data_flow.built_in import BUILT_IN
from heldout.core.data_flow.containers import choose, scores_in
from heldout.core.data_flow.dealing import dealt, drawn, drawn_again, others
from heldout.core.data_flow.learners import cross, optimized, stopping
from heldout.core.data_flow.machine import Call, Instance, Machine
from heldout.core.data_flow.names import (
    CHOOSERS,
    CORRELATIONS,
    CROSSED,
    CURVES,
    GENERATED,
    HARMLESS_STATISTICS,
    METRICS,
    OPTIMIZERS,
    READERS,
    SHOWN,
    STATISTICS,
    SURE_STATISTICS,
    WEAK_CHOOSERS,
    WRAPPERS,
    words,
)
from heldout.core.data_flow.rows import PARAMETER, Part, Relation, Step, narrowed, relation
from heldout.core.data_flow.values import (
    ANYTHING,
    NOTHING,
    Fitted,
    Kind,
    Lesson,
    Taint,
    Value,
    combine,
    flat,
)

__all__ = ["by_row", "external", "joined", "statistic"]

NUMERIC = words(
    """
    np numpy pd pandas scipy math cp jnp torch tf tensorflow K statistics stats pl polars pa pyarrow
    """
)
ROWS_KEPT = words("sklearn imblearn xgboost lightgbm catboost keras xgb lgb")
JOINING = words("concat concatenate vstack row_stack append union r_")


def external(m: Machine, name: str, given: Call) -> Value:
    """Return what a call of a name from outside gives."""
    root, last = name.split(".", maxsplit=1)[0], name.rsplit(".", 1)[-1]
    handler = BY_NAME.get(last)
    if last in SHOWN:
        return NOTHING
    if handler is not None:
        return handler(m, given)
    if last in GENERATED:
        return ANYTHING
    if last == "split" and root in ("np", "numpy"):
        return _pieces(m, given)
    return _trained(m, given, name) if last == "train" else _learning(m, given, root, last)


def _learning(m: Machine, given: Call, root: str, last: str) -> Value:
    rows = [value for value in flat(given.all()) if value.is_rows]
    if READERS.fullmatch(last):
        return _read(given, last)
    if last in CROSSED:
        return _crossed(m, given, last)
    if rows and METRICS.fullmatch(last):
        return _metric(m, given, rows)
    if rows and last in CORRELATIONS:
        return _correlation(given, last, rows)
    return _choosing(m, given, root, last, rows)


def _choosing(m: Machine, given: Call, root: str, last: str, rows: list[Value]) -> Value:
    scores, chooses = scores_in(given.all()), last in CHOOSERS | WEAK_CHOOSERS
    if scores and chooses:
        return choose(m, given, scores, last)
    if chooses and any(value.taints for value in flat(given.all()) if not value.is_rows):
        return replace(ANYTHING, taints=combine(*given.all()).taints)
    if rows and last in STATISTICS | HARMLESS_STATISTICS and (root in NUMERIC or root == last):
        return statistic(m, given, last, given.positional[0] if given.positional else rows[0])
    if last in OPTIMIZERS:
        return optimized(m, given)
    return _made_or_kept(m, given, root, last, rows)


def _made_or_kept(m: Machine, given: Call, root: str, last: str, rows: list[Value]) -> Value:
    if WRAPPERS.fullmatch(last) and (rows or scores_in(given.all())):
        return _wrapped(m, given)
    made = last[:1].isupper() or last.startswith("make_")
    return _made(m, given, last) if made else _plain(m, given, root, last, rows)


def _plain(m: Machine, given: Call, root: str, last: str, rows: list[Value]) -> Value:
    result = combine(*given.all()) if given.all() else ANYTHING
    if result.kind is Kind.CONSTANT:
        return ANYTHING
    if root in ("np", "numpy", "scipy") and last in ("solve", "lstsq", "inv", "pinv", "svd", "eigh", "eig", "polyfit"):
        taint = Taint(Lesson.STATISTIC, given.site, f"{last}()", result.rows, sure=False)
        return Value(Kind.STATISTIC, taints=result.taints | {taint})
    if rows and root not in NUMERIC | ROWS_KEPT and root != last:
        m.unknown(given.site, f"the function {last} of another library")
        return replace(result, murky=result.murky | {given.site})
    if rows and root == last and last not in BUILTINS:
        m.unknown(given.site, f"the function {last}, which is not in the repository")
        return replace(result, murky=result.murky | {given.site})
    return result


def _read(given: Call, last: str) -> Value:
    """Return the rows of a file or of a made-up table: two readings of one file are the same rows."""
    name = given.literal(0, "filepath_or_buffer", "path")
    source = str(name) if isinstance(name, str) else f"{last}() at {given.site}:{given.node.col_offset}"
    table = Value(Kind.DATA, rows=frozenset({Part(source)}))
    if given.literal(99, "return_X_y") or (last.startswith("make_") and last != "make_blobs_table"):
        return Value(Kind.SEQUENCE, items=(table, replace(table, name="target")))
    if last == "load_data":
        test = replace(table, rows=frozenset({Part(f"{source} (test)")}))
        pairs = [Value(Kind.SEQUENCE, items=(one, replace(one, name="target"))) for one in (table, test)]
        return Value(Kind.SEQUENCE, items=tuple(pairs))
    return table


def _crossed(m: Machine, given: Call, last: str) -> Value:
    features, label = given.argument(1, "X") or ANYTHING, given.argument(2, "y")
    learner = given.argument(0, "estimator")
    instance = m.heap.get(learner.ident) if learner else None
    if label is not None and label.name:
        m.events.labels.add(label.name)
    cross(m, given.site, instance.what if instance else "a learner", features)
    if last == "cross_val_predict":
        return replace(features, kind=Kind.DATA, ident="crossed", name="")
    return Value(Kind.SCORE, rows=features.rows, taints=frozenset(), crossed=True)


def _metric(m: Machine, given: Call, rows: list[Value]) -> Value:
    truth = rows[0]
    if truth.name and not truth.models and len(rows) > 1:
        m.events.labels.add(truth.name)
    if all(value.index for value in rows):
        return combine(*rows)
    return m.score(given, rows)


def _curve(m: Machine, given: Call) -> Value:
    """Return the curve of a score over thresholds: what is picked from it is a threshold."""
    rows = [value for value in flat(given.positional) if value.is_rows]
    score = m.score(given, rows) if rows else ANYTHING
    return Value(Kind.SEQUENCE, items=(replace(score, cut=True),) * 3) if rows else ANYTHING


def statistic(m: Machine, given: Call, name: str, value: Value) -> Value:
    """Return a statistic over the rows of a value; over its columns it stays a value per row."""
    if value.kind is Kind.SCORE or not value.is_rows:
        return value if not value.is_rows else combine(*given.all())
    if by_row(given):
        return replace(value, kind=Kind.DATA)
    if value.judged or (value.cut and value.models):
        return m.score(given, [value])
    if name in HARMLESS_STATISTICS:
        return Value(Kind.STATISTIC, taints=value.taints)
    taint = Taint(Lesson.STATISTIC, given.site, name, value.rows, sure=name in SURE_STATISTICS)
    return Value(Kind.STATISTIC, taints=value.taints | {taint}, name=value.name)


def by_row(given: Call) -> bool:
    """Tell whether a call's axis keeps the rows: `axis=1`."""
    axis = given.named.get("axis") or given.named.get("dim")
    if axis is None:
        return False
    if axis.kind is Kind.SEQUENCE:
        return bool(axis.items) and all(one.const not in (0, None) for one in axis.items)
    return axis.const not in (0, None, "index", "rows")


def _correlation(given: Call, name: str, rows: list[Value]) -> Value:
    value = combine(*rows)
    about = frozenset(one.name for one in rows if one.name)
    taint = Taint(Lesson.CORRELATION, given.site, f"{name}()", value.rows, supervised=True, about=about)
    return Value(Kind.STATISTIC, taints=value.taints | {taint})


def joined(given: Call, values: list[Value]) -> Value:
    """Return tables laid one below the other: rows that come twice are an oversampling by hand."""
    rows = [value for value in values if value.is_rows]
    if not rows:
        return combine(*values) if values else ANYTHING
    result = combine(*values)
    if by_row(given) or given.literal(99, "axis") == "columns":
        return replace(result, rows=rows[0].rows)
    pairs = [(a, b) for place, a in enumerate(rows) for b in rows[place + 1 :]]
    twice = any(
        relation(one, two) in (Relation.COVERS, Relation.WITHIN)
        for a, b in pairs
        for one in a.rows
        for two in b.rows
        if not (a.index or b.index) and not (one == two and one.source.startswith(PARAMETER))
    )
    if not twice:
        return replace(result, models=frozenset(), ident="") if not any(one.models for one in rows) else result
    taint = Taint(Lesson.RESAMPLED, given.site, "rows that are laid in twice", result.rows)
    return replace(result, taints=result.taints | {taint})


def _join(_: Machine, given: Call) -> Value:
    first = given.argument(0, "objs", "arrays")
    values = flat([first]) if first and first.kind is Kind.SEQUENCE else list(given.positional)
    return joined(given, values)


def _beside(_: Machine, given: Call) -> Value:
    values = flat(given.positional)
    rows = [value for value in values if value.is_rows]
    return combine(*values, rows_of=rows[0]) if rows else ANYTHING


def _made(m: Machine, given: Call, last: str) -> Value:
    """Return a new object of a class from outside."""
    ident = f"{last} at {given.site}:{given.node.col_offset}:{'/'.join(m.stack)}"
    made_by = {**{str(place): value for place, value in enumerate(given.positional)}, **given.named}
    parts = tuple(value for value in flat(given.all()) if value.kind is Kind.OBJECT)
    m.heap[ident] = Instance(last, made_by=made_by, parts=parts)
    return Value(Kind.OBJECT, ident=ident, name=last)


def _wrapped(m: Machine, given: Call) -> Value:
    rows = [value for value in flat(given.all()) if value.is_rows]
    if not rows:
        return combine(*given.all())
    label = given.argument(1, "label", "y")
    if label is not None and label.is_rows and label.name:
        m.events.labels.add(label.name)
    return replace(rows[0], kind=Kind.DATA) if len(rows) < 3 else combine(*rows)


def _trained(m: Machine, given: Call, name: str) -> Value:
    """Return the booster that `xgb.train` or `lgb.train` makes."""
    features = given.argument(1, "dtrain", "train_set", "dataset") or ANYTHING
    if not features.is_rows:
        return ANYTHING
    ident = f"{name} at {given.site}:{'/'.join(m.stack)}"
    watched = given.argument(3, "evals") if "xgb" in name else None
    told = replace(given, named={**given.named, **({"evals": watched} if watched else {})}, positional=(features,))
    m.heap[ident] = Instance("Booster")
    stopped = stopping(m, m.heap[ident], told)
    at = given.site if stopped else None
    fit = Fitted(given.site, name, features.rows, features.taints, stopped, at, serial=m.tick())
    m.events.fitted.append(fit)
    m.change(ident, fits=(fit,))
    return Value(Kind.OBJECT, ident=ident, name="Booster")


def _pieces(_: Machine, given: Call) -> Value:
    """Return the pieces that `np.split` cuts: no two share a row."""
    value, cuts = given.argument(0) or ANYTHING, given.argument(1)
    count = len(cuts.items) + 1 if cuts and cuts.kind is Kind.SEQUENCE else 0
    if not value.is_rows or by_row(given):
        return value
    pieces = []
    for place in range(count or 1):
        side = str(place) if count else "some"
        step = Step(f"pieces at {given.site}:{given.node.col_offset}", (side, ""), dealt=True, site=given.site)
        pieces.append(replace(value, rows=frozenset(narrowed(part, (step,)) for part in value.rows)))
    return Value(Kind.SEQUENCE, items=tuple(pieces)) if count else Value(Kind.SEQUENCE, rest=pieces[0])


def _copied(m: Machine, given: Call) -> Value:
    value = given.positional[0] if given.positional else ANYTHING
    if value.kind is not Kind.OBJECT or value.ident not in m.heap:
        return value
    ident = f"copy of {value.name} at {given.site}:{given.node.col_offset}"
    fresh = isinstance(given.node.func, ast.Name | ast.Attribute) and "clone" in ast.unparse(given.node.func)
    m.heap[ident] = replace(m.heap[value.ident], fits=()) if fresh else m.heap[value.ident]
    return Value(Kind.OBJECT, ident=ident, name=value.name)


def _stopper(m: Machine, given: Call) -> Value:
    return _made(m, given, "early_stopping")


def _dummies(_: Machine, given: Call) -> Value:
    rows = [value for value in given.all() if value.is_rows]
    return replace(rows[0], kind=Kind.DATA) if rows else ANYTHING


def _coded(m: Machine, given: Call) -> Value:
    value = _dummies(m, given)
    return Value(Kind.SEQUENCE, items=(value, ANYTHING))


def _merged(_: Machine, given: Call) -> Value:
    rows = [value for value in given.all() if value.is_rows]
    return combine(*given.positional, rows_of=rows[0]) if rows else ANYTHING


def _scaled(_: Machine, given: Call) -> Value:
    """Return rows that a function of sklearn.preprocessing scaled by all of them."""
    value = given.positional[0] if given.positional else ANYTHING
    if not value.is_rows or by_row(given):
        return value
    name = ast.unparse(given.node.func).rsplit(".", 1)[-1]
    taint = Taint(Lesson.STATISTIC, given.site, f"{name}()", value.rows, sure=True)
    return replace(value, taints=value.taints | {taint})


BUILTINS = words(
    """
    len range list tuple sorted set sum min max abs round float int str map filter zip bool any all isinstance
    """
)

BY_NAME: Mapping[str, Callable[[Machine, Call], Value]] = {
    "train_test_split": dealt,
    "resample": drawn_again,
    "column_stack": _beside,
    "hstack": _beside,
    "c_": _beside,
    "merge": _merged,
    "choice": drawn,
    "setdiff1d": others,
    "delete": others,
    "array_split": _pieces,
    "clone": _copied,
    "deepcopy": _copied,
    "copy": _copied,
    "early_stopping": _stopper,
    "get_dummies": _dummies,
    "factorize": _coded,
    "scale": _scaled,
    "minmax_scale": _scaled,
    "robust_scale": _scaled,
    "quantile_transform": _scaled,
    "zscore": _scaled,
    **BUILT_IN,
    **dict.fromkeys(JOINING, _join),
    **dict.fromkeys(CURVES, _curve),
}
