"""The planters of all modules of this package, by the code of a check."""

import importlib
import pkgutil
from collections.abc import Mapping
from pathlib import Path

from heldout.faults.planter import Planter

__all__ = ["PLANTERS"]


def _joined() -> dict[str, tuple[Planter, ...]]:
    found: dict[str, tuple[Planter, ...]] = {}
    package = __name__.rpartition(".")[0]
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        if f"{package}.{module.name}" == __name__:
            continue
        planters = getattr(importlib.import_module(f"{package}.{module.name}"), "PLANTERS", {})
        twice = found.keys() & planters.keys()
        if twice:
            raise TypeError(f"{module.name} plants for {sorted(twice)}, as another module does")
        found |= planters
    return found


PLANTERS: Mapping[str, tuple[Planter, ...]] = _joined()
