"""The deck: one folder per family, one file per kind of drill, found by their place."""

import importlib
import pkgutil
import re
from functools import cache

from heldout.practice.drill import Family, Kind

__all__ = ["deck", "kind_named"]

NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@cache
def deck() -> tuple[Kind, ...]:
    """Return all kinds of drill by family and name."""
    kinds = []
    for family in Family:
        package = importlib.import_module(f"heldout.practice.deck.{family}")
        for one in pkgutil.iter_modules(package.__path__):
            kind = getattr(importlib.import_module(f"{package.__name__}.{one.name}"), "KIND", None)
            if isinstance(kind, Kind):
                kinds.append(kind)
    return tuple(sorted(kinds, key=lambda kind: (list(Family).index(kind.family), kind.name)))


@cache
def kind_named(name: str) -> Kind:
    """Return the kind named `family/name`; imports its module alone. Raises KeyError."""
    family, _, own = name.partition("/")
    if family not in set(Family) or not NAME.fullmatch(own):
        raise KeyError(name)
    module = f"heldout.practice.deck.{family}.{own.replace('-', '_')}"
    try:
        kind = getattr(importlib.import_module(module), "KIND", None)
    except ModuleNotFoundError as error:
        if error.name != module:
            raise
        kind = None
    if not isinstance(kind, Kind) or kind.name != own:
        raise KeyError(name)
    return kind
