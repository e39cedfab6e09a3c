"""Whether the order of the rows, in the file or by a column that only numbers them, tells the label."""

import re

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from heldout.core.leakage_evidence import RowOrder, RowRank
from heldout.core.profile import FOLDS, ColumnKind, LabelKind
from heldout.tables.label import Label
from heldout.tables.sampling import sample_of
from heldout.tables.table import Table, codes, kind_of, numbers

__all__ = ["row_order_of"]

ORDER_ROWS = 20_000
PARTS = 64
ROWS_PER_PART = 25
MOST_KEYS = 5
KEY_NAME = re.compile(r"(^|_|\b|(?<=[a-z]))(id|key|uuid|guid|index|idx|row|row_?num|number|no|nr)$", re.IGNORECASE)
DENSE = 4
"""Whole numbers that number rows lie in a range of at most so many times their count."""
DIGITS = re.compile(r"([0-9]+)")


def row_order_of(
    table: Table, label: Label, *, sample: tuple[Table, Label | None] | None = None, seed: int = 0
) -> RowOrder:
    """Return how the label goes along the file, and along each column that has another value in every row."""
    rows, rows_label = sample_of(*(sample or (table, label)), rows=ORDER_ROWS, seed=seed)
    assert rows_label is not None
    ranks = [_rank("", np.arange(rows.rows), rows_label, seed)]
    for name, array in rows.columns.items():
        if name in label.columns or len(ranks) > MOST_KEYS:
            continue
        order = _order_by(name, array)
        if order is not None:
            ranks.append(_rank(name, order, rows_label, seed))
    return RowOrder(ranks=tuple(ranks))


def _order_by(name: str, array: pa.Array) -> NDArray[np.int64] | None:
    """Return the rows in the order of a column that only numbers them, None for another column."""
    if array.null_count or len(array) < 2:
        return None
    if kind_of(array) is ColumnKind.TEXT:
        return _order_of_texts(array)
    return _order_of_numbers(name, array) if pa.types.is_int64(array.type) else None


def _order_of_texts(array: pa.Array) -> NDArray[np.int64] | None:
    row_codes = codes(array)
    if len(np.unique(row_codes)) < len(row_codes):
        return None
    texts = array.dictionary.take(array.indices).to_pylist()
    return np.array(sorted(range(len(texts)), key=lambda row: _natural(texts[row])), np.int64)


def _order_of_numbers(name: str, array: pa.Array) -> NDArray[np.int64] | None:
    values = numbers(array)
    is_dense = bool(values.max() - values.min() < DENSE * len(values))
    if len(np.unique(values)) < len(values) or not (is_dense or KEY_NAME.search(name)):
        return None
    return np.argsort(values, kind="stable")


def _rank(column: str, order: NDArray[np.int64], label: Label, seed: int) -> RowRank:
    """Count the classes over equal parts of the order, in folds that are drawn."""
    rows = len(order)
    parts = max(min(PARTS, rows // ROWS_PER_PART), 2)
    part = np.arange(rows) * parts // max(rows, 1)
    fold = np.random.default_rng(seed).integers(0, FOLDS, rows)
    cell = fold * (parts + 1) + part
    if label.kind is LabelKind.REGRESSION:
        y = label.values[order]
        sums = [np.bincount(cell, weights=w, minlength=FOLDS * (parts + 1)) for w in (None, y, y**2)]
        joint = np.stack(sums, axis=1).reshape(FOLDS, parts + 1, 3).astype(np.float64)
        side = y > np.median(y)
        return RowRank(column=column, rows=rows, changes=int((side[1:] != side[:-1]).sum()), joint=joint)
    classes, y_codes = len(label.classes), label.codes[order]
    counts = np.bincount(cell * classes + y_codes, minlength=FOLDS * (parts + 1) * classes)
    joint = counts.reshape(FOLDS, parts + 1, classes).astype(np.float64)
    return RowRank(column=column, rows=rows, changes=int((y_codes[1:] != y_codes[:-1]).sum()), joint=joint)


def _natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """Return what sorts a text as people do: numbers in it by their size."""
    return tuple((0, int(p), "") if p.isascii() and p.isdigit() else (1, 0, p) for p in DIGITS.split(text))
