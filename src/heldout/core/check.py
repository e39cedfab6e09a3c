"""The contract of a check: a pure function whose annotated parameters are the evidence that it needs."""

import inspect
import re
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from heldout.core.finding import Answer

__all__ = ["Check", "Need", "check"]

CheckFunction = Callable[..., Answer | tuple[Answer, ...]]
CODE = re.compile(r"[A-Z]{3}\d{3}")
SECTIONS = ("Why it matters", "Example", "What to do", "Limits")


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One piece of evidence that a check asks for, by name and type."""

    name: str
    type: type
    optional: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A check as the catalog knows it."""

    code: str
    name: str
    family: str
    question: str
    page: str
    needs: tuple[Need, ...]
    function: CheckFunction


def check(code: str) -> Callable[[CheckFunction], Check]:
    """Make a pure function into the Check called `code`.

    The function's annotated parameters are the evidence that it needs (`X | None = None` is optional), its docstring
    is its page: one line, then the sections of `SECTIONS`. A page quotes the constants beside the code by writing
    their name in braces: `{GATE}` becomes the value of the module constant `GATE`. The name is the module's, with
    hyphens (`near_copy.py` is `near-copy`); the family is the folder's.

    Raises TypeError when code, annotations or docstring break this contract.
    """
    if not CODE.fullmatch(code):
        raise TypeError(f"a check's code is three capitals and three digits, not {code!r}")

    def decorate(function: CheckFunction) -> Check:
        page = _page(function, code)
        *_, family, name = function.__module__.split(".")
        return Check(
            code=code,
            name=name.replace("_", "-"),
            family=family,
            question=page.splitlines()[0],
            page=page,
            needs=_needs(function, code),
            function=function,
        )

    return decorate


def _page(function: CheckFunction, code: str) -> str:
    constants: Mapping[str, Any] = function.__globals__
    text = inspect.getdoc(function) or ""
    missing = [section for section in SECTIONS if f"## {section}" not in text]
    if not text or missing:
        raise TypeError(f"{code}: its docstring lacks the sections {missing}")

    def quote(match: re.Match[str]) -> str:
        if match[1] not in constants:
            raise TypeError(f"{code}: its docstring quotes {match[1]}, which is no constant of its module")
        return _in_words(constants[match[1]])

    return re.sub(r"\{([A-Z][A-Z0-9_]*)\}", quote, text)


def _in_words(constant: object) -> str:
    if isinstance(constant, float):
        return f"{constant:g}"
    if isinstance(constant, Mapping):
        return "; ".join(f"{key} ({_in_words(value)})" for key, value in constant.items())
    if isinstance(constant, tuple | list):
        return ", ".join(_in_words(item) for item in constant)
    if isinstance(constant, set | frozenset):
        return ", ".join(sorted(_in_words(item) for item in constant))
    return str(constant)


def _needs(function: CheckFunction, code: str) -> tuple[Need, ...]:
    hints = typing.get_type_hints(function)
    needs = []
    for name, parameter in inspect.signature(function).parameters.items():
        if name not in hints:
            raise TypeError(f"{code}: parameter {name} has no annotation")
        members = [hint for hint in typing.get_args(hints[name]) if hint is not types.NoneType]
        is_union = isinstance(hints[name], types.UnionType)
        optional = is_union and parameter.default is None
        kind = members[0] if is_union else hints[name]
        if is_union and (len(members) != 1 or not optional):
            raise TypeError(f"{code}: parameter {name} is one type, or `type | None = None`")
        needs.append(Need(name=name, type=kind, optional=optional))
    if not needs:
        raise TypeError(f"{code}: a check asks for some evidence")
    return tuple(needs)
