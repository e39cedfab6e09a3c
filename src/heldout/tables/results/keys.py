"""The ids of items as numbers that are the same in every source, and their rows sorted by them."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from heldout.core.errors import BadInput
from heldout.tables.arrays import null_mask, raw_values
from heldout.tables.hashing import numbered, row_lanes, value_lanes
from heldout.tables.names import counted
from heldout.tables.table import Table, normalise
from heldout.tables.texts import retyped

__all__ = ["Sorted", "alike", "id_text", "sorted_by_id"]

Rows = NDArray[np.int64]
Lanes = NDArray[np.uint64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorted:
    """The rows of one source in the order of their ids: `order` (rows,), and where each item's rows start in it.

    `keys` (items,) are the items' ids as numbers, rising.
    """

    order: Rows
    starts: Rows
    keys: NDArray[np.uint64] | Rows

    @property
    def items(self) -> int:
        """How many different ids there are."""
        return len(self.keys)

    @property
    def counts(self) -> Rows:
        """How many rows each item has."""
        return np.diff(np.append(self.starts, len(self.order)))

    @property
    def first_rows(self) -> Rows:
        """The first row of each item."""
        return self.order[self.starts]


def sorted_by_id(tables: Sequence[Table], by: Sequence[Sequence[str]]) -> list[Sorted]:
    """Sort the rows of each table by its id columns. Raises BadInput for a row without an id."""
    columns = [[_id_column(table, name) for name in names] for table, names in zip(tables, by, strict=True)]
    if all(len(parts) == 1 and pa.types.is_int64(parts[0].type) for parts in columns):
        return [_sorted(raw_values(parts[0]).astype(np.int64, copy=False)) for parts in columns]
    every = _one_lane_each(tables, columns)
    found = [_sorted(lane[:, 0]) for lane in every]
    return found if _is_exact(found, every) else [_sorted(number) for number in numbered(*every)]


def _one_lane_each(tables: Sequence[Table], columns: Sequence[Sequence[pa.Array]]) -> list[Lanes]:
    """Hash the ids of each table: shape (rows, 2)."""
    same = [alike(parts) for parts in zip(*columns, strict=True)]
    if len(same) == 1:
        return [value_lanes(array) for array in same[0]]
    return [
        row_lanes(((str(place), value_lanes(parts[side])) for place, parts in enumerate(same)), table.rows)
        for side, table in enumerate(tables)
    ]


def id_text(table: Table, by: Sequence[str], row: int) -> str:
    """Return the id of a row as text; several columns are joined by " / "."""
    return " / ".join(str(table.columns[name][int(row)].as_py()) for name in by)


def _id_column(table: Table, name: str) -> pa.Array:
    array = table.column(name, called="id column")
    if array.null_count:
        raise BadInput(
            f"{counted(array.null_count, 'row has', 'rows have')} no id",
            where=f"{table.source}, column {name!r}, first in row {int(np.argmax(null_mask(array))):,} (from 0)",
            expected="an id in every row",
            mend="leave these rows out, or name another column with --by",
        )
    return array


def alike(arrays: Sequence[pa.Array]) -> Sequence[pa.Array]:
    """Return the arrays in one type where one has texts: 7 and "7" are one value, and so are a time and its text."""
    is_text = [pa.types.is_dictionary(array.type) for array in arrays]
    if not any(is_text) or all(is_text):
        return arrays
    if any(pa.types.is_timestamp(array.type) for array in arrays):
        arrays = [_as_time(array) if pa.types.is_dictionary(array.type) else array for array in arrays]
        if all(pa.types.is_timestamp(array.type) for array in arrays):
            return arrays
    return [_as_text(array) for array in arrays]


def _as_time(array: pa.Array) -> pa.Array:
    """Return texts as times where every one is a time, ISO or not."""
    try:
        return array.dictionary.cast(pa.timestamp("us")).take(array.indices)
    except pa.ArrowInvalid:
        return retyped(array, decimal_comma=False)[0]


def _as_text(array: pa.Array) -> pa.Array:
    if pa.types.is_timestamp(array.type):
        with contextlib.suppress(pa.ArrowInvalid):  # beyond the years that nanoseconds reach
            array = array.cast(pa.timestamp("ns"))
        return normalise(pc.cast(array, pa.large_string()))
    return normalise(pc.cast(array, pa.large_string())) if not pa.types.is_dictionary(array.type) else array


def _sorted(keys: NDArray[np.uint64] | Rows) -> Sorted:
    rising = len(keys) < 2 or bool((keys[1:] >= keys[:-1]).all())
    order = np.arange(len(keys)) if rising else np.argsort(keys, kind="stable")
    ordered = keys if rising else keys[order]
    starts = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1]))
    return Sorted(order=order, starts=starts, keys=ordered if len(starts) == len(keys) else ordered[starts])


def _is_exact(found: Sequence[Sorted], lanes: Sequence[Lanes]) -> bool:
    """Tell whether the first half of the hash alone keeps all ids apart, by looking at the second."""
    seconds = []
    for one, lane in zip(found, lanes, strict=True):
        second = lane[one.order, 1]
        same = np.repeat(second[one.starts], one.counts)
        if not np.array_equal(second, same):
            return False
        seconds.append(second[one.starts])
    base, base_second = found[0], seconds[0]
    for one, second in zip(found[1:], seconds[1:], strict=True):
        place = np.minimum(np.searchsorted(one.keys, base.keys), one.items - 1)
        met = one.keys[place] == base.keys
        if not np.array_equal(second[place[met]], base_second[met]):
            return False
    return True
