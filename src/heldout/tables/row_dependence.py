"""Whether rows that follow each other share their label, within train and across the split."""

import numpy as np
from numpy.typing import NDArray

from heldout.core.profile import ColumnKind, LabelKind
from heldout.core.split_evidence import RowDependence
from heldout.tables.key_codes import key_codes
from heldout.tables.label import Label
from heldout.tables.order import moments_of
from heldout.tables.shared_places import as_numbers
from heldout.tables.table import Table, kind_of
from heldout.tables.time_hints import LATER_NAME, time_hints

__all__ = ["found_time", "row_dependence_of"]

MOST_PAIRS = 200_000
MOST_ROWS = 500_000

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
_Rows = tuple[Floats, Codes, Floats]
"""The moment, the entity and the label of each row."""


def found_time(table: Table, label: Label) -> str | None:
    """Return the likeliest column that holds the time of a row, None where none holds times."""
    names = [name for name in time_hints(table, label) if kind_of(table.columns[name]) is ColumnKind.TIME]
    return names[0] if names and not LATER_NAME.search(names[0]) else None


def row_dependence_of(
    train: Table,
    label: Label,
    test: Table | None,
    test_label: Label | None,
    *,
    time: str | None,
    is_declared: bool,
    entity: str | None,
) -> RowDependence:
    """Pair each test row with the train row before it, or without test each train row with the next.

    By `time`, declared or found, else by the order of the train rows, which does not tell where the test rows lie. Rows
    of one `entity` follow each other where one is declared.
    """
    keys = _keys(train, test, entity)
    before = np.arange(train.rows, dtype=np.float64) if time is None else moments_of(train, time)[0]
    after = None if test is None or time is None else moments_of(test, time)[0]
    between, rows, last = 0, 0, float(np.nanmax(before))
    if after is not None:
        there = after[~np.isnan(after)]
        rows, between = len(there), int((there <= last).sum())
    is_sorted = time is None and _is_sorted(as_numbers(label), label.kind)
    used = _used(before, keys[0], label)
    if after is not None and test_label is not None and between:
        first, second = _across(used, _used(after, keys[1], test_label), last)
    else:
        first, second = _within(*used)
    kept = _spread_out(len(first))
    return RowDependence(
        order=time or "",
        is_time=time is not None,
        is_declared=is_declared,
        entity=entity or "",
        kind=label.kind,
        is_sorted=is_sorted,
        first=first[kept],
        second=second[kept],
        has_test=test is not None,
        test_rows=rows,
        between=between,
    )


def _keys(train: Table, test: Table | None, entity: str | None) -> tuple[Codes, Codes]:
    """Number the entity of each row alike in both tables, -1 without one; all 0 where none is declared.

    In large tables only some of the entities are numbered, with all of their rows.
    """
    rows = 0 if test is None else test.rows
    if entity is None:
        return np.zeros(train.rows, np.int64), np.zeros(rows, np.int64)
    keys = [table.column(entity, called="entity column") for table in (train, test) if table is not None]
    numbers = key_codes(*keys)
    skipped = (train.rows + rows) // MOST_ROWS + 1  # whole entities, and every so many of them
    if skipped > 1:
        numbers = [np.where(number % skipped == 0, number, -1) for number in numbers]
    return numbers[0], numbers[1] if test is not None else np.zeros(0, np.int64)


def _used(moment: Floats, key: Codes, label: Label) -> _Rows:
    """Return the moments, entities and labels of the rows that have all three."""
    used = np.flatnonzero(~np.isnan(moment) & label.known & (key >= 0))
    return moment[used], key[used], as_numbers(label.rows(used))


def _within(moment: Floats, key: Codes, label: Floats) -> tuple[Floats, Floats]:
    order = _in_order(moment, key)
    one, other = order[:-1], order[1:]
    same = key[one] == key[other]
    return label[one[same]], label[other[same]]


def _across(train: _Rows, test: _Rows, until: float) -> tuple[Floats, Floats]:
    """Return the labels of the train row before each test row and of that test row, in order, of test rows `until`."""
    moments, keys, labels = (np.concatenate(pair) for pair in zip(train, test, strict=True))
    source = np.arange(len(moments)) >= len(train[0])
    order = _in_order(moments, keys)
    is_train = ~source[order]
    last = np.maximum.accumulate(np.where(is_train, np.arange(len(order)), -1))
    asked = np.flatnonzero(~is_train & (last >= 0) & (moments[order] <= until))
    one, other = order[last[asked]], order[asked]
    same = keys[one] == keys[other]
    return labels[one[same]], labels[other[same]]


def _in_order(moment: Floats, key: Codes) -> NDArray[np.intp]:
    if not key.any() and (np.diff(moment) >= 0).all():
        return np.arange(len(moment))
    return np.lexsort((moment, key)) if key.any() else np.argsort(moment, kind="stable")


def _spread_out(pairs: int) -> NDArray[np.int64]:
    return np.arange(pairs) if pairs <= MOST_PAIRS else np.linspace(0, pairs - 1, MOST_PAIRS).astype(np.int64)


def _is_sorted(label: Floats, kind: LabelKind) -> bool:
    """Tell whether the rows stand in the order of their label: in one block per class, or in order of the numbers."""
    change = np.diff(label[~np.isnan(label)])
    if kind is LabelKind.REGRESSION:
        return bool((change >= 0).all() or (change <= 0).all())
    return int((change != 0).sum()) < 2 * len(np.unique(label[~np.isnan(label)]))
