"""Columns and rows that know the label: copies of it, fields filled in after the outcome, what is not there in time."""

import importlib
import pkgutil
from collections.abc import Mapping

from heldout.faults.planter import Planter

__all__ = ["PLANTERS"]


def _joined() -> dict[str, tuple[Planter, ...]]:
    """Join the planters of the modules of this package; a code has its planters in one module."""
    found: dict[str, tuple[Planter, ...]] = {}
    for module in pkgutil.iter_modules(__path__):
        planters = getattr(importlib.import_module(f"{__name__}.{module.name}"), "PLANTERS", {})
        twice = found.keys() & planters.keys()
        if twice:
            raise TypeError(f"{module.name} plants for {sorted(twice)}, as another module does")
        found |= planters
    return found


PLANTERS: Mapping[str, tuple[Planter, ...]] = _joined()
