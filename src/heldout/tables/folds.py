"""Columns that number folds or mark parts, and what the folds share."""

import itertools
import re

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from heldout.core.errors import BadInput
from heldout.core.profile import ColumnKind
from heldout.core.split_evidence import FoldColumn
from heldout.tables.arrays import null_mask, raw_values
from heldout.tables.hashing import numbered
from heldout.tables.key_codes import key_codes
from heldout.tables.label import Label
from heldout.tables.order import moments_of
from heldout.tables.overlap import row_ids
from heldout.tables.shown import shown_number
from heldout.tables.table import Table, codes, groups_of, kind_of, numbers

__all__ = ["fold_column", "folds_of"]

FOLD_NAME = re.compile(
    r"(^|_)(k?_?folds?|cv_?(fold|split|id)?|is_?(train|test|valid|validation|holdout)"
    r"|(train|test|data|cv)_?(split|set|part)|split|subset|partition)(_?(id|no|num|number|ix|idx|index))?$",
    re.IGNORECASE,
)
IS_PART = re.compile(r"^is_?(train|test|valid|validation|holdout)$", re.IGNORECASE)
PART = re.compile(
    r"^(train|trn|training|test|tst|testing|val|valid|validation|dev|eval|holdout|hold-?out)", re.IGNORECASE
)
MOST_FOLDS = 20
"""A column that is not declared holds no more folds than that;"""
MOST_DECLARED = 1_000
"""a declared one may, where each fold is a group."""
SAMPLE_ROWS = 100_000
SHOWN = 40

Codes = NDArray[np.int64]


def fold_column(table: Table, label: Label, declared: str | None) -> str | None:
    """Return the declared fold column, else the first one whose name and values speak of folds or parts."""
    if declared is not None:
        return declared  # `folds_of` holds it to what folds are
    for name in table.columns:
        if name not in label.columns and FOLD_NAME.search(name) and _holds_folds(name, table.columns[name]):
            return name
    return None


def folds_of(table: Table, column: str, *, is_declared: bool, entity: str | None, time: str | None) -> FoldColumn:
    """Count what the folds of `column` share.

    Raises BadInput for an entity or time column that is not there, and for a declared column that numbers no folds.
    """
    array = table.column(column, called="fold column")
    fold = groups_of(array)
    if is_declared:
        _refuse_no_folds(table.source, column, array, fold)
    names = _names(array)
    keyed, straddling = (0, 0) if entity is None else _straddling(table, entity, fold)
    compared, copied = _copied(table, column, fold)
    return FoldColumn(
        column=column,
        is_declared=is_declared,
        marks_parts=_marks_parts(column, names),
        names=tuple(names),
        sizes=tuple(np.bincount(fold[fold >= 0], minlength=len(names)).tolist()),
        entity=entity or "",
        keyed=keyed,
        straddling=straddling,
        compared=compared,
        copied=copied,
        time=time or "",
        in_order=None if time is None else _in_order(fold, moments_of(table, time)[0]),
    )


def _refuse_no_folds(where: str, column: str, array: pa.Array, fold: Codes) -> None:
    """Raise BadInput for a column of one value, of measured numbers, or of about as many values as rows."""
    folds, rows = int(fold.max(initial=-1)) + 1, int((fold >= 0).sum())
    is_measured = False
    if pa.types.is_floating(array.type):
        values = numbers(array)[fold >= 0]
        is_measured = bool((values != np.floor(values)).any() or np.isinf(values).any())
    if 2 <= folds <= min(MOST_DECLARED, rows // 2) and not is_measured:
        return
    holds = "numbers that are not whole" if is_measured else f"{folds:,} different values in {rows:,} rows"
    raise BadInput(
        f"the fold column {column!r} holds {holds}",
        where=where,
        expected=f"the number or name of each row's fold: 2 to {MOST_DECLARED:,} folds of 2 rows or more",
        mend="name another column with --fold, or none",
    )


def _holds_folds(name: str, array: pa.Array) -> bool:
    if kind_of(array) is ColumnKind.BOOLEAN:
        return bool(IS_PART.search(name))
    if not (pa.types.is_int64(array.type) or pa.types.is_dictionary(array.type)):
        return False
    look = array.slice(0, SAMPLE_ROWS).unique().drop_null()
    if not 2 <= len(look) <= MOST_FOLDS:
        return False
    if pa.types.is_dictionary(array.type):
        texts = [str(text) for text in look.to_pylist()]
        return all(PART.search(text) for text in texts) or all(re.fullmatch(r"\D{0,6}\d{1,2}", text) for text in texts)
    values = raw_values(look)
    return bool(values.min() >= 0 and values.max() <= MOST_FOLDS)


def _names(array: pa.Array) -> list[str]:
    """Return the values in the order of `groups_of`."""
    if pa.types.is_dictionary(array.type):
        used = np.unique(codes(array)[codes(array) >= 0])
        texts = array.dictionary.to_pylist() if len(used) <= SAMPLE_ROWS else []
        return [str(texts[code])[:SHOWN] for code in used]
    values = np.unique(raw_values(array)[~null_mask(array)])
    if kind_of(array) is ColumnKind.BOOLEAN:
        return [("false", "true")[int(value)] for value in values]
    return [shown_number(float(value)) for value in values]


def _marks_parts(column: str, names: list[str]) -> bool:
    is_flag = len(names) == 2 and bool(IS_PART.search(column))
    return is_flag or (len(names) > 1 and all(PART.search(name) for name in names))


def _straddling(table: Table, entity: str, fold: Codes) -> tuple[int, int]:
    """Return the rows with an entity and a fold, and those whose entity is in another fold too."""
    key = table.column(entity, called="entity column")
    (number,) = key_codes(key)
    used = (number >= 0) & (fold >= 0)
    return int(used.sum()), int(_meets_another(number[used], fold[used]).sum())


def _copied(table: Table, column: str, fold: Codes) -> tuple[int, int]:
    """Return the rows compared, and those that equal a row of another fold but for the fold and row numbers."""
    rows = np.flatnonzero(fold >= 0)
    if len(rows) > SAMPLE_ROWS:
        rows = np.sort(np.random.default_rng(0).choice(rows, SAMPLE_ROWS, replace=False))
    sample = table.take(rows)
    ids = row_ids(sample)
    names = [name for name in sample.columns if name != column and name not in ids]
    if not names:
        return 0, 0
    number = numbered(sample.row_lanes(names))[0]
    return len(rows), int(_meets_another(number, fold[rows]).sum())


def _meets_another(number: Codes, fold: Codes) -> NDArray[np.bool_]:
    """Tell which rows have a number that rows of another fold have too."""
    if not len(number):
        return np.zeros(0, np.bool_)
    first, last = np.full(number.max() + 1, np.iinfo(np.int64).max), np.full(number.max() + 1, -1)
    np.minimum.at(first, number, fold)
    np.maximum.at(last, number, fold)
    meets: NDArray[np.bool_] = (first != last)[number]
    return meets


def _in_order(fold: Codes, moment: NDArray[np.float64]) -> bool:
    """Tell whether each fold ends before the next one begins, in the order of their values or the opposite one."""
    used = (fold >= 0) & ~np.isnan(moment)
    found = np.unique(fold[used])
    starts = [float(moment[used & (fold == one)].min()) for one in found]
    ends = [float(moment[used & (fold == one)].max()) for one in found]
    order = np.argsort(starts)
    apart = all(ends[one] <= starts[other] for one, other in itertools.pairwise(order))
    return len(found) > 1 and apart
