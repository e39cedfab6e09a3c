"""Writes the reference of `heldout.stats` from its docstrings: every public name, what it takes and what it returns.

Signatures are taken from the source, where types have their short names.
"""

import ast
import inspect
import sys
import textwrap
from collections.abc import Iterator, Mapping
from enum import Enum
from types import ModuleType
from typing import Any, Literal, get_args, get_origin

from heldout import stats

__all__ = ["reference"]


def reference() -> str:
    """Return the reference as Markdown: the words of signatures, then a section per module by its name."""
    modules: dict[ModuleType, list[str]] = {}
    for name in stats.__all__:
        modules.setdefault(_home(getattr(stats, name)), []).append(name)
    sections = (
        line for module in sorted(modules, key=lambda m: m.__name__) for line in _section(module, modules[module])
    )
    return "\n".join((*_words(), *sections))


def _words() -> Iterator[str]:
    """Say what the short names in signatures stand for: options in words, and constants."""
    options: dict[str, str] = {}
    constants: dict[str, str] = {}
    for public in stats.__all__:
        thing = getattr(stats, public)
        if not inspect.isfunction(thing):
            continue
        for node in ast.walk(_source(thing).args):
            name = node.id if isinstance(node, ast.Name) else ""
            value = thing.__globals__.get(name)
            if get_origin(value) is Literal:
                options[name] = ", ".join(f"`{member!r}`" for member in get_args(value))
            elif name.isupper() and isinstance(value, int | float):
                constants[name] = f"`{value}`"
    yield from ("### Words in signatures", "", "| in a signature | stands for |", "|---|---|")
    yield "| `ArrayLike` | a list, a numpy array, a pandas or Polars column; missing values are refused |"
    yield "| `Floats` | a numpy array of float64 |"
    for name, members in sorted(options.items()):
        yield f"| `{name}` | one of {members} |"
    for name, value in sorted(constants.items()):
        yield f"| `{name}` | {value} |"
    yield ""


def _home(thing: Any) -> ModuleType:
    module = getattr(thing, "__module__", None)
    return sys.modules[module] if isinstance(module, str) and module.startswith("heldout.") else stats.metrics


def _section(module: ModuleType, names: list[str]) -> Iterator[str]:
    yield f"### {module.__name__.removeprefix('heldout.')}"
    yield ""
    yield _first_sentence(inspect.getdoc(module) or "")
    yield ""
    for name in sorted(names, key=lambda n: (isinstance(getattr(stats, n), type), n.lower())):
        yield from _entry(name, getattr(stats, name))


def _entry(name: str, thing: Any) -> Iterator[str]:
    if isinstance(thing, Mapping):
        yield from (f"**`{name}`**: a mapping of the names {', '.join(f'`{key}`' for key in thing)}.", "")
        return
    if not callable(thing):
        yield from (f"**`{name}`** = `{thing!r}`", "")
        return
    node = _source(thing)
    if isinstance(node, ast.ClassDef):
        yield from (f"**`{name}`**{_members(thing) or _fields(node)}", "")
    else:
        returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
        yield from (f"**`{name}({ast.unparse(node.args)}){returns}`**", "")
    prose, example = _parts(inspect.getdoc(thing) or "")
    yield from (prose, "")
    if example:
        yield from ("```python", example, "```", "")


def _source(thing: Any) -> ast.FunctionDef | ast.ClassDef:
    node = ast.parse(textwrap.dedent(inspect.getsource(thing))).body[0]
    assert isinstance(node, ast.FunctionDef | ast.ClassDef)
    return node


def _members(thing: Any) -> str:
    if not issubclass(thing, Enum):
        return ""
    return ": one of " + ", ".join(f"`{thing.__name__}.{member.name}` (`{member.value!r}`)" for member in thing)


def _fields(node: ast.ClassDef) -> str:
    fields = [
        f"`{part.target.id}: {ast.unparse(part.annotation)}`"
        for part in node.body
        if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name)
    ]
    return f": a result with {', '.join(fields)}" if fields else ""


def _parts(docstring: str) -> tuple[str, str]:
    """Split a docstring into its prose and its example."""
    prose, mark, example = docstring.partition(">>> ")
    return prose.strip(), (mark + example).strip()


def _first_sentence(text: str) -> str:
    return " ".join(text.split("\n\n", maxsplit=1)[0].split())
