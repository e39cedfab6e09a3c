"""The second pass: exact counts of a part of a table against a layout, which add up in any order."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from heldout.core.profile import FOLDS, ColumnKind, LabelKind
from heldout.tables.arrays import from_numpy, from_texts, null_mask, raw_values
from heldout.tables.hashing import row_lanes, value_lanes
from heldout.tables.label import Label
from heldout.tables.layout import ColumnLayout, Layout
from heldout.tables.table import Table, codes, numbers

__all__ = ["SKETCH", "ColumnCounts", "Counts", "count", "merge"]

SKETCH = 4096
"""Different values are counted exactly up to this number, and estimated from this many smallest hashes above it
(relative standard error 1.6 %; Bar-Yossef et al. 2002)."""

Extreme = float | str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnCounts:
    """One column's counts: `joint` as in ColumnProfile, `zeros` per class, the smallest hashes of its values."""

    joint: NDArray[np.float64]
    zeros: NDArray[np.float64]
    equal_to_label: int
    minimum: Extreme
    maximum: Extreme
    sketch: NDArray[np.uint64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """A part's counts: rows with a label, per class too, rows without one, and one ColumnCounts per column."""

    rows: int
    missing: int
    classes: NDArray[np.float64]
    columns: tuple[ColumnCounts, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """What every column of a part is counted against: the fold and class of each row, and the label as a number."""

    layout: Layout
    fold: NDArray[np.int64]
    label: NDArray[np.int64]
    values: NDArray[np.float64]


def count(layout: Layout, table: Table, label: Label | None, *, first_row: int = 0) -> Counts:
    """Count a part of a table, of which `first_row` is the number of the first row.

    Rows without a label are counted as missing and left out of everything else.
    """
    numbered = np.arange(first_row, first_row + table.rows, dtype=np.uint64)
    missing = 0
    if label is not None:
        missing = label.missing
        table, numbered, label = table.filter(label.known), numbered[label.known], label.rows(label.known)
    lanes = {column.name: value_lanes(table.columns[column.name]) for column in layout.columns}
    whole = numbered * np.uint64(0x9E3779B97F4A7C15) >> np.uint64(32)
    if not layout.folds_by_number:
        whole = row_lanes(lanes.items(), table.rows)[:, 0]
    part = _Part(
        layout=layout,
        fold=(whole % np.uint64(FOLDS)).astype(np.int64),
        label=np.zeros(table.rows, np.int64) if label is None else label.codes,
        values=np.full(table.rows, np.nan) if label is None else label.values,
    )
    columns = tuple(_column(part, c, table.columns[c.name], lanes[c.name][:, 0]) for c in layout.columns)
    per_class = np.bincount(part.label, minlength=_classes(layout)).astype(np.float64)
    return Counts(rows=table.rows, missing=missing, classes=per_class, columns=columns)


def merge(one: Counts, other: Counts) -> Counts:
    """Add two parts counted against the same layout; associative and commutative.

    The sums of a regression's y and y² are floats, so their last bits depend on the order.
    """
    pairs = zip(one.columns, other.columns, strict=True)
    return Counts(
        rows=one.rows + other.rows,
        missing=one.missing + other.missing,
        classes=one.classes + other.classes,
        columns=tuple(_merged(a, b) for a, b in pairs),
    )


def _merged(a: ColumnCounts, b: ColumnCounts) -> ColumnCounts:
    return ColumnCounts(
        joint=a.joint + b.joint,
        zeros=a.zeros + b.zeros,
        equal_to_label=a.equal_to_label + b.equal_to_label,
        minimum=_extreme(min, a.minimum, b.minimum),
        maximum=_extreme(max, a.maximum, b.maximum),
        sketch=np.union1d(a.sketch, b.sketch)[:SKETCH],
    )


def _extreme(choose: Callable[..., Any], *values: Extreme) -> Extreme:
    there = [value for value in values if value is not None]
    return choose(there) if there else None


def _classes(layout: Layout) -> int:
    return 1 if layout.kind is LabelKind.REGRESSION else layout.classes


def _column(part: _Part, column: ColumnLayout, array: pa.Array, hashes: NDArray[np.uint64]) -> ColumnCounts:
    null = null_mask(array)
    zeros = np.zeros(_classes(part.layout))
    equal, minimum, maximum = 0, None, None
    if column.kind is ColumnKind.EMPTY:
        bins = np.zeros(len(array), np.int64)
    elif column.kind is ColumnKind.TEXT:
        bins = _text_bins(column, array)
        minimum, maximum = _text_extremes(array)
    else:
        values = numbers(array)
        bins = np.searchsorted(_edges(column), values)
        bins[null] = len(column.bins)
        if not null.all():
            minimum, maximum = float(np.nanmin(values)), float(np.nanmax(values))
        if column.kind is not ColumnKind.TIME:
            equal = int((values == part.values).sum())
            zeros = np.bincount(part.label[values == 0], minlength=len(zeros)).astype(np.float64)
    return ColumnCounts(
        joint=_joint(part, bins, len(column.bins) + 1),
        zeros=zeros,
        equal_to_label=equal,
        minimum=minimum,
        maximum=maximum,
        sketch=np.zeros(0, np.uint64) if column.is_value else _sketch(hashes[~null]),
    )


def _sketch(hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the SKETCH smallest different hashes, in order."""
    if len(hashes) > 16 * SKETCH:  # a cut that leaves enough of them, where most differ, saves sorting all
        lowest = np.unique(hashes[hashes < np.uint64(2**64 * 4 * SKETCH // len(hashes))])
        if len(lowest) >= SKETCH:
            return lowest[:SKETCH]
    return np.unique(hashes)[:SKETCH]


def _edges(column: ColumnLayout) -> NDArray[np.float64]:
    if column.edges is None:
        raise TypeError(f"{column.name} is laid out as {column.kind}, the part holds numbers")
    return column.edges


def _joint(part: _Part, bins: NDArray[np.int64], width: int) -> NDArray[np.float64]:
    cell = part.fold * width + bins
    if part.layout.kind is LabelKind.REGRESSION:
        weights = (None, part.values, part.values**2)
        sums = [np.bincount(cell, weights=weight, minlength=FOLDS * width) for weight in weights]
        return np.stack(sums, axis=1).reshape(FOLDS, width, 3).astype(np.float64)
    classes = part.layout.classes
    counts = np.bincount(cell * classes + part.label, minlength=FOLDS * width * classes)
    return counts.reshape(FOLDS, width, classes).astype(np.float64)


def _text_bins(column: ColumnLayout, array: pa.Array) -> NDArray[np.int64]:
    found = pc.index_in(array.dictionary, value_set=from_texts(column.levels))
    place = np.where(null_mask(found), len(column.levels), raw_values(found))
    bins: NDArray[np.int64] = np.append(place, len(column.bins)).astype(np.int64)[codes(array)]
    return bins


def _text_extremes(array: pa.Array) -> tuple[Extreme, Extreme]:
    row_codes = codes(array)
    used = np.unique(row_codes[row_codes >= 0])
    if not len(used):
        return None, None
    ends = pc.min_max(array.dictionary.take(from_numpy(used)))
    return ends["min"].as_py(), ends["max"].as_py()
