"""Statements: they bind names, branch, loop to a bound, define and import."""

import ast
import posixpath
from collections.abc import Callable, Mapping
from dataclasses import replace

from heldout.core.data_flow.calls import defaults_of
from heldout.core.data_flow.events import Chosen
from heldout.core.data_flow.machine import DEEPEST, TOO_DEEP, Function, Machine, Scope
from heldout.core.data_flow.values import ANYTHING, NOTHING, Kind, Value, combine, element, flat

__all__ = ["load_module", "run"]

ROUNDS = 2
"""A loop's body is followed so often: what the first round binds, the second one meets."""

UNROLLED = 6
DEEP_LOOP = 3
Ends = ast.Return | ast.Raise | ast.Continue | ast.Break


def run(m: Machine, body: list[ast.stmt]) -> bool:
    """Follow statements, and tell whether what comes after them is not reached."""
    for statement in body:
        m.spend()
        m.depth += 1
        try:
            if m.depth > DEEPEST:
                m.unknown(m.site(statement), TOO_DEEP)
            elif _statement(m, statement):
                return True
        finally:
            m.depth -= 1
    return False


def _statement(m: Machine, node: ast.stmt) -> bool:
    handler = HANDLERS.get(type(node))
    return bool(handler(m, node)) if handler else False


def _expression(m: Machine, node: ast.Expr) -> bool:
    value = m.evaluate(node.value)
    return isinstance(node.value, ast.Call) and value.kind is Kind.NAME and value.name == "exit"


def _assign(m: Machine, node: ast.Assign) -> None:
    value = m.evaluate(node.value)
    for target in node.targets:
        m.assign(target, value)


def _annotated(m: Machine, node: ast.AnnAssign) -> None:
    if node.value is not None:
        m.assign(node.target, m.evaluate(node.value))


def _augmented(m: Machine, node: ast.AugAssign) -> None:
    before, value = m.evaluate(node.target), m.evaluate(node.value)
    if before.kind is Kind.SEQUENCE:
        items = value.items if value.kind is Kind.SEQUENCE else ()
        rest = value if value.kind is not Kind.SEQUENCE else value.rest
        m.assign(node.target, replace(before, items=(*before.items, *items)[:24], rest=rest or before.rest))
    else:
        m.assign(node.target, combine(before, value))


def _delete(m: Machine, node: ast.Delete) -> None:
    for target in node.targets:
        if isinstance(target, ast.Name):
            m.scope.values.pop(target.id, None)
        elif isinstance(target, ast.Subscript):
            base, key = m.evaluate(target.value), m.evaluate(target.slice)
            if base.is_rows and isinstance(key.const, str):
                left = frozenset(taint for taint in base.taints if taint.column != key.const)
                m.assign(target.value, replace(base, taints=left))


def _return(m: Machine, node: ast.Return) -> bool:
    m.scope.returns.append(m.evaluate(node.value) if node.value else NOTHING)
    return True


def _ends(_: Machine, __: ast.stmt) -> bool:
    return True


def _if(m: Machine, node: ast.If) -> bool:
    if _is_main(node.test):
        m.mains.append((m.path, m.cell, m.scope, node.body))
        return False
    test = m.evaluate(node.test)
    if test.kind is Kind.CONSTANT and isinstance(test.const, bool | int | str) and test.name != "joined":
        return m.run(node.body if test.const else node.orelse)
    scores = [value for value in flat([test]) if value.kind is Kind.SCORE]
    if scores and _keeps(node):
        _chosen(m, node, scores[0], _test_words(node.test))
    before = m.state()
    ended = m.run(node.body)
    after = m.state()
    m.restore(before)
    other = m.run(node.orelse)
    if ended and other:
        return True
    if other:
        m.restore(after)
    elif not ended:
        m.merge(after)
    return False


def _is_main(test: ast.expr) -> bool:
    return isinstance(test, ast.Compare) and isinstance(test.left, ast.Name) and test.left.id == "__name__"


def _test_words(test: ast.expr) -> frozenset[str]:
    return frozenset(node.id.lower() for node in ast.walk(test) if isinstance(node, ast.Name))


def _keeps(node: ast.If) -> bool:
    """Tell whether the branch keeps what the comparison found better: it binds a name of the comparison."""
    compared = {ast.dump(_loaded(one)) for one in ast.walk(node.test) if isinstance(one, ast.Name | ast.Attribute)}
    targets = [
        target
        for one in node.body
        if isinstance(one, ast.Assign | ast.AugAssign | ast.AnnAssign)
        for whole in (one.targets if isinstance(one, ast.Assign) else [one.target])
        for target in (whole.elts if isinstance(whole, ast.Tuple) else [whole])
    ]
    return any(ast.dump(_loaded(target)) in compared for target in targets)


def _loaded(node: ast.expr) -> ast.expr:
    if isinstance(node, ast.Name):
        return ast.Name(id=node.id, ctx=ast.Load())
    if isinstance(node, ast.Attribute):
        return ast.Attribute(value=node.value, attr=node.attr, ctx=ast.Load())
    return node


def _chosen(m: Machine, node: ast.stmt, score: Value, names: frozenset[str]) -> None:
    refitted = m.guards[-1] if m.guards else False
    m.events.chosen.append(
        Chosen(
            m.site(node),
            score,
            "a comparison that keeps the better",
            True,
            m.loops,
            names,
            score.cut and not refitted,
            m.entry,
        )
    )


def _for(m: Machine, node: ast.For | ast.AsyncFor) -> bool:
    iterated = m.evaluate(node.iter)
    listed = iterated.kind is Kind.SEQUENCE and not iterated.rest and 0 < len(iterated.items) <= UNROLLED
    rounds = list(iterated.items) if listed and m.loops < 2 else [element(iterated)] * ROUNDS
    _loop(m, node, rounds[:1] if m.loops >= DEEP_LOOP else rounds, lambda value: m.assign(node.target, value))
    m.run(node.orelse)
    return False


def _while(m: Machine, node: ast.While) -> bool:
    def test(_: Value) -> None:
        m.evaluate(node.test)

    _loop(m, node, [NOTHING] * (1 if m.loops >= DEEP_LOOP else ROUNDS), test)
    m.run(node.orelse)
    return False


def _loop(
    m: Machine, node: ast.For | ast.AsyncFor | ast.While, rounds: list[Value], before: Callable[[Value], None]
) -> None:
    m.loops += 1
    m.guards.append(any(isinstance(one, ast.Attribute) and one.attr.startswith("fit") for one in ast.walk(node)))
    try:
        for value in rounds:
            before(value)
            m.run(node.body)
    finally:
        m.loops -= 1
        m.guards.pop()


def _try(m: Machine, node: ast.Try) -> bool:
    ended = m.run(node.body)
    ended = m.run(node.orelse) or ended
    for handler in node.handlers:
        state = m.state()
        if handler.name:
            m.bind(handler.name, ANYTHING, handler.lineno)
        if m.run(handler.body):
            m.restore(state)
        else:
            m.merge(state)
            ended = False
    return m.run(node.finalbody) or ended


def _with(m: Machine, node: ast.With | ast.AsyncWith) -> bool:
    for item in node.items:
        value = m.evaluate(item.context_expr)
        if item.optional_vars is not None:
            m.assign(item.optional_vars, value)
    return m.run(node.body)


def _match(m: Machine, node: ast.Match) -> bool:
    subject = m.evaluate(node.subject)
    before = m.state()
    for case in node.cases:
        after = m.state()
        m.restore(before)
        for one in ast.walk(case.pattern):
            if isinstance(one, ast.MatchAs | ast.MatchStar) and one.name:
                m.bind(one.name, element(subject), node.lineno)
        if m.run(case.body):
            m.restore(after)
        else:
            m.merge(after)
    return False


def _define(m: Machine, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> None:
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Call):
            m.evaluate(decorator)
    ident = f"{m.path}:{m.cell}:{node.lineno}:{node.name}"
    defaults = {} if isinstance(node, ast.ClassDef) else defaults_of(m, node.args)
    m.functions[ident] = Function(node, m.scope, m.path, m.cell, defaults)
    kind = Kind.CLASS if isinstance(node, ast.ClassDef) else Kind.FUNCTION
    m.bind(node.name, Value(kind, ident=ident, name=node.name), node.lineno)


def _import(m: Machine, node: ast.Import) -> None:
    for alias in node.names:
        whole = load_module(m, alias.name, 0)
        if alias.asname or "." not in alias.name:
            m.bind(alias.asname or alias.name, whole or Value(Kind.NAME, name=alias.name), node.lineno)
        else:
            first = alias.name.split(".")[0]
            m.bind(first, Value(Kind.NAME, name=first), node.lineno)


def _import_from(m: Machine, node: ast.ImportFrom) -> None:
    module = node.module or ""
    whole = load_module(m, module, node.level)
    for alias in node.names:
        if alias.name == "*":
            if whole:
                scope = m.modules[whole.ident]
                m.scope.values.update(scope.values)
            continue
        inner = load_module(m, f"{module}.{alias.name}".lstrip("."), node.level)
        found = m.modules[whole.ident].values.get(alias.name) if whole else None
        value = found or inner or Value(Kind.NAME, name=f"{module}.{alias.name}")
        m.bind(alias.asname or alias.name, value, node.lineno)


def load_module(m: Machine, name: str, level: int) -> Value | None:
    """Return the module of the repository that a name leads to, read once; None where it is none of its own."""
    folder = posixpath.dirname(m.path)
    up = posixpath.normpath("/".join([folder, *[".."] * (level - 1)])) if level else ""
    bases = [up if up != "." else ""] if level else [folder, "", "src"]
    inner = name.replace(".", "/")
    for base in bases:
        place = posixpath.normpath(posixpath.join(base, inner)) if inner else base
        for path in (f"{place}.py", f"{place}/__init__.py"):
            if path in m.sources:
                return follow(m, path)
    return None


def follow(m: Machine, path: str) -> Value:
    """Follow a file of the repository once, and return it as a module."""
    if path not in m.modules:
        scope = m.modules[path] = Scope()
        depth, m.depth = m.depth, m.depth // 2
        for cell in m.sources[path].cells:
            with m.inside(path, cell.number, scope, loops=0):
                m.run(cell.tree.body)
        m.depth = depth
    return Value(Kind.MODULE, ident=path, name=path)


def _global(m: Machine, node: ast.Global | ast.Nonlocal) -> None:
    m.scope.outer.update(node.names)


def _assert(m: Machine, node: ast.Assert) -> None:
    m.evaluate(node.test)


HANDLERS: Mapping[type, Callable[..., object]] = {
    ast.Expr: _expression,
    ast.Assign: _assign,
    ast.AnnAssign: _annotated,
    ast.AugAssign: _augmented,
    ast.Delete: _delete,
    ast.Return: _return,
    ast.Raise: _ends,
    ast.Continue: _ends,
    ast.Break: _ends,
    ast.If: _if,
    ast.For: _for,
    ast.AsyncFor: _for,
    ast.While: _while,
    ast.Try: _try,
    ast.TryStar: _try,
    ast.With: _with,
    ast.AsyncWith: _with,
    ast.Match: _match,
    ast.FunctionDef: _define,
    ast.AsyncFunctionDef: _define,
    ast.ClassDef: _define,
    ast.Import: _import,
    ast.ImportFrom: _import_from,
    ast.Global: _global,
    ast.Nonlocal: _global,
    ast.Assert: _assert,
}
