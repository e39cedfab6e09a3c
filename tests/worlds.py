"""Turns planted worlds into evidence: raw tables become profiles by the kernel that audits use."""

import importlib
import pkgutil
from collections.abc import Callable, Mapping

import pyarrow as pa

import heldout.faults
from heldout.core.profile import Profile
from heldout.faults.planter import Planter, Table, World
from heldout.tables.identities import identities_of
from heldout.tables.label import Label
from heldout.tables.profiling import profile_of
from heldout.tables.row_order_power import row_order_of
from heldout.tables.schedules import schedules_of
from heldout.tables.source import read_table
from heldout.tables.table import Table as Rows
from heldout.tables.target import parse_target, read_label


def planters() -> dict[str, tuple[str, tuple[Planter, ...]]]:
    """Return, by code of a check, the family of the module that plants for it, and its planters."""
    found: dict[str, tuple[str, tuple[Planter, ...]]] = {}
    for module in pkgutil.iter_modules(heldout.faults.__path__):
        for code, many in getattr(importlib.import_module(f"heldout.faults.{module.name}"), "PLANTERS", {}).items():
            assert code not in found, f"{code} has planters in two modules"
            found[code] = (module.name, many)
    return found


MAKERS: Mapping[str, Callable[[Rows, Label], object]] = {
    "identities": identities_of,
    "row_order": row_order_of,
    "schedules": schedules_of,
}
"""What is made of a Table under these names of evidence; under any other it is profiled."""


def as_evidence(world: World) -> Mapping[str, object]:
    """Return the evidence of a world, each Table profiled, or put to the function that its name asks for."""
    return {name: made_of(name, value) if isinstance(value, Table) else value for name, value in world.items()}


def made_of(name: str, table: Table) -> object:
    return MAKERS.get(name, profile_of)(*read(table))


def profiled(table: Table) -> Profile:
    return profile_of(*read(table))


def read(table: Table) -> tuple[Rows, Label]:
    arrow = pa.table({name: pa.array(column, from_pandas=True) for name, column in table.columns.items()})
    rows = read_table(arrow)
    return rows, read_label(rows, parse_target(table.target, rows))
