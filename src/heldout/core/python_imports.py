"""Which files of a repository a Python file imports, read off its syntax tree."""

import ast
import posixpath
from collections import deque
from collections.abc import Iterator, Set

__all__ = ["imports"]

Import = ast.Import | ast.ImportFrom


def imports(path: str, tree: ast.Module, paths: Set[str], *, later: bool = False) -> Iterator[tuple[str, int]]:
    """Yield (imported file, line) of the imports that run when `path` is imported; of itself is no import.

    `paths` are the files that can be imported; `later` adds the imports inside functions, which run when these are
    called. What is imported by a string (importlib) and what only a type checker reads is not seen.
    """
    folder = posixpath.dirname(path)
    script = [] if f"{folder}/__init__.py" in paths else [folder]
    for node in _imports(tree, later=later):
        if isinstance(node, ast.Import):
            bases, several = ["", "src", *script], [[alias.name] for alias in node.names]
        else:
            up = "/".join([folder, *[".."] * (node.level - 1)])
            bases = [posixpath.normpath(up)] if node.level else ["", "src", *script]
            module = node.module or ""
            several = [[f"{module}.{alias.name}".lstrip("."), module] for alias in node.names]
        for names in several:
            places = [posixpath.join(base, *name.split(".")) for base in bases for name in names]
            files = [posixpath.normpath(f"{place}{end}") for place in places for end in (".py", "/__init__.py")]
            target = next((file for file in files if file in paths), path)
            if target != path:
                yield target, node.lineno


def _imports(tree: ast.Module, *, later: bool) -> Iterator[Import]:
    waiting: deque[ast.AST] = deque(tree.body)
    while waiting:
        node = waiting.popleft()
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node
        elif isinstance(node, ast.If) and getattr(node.test, "attr", getattr(node.test, "id", "")) == "TYPE_CHECKING":
            waiting += node.orelse
        elif later or not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            waiting += ast.iter_child_nodes(node)
