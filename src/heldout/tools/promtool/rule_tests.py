"""Runs the unit tests that a submission ships for its rules."""

import posixpath
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from heldout.core.repository import Repository
from heldout.tools.foreign_yaml import Unreadable, documents
from heldout.tools.promtool.alerts import SUFFIXES
from heldout.tools.promtool.program import Promtool

__all__ = ["RuleTests", "test"]

MAX_TESTS = 20
NOBODY = "nobody (promtool is not installed)"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTests:
    """Who ran the test files, which passed, and (path, message) of those that failed."""

    judge: str
    passed: tuple[str, ...] = ()
    failed: tuple[tuple[str, str], ...] = ()


def test(repository: Repository) -> RuleTests:
    """Run `promtool test rules` on each test file of a repository: YAML with `tests` at the top.

    One that names rule files outside the repository fails: promtool would read whatever it names on this machine.
    """
    promtool = Promtool.find()
    if promtool is None:
        return RuleTests(judge=NOBODY)
    passed: list[str] = []
    failed: list[tuple[str, str]] = []
    with tempfile.TemporaryDirectory(prefix="heldout-promtool-") as directory:
        tests = _lay_out(repository, Path(directory))
        for number, (path, content) in enumerate(tests.items()):
            why = _outside(path, content) if number < MAX_TESTS else f"is beyond the first {MAX_TESTS} test files"
            why = why or promtool.complaint(["test", "rules", f"./{path}"], Path(directory))
            if why:
                failed.append((path, why))
            else:
                passed.append(path)
    return RuleTests(judge=f"promtool {promtool.version}", passed=tuple(passed), failed=tuple(failed))


def _lay_out(repository: Repository, directory: Path) -> dict[str, Mapping[str, Any]]:
    """Write the readable YAML files below `directory`, and return the test files among them, parsed."""
    tests: dict[str, Mapping[str, Any]] = {}
    for path in repository.matching(*SUFFIXES):
        content = repository.files[path]
        if (b"rule_files" not in content and b"groups" not in content) or _is_outside(path):
            continue
        try:
            (document,) = documents(content)
        except (Unreadable, ValueError):
            continue
        target = directory / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        if isinstance(document, Mapping) and "tests" in document:
            tests[path] = document
    return tests


def _outside(path: str, document: Mapping[str, Any]) -> str:
    named = document.get("rule_files")
    if not isinstance(named, list) or not all(isinstance(name, str) for name in named):
        return "rule_files is no list of paths"
    for name in named:
        reached = posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
        if name.startswith("/") or _is_outside(reached):
            return "rule_files names a file outside the repository"
    return ""


def _is_outside(path: str) -> bool:
    return path.startswith("/") or ".." in path.split("/")
