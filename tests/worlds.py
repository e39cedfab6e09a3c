"""Turns planted worlds into evidence by the functions that audits use: planters hand out rows, not evidence of rows."""

import importlib
import pkgutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

import heldout.faults
from heldout.app.asked import Asked
from heldout.app.audit_split import split_evidence
from heldout.app.audited import Audited
from heldout.core.profile import LabelKind, Profile
from heldout.engine.batch import batch_run
from heldout.engine.shuffled import shuffled_runs
from heldout.faults.leakage.runs import Fitted, Texts
from heldout.faults.leakage.time import Dated
from heldout.faults.planter import Planter, Table, World
from heldout.faults.split.rows import SplitRows
from heldout.tables.corpus_overlap import corpus_overlap_of
from heldout.tables.event_times import event_times_of
from heldout.tables.identities import identities_of
from heldout.tables.label import Label
from heldout.tables.neighbours import neighbours_of
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


TABLES: Mapping[str, Callable[[Rows, Label], object]] = {
    "identities": identities_of,
    "row_order": row_order_of,
    "schedules": schedules_of,
}
"""What is made of a Table under these names of evidence; under any other it is profiled."""


def as_evidence(world: World) -> Mapping[str, object]:
    """Return the evidence of a world, each stand-in for rows turned into what audits make of such rows."""
    return {name: _made(name, value) for name, value in world.items()}


def _made(name: str, value: object) -> object:
    makers: dict[type, Callable[[str, Any], object]] = {
        Table: _tabled,
        Dated: _dated,
        Texts: _compared,
        Fitted: _fitted,
        SplitRows: lambda name, rows: split_evidence(*audited_rows(rows), names=(name,))[name],
    }
    return makers[type(value)](name, value) if type(value) in makers else value


def _tabled(name: str, table: Table) -> object:
    return TABLES.get(name, profile_of)(*_labelled(table.columns, table.target))


def _dated(name: str, dated: Dated) -> object:
    rows = _read(dated.columns)
    features = tuple(column for column in rows.columns if column != dated.target)
    if name == "event_times":
        return event_times_of(rows, dated.time, features)
    label = read_label(rows, parse_target(dated.target, rows))
    return neighbours_of(rows, label, features, time=dated.time, entity=dated.entity, horizon=dated.horizon)


def _compared(_: str, texts: Texts) -> object:
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus.txt"
        corpus.write_text("\n".join(texts.corpus))
        return corpus_overlap_of(_read({"prompt": np.array(texts.test)}), ["prompt"], [str(corpus)])


def _fitted(name: str, fitted: Fitted) -> object:
    estimator = fitted.estimator(**fitted.parameters)
    if name == "batch_run":
        return batch_run(estimator, fitted.values, fitted.label, LabelKind.BINARY)
    group = np.arange(len(fitted.label))
    return shuffled_runs(estimator, fitted.values, fitted.label, LabelKind.BINARY, group=group)


def audited_rows(rows: SplitRows) -> tuple[Audited, Asked]:
    """Return the tables of a world as an audit holds them, with what was declared."""
    train, label = _labelled(rows.train, rows.target)
    asked = Asked(
        time=rows.time or None,
        entity=rows.entity or None,
        fold=rows.fold or None,
        horizon=rows.horizon or None,
        embargo=rows.embargo or None,
    )
    if not rows.test:
        return Audited(train=train, label=label), asked
    test = _read(rows.test)
    test_label = read_label(test, parse_target(rows.target, train), kind=label.kind, classes=label.classes)
    return Audited(train=train, label=label, test=test, test_label=test_label), asked


def profiled(table: Table) -> Profile:
    return profile_of(*_labelled(table.columns, table.target))


def _labelled(columns: Mapping[str, Any], target: str) -> tuple[Rows, Label]:
    rows = _read(columns)
    return rows, read_label(rows, parse_target(target, rows))


def _read(columns: Mapping[str, Any]) -> Rows:
    return read_table(pa.table({name: pa.array(column, from_pandas=True) for name, column in columns.items()}))
