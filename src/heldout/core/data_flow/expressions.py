"""Expressions: what they are made of decides which rows they hold and what was learned for them."""

import ast
from collections.abc import Callable, Mapping
from dataclasses import replace

from heldout.core.data_flow.calls import bound_method, call
from heldout.core.data_flow.machine import DEEPEST, TOO_DEEP, Call, Function, Machine
from heldout.core.data_flow.names import RANDOM
from heldout.core.data_flow.rows import NEGATED, Step, flipped
from heldout.core.data_flow.subscripts import attribute_of_rows, subscript
from heldout.core.data_flow.values import (
    ANYTHING,
    NOTHING,
    Kind,
    Lesson,
    Taint,
    Value,
    combine,
    constant,
    element,
    flat,
    join,
    join_all,
)

__all__ = ["evaluate"]

UNROLLED = 6
SIGNS: Mapping[type, str] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.In: "in",
    ast.NotIn: "not in",
}


def evaluate(m: Machine, node: ast.expr) -> Value:
    """Return the abstract value of an expression."""
    m.spend()
    handler = HANDLERS.get(type(node))
    if handler is None:
        return ANYTHING
    m.depth += 1
    try:
        if m.depth > DEEPEST:
            m.unknown(m.site(node), TOO_DEEP)
            return ANYTHING
        return handler(m, node)
    finally:
        m.depth -= 1


def _constant(_: Machine, node: ast.Constant) -> Value:
    return constant(node.value)


def _name(m: Machine, node: ast.Name) -> Value:
    found = m.lookup(node.id)
    return found if found is not None else Value(Kind.NAME, name=node.id)


def _attribute(m: Machine, node: ast.Attribute) -> Value:
    base = m.evaluate(node.value)
    if base.kind is Kind.MODULE:
        return m.modules[base.ident].values.get(node.attr) or Value(Kind.NAME, name=node.attr)
    if base.kind is Kind.NAME:
        return Value(Kind.NAME, name=f"{base.name}.{node.attr}")
    if base.kind in (Kind.OBJECT, Kind.CLASS):
        return _of_object(m, base, node)
    if base.is_rows:
        return attribute_of_rows(base, node)
    if base.kind is Kind.STATISTIC:
        return base
    return base if base.kind in (Kind.SCORE, Kind.WINDOW, Kind.GROUPS) else replace(ANYTHING, taints=base.taints)


def _of_object(m: Machine, base: Value, node: ast.Attribute) -> Value:
    instance = m.heap.get(base.ident)
    if instance is not None and node.attr in instance.attributes:
        return instance.attributes[node.attr]
    method = bound_method(m, base, node.attr)
    if method is not None:
        inside = m.functions[method.ident].node if method.ident in m.functions else None
        names = {getattr(one, "id", "") for one in getattr(inside, "decorator_list", [])}
        return m.invoke(method, _no_call(m, node)) if names & {"property", "cached_property"} else method
    if instance is None:
        return ANYTHING
    if node.attr.endswith("_") and instance.fits:
        return _learned(m, base, node.attr)
    return Value(Kind.METHOD, name=node.attr, ident=base.ident)


def _no_call(m: Machine, node: ast.expr) -> Call:
    empty = ast.Call(func=node, args=[], keywords=[])
    return Call(ast.copy_location(empty, node), m.site(node), (), {})


def _learned(m: Machine, base: Value, name: str) -> Value:
    """Return an attribute that a fit made: what was found best by a search, or weights, importances, vocabularies."""
    instance = m.heap[base.ident]
    if name == "best_estimator_":
        return base
    last = instance.fits[-1]
    search = name.startswith("best_")
    lesson = Lesson.SEARCH if search else Lesson.IMPORTANCE
    taint = Taint(lesson, last.site, instance.what, last.rows, supervised=True, maybe=last.maybe)
    if name == "best_score_":
        return Value(Kind.SCORE, rows=last.rows, models=frozenset({last}), crossed=True)
    return Value(Kind.UNKNOWN if search else Kind.STATISTIC, taints=frozenset({taint}), name=name)


def _binary(m: Machine, node: ast.BinOp) -> Value:
    left, right = m.evaluate(node.left), m.evaluate(node.right)
    if left.kind is Kind.SEQUENCE and right.kind is Kind.SEQUENCE:
        rests = [rest for rest in (left.rest, right.rest) if rest]
        return Value(Kind.SEQUENCE, items=(*left.items, *right.items)[:24], rest=join_all(rests) if rests else None)
    if left.kind is Kind.MASK and right.kind is Kind.MASK and isinstance(node.op, ast.BitAnd):
        return replace(combine(left, right), kind=Kind.MASK, steps=(*left.steps, *right.steps))
    if left.kind is Kind.MASK and right.kind is Kind.MASK:
        text = ast.unparse(node)[:200]
        step = Step(f"rows where {text}", ("==", "True"), site=m.site(node))
        return replace(combine(left, right), kind=Kind.MASK, steps=(step,))
    if isinstance(node.op, ast.MatMult) and left.is_rows:
        if isinstance(node.left, ast.Attribute) and node.left.attr == "T" and right.is_rows:
            taint = Taint(Lesson.STATISTIC, m.site(node), "a product over rows", left.rows, sure=False)
            return Value(Kind.STATISTIC, taints=frozenset({taint, *left.taints, *right.taints}))
        return combine(left, right, rows_of=left)
    if isinstance(node.op, ast.Div):
        left, right = _scaled(left), _scaled(right)
    return combine(left, right)


def _scaled(value: Value) -> Value:
    """Return an operand of a division: largest and smallest values that scale a column are a statistic beyond doubt."""
    taints = {
        replace(taint, sure=True) if taint.lesson is Lesson.STATISTIC and taint.what in ("max", "min", "ptp") else taint
        for taint in value.taints
    }
    return replace(value, taints=frozenset(taints)) if taints != value.taints else value


def _unary(m: Machine, node: ast.UnaryOp) -> Value:
    value = m.evaluate(node.operand)
    if value.kind is Kind.CONSTANT:
        return _signed(node.op, value)
    if isinstance(node.op, ast.Invert) and value.kind is Kind.MASK:
        if len(value.steps) == 1:
            return replace(value, steps=(flipped(value.steps[0]),))
        step = Step(f"rows where {ast.unparse(node.operand)[:200]}", ("!=", "True"), site=m.site(node))
        return replace(value, steps=(step,))
    return value


def _signed(operator: ast.unaryop, value: Value) -> Value:
    if isinstance(operator, ast.Not):
        return constant(not value.const) if value.const is not None else NOTHING
    if isinstance(operator, ast.USub) and isinstance(value.const, int | float):
        return constant(-value.const)
    return value


def _boolean(m: Machine, node: ast.BoolOp) -> Value:
    values = [m.evaluate(one) for one in node.values]
    scores = [value for value in values if value.kind is Kind.SCORE]
    return scores[0] if scores else join_all(values) if isinstance(node.op, ast.Or) else combine(*values)


def _compare(m: Machine, node: ast.Compare) -> Value:
    left, *others = [m.evaluate(one) for one in (node.left, *node.comparators)]
    values = [left, *others]
    if len(others) == 1 and left.kind is others[0].kind is Kind.CONSTANT:
        return _known(node.ops[0], left, others[0])
    if any(value.kind is Kind.SCORE for value in flat(values)):
        return combine(*(value for value in flat(values) if value.kind is Kind.SCORE))
    rows = [value for value in values if value.is_rows]
    if not rows:
        found = combine(*values)
        return found if found.kind is Kind.STATISTIC else replace(ANYTHING, taints=found.taints)
    merged = combine(*values)
    if any(value.models or value.ident for value in rows):
        return replace(merged, cut=merged.cut or len(rows) == 1)
    steps = _steps(m, node, left, others) if len(node.ops) == 1 else ()
    return replace(merged, kind=Kind.MASK, steps=steps)


def _known(operator: ast.cmpop, left: Value, right: Value) -> Value:
    if left.const is None and right.const is None and not isinstance(operator, ast.Is):
        return NOTHING
    if isinstance(operator, ast.Eq | ast.Is) and (left.const is not None or isinstance(operator, ast.Eq)):
        return constant(left.const == right.const) if left.const is not None and right.const is not None else NOTHING
    if isinstance(operator, ast.NotEq) and left.const is not None and right.const is not None:
        return constant(left.const != right.const)
    return NOTHING


def _steps(m: Machine, node: ast.Compare, left: Value, others: list[Value]) -> tuple[Step, ...]:
    """Return how a comparison divides the rows: by a column and a bound, or by chance."""
    site, sign, right = m.site(node), SIGNS.get(type(node.ops[0])), others[0]
    if sign is None:
        return ()
    drawn = [one for one in ast.walk(node) if isinstance(one, ast.Attribute | ast.Name)]
    if any(getattr(one, "attr", getattr(one, "id", "")) in RANDOM for one in drawn):
        return (Step(f"deal at {site}", ("in", ""), dealt=True, site=site),)
    column, bound = (node.left, node.comparators[0]) if left.is_rows else (node.comparators[0], node.left)
    value, other = (left, right) if left.is_rows else (right, left)
    if not left.is_rows:
        sign = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}.get(sign, sign)
    name = value.name or ast.unparse(column)[:200]
    limit = repr(other.const) if other.kind is Kind.CONSTANT and other.const is not None else m.versioned(bound)
    return (Step(f"rows where {name}", (sign, limit), site=site),) if sign in NEGATED else ()


def _tuple(m: Machine, node: ast.Tuple | ast.List | ast.Set) -> Value:
    items: list[Value] = []
    rest: Value | None = None
    for one in node.elts[:200]:
        value = m.evaluate(one)
        if isinstance(one, ast.Starred) and value.kind is Kind.SEQUENCE:
            items += value.items
            rest = value.rest or rest
        elif isinstance(one, ast.Starred):
            rest = element(value)
        else:
            items.append(value)
    return Value(Kind.SEQUENCE, items=tuple(items), rest=rest)


def _dict(m: Machine, node: ast.Dict) -> Value:
    keys: list[object] = []
    items: list[Value] = []
    rest: Value | None = None
    for key, one in zip(node.keys[:200], node.values[:200], strict=True):
        value, found = m.evaluate(one), m.evaluate(key) if key else ANYTHING
        if key is None and value.kind is Kind.MAPPING:
            keys += value.keys
            items += value.items
            rest = value.rest or rest
        elif found.kind is Kind.CONSTANT and found.const is not None:
            keys.append(found.const)
            items.append(value)
        else:
            rest = value if rest is None else join(rest, value)
    return Value(Kind.MAPPING, items=tuple(items), keys=tuple(keys), rest=rest)


def _conditional(m: Machine, node: ast.IfExp) -> Value:
    test = m.evaluate(node.test)
    if test.kind is Kind.CONSTANT and test.const is not None:
        return m.evaluate(node.body if test.const else node.orelse)
    return join(m.evaluate(node.body), m.evaluate(node.orelse))


def _named(m: Machine, node: ast.NamedExpr) -> Value:
    value = m.evaluate(node.value)
    m.assign(node.target, value)
    return value


def _lambda(m: Machine, node: ast.Lambda) -> Value:
    ident = f"{m.path}:{m.cell}:{node.lineno}:{node.col_offset}:lambda"
    m.functions[ident] = Function(node, m.scope, m.path, m.cell)
    return Value(Kind.FUNCTION, ident=ident, name="lambda")


def _comprehension(m: Machine, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> Value:
    first = node.generators[0]
    iterated = m.evaluate(first.iter)
    listed = iterated.kind is Kind.SEQUENCE and not iterated.rest and 0 < len(iterated.items) <= UNROLLED
    m.loops += 1
    fits = any(isinstance(one, ast.Attribute) and one.attr.startswith("fit") for one in ast.walk(node))
    m.guards.append(fits)
    try:
        if listed and m.loops <= 2 and not first.ifs:
            return _collected(node, [_one(m, node, item) for item in iterated.items], listed=True)
        return _collected(node, [_one(m, node, element(iterated))], listed=False)
    finally:
        m.loops -= 1
        m.guards.pop()


def _one(m: Machine, node: ast.expr, item: Value) -> tuple[Value, Value]:
    generators = getattr(node, "generators", [])
    for place, generator in enumerate(generators):
        m.assign(generator.target, item if place == 0 else element(m.evaluate(generator.iter)))
        for condition in generator.ifs:
            m.evaluate(condition)
    if isinstance(node, ast.DictComp):
        return m.evaluate(node.key), m.evaluate(node.value)
    return NOTHING, m.evaluate(getattr(node, "elt", node))


def _collected(node: ast.expr, found: list[tuple[Value, Value]], *, listed: bool) -> Value:
    values = tuple(value for _, value in found)
    if isinstance(node, ast.DictComp):
        known = all(key.kind is Kind.CONSTANT and key.const is not None for key, _ in found)
        if listed and known:
            return Value(Kind.MAPPING, keys=tuple(key.const for key, _ in found), items=values)
        return Value(Kind.MAPPING, rest=join_all(values))
    return Value(Kind.SEQUENCE, items=values) if listed else Value(Kind.SEQUENCE, rest=values[0])


def _parts(m: Machine, node: ast.JoinedStr) -> Value:
    for one in node.values:
        m.evaluate(one)
    return NOTHING


def _formatted(m: Machine, node: ast.FormattedValue) -> Value:
    return m.evaluate(node.value)


def _inner(m: Machine, node: ast.Starred | ast.Await) -> Value:
    return m.evaluate(node.value)


def _yield(m: Machine, node: ast.Yield | ast.YieldFrom) -> Value:
    if node.value is not None:
        value = m.evaluate(node.value)
        m.scope.yields.append(element(value) if isinstance(node, ast.YieldFrom) else value)
    return ANYTHING


def _subscript(m: Machine, node: ast.Subscript) -> Value:
    return subscript(m, m.evaluate(node.value), node)


def _call(m: Machine, node: ast.Call) -> Value:
    return call(m, node)


HANDLERS: Mapping[type, Callable[..., Value]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.BoolOp: _boolean,
    ast.Compare: _compare,
    ast.Tuple: _tuple,
    ast.List: _tuple,
    ast.Set: _tuple,
    ast.Dict: _dict,
    ast.IfExp: _conditional,
    ast.NamedExpr: _named,
    ast.Lambda: _lambda,
    ast.ListComp: _comprehension,
    ast.SetComp: _comprehension,
    ast.GeneratorExp: _comprehension,
    ast.DictComp: _comprehension,
    ast.JoinedStr: _parts,
    ast.FormattedValue: _formatted,
    ast.Starred: _inner,
    ast.Await: _inner,
    ast.Yield: _yield,
    ast.YieldFrom: _yield,
    ast.Subscript: _subscript,
    ast.Call: _call,
}
