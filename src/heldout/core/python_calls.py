"""The calls of a Python source, by the full names of what they call, as far as its imports tell."""

import ast
from collections.abc import Iterator, Mapping

__all__ = ["calls", "dotted", "imported_names"]


def imported_names(tree: ast.AST) -> dict[str, str]:
    """Return what each imported name stands for: {"np": "numpy", "draw": "numpy.random.default_rng"}."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                names[alias.asname or top] = alias.name if alias.asname else top
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.update({alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names})
    return names


def calls(tree: ast.AST, names: Mapping[str, str] | None = None) -> Iterator[tuple[str, ast.Call]]:
    """Yield (full name, call): "numpy.random.rand" where the imports tell, ".sample" for a method of anything else.

    `names` are those imported, where `tree` is a part of a module. A name that is neither imported nor an attribute is
    given as it is. A local name that hides an import is not seen.
    """
    if names is None:
        names = imported_names(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = dotted(node.func)
            head, _, rest = name.partition(".")
            if head in names:
                yield (f"{names[head]}.{rest}" if rest else names[head]), node
            elif isinstance(node.func, ast.Attribute):
                yield f".{node.func.attr}", node
            elif name:
                yield name, node


def dotted(node: ast.AST) -> str:
    """Return "a.b.c" for such an expression, and an empty text for any other."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""
