"""A repository's own promtool tests: found, run side by side with its rules, and whether they load a copy of them."""

import contextlib
import posixpath
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from heldout.core.monitoring_evidence import OwnTests, RulesCopy
from heldout.core.repository import Repository
from heldout.tools.foreign_yaml import MAX_BYTES, Unreadable, documents
from heldout.tools.promtool.alerts import SUFFIXES
from heldout.tools.promtool.program import Promtool
from heldout.tools.promtool.trial.rules import RuleFile

__all__ = ["TestFile", "copies", "found_tests", "run_tests", "side_by_side"]

MOST_FILES = 300
MOST_TESTS = 30
TEST_PLACE = re.compile(r"(^|[/_.-])(tests?|testing|testdata|fixtures?|copy|copies|tmp|mocks?|examples?)([/_.-]|$)")
SCRIPTS = (".py", ".sh", ".bash", ".bats", ".go", ".js", ".ts", ".rb")
INLINE = re.compile(r"alert:\s{0,5}[\"']?([A-Za-z_]\w{0,200})")


@dataclass(frozen=True, slots=True, kw_only=True)
class TestFile:
    """A test file: the files of the repository that it loads, what it names in vain, why it is not run (or "")."""

    path: str
    loads: tuple[str, ...]
    missing: tuple[str, ...]
    refused: str = ""


@contextlib.contextmanager
def side_by_side(repository: Repository, changed: Mapping[str, bytes] | None = None) -> Iterator[Path]:
    """Yield a scratch folder with the YAML files of a repository exactly where they lie in it, `changed` ones changed.

    What is larger than our bound of YAML, or lies outside, is left out.
    """
    with tempfile.TemporaryDirectory(prefix="heldout-promtool-") as name:
        folder = Path(name)
        for path in _placeable(repository):
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes((changed or {}).get(path, repository.files[path]))
        yield folder


def found_tests(repository: Repository) -> list[TestFile]:
    """Return the promtool test files of a repository, in order of path."""
    found = []
    with side_by_side(repository) as folder:
        for path in _placeable(repository):
            content = repository.files[path]
            if b"rule_files" not in content or b"tests" not in content:
                continue
            try:
                read = documents(content)
            except Unreadable:
                continue
            first = read[0] if read else None  # promtool reads the first document alone
            if isinstance(first, Mapping) and {"rule_files", "tests"} <= first.keys():
                found.append(_test_file(path, first["rule_files"], folder))
    return found[:MOST_TESTS]


def run_tests(promtool: Promtool, folder: Path, tests: Sequence[TestFile]) -> list[OwnTests]:
    """Run tests in `folder`, which `side_by_side` made, and return how each ended."""
    done = []
    for test in tests:
        why = test.refused or promtool.complaint(["test", "rules", f"./{test.path}"], folder)
        done.append(OwnTests(path=test.path, loads=test.loads, missing=test.missing, passed=not why, why=why))
    return done


def copies(repository: Repository, files: Sequence[RuleFile], tests: Sequence[TestFile]) -> list[RulesCopy]:
    """Return the alerts that are tested in one place and stand again in another one, which no test loads."""
    tested = {path for test in tests for path in test.loads}
    said = {file.path: {(one.name, one.expression.strip(), one.waits) for one in file.alerts} for file in files}
    found = []
    for file in files:
        for other in files:
            shared = {one.name for one in file.alerts} & {one.name for one in other.alerts}
            if file.path not in tested or other.path in tested or not shared:
                continue
            differ = {name for name, *_ in said[file.path] ^ said[other.path] if name in shared}
            found.append(
                RulesCopy(
                    tested=file.path,
                    shipped=other.path,
                    alerts=tuple(sorted(shared)),
                    differ=tuple(sorted(differ)),
                    in_test_place=_in_test_place(file.path) and not _in_test_place(other.path),
                )
            )
    return found + list(_inline(repository, files, tested))


def _inline(repository: Repository, files: Sequence[RuleFile], tested: set[str]) -> Iterator[RulesCopy]:
    """Yield scripts that write rules of their own and run promtool on them, while the shipped ones are not tested."""
    for path in repository.matching(*SCRIPTS):
        content = repository.files[path]
        if len(content) > MAX_BYTES or b"promtool" not in content:
            continue
        named = set(INLINE.findall(content.decode("utf-8", errors="replace")))
        for file in files:
            shared = named & {one.name for one in file.alerts}
            if shared and file.path not in tested:
                yield RulesCopy(
                    tested=path,
                    shipped=file.path,
                    alerts=tuple(sorted(shared)),
                    differ=(),
                    in_test_place=_in_test_place(path),
                    inline=True,
                )


def _in_test_place(path: str) -> bool:
    return TEST_PLACE.search(path.lower()) is not None


def _placeable(repository: Repository) -> list[str]:
    paths = [path for path in repository.matching(*SUFFIXES) if len(repository.files[path]) <= MAX_BYTES]
    safe = [path for path in paths if not PurePosixPath(path).is_absolute() and ".." not in PurePosixPath(path).parts]
    return safe[:MOST_FILES]


def _test_file(path: str, named: object, folder: Path) -> TestFile:
    loads: list[str] = []
    missing: list[str] = []
    for pattern in named if isinstance(named, list) else []:
        inside = posixpath.normpath(posixpath.join(posixpath.dirname(path), str(pattern)))
        if inside.startswith(("/", "..")):
            why = "it loads a file outside of the repository"
            return TestFile(path=path, loads=(), missing=(), refused=why)
        matched = _matched(folder, inside)
        loads += matched
        missing += [] if matched else [str(pattern)]
    return TestFile(path=path, loads=tuple(dict.fromkeys(loads)), missing=tuple(missing))


def _matched(folder: Path, pattern: str) -> list[str]:
    try:
        found = [one for one in folder.glob(pattern) if one.is_file()]
    except (ValueError, NotImplementedError, OSError):
        return []
    return sorted(one.relative_to(folder).as_posix() for one in found)
