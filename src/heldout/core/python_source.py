"""Reads foreign Python as a syntax tree: never run, never compiled, bounded, with a reason where it cannot be read."""

import ast
import warnings
from collections.abc import Iterator

from heldout.core.repository import Repository

__all__ = ["mentions", "python_files", "syntax_tree"]

MAX_BYTES = 400_000
"""Larger sources are generated; their trees take hundreds of times their size in memory."""

FOREIGN_FOLDERS = frozenset({".venv", "venv", "env", "site-packages", "node_modules", "__pycache__", ".tox", ".eggs"})


def python_files(repository: Repository) -> tuple[str, ...]:
    """Return the sorted paths of the repository's own Python files; what was installed into it is left out."""
    return tuple(path for path in repository.matching(".py") if not FOREIGN_FOLDERS & set(path.split("/")[:-1]))


def syntax_tree(repository: Repository, path: str) -> ast.Module | str:
    """Return the syntax tree of a Python file, or the reason why it has none."""
    content = repository.files.get(path)
    if content is None:
        return "not there"
    if len(content) > MAX_BYTES:
        return f"larger than {MAX_BYTES:,} bytes"
    text = content.decode("utf-8", errors="replace").removeprefix("\ufeff")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a foreign file's invalid escapes are no warnings of ours
        try:
            return ast.parse(text)
        except SyntaxError as error:
            return f"line {error.lineno}: {error.msg}"
        except (ValueError, RecursionError, MemoryError) as error:
            return f"cannot be parsed: {error or type(error).__name__}"


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
