"""Follows every script and notebook of a repository, and returns the leaks, and what could not be followed."""

import ast
import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from heldout.core.data_flow.calls import invoke
from heldout.core.data_flow.events import Events
from heldout.core.data_flow.expressions import evaluate
from heldout.core.data_flow.judging import Leak, judged
from heldout.core.data_flow.machine import STEPS_PER_ENTRY, TOO_DEEP, Exhausted, Function, Machine, Scope
from heldout.core.data_flow.rows import PARAMETER, Part, Site
from heldout.core.data_flow.sources import Source, sources
from heldout.core.data_flow.statements import follow, run
from heldout.core.data_flow.subscripts import assign
from heldout.core.data_flow.values import Kind, Value
from heldout.core.repository import Repository

__all__ = ["Reading", "read_flows"]

TOO_LONG = "the program is too long or too deep to be followed to its end"


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found: `files` read, `unread` with the reason, `leaks`, `unknown` places that could not be
    followed although rows went through them into a split, a fit or a score.

    `splits`, `fits` and `scores` count the places where rows were split, learners fitted and models scored.
    """

    files: int
    unread: tuple[tuple[str, str], ...]
    leaks: tuple[Leak, ...]
    unknown: tuple[tuple[Site, str], ...]
    splits: int
    fits: int
    scores: int


def read_flows(repository: Repository) -> Reading:
    """Return what the programs of a repository do with their rows; equal files are read once."""
    wanted = {path: repository.files[path] for path in repository.matching(".py", ".ipynb")}
    return _read(tuple(wanted.items()))


@functools.lru_cache(maxsize=2)
def _read(files: tuple[tuple[str, bytes], ...]) -> Reading:
    found = {source.path: source for source in sources(Repository(commit="", files=dict(files)))}
    m = _machine(found)
    for path in found:
        _entry(m, path, functools.partial(follow, m, path))
    while m.mains:
        path, cell, scope, body = m.mains.pop(0)
        _entry(m, path, functools.partial(_main, m, path, cell, scope, body))
    for ident in [one for one in m.functions if one not in m.called]:
        if ident not in m.called:
            _entry(m, m.functions[ident].path, functools.partial(_uncalled, m, ident))
    events = m.events
    unread = tuple((source.path, why) for source in found.values() for why in source.unread)
    return Reading(
        files=sum(bool(source.cells) for source in found.values()),
        unread=unread,
        leaks=judged(events),
        unknown=tuple(sorted((site, why) for site, why in events.unknown.items() if _matters(events, site, why))),
        splits=len({split.site for split in events.dealt} | {one.site for one in events.crossed}),
        fits=len({fit.site for fit in events.fitted}),
        scores=len({score.site for score in events.scored} | {one.site for one in events.crossed}),
    )


def _matters(events: Events, site: Site, why: str) -> bool:
    return site in events.touched or why in (TOO_LONG, TOO_DEEP)


def _machine(found: Mapping[str, Source]) -> Machine:
    m = Machine(found)
    m.evaluate = lambda node: evaluate(m, node)
    m.run = lambda body: run(m, body)
    m.assign = lambda target, value: assign(m, target, value)
    m.invoke = lambda target, given: invoke(m, target, given)
    return m


def _entry(m: Machine, path: str, follow_it: Callable[[], object]) -> None:
    """Follow one entry within its bounds: a module, its main part, or a function that nobody calls."""
    m.entry, m.left, m.depth, m.loops = path, STEPS_PER_ENTRY, 0, 0
    m.stack.clear()
    m.guards.clear()
    try:
        follow_it()
    except (Exhausted, RecursionError):
        m.unknown(Site(path, 0), TOO_LONG)


def _main(m: Machine, path: str, cell: int, scope: Scope, body: list[ast.stmt]) -> None:
    with m.inside(path, cell, scope, loops=0):
        m.run(body)


def _uncalled(m: Machine, ident: str) -> None:
    """Follow a function that nobody calls, or the methods of a class that nobody makes, with unknown parameters."""
    from heldout.core.data_flow.machine import Call

    found = m.functions[ident]
    if isinstance(found.node, ast.Lambda):
        return
    if isinstance(found.node, ast.ClassDef):
        _class(m, ident, found)
        return
    given = _parameters(found, ident, skip=0)
    call = ast.copy_location(ast.Call(func=ast.Name(id="f", ctx=ast.Load()), args=[], keywords=[]), found.node)
    with m.inside(found.path, found.cell, found.scope, loops=0):
        invoke(m, Value(Kind.FUNCTION, ident=ident, name=found.node.name), Call(call, m.site(found.node), given, {}))


def _class(m: Machine, ident: str, found: Function) -> None:
    from heldout.core.data_flow.calls import bound_method
    from heldout.core.data_flow.machine import Call, Instance

    node = found.node
    assert isinstance(node, ast.ClassDef)
    made = f"{node.name} at {found.path}:{node.lineno}"
    m.heap[made] = Instance(node.name, klass=ident)
    m.called.add(ident)
    base = Value(Kind.OBJECT, ident=made, name=node.name)
    for one in node.body:
        if not isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        with m.inside(found.path, found.cell, found.scope, loops=0):
            method = bound_method(m, base, one.name)
            if method is None or method.ident in m.called:
                continue
            given = _parameters(m.functions[method.ident], method.ident, skip=len(method.items))
            call = ast.copy_location(ast.Call(func=ast.Name(id="f", ctx=ast.Load()), args=[], keywords=[]), one)
            invoke(m, method, Call(call, m.site(one), given, {}))


def _parameters(found: Function, ident: str, *, skip: int) -> tuple[Value, ...]:
    """Return unknown arguments: rows or a learner, as the function uses them."""
    arguments = found.node.args  # type: ignore[union-attr]  # a class has been sent away
    names = [one.arg for one in (*arguments.posonlyargs, *arguments.args)][skip:]
    wanted = [name for name in names if name not in found.defaults]
    return tuple(
        Value(Kind.OPAQUE, rows=frozenset({Part(f"{PARAMETER}{name} of {ident}")}), name="") for name in wanted
    )
