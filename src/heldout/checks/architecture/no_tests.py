"""Counts the tests of a repository."""

import ast

from heldout.core.check import check
from heldout.core.estimate import Measure, counted
from heldout.core.finding import Answer, Certainty, Witness, caution, clear, not_applicable, problem
from heldout.core.python_source import is_test_file, python_files, syntax_tree
from heldout.core.repository import Repository

MINIMUM_EFFECT = 1
"""Repositories without a test."""


Function = ast.FunctionDef | ast.AsyncFunctionDef


@check("ARC003")
def no_tests(repository: Repository) -> Answer:
    """Count the test functions of the repository, and those that assert something.

    ## Why it matters
    A model that is trained every month meets data that its author never saw. Tests are how the next person knows that
    a change broke nothing.

    ## Example
    A `tests` folder with an empty `__init__.py`, and no function in it.

    ## What to do
    Test the functions that make features, on the smallest table that shows what they promise: nulls, ties, a new
    category.

    ## Limits
    Tests are functions named test... in files that pytest or unittest would collect; they are counted, not run, and a
    test may assert anything. Asserting is a statement `assert`, a call named assert... or one of raises, fail. Tests
    in other languages and doctests are not seen. It promises to find {MINIMUM_EFFECT} repository without tests.
    """
    paths = python_files(repository)
    if not paths:
        return not_applicable("The repository has no Python file.")
    files = [path for path in paths if is_test_file(path)]
    trees = {path: syntax_tree(repository, path) for path in files}
    unread = [
        Witness(kind="file", where=path, note=f"not parsed: {tree}")
        for path, tree in trees.items()
        if isinstance(tree, str)
    ]
    tests = [test for tree in trees.values() if isinstance(tree, ast.Module) for test in _tests(tree)]
    asserting = sum(_asserts(test) for test in tests)
    measures = (
        Measure(name="tests", estimate=counted(len(tests), n=len(paths)), unit="functions"),
        Measure(name="tests that assert", estimate=counted(asserting, n=len(tests)), unit="functions"),
    )
    said = f"; test files that could not be parsed: {len(unread)}" if unread else ""
    to_do = "Write tests of the functions that make features, on tiny tables: nulls, ties, a new category."
    if not tests:
        claim = f"No test was found; Python files: {len(paths)}{said}."
        return problem(claim, Certainty.PROVEN, to_do=to_do, measures=measures, witnesses=unread[:5])
    if not asserting:
        claim = f"No test asserts anything; tests found: {len(tests)}{said}."
        return caution(claim, to_do=to_do, measures=measures, witnesses=unread[:5])
    claim = f"Tests found: {len(tests)}, of which {asserting} assert something{said}."
    return clear(claim, measures=measures, witnesses=unread[:5])


def _tests(tree: ast.Module) -> list[Function]:
    bodies = [tree.body, *(node.body for node in tree.body if isinstance(node, ast.ClassDef))]
    nodes = [node for body in bodies for node in body]
    return [node for node in nodes if isinstance(node, Function) and node.name.startswith("test")]


def _asserts(test: Function) -> bool:
    for node in ast.walk(test):
        if isinstance(node, ast.Assert):
            return True
        called = node.func if isinstance(node, ast.Call) else None
        name = getattr(called, "attr", getattr(called, "id", ""))
        if name.lower().startswith("assert") or name in {"raises", "fail"}:
            return True
    return False
