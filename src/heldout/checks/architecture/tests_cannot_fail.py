"""Finds tests that pass whatever the program gives."""

import ast
from collections.abc import Iterator

from heldout.core.check import check
from heldout.core.estimate import Measure, counted
from heldout.core.finding import Answer, Certainty, Witness, clear, not_applicable, problem
from heldout.core.python_calls import dotted
from heldout.core.python_source import is_test_file, python_files, syntax_tree
from heldout.core.repository import Repository, shown

MINIMUM_EFFECT = 1
"""Tests that no wrong result can fail."""

SHOWN = 10
"""At most this many tests are shown."""

MOST_FILES = 2_000
"""At most this many test files are read."""

FORGIVING = frozenset({"Exception", "BaseException", "AssertionError"})
"""What swallows a failed assertion when it is caught and not looked at."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


@check("ARC006")
def tests_cannot_fail(repository: Repository) -> Answer:
    """Find tests that pass whatever the program gives.

    ## Why it matters
    A test that no wrong result can fail is counted, and trusted, and says nothing: the program may be broken under it.

    ## Example
    `assert (model.fit(table), "it fits")` is an assertion of a pair, and a pair is always true. A test whose whole
    body stands in `try: ... except Exception: pass` passes when the program raises.

    ## What to do
    Assert what the program gives for a tiny input, then break the program on purpose and see the test fail. Delete
    placeholders.

    ## Limits
    Proven are tests without a statement that does something, tests whose only assertions are of a true constant or of
    a pair (they still fail when something raises), and tests whose whole body is caught by a bare except, or by
    {FORGIVING}, that does nothing. A test that only calls something is counted and is no problem; what an assertion is
    worth is not judged. Skipped tests are left out. Up to {MOST_FILES} test files are read. One test
    suffices ({MINIMUM_EFFECT}); at most {SHOWN} are shown.
    """
    paths = [path for path in python_files(repository) if is_test_file(path)][:MOST_FILES]
    trees = {path: syntax_tree(repository, path) for path in paths}
    tests = [(path, test) for path, tree in trees.items() if isinstance(tree, ast.Module) for test in _tests(tree.body)]
    if not tests:
        return not_applicable("The repository has no test that could be read and is not skipped.")
    sure = [(path, test.lineno, test.name, why) for path, test in tests if (why := _why(test))]
    calling = sum(not _why(test) and not any(map(_asserts, ast.walk(test))) for _, test in tests)
    total = len(tests)
    measures = tuple(
        Measure(name=name, estimate=counted(number / total, n=total), unit="share")
        for name, number in (
            ("tests that no wrong result can fail", len(sure)),
            ("tests that call something and assert nothing by themselves", calling),
        )
    )
    if not sure:
        return clear(f"No test was found whose form lets every result pass; read: {total}.", measures=measures)
    name, why = shown(sure[0][2], 80), sure[0][3]
    return problem(
        f"Tests that no wrong result can fail: {len(sure)} of {total}, such as {name} ({why}).",
        Certainty.PROVEN,
        to_do="Assert what the program gives for a tiny input, and see the test fail when the program is broken.",
        measures=measures,
        witnesses=[
            Witness(kind="file", where=path, line=line, note=f"{shown(name, 80)}: {why}")
            for path, line, name, why in sure[:SHOWN]
        ],
    )


def _tests(body: list[ast.stmt]) -> Iterator[Function]:
    for node in body:
        marks = [getattr(one, "func", one) for one in getattr(node, "decorator_list", [])]
        is_skipped = any("skip" in dotted(mark) for mark in marks)
        if isinstance(node, Function) and node.name.startswith("test") and not is_skipped:
            yield node
        elif isinstance(node, ast.ClassDef) and not is_skipped:
            yield from (one for one in _tests(node.body) if isinstance(one, Function))


def _why(test: Function) -> str:
    """Return why a test passes whatever happens, or an empty text."""
    body = [node for node in test.body if not _is_idle(node)]
    if not body:
        takes_fixture = {one.arg for one in test.args.args} - {"self", "cls"}
        return "" if takes_fixture else "it has no statement that does something"
    first = body[0]
    if len(body) == 1 and isinstance(first, ast.Try) and not first.orelse and any(map(_swallows, first.handlers)):
        return "it catches its own failure"
    assertions = [node for node in ast.walk(test) if _asserts(node)]
    is_true = assertions and all(isinstance(node, ast.Assert) and _is_always_true(node.test) for node in assertions)
    return "it asserts what is always true" if is_true else ""


def _is_idle(node: ast.stmt) -> bool:
    is_constant = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    is_true = isinstance(node, ast.Assert) and _is_always_true(node.test) and not isinstance(node.test, ast.Tuple)
    return isinstance(node, ast.Pass) or is_constant or is_true


def _is_always_true(node: ast.expr) -> bool:
    return bool(node.elts if isinstance(node, ast.Tuple) else isinstance(node, ast.Constant) and node.value)


def _swallows(handler: ast.ExceptHandler) -> bool:
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    is_wide = any(kind is None or getattr(kind, "id", "") in FORGIVING for kind in kinds)
    return is_wide and all(isinstance(node, ast.Pass) or _is_idle(node) for node in handler.body)


def _asserts(node: ast.AST) -> bool:
    called = node.func if isinstance(node, ast.Call) else None
    name = str(getattr(called, "attr", getattr(called, "id", ""))).lower()
    return isinstance(node, ast.Assert) or "assert" in name or name in {"raises", "warns", "fail", "check"}
