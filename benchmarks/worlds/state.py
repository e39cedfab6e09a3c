"""Names the state of the code that some results come from: a hash of what it does, not of what it says."""

import ast
import hashlib
from collections.abc import Iterable
from pathlib import Path

__all__ = ["ROOT", "reached", "state_of"]

ROOT = Path(__file__).parents[2]
PLACES = {"heldout": ROOT / "src", "benchmarks": ROOT, "tests": ROOT}
WALKED = ("checks", "faults")
"""Packages whose modules are found by walking, and imported by name nowhere."""

DOCUMENTED = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def state_of(roots: Iterable[str]) -> str:
    """Return a hash of these modules and all that they import; comments, docstrings and layout do not count."""
    seen = hashlib.sha256()
    for path in reached(roots):
        seen.update(f"{path.relative_to(ROOT)}\0{ast.dump(_undocumented(_parsed(path)))}\0".encode())
    return seen.hexdigest()[:12]


def reached(roots: Iterable[str]) -> list[Path]:
    """Return the files of these modules and of what they import, of this repository."""
    waiting, found = list(roots), set[Path]()
    while waiting:
        path = _file(waiting.pop())
        if path is None or path in found:
            continue
        found.add(path)
        waiting += _imports(_parsed(path))
        if path.name == "__init__.py" and path.parent.name in WALKED:
            waiting += [_module(file) for file in path.parent.rglob("*.py")]
    return sorted(found)


def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _imports(tree: ast.Module) -> Iterable[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


def _file(module: str) -> Path | None:
    place = PLACES.get(module.partition(".")[0])
    if place is None:
        return None
    path = place.joinpath(*module.split("."))
    return next((file for file in (path / "__init__.py", path.with_suffix(".py")) if file.is_file()), None)


def _module(file: Path) -> str:
    place = next(place for place in sorted(PLACES.values(), reverse=True) if place in file.parents)
    parts = file.relative_to(place).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _undocumented(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        if isinstance(node, DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:]
    return tree
