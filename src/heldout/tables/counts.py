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
from heldout.tables.binning import Binning
from heldout.tables.first_pass import MOST_VALUES, see
from heldout.tables.hashing import RowLanes
from heldout.tables.label import Label
from heldout.tables.layout import ColumnLayout, Layout, Look, folds_of
from heldout.tables.sketch import smallest
from heldout.tables.table import Table, codes, numbers

__all__ = ["ColumnCounts", "Counts", "count", "merge"]

STRIDE = MOST_VALUES + 4
"""Places of a fold and class among the counts: those of all bins, and of null."""

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
class _Rows:
    """What every column is counted against, for the rows that count: which they are, cell of fold and class, label."""

    layout: Layout
    known: NDArray[np.bool_] | None
    cell: NDArray[np.int32]
    label: NDArray[np.int64] | None
    values: NDArray[np.float64] | None


def count(
    layout: Layout, table: Table, label: Label | None, *, first_row: int = 0, looked: Look | None = None
) -> Counts:
    """Count a part of a table, of which `first_row` is the number of the first row.

    Rows without a label are counted as missing and left out of everything else. `looked` is what the first pass found
    of this very part, where it was the whole.
    """
    known = None if label is None or not label.missing else label.known
    if looked is None:
        lanes = RowLanes(table.rows)
        names = [column.name for column in layout.columns]
        sketches = {seen.name: seen.sketch.hashes for seen in see(table, names, lanes, known=known)}
        words = lanes.lanes[:, 0]
        if layout.folds_by_number:
            words = np.arange(first_row, first_row + table.rows, dtype=np.uint64)
        fold = folds_of(words, by_number=layout.folds_by_number)
    else:
        fold, sketches = looked.fold, dict(looked.sketches)
    classes = _classes(layout)
    cell = fold.astype(np.int32)
    if label is not None:
        cell *= classes
        cell += label.codes.astype(np.int32)
    cell *= STRIDE
    is_numeric = label is not None and not np.isnan(label.values).all()
    rows = _Rows(
        layout=layout,
        known=known,
        cell=cell,
        label=None if label is None else label.codes,
        values=label.values if label is not None and is_numeric else None,
    )
    columns = tuple(_column(rows, column, table, sketches[column.name]) for column in layout.columns)
    per_class = np.bincount(_chosen(np.zeros(table.rows, np.int64) if label is None else label.codes, known))
    per_class = np.append(per_class, np.zeros(max(classes - len(per_class), 0)))
    missing = 0 if label is None else label.missing
    return Counts(rows=table.rows - missing, missing=missing, classes=per_class.astype(np.float64), columns=columns)


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
        sketch=smallest(np.concatenate([a.sketch, b.sketch])),
    )


def _extreme(choose: Callable[..., Any], *values: Extreme) -> Extreme:
    there = [value for value in values if value is not None]
    return choose(there) if there else None


def _classes(layout: Layout) -> int:
    return 1 if layout.kind is LabelKind.REGRESSION else layout.classes


class _Tally:
    """The counts of one column as they grow, block by block."""

    def __init__(self, rows: _Rows, column: ColumnLayout) -> None:
        self.rows, self.column = rows, column
        self.width = len(column.bins) + 1
        sums = 3 if rows.layout.kind is LabelKind.REGRESSION else 1
        self.joint = np.zeros((sums, FOLDS * _classes(rows.layout) * STRIDE))
        self.zeros = np.zeros(_classes(rows.layout))
        self.equal = 0
        self.minimum: Extreme = None
        self.maximum: Extreme = None

    def add(self, bins: NDArray[np.intp], start: int, stop: int) -> None:
        """Count the bins of the rows from `start` to `stop`, those that count already chosen."""
        bins += self._of(self.rows.cell, start, stop)
        size = self.joint.shape[1]
        self.joint[0] += np.bincount(bins, minlength=size)
        if len(self.joint) > 1 and self.rows.values is not None:
            values = self._of(self.rows.values, start, stop)
            self.joint[1] += np.bincount(bins, weights=values, minlength=size)
            self.joint[2] += np.bincount(bins, weights=values * values, minlength=size)

    def numbers(self, values: NDArray[np.float64], start: int, stop: int) -> None:
        """Count the zeros of these numbers and those that equal the label, and widen the range."""
        if self.column.kind is not ColumnKind.TIME:
            if self.rows.values is not None:
                self.equal += int(np.count_nonzero(values == self._of(self.rows.values, start, stop)))
            is_zero = values == 0
            if is_zero.any() and self.rows.label is not None:
                label = self._of(self.rows.label, start, stop)[is_zero]
                self.zeros += np.bincount(label, minlength=len(self.zeros))
            elif self.rows.label is None:
                self.zeros += np.count_nonzero(is_zero)
        low, high = float(np.fmin.reduce(values)), float(np.fmax.reduce(values))
        if not np.isnan(low):
            self.widen(low, high)

    def widen(self, low: Extreme, high: Extreme) -> None:
        """Take these ends into the range."""
        self.minimum, self.maximum = _extreme(min, self.minimum, low), _extreme(max, self.maximum, high)

    def counts(self, sketch: NDArray[np.uint64]) -> ColumnCounts:
        """Return what was counted."""
        cells = self.joint.reshape(len(self.joint), FOLDS, -1, STRIDE)[..., : self.width]
        is_sums = len(self.joint) > 1
        joint = cells[:, :, 0].transpose(1, 2, 0) if is_sums else cells[0].transpose(0, 2, 1)
        return ColumnCounts(
            joint=np.ascontiguousarray(joint),
            zeros=self.zeros,
            equal_to_label=self.equal,
            minimum=self.minimum,
            maximum=self.maximum,
            sketch=np.zeros(0, np.uint64) if self.column.is_value else sketch,
        )

    def _of(self, array: NDArray[Any], start: int, stop: int) -> NDArray[Any]:
        return _chosen(array[start:stop], None if self.rows.known is None else self.rows.known[start:stop])


def _chosen(array: NDArray[Any], known: NDArray[np.bool_] | None) -> NDArray[Any]:
    return array if known is None else array[known]


def _column(rows: _Rows, column: ColumnLayout, table: Table, sketch: NDArray[np.uint64]) -> ColumnCounts:
    tally = _Tally(rows, column)
    binning = None if column.edges is None else Binning(column.edges, table.rows)
    for start, every in table.blocks(column.name):
        stop = start + len(every)
        block = every if rows.known is None else every.filter(from_numpy(rows.known[start:stop]))
        if column.kind is ColumnKind.TEXT and pa.types.is_dictionary(block.type):
            tally.add(_text_bins(column, block), start, stop)
            tally.widen(*_text_extremes(block))
        elif block.null_count == len(block):
            tally.add(np.full(len(block), len(column.bins), np.intp), start, stop)
        elif binning is None:
            raise TypeError(f"{column.name} is laid out as {column.kind}, the part holds numbers")
        else:
            values = numbers(block)
            bins = binning(values)
            if block.null_count:
                bins[null_mask(block)] = len(column.bins)
            tally.numbers(values, start, stop)
            tally.add(bins, start, stop)
    return tally.counts(sketch)


def _text_bins(column: ColumnLayout, array: pa.Array) -> NDArray[np.intp]:
    found = pc.index_in(array.dictionary, value_set=from_texts(column.levels))
    place = np.where(null_mask(found), len(column.levels), raw_values(found))
    return np.append(place, len(column.bins)).astype(np.intp).take(codes(array))


def _text_extremes(array: pa.Array) -> tuple[Extreme, Extreme]:
    place = codes(array)
    used = np.flatnonzero(np.bincount(place[place >= 0] if array.null_count else place, minlength=1))
    if not len(used) or array.null_count == len(array):
        return None, None
    ends = pc.min_max(array.dictionary.take(from_numpy(used)))
    return ends["min"].as_py(), ends["max"].as_py()
