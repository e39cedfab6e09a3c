"""Turns planted worlds into evidence: raw tables become profiles by the kernel that audits use."""

import importlib
import pkgutil
from collections.abc import Mapping

import pyarrow as pa

import heldout.faults
from heldout.core.profile import Profile
from heldout.faults.planter import Planter, Table, World
from heldout.tables.profiling import profile_of
from heldout.tables.source import read_table
from heldout.tables.target import parse_target, read_label


def planters() -> dict[str, tuple[str, tuple[Planter, ...]]]:
    """Return, by code of a check, the family of the module that plants for it, and its planters."""
    found: dict[str, tuple[str, tuple[Planter, ...]]] = {}
    for module in pkgutil.iter_modules(heldout.faults.__path__):
        for code, many in getattr(importlib.import_module(f"heldout.faults.{module.name}"), "PLANTERS", {}).items():
            assert code not in found, f"{code} has planters in two modules"
            found[code] = (module.name, many)
    return found


def as_evidence(world: World) -> Mapping[str, object]:
    """Return the evidence of a world, each Table profiled."""
    return {name: profiled(value) if isinstance(value, Table) else value for name, value in world.items()}


def profiled(table: Table) -> Profile:
    arrow = pa.table({name: pa.array(column, from_pandas=True) for name, column in table.columns.items()})
    rows = read_table(arrow)
    return profile_of(rows, read_label(rows, parse_target(table.target, rows)))
