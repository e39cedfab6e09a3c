"""The shape of a Python function: what is left of it without its words for people and its names for itself."""

import ast
from collections import deque
from collections.abc import Iterator
from itertools import chain, islice

__all__ = ["Function", "functions", "shape", "size"]

Function = ast.FunctionDef | ast.AsyncFunctionDef
MOST_NODES = 5_000
"""Of a larger function, only so many nodes are compared."""
SKIPPED = frozenset({"annotation", "returns", "type_comment", "type_params", "decorator_list", "ctx"})


def functions(tree: ast.Module) -> Iterator[Function]:
    """Yield the functions of a module and the methods of its classes; functions inside functions belong to these."""
    waiting: deque[ast.AST] = deque(tree.body)
    while waiting:
        node = waiting.popleft()
        if isinstance(node, Function):
            yield node
        elif isinstance(node, ast.ClassDef | ast.If | ast.Try | ast.With):
            waiting += ast.iter_child_nodes(node)


def size(function: Function) -> int:
    """Return the number of nodes of a function, its docstring left out, counted up to 5,000."""
    return sum(1 for _ in islice(chain.from_iterable(map(ast.walk, _body(function))), MOST_NODES))


def shape(function: Function) -> str:
    """Return a text that two functions share when they do the same by the same expressions.

    Their own name, docstring, annotations and decorators, and what parameters and local variables are called, do not
    count; attributes, constants and names from outside do.
    """
    arguments = function.args
    parameters = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
    local = {one.arg: f"_{place}" for place, one in enumerate(one for one in parameters if one)}
    parts: list[str] = [str(len(local))]
    waiting: list[object] = list(reversed([*arguments.defaults, *arguments.kw_defaults, *_body(function)]))
    stored = [node for one in _body(function) for node in islice(ast.walk(one), MOST_NODES)]
    for node in stored:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            local.setdefault(node.id, f"_{len(local)}")
    while waiting and len(parts) < 4 * MOST_NODES:
        item = waiting.pop()
        if isinstance(item, ast.Name):
            parts.append(local.get(item.id, item.id))
        elif isinstance(item, ast.arg):
            parts.append(local.get(item.arg, item.arg))
        elif isinstance(item, ast.AST):
            parts.append(type(item).__name__)
            waiting += [value for name, value in reversed(list(ast.iter_fields(item))) if name not in SKIPPED]
        elif isinstance(item, list):
            parts.append(f"[{len(item)}")
            waiting += reversed(item)
        else:
            parts.append(repr(item))
    return " ".join(parts)


def _body(function: Function) -> list[ast.stmt]:
    return function.body[1:] if ast.get_docstring(function, clean=False) is not None else function.body
