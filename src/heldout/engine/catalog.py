"""Finds every check by walking the checks package."""

import functools
import importlib
import pkgutil

import heldout.checks
from heldout.core.check import Check

__all__ = ["catalog"]


@functools.cache
def catalog() -> tuple[Check, ...]:
    """Return all checks, ordered by code.

    Raises TypeError when two checks share a code, or a file of a family holds no check or more than one.
    """
    found: dict[str, Check] = {}
    for module in pkgutil.walk_packages(heldout.checks.__path__, "heldout.checks."):
        if module.ispkg:
            continue
        members = vars(importlib.import_module(module.name)).values()
        checks = [member for member in members if isinstance(member, Check)]
        if len(checks) != 1:
            raise TypeError(f"{module.name} holds {len(checks)} checks; one file, one check")
        if checks[0].code in found:
            raise TypeError(f"{module.name}: {checks[0].code} is already taken by {found[checks[0].code].name}")
        found[checks[0].code] = checks[0]
    return tuple(found[code] for code in sorted(found))
