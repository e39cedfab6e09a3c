"""Turns planted worlds into evidence: raw tables become profiles by the kernel that audits use."""

import importlib
import pkgutil
from collections.abc import Mapping

import pyarrow as pa

import heldout.faults
from heldout.app.asked import Asked
from heldout.app.audit_split import split_evidence
from heldout.app.audited import Audited
from heldout.core.profile import Profile
from heldout.faults.planter import Planter, Table, World
from heldout.faults.split.rows import SplitRows
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
    """Return the evidence of a world: each Table profiled, and what audits make of SplitRows under that name."""
    return {name: _made(name, value) for name, value in world.items()}


def _made(name: str, value: object) -> object:
    if isinstance(value, SplitRows):
        return split_evidence(*audited_rows(value), names=(name,))[name]
    return profiled(value) if isinstance(value, Table) else value


def audited_rows(rows: SplitRows) -> tuple[Audited, Asked]:
    """Return the tables of a world as an audit holds them, with what was declared."""
    tables = [read_table(_arrow(columns)) for columns in (rows.train, rows.test) if columns]
    target = parse_target(rows.target, tables[0])
    label = read_label(tables[0], target)
    asked = Asked(
        time=rows.time or None,
        entity=rows.entity or None,
        fold=rows.fold or None,
        horizon=rows.horizon or None,
        embargo=rows.embargo or None,
    )
    if len(tables) == 1:
        return Audited(train=tables[0], label=label), asked
    test_label = read_label(tables[1], target, kind=label.kind, classes=label.classes)
    return Audited(train=tables[0], label=label, test=tables[1], test_label=test_label), asked


def profiled(table: Table) -> Profile:
    rows = read_table(_arrow(table.columns))
    return profile_of(rows, read_label(rows, parse_target(table.target, rows)))


def _arrow(columns: Mapping[str, object]) -> pa.Table:
    return pa.table({name: pa.array(column, from_pandas=True) for name, column in columns.items()})
