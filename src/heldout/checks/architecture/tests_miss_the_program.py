"""Counts the modules of the program that its tests use."""

import ast
from collections.abc import Iterator, Mapping

from heldout.core.check import check
from heldout.core.entry_points import module_of, program_files, reached
from heldout.core.estimate import Measure, counted
from heldout.core.finding import Answer, Certainty, Witness, clear, not_applicable, problem
from heldout.core.plural import how_many
from heldout.core.python_imports import imports
from heldout.core.python_source import is_test_file, mentions, python_files, syntax_tree
from heldout.core.repository import Repository, shown

MINIMUM_EFFECT = 1
"""Programs of which tests use nothing."""

SHOWN = 5
"""At most this many modules are shown."""

MOST_TESTS = 500
"""At most this many test files are followed."""


@check("ARC005")
def tests_miss_the_program(repository: Repository) -> Answer:
    """Count the modules of the program that tests import, or start by name.

    ## Why it matters
    Tests speak for the code that they run. Tests of a helper that the program does not use, or of a copy of its code,
    pass whatever happens to the program.

    ## Example
    `tests/test_arithmetic.py` asserts that 1 + 1 is 2, and imports nothing of the repository.

    ## What to do
    Import the functions that make features and predictions into the tests, and run them on a table of three rows.

    ## Limits
    The program is what the commands of submission.toml lead to by imports; where there are none, all Python files
    but tests, at most 2,000. A test uses a module that it imports, or whose path or dotted name it has as a text
    (to start it as a process); a module that such a module imports is reached. Up to {MOST_TESTS} test files are
    read. Importing is not testing: it counts no lines. That no module is reached is a suspicion, as tests can load
    code in other ways. Empty modules don't count. It promises to find {MINIMUM_EFFECT} program of which tests use
    nothing; at most {SHOWN} modules that tests don't reach are shown.
    """
    tests = [path for path in python_files(repository) if is_test_file(path)][:MOST_TESTS]
    program = [path for path in program_files(repository) if not is_test_file(path) and _has_code(repository, path)]
    if not tests:
        return not_applicable("The repository has no test file.")
    if not program:
        return not_applicable("No Python file of the program was found.")
    paths = frozenset(python_files(repository))
    named = {module_of(path): path for path in paths} | {path: path for path in paths}
    used = {path for test in tests for path in _used(repository, test, paths, named)}
    direct = [path for path in program if path in used]
    beyond = reached(repository, sorted(used - set(tests)))
    missed = [path for path in program if path not in beyond]
    measures = (
        Measure(
            name="modules of the program that tests import",
            estimate=counted(len(direct) / len(program), n=len(program)),
            unit="share",
        ),
        Measure(
            name="modules of the program that tests reach",
            estimate=counted(1 - len(missed) / len(program), n=len(program)),
            unit="share",
        ),
    )
    witnesses = [Witness(kind="file", where=path, note="no test reaches it") for path in missed[:SHOWN]]
    if len(missed) == len(program):
        return problem(
            f"No test uses a module of the program: test files {len(tests)}, modules {len(program)}, such as "
            f"{shown(program[0])}.",
            Certainty.SUSPECT,
            to_do="Import the functions that make features and predictions into the tests, and run them there.",
            measures=measures,
            witnesses=witnesses,
        )
    claim = (
        f"Tests import {len(direct)} of the program's {how_many(len(program), 'module')}, "
        f"and reach {len(program) - len(missed)}."
    )
    return clear(claim, measures=measures, witnesses=witnesses)


def _has_code(repository: Repository, path: str) -> bool:
    tree = syntax_tree(repository, path)
    return isinstance(tree, ast.Module) and any(not isinstance(node, ast.Expr) for node in tree.body)


def _used(repository: Repository, test: str, paths: frozenset[str], named: Mapping[str, str]) -> Iterator[str]:
    tree = syntax_tree(repository, test)
    if isinstance(tree, ast.Module):
        yield from (path for path, _ in imports(test, tree, paths, later=True))
        for _, text in mentions(tree):
            yield from (named[word] for word in text.split()[:100] if word in named)
