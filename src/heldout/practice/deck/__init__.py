"""The deck: one folder per family, one file per kind of drill, found by their place."""

import importlib
import pkgutil
from functools import cache

from heldout.practice.drill import Family, Kind

__all__ = ["deck", "kind_named"]


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
    """Return the kind named `family/name`; raises KeyError."""
    return {f"{kind.family}/{kind.name}": kind for kind in deck()}[name]
