"""Calls: functions and classes of the repository are followed inside, everything else by what its name is known for."""

import ast
from collections.abc import Callable, Mapping
from dataclasses import replace

from heldout.core.data_flow import containers, frames, learners, library
from heldout.core.data_flow.machine import DEEPEST_CALL, Call, Function, Instance, Machine, Scope
from heldout.core.data_flow.names import GENERATED, METRICS, OPTIMIZERS, RANDOM
from heldout.core.data_flow.subscripts import put
from heldout.core.data_flow.values import ANYTHING, NOTHING, Fitted, Kind, Value, combine, flat, join_all

__all__ = ["bound_method", "call", "defaults_of", "invoke"]


def call(m: Machine, node: ast.Call) -> Value:
    """Return what a call gives."""
    if isinstance(node.func, ast.Attribute):
        base = m.evaluate(node.func.value)
        given = _given(m, node)
        return _method(m, base, node.func, given)
    target = m.evaluate(node.func)
    return invoke(m, target, _given(m, node))


def _given(m: Machine, node: ast.Call) -> Call:
    positional: list[Value] = []
    for one in node.args[:60]:
        value = m.evaluate(one)
        if isinstance(one, ast.Starred) and value.kind is Kind.SEQUENCE:
            positional += value.items or ([value.rest] * 2 if value.rest else [])
        else:
            positional.append(value)
    named: dict[str, Value] = {}
    for keyword in node.keywords[:80]:
        value = m.evaluate(keyword.value)
        if keyword.arg:
            named[keyword.arg] = value
        elif value.kind is Kind.MAPPING:
            named |= {"**": value.rest} if value.rest else {}
            named |= {key: item for key, item in zip(value.keys, value.items, strict=True) if isinstance(key, str)}
        elif value.taints:
            named["**"] = value
    return Call(node, m.site(node), tuple(positional), named)


def invoke(m: Machine, target: Value, given: Call) -> Value:
    """Return what calling a value gives."""
    if target.kind is Kind.FUNCTION and target.ident in m.functions:
        return _of_function(m, target, given)
    if target.kind is Kind.CLASS:
        return _instance(m, target, given)
    if target.kind is Kind.NAME:
        return library.external(m, target.name, given)
    if target.kind is Kind.METHOD:
        return learners.method(m, Value(Kind.OBJECT, ident=target.ident), target.name, given)
    if target.kind is Kind.OBJECT:
        return _of_object(m, target, given)
    return _unknown(m, given, "a call that cannot be resolved")


def _unknown(m: Machine, given: Call, why: str) -> Value:
    result = combine(*given.all()) if given.all() else ANYTHING
    if any(value.is_rows for value in flat(given.all())):
        m.unknown(given.site, why)
        result = replace(result, murky=result.murky | {given.site})
    return result


def _method(m: Machine, base: Value, func: ast.Attribute, given: Call) -> Value:
    handler = frames.method if base.is_rows else BY_KIND.get(base.kind, _of_unknown)
    return handler(m, base, func, given)


def _of_module(m: Machine, base: Value, func: ast.Attribute, given: Call) -> Value:
    found = m.modules[base.ident].values.get(func.attr)
    return invoke(m, found, given) if found else _unknown(m, given, "a name that its module does not have")


def _of_name(m: Machine, base: Value, func: ast.Attribute, given: Call) -> Value:
    return library.external(m, f"{base.name}.{func.attr}", given)


def _of_class(m: Machine, base: Value, func: ast.Attribute, given: Call) -> Value:
    method = bound_method(m, base, func.attr)
    return invoke(m, method, given) if method else _unknown(m, given, "a method that cannot be found")


def _of_statistic(_: Machine, base: Value, __: ast.Attribute, given: Call) -> Value:
    return combine(base, *given.all())


def _of_constant(_: Machine, __: Value, ___: ast.Attribute, ____: Call) -> Value:
    return NOTHING


def _of_unknown(m: Machine, base: Value, func: ast.Attribute, given: Call) -> Value:
    name = func.attr
    if name in RANDOM | GENERATED:
        return library.external(m, name, given)
    if name in OPTIMIZERS:
        return learners.optimized(m, given)
    if name in learners.METHODS and any(value.is_rows for value in flat(given.all())):
        return learners.method(m, replace(base, ident=base.ident or ast.unparse(func.value)[:80]), name, given)
    return _unknown(m, given, f"a method {name} of something unknown")


def _of_instance(m: Machine, base: Value, func: ast.Attribute, given: Call) -> Value:
    name = func.attr
    instance = m.heap.get(base.ident)
    if instance is not None and name in instance.attributes:
        return invoke(m, instance.attributes[name], given)
    method = bound_method(m, base, name)
    if method is None and name == "fit_transform" and instance is not None and instance.klass:
        fit, transform = bound_method(m, base, "fit"), bound_method(m, base, "transform")
        if fit and transform:
            invoke(m, fit, given)
            return invoke(m, transform, replace(given, positional=given.positional[:1], named={}))
    if method is None and name in RANDOM | GENERATED:
        return library.external(m, name, given)
    if method is None:
        return learners.method(m, base, name, given)
    return _with_fit(m, base, name, given, invoke(m, method, given))


def _with_fit(m: Machine, base: Value, name: str, given: Call, result: Value) -> Value:
    """Note what a method of a class of the repository does by its name: `fit` fits it, `predict` predicts by it."""
    instance = m.heap.get(base.ident)
    rows = [value for value in given.all() if value.is_rows]
    if instance is None or not rows:
        return result
    if name in ("fit", "train") and not instance.fits:
        fit = Fitted(given.site, instance.what, rows[0].rows, rows[0].taints, serial=m.tick())
        m.change(base.ident, fits=(fit,))
        m.events.fitted.append(fit)
        if len(rows) > 1 and rows[1].name:
            m.events.labels.add(rows[1].name)
    if name.startswith(("predict", "decision")) and not result.models:
        seen = combine(*rows) if not result.is_rows else result
        return replace(seen, kind=Kind.DATA, models=frozenset(instance.fits), ident=base.ident)
    return result


def _of_object(m: Machine, target: Value, given: Call) -> Value:
    """Return what calling an object gives: a network on rows, a loss on what it said, jobs in parallel."""
    instance = m.heap.get(target.ident)
    if instance is None:
        return _unknown(m, given, "a call of something unknown")
    method = bound_method(m, target, "__call__")
    if method is not None:
        return invoke(m, method, given)
    if instance.what == "Parallel":
        return given.positional[0] if given.positional else ANYTHING
    rows = [value for value in flat(given.all()) if value.is_rows]
    if not rows:
        return ANYTHING
    if len(rows) > 1 and any(value.ident for value in rows):
        return m.score(given, rows)
    return replace(combine(*rows), kind=Kind.DATA, models=frozenset(instance.fits), ident=target.ident)


def bound_method(m: Machine, base: Value, name: str) -> Value | None:
    """Return the method of an instance or a class of the repository, with what it is bound to, or None."""
    klass = m.heap[base.ident].klass if base.kind is Kind.OBJECT and base.ident in m.heap else base.ident
    for depth in range(5):
        found = m.functions.get(klass)
        if found is None or not isinstance(found.node, ast.ClassDef):
            return None
        for node in found.node.body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == name:
                return _bound(m, found, klass, node, base)
        bases = [m.lookup_in(found.scope, one.id) for one in found.node.bases if isinstance(one, ast.Name)]
        known = [one for one in bases if one and one.kind is Kind.CLASS and one.ident != klass]
        if not known or depth == 4:
            return None
        klass = known[0].ident
    return None


def _bound(m: Machine, klass: Function, ident: str, node: ast.FunctionDef | ast.AsyncFunctionDef, base: Value) -> Value:
    key = f"{ident}.{node.name}"
    if key not in m.functions:
        with m.inside(klass.path, klass.cell, klass.scope):
            m.functions[key] = Function(node, klass.scope, klass.path, klass.cell, defaults_of(m, node.args))
    decorators = {one.id for one in node.decorator_list if isinstance(one, ast.Name)}
    if "staticmethod" in decorators or (base.kind is Kind.CLASS and "classmethod" not in decorators):
        return Value(Kind.FUNCTION, ident=key, name=node.name)
    return Value(Kind.FUNCTION, ident=key, name=node.name, items=(base,))


def defaults_of(m: Machine, arguments: ast.arguments) -> Mapping[str, Value]:
    """Return the defaults of a function's parameters by their names."""
    plain = [one.arg for one in (*arguments.posonlyargs, *arguments.args)]
    given = dict(zip(plain[len(plain) - len(arguments.defaults) :], arguments.defaults, strict=True))
    given |= {one.arg: value for one, value in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if value}
    return {name: m.evaluate(value) for name, value in given.items()}


def _instance(m: Machine, target: Value, given: Call) -> Value:
    klass = m.functions.get(target.ident)
    m.called.add(target.ident)
    ident = f"{target.name} at {given.site}:{given.node.col_offset}:{'/'.join(m.stack)}"
    base = Value(Kind.OBJECT, ident=ident, name=target.name)
    named = dict(given.named)
    if klass is not None and isinstance(klass.node, ast.ClassDef):
        several = [one.target for one in klass.node.body if isinstance(one, ast.AnnAssign)]
        fields = [one.id for one in several if isinstance(one, ast.Name)]
        named = dict(zip(fields, given.positional, strict=False)) | named
    m.heap[ident] = Instance(target.name, klass=target.ident, made_by=named, attributes=named)
    start = bound_method(m, base, "__init__")
    if start is not None:
        invoke(m, start, given)
    return base


def _of_function(m: Machine, target: Value, given: Call) -> Value:
    found = m.functions[target.ident]
    m.called.add(target.ident)
    if len(m.stack) >= DEEPEST_CALL or any(one.startswith(f"{target.ident}@") for one in m.stack):
        return _unknown(m, given, "a call within calls that goes too deep, or round in a circle")
    scope = Scope(parent=found.scope)
    node = found.node
    if isinstance(node, ast.ClassDef):
        return ANYTHING
    _bind(scope, found, (*target.items, *given.positional), given.named)
    m.stack.append(f"{target.ident}@{given.site}")
    try:
        with m.inside(found.path, found.cell, scope):
            if isinstance(node, ast.Lambda):
                return m.evaluate(node.body)
            m.run(node.body)
    finally:
        m.stack.pop()
    _give_back(m, node, scope, target, given)
    if scope.yields:
        return Value(Kind.SEQUENCE, rest=join_all(scope.yields))
    result = join_all(scope.returns) if scope.returns else NOTHING
    return _metric(m, target, given, result)


def _metric(m: Machine, target: Value, given: Call, result: Value) -> Value:
    """Return a score where a function of the repository that is named as a metric met predictions."""
    rows = [value for value in flat(given.all()) if value.is_rows]
    told = METRICS.fullmatch(target.name) and any(value.models or value.ident for value in rows) and len(rows) > 1
    return m.score(given, rows) if told and result.kind is not Kind.SCORE and not result.is_rows else result


def _bind(scope: Scope, found: Function, given: tuple[Value, ...], named: Mapping[str, Value]) -> None:
    arguments = found.node.args  # type: ignore[union-attr]  # a class has been sent away
    plain = [one.arg for one in (*arguments.posonlyargs, *arguments.args)]
    bound = dict(found.defaults) | dict(zip(plain, given, strict=False))
    keywords = {*plain, *(one.arg for one in arguments.kwonlyargs)}
    bound |= {name: value for name, value in named.items() if name in keywords}
    if arguments.vararg:
        bound[arguments.vararg.arg] = Value(Kind.SEQUENCE, items=given[len(plain) :])
    if arguments.kwarg:
        others = {name: value for name, value in named.items() if name not in keywords}
        bound[arguments.kwarg.arg] = Value(Kind.MAPPING, keys=tuple(others), items=tuple(others.values()))
    for name in keywords:
        bound.setdefault(name, ANYTHING)
    line = getattr(found.node, "lineno", 0)
    scope.values.update(bound)
    scope.lines.update(dict.fromkeys(bound, line))


def _give_back(
    m: Machine, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope, target: Value, given: Call
) -> None:
    """Bind what a function changed in place, a table that it was handed, to where the caller has it."""
    plain = [one.arg for one in (*node.args.posonlyargs, *node.args.args)][len(target.items) :]
    for name, argument in zip(plain, given.node.args, strict=False):
        if name in scope.mutated and isinstance(argument, ast.Name) and scope.values[name].is_rows:
            put(m, argument, scope.values[name])


BY_KIND: Mapping[Kind, Callable[[Machine, Value, ast.Attribute, Call], Value]] = {
    Kind.MODULE: _of_module,
    Kind.NAME: _of_name,
    Kind.OBJECT: _of_instance,
    Kind.CLASS: _of_class,
    Kind.SEQUENCE: containers.method,
    Kind.MAPPING: containers.method,
    Kind.SCORE: containers.of_score,
    Kind.STATISTIC: _of_statistic,
    Kind.GROUPS: frames.method,
    Kind.WINDOW: frames.method,
    Kind.CONSTANT: _of_constant,
}
