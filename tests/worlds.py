"""Turns planted worlds into evidence: raw tables become profiles by the kernel that audits use."""

import importlib
import pkgutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

import heldout.faults
from heldout.core.profile import LabelKind, Profile
from heldout.engine.canary import batch_run
from heldout.engine.shuffled import shuffled_runs
from heldout.faults.leakage.runs import Fitted, Texts
from heldout.faults.leakage.time import Dated
from heldout.faults.planter import Planter, Table, World
from heldout.tables.corpus_overlap import corpus_overlap_of
from heldout.tables.event_times import event_times_of
from heldout.tables.neighbours import neighbours_of
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
    """Return the evidence of a world, each stand-in for rows turned into what audits make of such rows."""
    return {name: _made(name, value) for name, value in world.items()}


def _made(name: str, value: object) -> object:
    makers: dict[type, Callable[[str, Any], object]] = {
        Table: lambda _, table: profiled(table),
        Dated: _dated,
        Texts: lambda _, texts: _compared(texts),
        Fitted: _fitted,
    }
    return makers[type(value)](name, value) if type(value) in makers else value


def _dated(name: str, dated: Dated) -> object:
    rows = _read(dated.columns)
    features = tuple(column for column in rows.columns if column != dated.target)
    if name == "event_times":
        return event_times_of(rows, dated.time, features)
    label = read_label(rows, parse_target(dated.target, rows))
    return neighbours_of(rows, label, features, time=dated.time, entity=dated.entity, horizon=dated.horizon)


def _compared(texts: Texts) -> object:
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


def _read(columns: Mapping[str, Any]) -> Any:
    return read_table(pa.table({name: pa.array(column, from_pandas=True) for name, column in columns.items()}))


def profiled(table: Table) -> Profile:
    rows = _read(table.columns)
    return profile_of(rows, read_label(rows, parse_target(table.target, rows)))
