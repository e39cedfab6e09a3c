"""Reads scripts and notebooks as syntax trees, cell by cell: magics dropped, and what cannot be read said."""

import ast
import json
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

from heldout.core.python_source import FOREIGN_FOLDERS, MAX_BYTES
from heldout.core.repository import Repository

__all__ = ["Cell", "Source", "sources"]

MAX_SOURCE = 12_000_000
"""Of all programs of a repository together so many bytes are read."""

MAGIC = re.compile(r"\s*(?:[%!?]|\w[\w.,\s]*=\s*[%!]\w|[\w.]+\?{1,2}\s*$)")
OTHER_LANGUAGE = re.compile(
    r"\s*%%(?:bash|sh|script|html|javascript|js|latex|markdown|writefile|R|sql|perl|ruby|svg)\b"
)
OLD_PRINT = re.compile(r"^(\s*)print[ \t]+(?![(=])(.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Cell:
    """The syntax tree of a script (number 0) or of a notebook's code cell, the first of which has number 1."""

    number: int
    tree: ast.Module


@dataclass(frozen=True, slots=True)
class Source:
    """A file as cells in order, with what could not be read of it: (line or None, why)."""

    path: str
    cells: tuple[Cell, ...]
    unread: tuple[str, ...]


def sources(repository: Repository) -> Iterator[Source]:
    """Yield the repository's own scripts and notebooks in the order of their names."""
    left = MAX_SOURCE
    for path in repository.matching(".py", ".ipynb"):
        if FOREIGN_FOLDERS & set(path.split("/")[:-1]) or ".ipynb_checkpoints/" in f"/{path}":
            continue
        left -= len(repository.files[path])
        if left < 0:
            yield Source(path, (), (f"the repository has more than {MAX_SOURCE:,} bytes of programs",))
            continue
        text = (repository.text(path) or "").removeprefix("\ufeff")
        yield _notebook(path, text) if path.lower().endswith(".ipynb") else _script(path, text)


def _script(path: str, text: str) -> Source:
    tree = _parsed(text)
    if isinstance(tree, str):
        return Source(path, (), (tree,))
    return Source(path, (Cell(0, tree),), ())


def _notebook(path: str, text: str) -> Source:
    try:
        notebook = json.loads(text)
        cells = notebook["cells"] if "cells" in notebook else notebook["worksheets"][0]["cells"]
        texts = [_text(cell) for cell in cells if cell.get("cell_type") == "code"]
        about = notebook.get("metadata") or {}
        language = (about.get("kernelspec") or {}).get("language") or (about.get("language_info") or {}).get("name")
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
        return Source(path, (), ("it is no notebook that can be read",))
    if language and "python" not in str(language).lower():
        return Source(path, (), ("its language is not Python",))
    read: list[Cell] = []
    unread: list[str] = []
    left = MAX_BYTES
    for number, source in enumerate(texts, start=1):
        left -= len(source)
        tree = _parsed(_without_magics(source)) if left > 0 else f"larger than {MAX_BYTES:,} bytes"
        if isinstance(tree, str):
            unread.append(f"cell {number}, {tree}")
        else:
            read.append(Cell(number, tree))
    return Source(path, tuple(read), tuple(unread))


def _text(cell: dict[str, object]) -> str:
    source = cell.get("source", cell.get("input", ""))
    return "".join(str(line) for line in source) if isinstance(source, list) else str(source)


def _without_magics(source: str) -> str:
    """Return a cell with `pass` in place of lines that only IPython understands; lines keep their numbers."""
    lines = source.split("\n")
    if any(OTHER_LANGUAGE.match(line) for line in lines[:1]):
        return ""
    return "\n".join(
        f"{line[: len(line) - len(line.lstrip())]}pass" if MAGIC.match(line) and not _inside(line) else line
        for line in lines
    )


def _inside(line: str) -> bool:
    """Tell whether a line that begins like a magic goes on as an expression of several lines: `% (a, b)`."""
    return bool(re.match(r"\s*%\s*[\w(\[]", line)) and not re.match(r"\s*%\w", line)


def _parsed(text: str) -> ast.Module | str:
    """Return the syntax tree, or why there is none; statements `print x` are read as the calls that they became."""
    if len(text) > MAX_BYTES:
        return f"larger than {MAX_BYTES:,} bytes"
    why = ""
    for attempt in (text, OLD_PRINT.sub(r"\1print(\2)", text)):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # a foreign file's invalid escapes are no warnings of ours
                return ast.parse(attempt)
        except SyntaxError as error:
            why = why or f"line {error.lineno}: {error.msg}"
        except (ValueError, RecursionError, MemoryError) as error:
            return f"cannot be parsed: {str(error) or type(error).__name__}"
    return why
