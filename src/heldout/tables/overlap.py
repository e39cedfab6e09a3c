"""What two tables share: whole rows, and the entities of a key column."""

import re
from collections.abc import Iterable, Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from heldout.core.evidence import CopyOverlap, EntityOverlap
from heldout.tables.arrays import from_numpy, null_mask
from heldout.tables.hashing import RowLanes, found_in, numbered, repeated
from heldout.tables.label import Label
from heldout.tables.shown import shown_number, shown_time
from heldout.tables.table import Table, codes, numbers

__all__ = ["copied_rows", "copies_of", "entities_of", "row_ids"]

EXAMPLES = 5
LOOK_ROWS = 10_000
FEWEST_NUMBERED = 50
"""In fewer rows whole numbers are all different by chance, and no row numbers."""

ID_NAME = re.compile(r"(^|[_\W])(id|uuid|guid|index|rownum|row_?number)$|Id$|ID$|^\(column \d+\)$|^Unnamed: \d+$")


def copies_of(train: Table, test: Table, label: Label, test_label: Label | None) -> tuple[CopyOverlap, tuple[str, ...]]:
    """Count the test rows that equal a train row, and return the columns that were left out as row numbers.

    All columns that both tables have are compared but for those that number the rows (`row_ids`) and the target's:
    these count too where the test table has them. The chance level is exact: the train rows that equal another one.
    """
    with_label = test_label is not None
    ids = row_ids(train, test)
    names = [name for name in _shared(train, test) if name not in ids]
    in_train, in_test = (table.row_lanes(names) for table in (train, test))
    shared = found_in(in_test, in_train)
    by_class: dict[str, int] = {}
    if test_label is not None and label.classes:
        rows = np.bincount(test_label.codes[shared & test_label.known], minlength=len(label.classes))
        by_class = dict(zip(label.classes, rows.tolist(), strict=True))
    overlap = CopyOverlap(
        with_label=with_label,
        test_rows=test.rows,
        shared_rows=int(shared.sum()),
        reference_rows=train.rows,
        reference_shared=int(repeated(in_train).sum()),
        by_class=by_class,
        examples=tuple(int(row) for row in np.flatnonzero(shared)[:EXAMPLES]),
    )
    return overlap, ids


def copied_rows(train: Table, test: Table, left_out: Iterable[str] = ()) -> NDArray[np.bool_]:
    """Return which test rows equal a train row in every shared column but those `left_out`, shape (test rows,)."""
    ignored = frozenset(left_out)
    names = [name for name in _shared(train, test) if name not in ignored]
    return found_in(test.row_lanes(names), train.row_lanes(names))


def entities_of(train: Table, test: Table, column: str) -> EntityOverlap:
    """Count the test rows and the values of `column` that are also in train; rows without a value count nowhere.

    Raises BadInput where a table lacks the column.
    """
    for table in (train, test):
        table.refuse_unknown(column, called="entity column")
    (in_train, _), (keys, there) = (_keys(table, column) for table in (train, test))
    shared = found_in(keys, in_train)
    in_test = numbered(keys)[0]
    different, first, counts = np.unique(in_test, return_index=True, return_counts=True)
    different_shared = shared[first]
    order = np.argsort(-counts[different_shared], kind="stable")[:EXAMPLES]
    array = test.columns[column]
    return EntityOverlap(
        column=column,
        test_rows=len(in_test),
        shared_rows=int(shared.sum()),
        test_entities=len(different),
        shared_entities=int(different_shared.sum()),
        examples=tuple(_shown(array, int(there[row])) for row in first[different_shared][order]),
    )


def _keys(table: Table, column: str) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Return the hashes of a column's values, shape (n, 2), and the numbers of the n rows that have one."""
    lanes, has_value = RowLanes(table.rows), np.ones(table.rows, np.bool_)
    for start, block in table.blocks(column):
        lanes.add(column, block, start)
        if block.null_count:
            has_value[start : start + len(block)] = ~null_mask(block)
    if has_value.all():
        return lanes.lanes, np.arange(table.rows)
    return lanes.lanes[has_value], np.flatnonzero(has_value)


def row_ids(*tables: Table) -> tuple[str, ...]:
    """Return the columns that only number the rows of all these tables.

    Within each table every row has its own value, and the name says so or the values are whole numbers with as many
    gaps as numbers at most, over all tables together.
    """
    shared = [name for name in tables[0].columns if all(name in table.columns for table in tables)]
    return tuple(name for name in shared if _numbers_rows(name, tables))


def _numbers_rows(name: str, tables: Sequence[Table]) -> bool:
    if not all(_may_number(next(table.pieces(name))) for table in tables):
        return False
    arrays = [table.columns[name] for table in tables]
    is_int = all(pa.types.is_int64(array.type) for array in arrays)
    is_text = all(pa.types.is_dictionary(array.type) for array in arrays)
    if not (is_int or is_text) or any(array.null_count or len(array) < 2 for array in arrays):
        return False
    if not ID_NAME.search(name):
        ends = [(int(numbers(array).min()), int(numbers(array).max())) for array in arrays] if is_int else []
        rows = sum(map(len, arrays))
        if not ends or rows < FEWEST_NUMBERED or max(e[1] for e in ends) - min(e[0] for e in ends) >= 2 * rows:
            return False
    return all(len(array.unique()) == len(array) for array in arrays)


def _may_number(piece: pa.Array) -> bool:
    """True where the first rows of a column could number them: most columns are told by these."""
    first = piece.slice(0, LOOK_ROWS)
    is_key = pa.types.is_int64(first.type) or pa.types.is_dictionary(first.type)
    return is_key and not first.null_count and len(first.unique()) == len(first)


def _shared(train: Table, test: Table) -> list[str]:
    return [name for name in train.columns if name in test.columns]


def _shown(array: pa.Array, row: int) -> str:
    value = array.slice(row, 1)
    if pa.types.is_dictionary(array.type):
        return str(array.dictionary.take(from_numpy(codes(value).astype(np.int64))).to_pylist()[0])[:80]
    number = float(numbers(value)[0])
    return shown_time(number) if pa.types.is_timestamp(array.type) else shown_number(number)
