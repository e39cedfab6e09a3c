"""Finds modules of the repository that import each other in a circle."""

import ast
from collections.abc import Mapping

from heldout.core.check import check
from heldout.core.estimate import Measure, counted
from heldout.core.finding import Answer, Certainty, Witness, clear, not_applicable, problem
from heldout.core.python_imports import imports
from heldout.core.python_source import python_files, syntax_tree
from heldout.core.repository import Repository, shown

MINIMUM_EFFECT = 1
"""Circles of imports."""

Edges = Mapping[str, Mapping[str, int]]


@check("ARC002")
def import_cycles(repository: Repository) -> Answer:
    """Find modules that import each other in a circle.

    ## Why it matters
    Modules in a circle are one module in several files: none can be read, tested or replaced alone, and which one is
    imported first decides whether it works.

    ## Example
    `features.py` imports `model.py` for a constant, and `model.py` imports `features.py` for a function.

    ## What to do
    Move what both need into a module of its own, or pass it as an argument.

    ## Limits
    It reads the imports that run when a module is imported; those inside functions and under TYPE_CHECKING don't
    count, nor does the package's own `__init__` that Python runs before a module in it. Imports made by strings
    (importlib) are not seen. Files that cannot be parsed are said and left out. How many imports there are, and how
    long the largest module is, are facts beside it. It promises to find {MINIMUM_EFFECT} circle, and names one.
    """
    paths = python_files(repository)
    trees = {path: syntax_tree(repository, path) for path in paths}
    read = {path: tree for path, tree in trees.items() if isinstance(tree, ast.Module)}
    unread = [(path, tree) for path, tree in trees.items() if isinstance(tree, str)]
    if not read:
        return not_applicable("The repository has no Python file that can be parsed.")
    edges = {path: dict(imports(path, tree, frozenset(paths))) for path, tree in read.items()}
    tangled = _tangled(edges)
    measures = (
        Measure(
            name="modules in circles of imports, or between two",
            estimate=counted(len(tangled), n=len(read)),
            unit="files",
        ),
        *_facts(edges, {path: (repository.text(path) or "").count("\n") for path in read}),
    )
    left_out = [Witness(kind="file", where=path, note=f"not parsed: {why}") for path, why in unread[:5]]
    said = f"; files that could not be parsed: {len(unread)}" if unread else ""
    if not tangled:
        claim = f"No circle of imports was found; Python files read: {len(read)}{said}."
        return clear(claim, measures=measures, witnesses=left_out)
    circle = _circle(edges, tangled)
    path = " → ".join(shown(name, 60) for name in (*circle[:4], *(["…"] if len(circle) > 4 else []), circle[0]))
    witnesses = [
        Witness(kind="file", where=one, line=edges[one][two], note=f"imports {two}")
        for one, two in zip(circle, [*circle[1:], circle[0]], strict=True)
    ]
    return problem(
        f"{len(circle)} modules import each other in a circle: {path}{said}.",
        Certainty.PROVEN,
        to_do="Move what both sides need into a module of its own.",
        measures=measures,
        witnesses=(*witnesses[:10], *left_out),
    )


def _facts(edges: Edges, lines: Mapping[str, int]) -> tuple[Measure, ...]:
    """Return what a reader may want to know of the graph; none of it is good or bad by itself."""
    largest = max(lines, key=lambda path: (lines[path], path))
    name = f"lines of the largest module, {shown(largest, 60)}"
    total = sum(len(targets) for targets in edges.values())
    return (
        Measure(name="imports between modules", estimate=counted(total, n=len(edges)), unit="imports"),
        Measure(name=name, estimate=counted(lines[largest], n=len(edges)), unit=f"of {sum(lines.values()):,} lines"),
    )


def _tangled(edges: Edges) -> set[str]:
    """Return the modules that are left when those that import nothing, or are imported by nothing, are taken away."""
    importers: dict[str, set[str]] = {path: set() for path in edges}
    for path, targets in edges.items():
        for target in targets.keys() & edges.keys():
            importers[target].add(path)
    left = set(edges)
    for onward, back in ((edges, importers), (importers, edges)):
        ends = [path for path in left if left.isdisjoint(onward[path])]
        while ends:
            path = ends.pop()
            left.discard(path)
            ends += [before for before in back[path] if before in left and left.isdisjoint(onward[before])]
    return left


def _circle(edges: Edges, tangled: set[str]) -> list[str]:
    walk = [min(tangled)]
    while True:
        following = min(edges[walk[-1]].keys() & tangled)
        if following in walk:
            return walk[walk.index(following) :]
        walk.append(following)
