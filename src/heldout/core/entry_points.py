"""The Python files behind the commands of a submission: those that they start, and those that these import."""

import ast
import re
import shlex
import tomllib
from collections.abc import Iterable, Iterator, Sequence

from heldout.core.makefile import find_makefile, recipes
from heldout.core.python_imports import imports
from heldout.core.python_source import is_test_file, python_files, syntax_tree
from heldout.core.repository import Repository

__all__ = ["entry_files", "module_files", "module_of", "named_notebooks", "program_files", "reached", "words_of"]

DEPTH = 3
"""A command may start a script, which may start another."""
MOST_LINES = 200
"""At most this many lines of a script are followed."""
MOST_FILES = 2_000
SCRIPTS = (".sh", ".bash")


def entry_files(repository: Repository, phase: str) -> tuple[str, ...]:
    """Return the Python files that the command of a phase ("train", "predict") starts; empty where that is unknown."""
    return tuple(dict.fromkeys(_started(repository, repository.command(phase), DEPTH)))


def program_files(repository: Repository) -> tuple[str, ...]:
    """Return the Python files of the program: those behind its commands, or all but tests where none is known."""
    started = [path for phase in ("train", "predict") for path in entry_files(repository, phase)]
    if started:
        return tuple(reached(repository, started))
    return tuple(path for path in python_files(repository)[:MOST_FILES] if not is_test_file(path))


def reached(repository: Repository, entries: Iterable[str]) -> dict[str, ast.Module | str]:
    """Return the files that `entries` import, themselves first, each with its tree or why it has none.

    Imports inside functions count. At most 2,000 files are followed.
    """
    paths = frozenset(python_files(repository))
    waiting, found = list(dict.fromkeys(entries)), dict[str, ast.Module | str]()
    while waiting and len(found) < MOST_FILES:
        path = waiting.pop(0)
        if path in found:
            continue
        found[path] = tree = syntax_tree(repository, path)
        if isinstance(tree, ast.Module):
            waiting += [target for target, _ in imports(path, tree, paths, later=True) if target not in found]
    return found


def module_files(module: str) -> tuple[str, ...]:
    """Return the paths at which `python -m module` may find its program."""
    path = module.replace(".", "/")
    return tuple(f"{base}{path}{end}" for base in ("", "src/") for end in (".py", "/__main__.py"))


def module_of(path: str) -> str:
    """Return the dotted name under which a Python file is imported: "pkg.train" for src/pkg/train.py."""
    name = path.removeprefix("src/").removesuffix(".py").removesuffix("/__main__").removesuffix("/__init__")
    return name.replace("/", ".")


def words_of(line: str) -> list[str]:
    """Return the words of a line of shell; of one whose quotes do not match, what lies between blanks."""
    try:
        return shlex.split(line, comments=True)
    except ValueError:
        return line.split()


def named_notebooks(repository: Repository) -> tuple[str, ...]:
    """Return the notebooks that the commands name."""
    words = [word for phase in ("train", "predict") for line in repository.command(phase) for word in line.split()]
    return tuple(dict.fromkeys(word for word in words if word.endswith(".ipynb")))


def _started(repository: Repository, words: Sequence[str], depth: int) -> Iterator[str]:
    for place, word in enumerate(words):
        path = re.sub(r"^(?:\./|/work/)+", "", word)
        before = words[place - 1] if place else ""
        if before == "-m" and (module := _first(repository, module_files(word))):
            yield module
        elif path in repository.files and path.endswith(".py"):
            yield path
        elif depth and path in repository.files and path.endswith(SCRIPTS):
            for line in (repository.text(path) or "").splitlines()[:MOST_LINES]:
                yield from _started(repository, words_of(line), depth - 1)
        elif depth and before.rpartition("/")[2] == "make":
            for line in _recipe(repository, word):
                yield from _started(repository, words_of(line), depth - 1)
        elif depth and " " in word and before == "-c":
            yield from _started(repository, words_of(word), depth - 1)
        elif place == 0 and (module := _first(repository, module_files(_script(repository, word)))):
            yield module


def _first(repository: Repository, paths: Iterable[str]) -> str | None:
    return next((path for path in paths if path in repository.files), None)


def _recipe(repository: Repository, target: str) -> Sequence[str]:
    name = find_makefile(repository)
    return recipes(repository.text(name) or "").get(target, ())[:MOST_LINES] if name else ()


def _script(repository: Repository, name: str) -> str:
    """Return the module of a program that pyproject.toml installs under `name`, or an empty text."""
    if "/" in name or "pyproject.toml" not in repository.files or len(repository.files["pyproject.toml"]) > 100_000:
        return ""
    try:
        project = tomllib.loads(repository.text("pyproject.toml") or "").get("project", {})
        return str(project.get("scripts", {}).get(name, "")).partition(":")[0].strip()
    except (ValueError, RecursionError, AttributeError):
        return ""
