"""Reads foreign Python as a syntax tree: never run, never compiled, bounded, with a reason where it cannot be read."""

import ast
import functools
import re
import warnings
from collections.abc import Iterator

from heldout.core.repository import Repository

__all__ = ["is_test_file", "mentions", "python_files", "syntax_tree"]

MAX_BYTES = 400_000
"""Larger sources are generated; their trees take hundreds of times their size in memory."""

KEPT_BYTES = 20_000
"""Trees of sources up to this size are kept for the next check that asks; of larger ones a few would fill a memory."""

FOREIGN_FOLDERS = frozenset({".venv", "venv", "env", "site-packages", "node_modules", "__pycache__", ".tox", ".eggs"})
TEST_FILE = re.compile(r"(?:.*/)?(?:test_[^/]*|[^/]*_tests?|tests?|conftest)\.py|(?:.*/)?tests?/.*\.py", re.IGNORECASE)


def python_files(repository: Repository) -> tuple[str, ...]:
    """Return the sorted paths of the repository's own Python files; what was installed into it is left out."""
    return tuple(path for path in repository.matching(".py") if not FOREIGN_FOLDERS & set(path.split("/")[:-1]))


def is_test_file(path: str) -> bool:
    """Tell whether pytest or unittest would look for tests in a file of this path, or for what tests share."""
    return TEST_FILE.fullmatch(path) is not None


def syntax_tree(repository: Repository, path: str) -> ast.Module | str:
    """Return the syntax tree of a Python file, or the reason why it has none. Trees are shared: leave them as is."""
    content = repository.files.get(path)
    if content is None:
        return "too large to be read" if path in repository.omitted else "not there"
    if len(content) > MAX_BYTES:
        return f"larger than {MAX_BYTES:,} bytes"
    return _parsed_once(content) if len(content) <= KEPT_BYTES else _parsed(content)


def _parsed(content: bytes) -> ast.Module | str:
    text = content.decode("utf-8", errors="replace").removeprefix("\ufeff")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a foreign file's invalid escapes are no warnings of ours
        try:
            return ast.parse(text)
        except SyntaxError as error:
            return f"line {error.lineno}: {error.msg}"
        except (ValueError, RecursionError, MemoryError) as error:
            return f"cannot be parsed: {error or type(error).__name__}"


_parsed_once = functools.lru_cache(maxsize=256)(_parsed)


def mentions(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield (line, text) of the dotted names that a source imports, and of its strings; docstrings are left out."""
    documentation = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            yield node.lineno, node.value
        elif isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, node.module or ""
            yield from ((node.lineno, f"{node.module or ''}.{alias.name}".lstrip(".")) for alias in node.names)
