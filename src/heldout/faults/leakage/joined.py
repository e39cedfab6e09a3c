"""The planters of all modules of this package, by the code of a check."""

import importlib
import pkgutil
from collections.abc import Mapping

import heldout.faults.leakage as package
from heldout.faults.planter import Planter

__all__ = ["PLANTERS"]


def _joined() -> dict[str, tuple[Planter, ...]]:
    found: dict[str, tuple[Planter, ...]] = {}
    for module in pkgutil.iter_modules(package.__path__):
        if f"{package.__name__}.{module.name}" == __name__:
            continue
        planters = getattr(importlib.import_module(f"{package.__name__}.{module.name}"), "PLANTERS", {})
        twice = found.keys() & planters.keys()
        if twice:
            raise TypeError(f"{module.name} plants for {sorted(twice)}, as another module does")
        found |= planters
    return found


PLANTERS: Mapping[str, tuple[Planter, ...]] = _joined()
