"""What the tables of an eval say without labels: spans of time, values that training never has, drift by day.

Runs in a process of its own (`sandbox.own`): the tables of a bundle may come from anybody.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from heldout.evals.calendar import Dates, dates_of
from heldout.evals.parquet import column_names, read_table
from heldout.sandbox import serve
from heldout.stats import psi

__all__ = ["answer"]

Plain = Mapping[str, Any]
Bins = NDArray[np.int64]

PARTS = 10
"""Numbers with more values are binned by the training table's tenths; what is missing is a bin of its own."""
MOST_CATEGORIES = 30
MOST_COLUMNS, MOST_DAYS = 30, 1000
PSEUDO = 0.5
"""Rows that are added to each bin, so that an empty one has a logarithm."""


def answer(request: Plain) -> Plain:
    """Return the "spans" of time, None without a time, and the "drift" of the columns by day of the final rows."""
    train, final = Path(request["train"]), Path(request["final"])
    there = set(column_names(train)) & set(column_names(final))
    columns = [name for name in request["columns"] if name in there][:MOST_COLUMNS]
    if request["time"] is None:
        return {"spans": None, "drift": None}
    before, after = (read_table(path, [request["time"]]).column(0).combine_chunks() for path in (train, final))
    known, dates = dates_of(before), dates_of(after)
    if not known.days or not dates.days:
        return {"spans": None, "drift": None}
    tables = {name: tuple(_column(path, name) for path in (train, final)) for name in columns}
    spans = _spans(request["time"], (before, after), (known, dates)) | {"unseen": _unseen(tables)}
    return {"spans": spans, "drift": _drift(tables, dates)}


def _column(path: Path, name: str) -> pa.Array:
    return read_table(path, [name]).column(0).combine_chunks()


def _spans(column: str, times: tuple[pa.Array, pa.Array], dates: tuple[Dates, Dates]) -> dict[str, Any]:
    before, after = times
    known, later = dates
    absent = [name for name in later.calendar if name not in known.calendar]
    names = [month.rpartition(" ")[0] for month in later.months or ()]
    is_absent = np.isin(later.month, [place for place, name in enumerate(names) if name in absent])
    return {
        "column": column,
        "train_first": known.days[0],
        "train_last": known.days[-1],
        "final_first": later.days[0],
        "final_last": later.days[-1],
        "train_rows": len(before),
        "final_rows": len(after),
        "later": int(pc.sum(pc.greater(after, pc.max(before))).as_py() or 0),
        "absent_months": absent,
        "absent_rows": int(is_absent.sum()) if names else 0,
    }


def _unseen(tables: Mapping[str, tuple[pa.Array, pa.Array]]) -> list[list[Any]]:
    """Return (column, values, final rows with them) for values of categories that no training row has, most first."""
    found = []
    for name, (before, after) in tables.items():
        if pa.types.is_floating(before.type) or before.type != after.type:
            continue
        is_new = pc.invert(pc.is_in(after, value_set=pc.unique(before)))
        rows = int(pc.sum(is_new).as_py() or 0)
        if rows:
            found.append([name, len(pc.unique(after.filter(is_new))), rows])
    return sorted(found, key=lambda one: (-one[2], one[0]))


def _drift(tables: Mapping[str, tuple[pa.Array, pa.Array]], dates: Dates) -> Plain:
    """Return the PSI of each column that has one on each day against the training table, at most MOST_DAYS days."""
    days = dates.days[:MOST_DAYS]
    values: dict[str, list[float | None]] = {}
    for name, (before, after) in tables.items():
        binned = _binned(before, after)
        if binned is None:
            continue
        reference, bins, count = binned
        whole = np.bincount(reference, minlength=count)
        table = np.bincount(dates.day * count + bins, minlength=len(dates.days) * count).reshape(-1, count)
        values[name] = [psi(whole, table[place], pseudo_count=PSEUDO).value for place in range(len(days))]
    return {"days": list(days), "psi": values}


def _binned(before: pa.Array, after: pa.Array) -> tuple[Bins, Bins, int] | None:
    if before.type != after.type or pa.types.is_nested(before.type) or pa.types.is_temporal(before.type):
        return None
    levels = pc.value_counts(before.drop_null())
    is_number = pa.types.is_integer(before.type) or pa.types.is_floating(before.type)
    if is_number and len(levels) > PARTS:
        edges = np.unique(np.nanquantile(_numbers(before), np.linspace(0, 1, PARTS + 1)[1:-1]))
        return _by_edges(before, edges), _by_edges(after, edges), len(edges) + 2
    if not len(levels):
        return None
    common = pc.sort_indices(levels.field("counts"), sort_keys=[("", "descending")])[:MOST_CATEGORIES]
    kept = levels.field("values").take(common)
    return _by_level(before, kept), _by_level(after, kept), len(kept) + 2


def _numbers(values: pa.Array) -> NDArray[np.float64]:
    numbers = pc.cast(values, pa.float64()).to_numpy(zero_copy_only=False)
    return np.asarray(numbers, dtype=np.float64)


def _by_edges(values: pa.Array, edges: NDArray[np.float64]) -> Bins:
    numbers = _numbers(values)
    return np.where(np.isnan(numbers), len(edges) + 1, np.searchsorted(edges, numbers, side="right")).astype(np.int64)


def _by_level(values: pa.Array, kept: pa.Array) -> Bins:
    """Return the place of each value among those kept, one more for others, two more for none."""
    place = pc.fill_null(pc.index_in(values, value_set=kept), len(kept))
    numbers = np.asarray(place.to_numpy(zero_copy_only=False), dtype=np.int64)
    is_null = np.asarray(pc.is_null(values).to_numpy(zero_copy_only=False))
    return np.where(is_null, len(kept) + 1, numbers).astype(np.int64)


if __name__ == "__main__":
    serve(answer)
