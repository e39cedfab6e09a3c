"""The state of the abstract interpreter: scopes, the heap of learners and instances, what happened, and its bounds."""

import ast
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from heldout.core.data_flow.events import Events, Marked, Scored
from heldout.core.data_flow.rows import Part, Site
from heldout.core.data_flow.sources import Source
from heldout.core.data_flow.values import ANYTHING, Fitted, Kind, Taint, Value, join

__all__ = ["Call", "Exhausted", "Function", "Instance", "Machine", "Scope"]

STEPS_PER_ENTRY = 60_000
"""A module, or a function that nobody calls, is followed for so many steps."""

STEPS = 1_500_000
"""All of a repository is followed for so many steps."""

TOO_DEEP = "nested too deeply"

MOST_EVENTS = 1_500
DEEPEST = 110
DEEPEST_CALL = 7


class Exhausted(Exception):
    """The steps that one entry may take are used up."""


@dataclass(slots=True)
class Scope:
    """The names of a module or of one call, with the line on which each was last bound."""

    parent: "Scope | None" = None
    values: dict[str, Value] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    outer: set[str] = field(default_factory=set)
    mutated: set[str] = field(default_factory=set)
    returns: list[Value] = field(default_factory=list)
    yields: list[Value] = field(default_factory=list)

    def find(self, name: str) -> "Scope | None":
        """Return the innermost scope that knows the name."""
        scope: Scope | None = self
        while scope is not None and name not in scope.values:
            scope = scope.parent
        return scope


@dataclass(frozen=True, slots=True)
class Function:
    """A function or class of the repository, with the scope that it was defined in."""

    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef
    scope: Scope
    path: str
    cell: int
    defaults: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Instance:
    """What the heap holds of an object: its class by name, how it was made, its parts, attributes and fits."""

    what: str
    klass: str = ""
    made_by: Mapping[str, Value] = field(default_factory=dict)
    parts: tuple[Value, ...] = ()
    attributes: Mapping[str, Value] = field(default_factory=dict)
    fits: tuple[Fitted, ...] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """A call with its arguments evaluated."""

    node: ast.Call
    site: Site
    positional: tuple[Value, ...]
    named: Mapping[str, Value]

    def argument(self, place: int, *names: str) -> Value | None:
        """Return an argument by its place or by any of its names."""
        if 0 <= place < len(self.positional):
            return self.positional[place]
        return next((self.named[name] for name in names if name in self.named), None)

    def all(self) -> tuple[Value, ...]:
        """Return all arguments."""
        return (*self.positional, *self.named.values())

    def literal(self, place: int, *names: str, default: Any = None) -> Any:
        """Return an argument that is a literal, else `default`."""
        found = self.argument(place, *names)
        return default if found is None or found.kind is not Kind.CONSTANT else found.const

    def words(self) -> frozenset[str]:
        """Return the names that stand in the arguments, in lower case."""
        inside = (node for given in [*self.node.args, *self.node.keywords] for node in ast.walk(given))
        return frozenset(node.id.lower() for node in inside if isinstance(node, ast.Name))


@dataclass(slots=True)
class Machine:
    """The interpreter's state. `evaluate`, `run` and `invoke` are set by whoever puts it together."""

    sources: Mapping[str, Source]
    evaluate: Callable[[ast.expr], Value] = lambda _: ANYTHING
    run: Callable[[list[ast.stmt]], bool] = lambda _: False
    assign: Callable[[ast.expr, Value], None] = lambda *_: None
    invoke: Callable[[Value, Call], Value] = lambda *_: ANYTHING
    events: Events = field(default_factory=Events)
    heap: dict[str, Instance] = field(default_factory=dict)
    functions: dict[str, Function] = field(default_factory=dict)
    called: set[str] = field(default_factory=set)
    modules: dict[str, Scope] = field(default_factory=dict)
    mains: list[tuple[str, int, Scope, list[ast.stmt]]] = field(default_factory=list)
    scope: Scope = field(default_factory=Scope)
    path: str = ""
    entry: str = ""
    cell: int = 0
    loops: int = 0
    depth: int = 0
    stack: list[str] = field(default_factory=list)
    left: int = STEPS_PER_ENTRY
    total: int = STEPS
    serial: int = 0
    guards: list[bool] = field(default_factory=list)

    def spend(self) -> None:
        """Take one step; raises Exhausted when there are none left."""
        self.left -= 1
        self.total -= 1
        if self.left < 0 or self.total < 0:
            raise Exhausted

    def site(self, node: ast.AST) -> Site:
        """Return where a node stands."""
        return Site(self.path, getattr(node, "lineno", 0), self.cell)

    def tick(self) -> int:
        """Return the number of the next event."""
        self.serial += 1
        return self.serial

    def unknown(self, site: Site, why: str) -> None:
        """Say what could not be followed."""
        if len(self.events.unknown) < MOST_EVENTS:
            self.events.unknown.setdefault(site, why)

    def touch(self, *values: Value) -> None:
        """Note that what could not be followed went into a split, a fit or a score."""
        for value in values:
            self.events.touched |= value.murky

    @contextmanager
    def inside(self, path: str, cell: int, scope: Scope, *, loops: int | None = None) -> Iterator[None]:
        """Run what is inside in another place, and come back."""
        before = (self.path, self.cell, self.scope, self.loops)
        self.path, self.cell, self.scope = path, cell, scope
        self.loops = self.loops if loops is None else loops
        try:
            yield
        finally:
            self.path, self.cell, self.scope, self.loops = before

    def lookup(self, name: str) -> Value | None:
        """Return what a name is bound to."""
        scope = self.scope.find(name)
        return scope.values[name] if scope else None

    def lookup_in(self, scope: Scope, name: str) -> Value | None:
        """Return what a name is bound to in another scope."""
        found = scope.find(name)
        return found.values[name] if found else None

    def bind(self, name: str, value: Value, line: int) -> None:
        """Bind a name in the scope that is in force, and remember what a part of the rows was called."""
        scope = self.scope
        if name in scope.outer and scope.parent is not None:
            scope = scope.parent.find(name) or scope.parent
        scope.values[name] = value
        scope.lines[name] = line
        if value.is_rows:
            for part in value.rows:
                if part.steps:
                    self.events.names.setdefault(part, set()).add(name.lower())

    def change(self, ident: str, **changes: Any) -> None:
        """Change an object of the heap."""
        if ident in self.heap:
            self.heap[ident] = replace(self.heap[ident], **changes)

    def score(self, call: Call, values: list[Value], *, names: frozenset[str] = frozenset()) -> Value:
        """Note that models were scored, and return the score: `values` are truth and predictions, or features."""
        predicted = [value for value in values if value.models] or values
        models = frozenset[Fitted]().union(*(value.models for value in predicted))
        rows = frozenset[Part]().union(*(value.rows for value in predicted))
        taints = frozenset[Taint]().union(*(value.taints for value in predicted))
        cut = any(value.cut for value in values)
        told = call.words() | names
        self.touch(*values)
        made = Scored(call.site, rows, models, taints, self.loops, cut, told, self.entry, self.tick())
        if rows and len(self.events.scored) < MOST_EVENTS and made not in self.events.scored[-20:]:
            self.events.scored.append(made)
        ident = next((value.ident for value in predicted if value.ident), "")
        return Value(Kind.SCORE, rows=rows, models=models, taints=taints, cut=cut, ident=ident)

    def mark(self, node: ast.AST, kind: str, column: str, rows: frozenset[Part]) -> None:
        """Note that the program shows an order in time, or groups."""
        if len(self.events.marked) < MOST_EVENTS:
            self.events.marked.append(Marked(self.site(node), kind, column, rows, self.entry))

    def versioned(self, node: ast.expr) -> str:
        """Return an expression as text, with the lines on which its names were last bound."""
        names = sorted({one.id for one in ast.walk(node) if isinstance(one, ast.Name)})
        lines = [str(scope.lines.get(name, 0)) for name in names if (scope := self.scope.find(name))]
        return f"{ast.unparse(node)[:200]}@{','.join(lines)}"

    def state(self) -> tuple[dict[str, Value], dict[str, Instance]]:
        """Return a copy of what a branch may change."""
        self.left -= (len(self.scope.values) + len(self.heap)) // 20
        return dict(self.scope.values), dict(self.heap)

    def restore(self, state: tuple[dict[str, Value], dict[str, Instance]]) -> None:
        """Go back to a copy that was taken before."""
        self.scope.values, self.heap = dict(state[0]), dict(state[1])

    def merge(self, state: tuple[dict[str, Value], dict[str, Instance]]) -> None:
        """Join another branch's end into this one's."""
        values, heap = state
        for name, value in values.items():
            mine = self.scope.values.get(name)
            self.scope.values[name] = value if mine is None else join(mine, value)
        for ident, other in heap.items():
            found = self.heap.get(ident)
            self.heap[ident] = other if found is None else _either(found, other)


def _either(one: Instance, two: Instance) -> Instance:
    if one == two:
        return one
    both = [fit for fit in one.fits if fit in two.fits]
    lonely = [replace(fit, maybe=True) for fit in (*one.fits, *two.fits) if fit not in both] if both else []
    fits = (*both, *lonely) if both else one.fits or two.fits
    if one.fits and two.fits and not both:
        fits = tuple(replace(fit, maybe=True) for fit in (*one.fits, *two.fits))
    names = {**one.attributes, **two.attributes}
    attributes = {
        name: join(one.attributes.get(name, value), two.attributes.get(name, value)) for name, value in names.items()
    }
    return replace(one, fits=tuple(fits)[:6], attributes=attributes)
