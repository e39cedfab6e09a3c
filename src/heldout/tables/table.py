"""A table: named Arrow columns in the few types that the kernel knows."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from heldout.core.errors import BadInput
from heldout.core.profile import ColumnKind
from heldout.tables.arrays import from_numpy, from_texts, null_mask, raw_values
from heldout.tables.columns import Columns, kind_of
from heldout.tables.hashing import RowLanes
from heldout.tables.names import closest

__all__ = ["BLOCK_ROWS", "Table", "codes", "groups_of", "kind_of", "normalise", "numbers", "type_of"]

TEXT = pa.dictionary(pa.int32(), pa.large_string())
TIME = pa.timestamp("us")
FINER = {"s": 10**6, "ms": 10**3}
"""Microseconds in the units of times that reach further."""


BLOCK_ROWS = 2**16
"""Rows that kernels look at in one go: what they make on the way fits the second cache."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under named columns. `source` names the file or frame; `notes` say what a reader should know of it.

    Each array is one of int64, float64 without NaN, bool, timestamp[us] (UTC), dictionary<int32, large_string>, null.
    `zoned` are the columns whose times came with a zone, and were brought to UTC.
    The columns of a large table are read when they are asked for (`heldout.tables.columns`): look one up once, use it
    and let it go, or walk through its `blocks`; `kind` tells what it holds without loading it.
    """

    source: str
    columns: Mapping[str, pa.Array]
    rows: int
    notes: tuple[str, ...] = ()
    zoned: frozenset[str] = frozenset()
    hashed: dict[frozenset[str], RowLanes] = field(default_factory=dict, init=False, repr=False, compare=False)

    def column(self, name: str, *, called: str = "column") -> pa.Array:
        """Return the column `name`, or raise BadInput with the names that come close; `called` says what it is for."""
        self.refuse_unknown(name, called=called)
        return self.columns[name]

    def refuse_unknown(self, name: str, *, called: str = "column") -> None:
        """Raise BadInput, with the names that come close, where there is no column `name`."""
        if name in self.columns:
            return
        for note in self.notes:
            if note.startswith(f"{name} holds"):
                raise BadInput(
                    f"the {called} cannot be used: {note}",
                    where=self.source,
                    expected="a column of numbers, texts, truth values or times",
                    mend="write its values as one of these",
                )
        raise BadInput(
            f"there is no {called} {name!r}",
            where=self.source,
            expected=f"one of its {len(self.columns)} columns: {closest(name, self.columns)}",
            mend="write the name as it stands in the table, quoted if it holds spaces or signs; "
            "where the first line is data: --no-header",
        )

    def kind(self, name: str) -> ColumnKind:
        """Say what a column holds; of a large table's only as much is read as tells whether it holds a value."""
        if isinstance(self.columns, Columns):
            return self.columns.kind(name)
        return kind_of(self.columns[name])

    def pieces(self, name: str) -> Iterator[pa.Array]:
        """Yield a column in the pieces in which it lies on disk or in memory; texts bring a dictionary with each."""
        return self.columns.pieces(name) if isinstance(self.columns, Columns) else iter([self.columns[name]])

    def blocks(self, name: str) -> Iterator[tuple[int, pa.Array]]:
        """Yield (number of the first row, array) of at most BLOCK_ROWS rows each, in order; texts in whole pieces."""
        start = 0
        for piece in self.pieces(name):
            if pa.types.is_dictionary(piece.type):  # what is done once a level would be done once a block
                yield start, piece
            else:
                for at in range(0, len(piece), BLOCK_ROWS):
                    yield start + at, piece.slice(at, BLOCK_ROWS)
            start += len(piece)

    def filter(self, keep: NDArray[np.bool_]) -> "Table":
        """Return the rows where `keep` is true; of a large table they are read as late as it is."""
        if keep.all():
            return self
        if isinstance(self.columns, Columns):
            return replace(self, columns=self.columns.filtered(keep), rows=int(keep.sum()))
        mask = from_numpy(keep)
        return replace(self, columns={n: a.filter(mask) for n, a in self.columns.items()}, rows=int(keep.sum()))

    def take(self, rows: NDArray[np.int64]) -> "Table":
        """Return these rows, in this order, in memory."""
        if isinstance(self.columns, Columns):
            return replace(self, columns=self.columns.taken(rows), rows=len(rows))
        chosen = from_numpy(rows)
        return replace(self, columns={n: a.take(chosen) for n, a in self.columns.items()}, rows=len(rows))

    def row_lanes(self, names: Iterable[str]) -> NDArray[np.uint64]:
        """Hash the rows over these columns: shape (rows, 2), read-only, whatever the order of the names.

        The last such hashes are kept: over a few columns more or fewer they are added to or taken off.
        """
        wanted = frozenset(names)
        known = next(iter(self.hashed), frozenset())
        if len(known ^ wanted) >= len(wanted):
            known = frozenset()
        if known != wanted:
            lanes = RowLanes(self.rows)
            if known:
                lanes.total += self.hashed[known].total
            for name in known ^ wanted:
                for start, block in self.blocks(name):
                    lanes.add(name, block, start, take_off=name in known)
            self.keep_lanes(wanted, lanes)
        elif wanted not in self.hashed:
            return RowLanes(self.rows).lanes
        return self.hashed[wanted].lanes

    def keep_lanes(self, names: Iterable[str], lanes: RowLanes) -> None:
        """Keep the hashes of all rows over these columns."""
        self.hashed.clear()
        lanes.total.flags.writeable = False
        self.hashed[frozenset(names)] = lanes

    def without(self, names: Iterable[str]) -> "Table":
        """Return the table without these columns."""
        left_out = frozenset(names)
        if isinstance(self.columns, Columns):
            return replace(self, columns=self.columns.without(left_out))
        return replace(self, columns={n: a for n, a in self.columns.items() if n not in left_out})


def numbers(array: pa.Array) -> NDArray[np.float64]:
    """Return a numeric, boolean or time column as floats (times in microseconds since 1970), null as NaN."""
    values = raw_values(array).astype(np.float64)
    values[null_mask(array)] = np.nan
    return values


def codes(array: pa.Array) -> NDArray[np.int32]:
    """Return the level of each row of a text column as an index into its dictionary, null as -1."""
    row_codes = raw_values(array.indices).astype(np.int32)
    row_codes[null_mask(array.indices)] = -1
    return row_codes


def groups_of(array: pa.Array) -> NDArray[np.int64]:
    """Number the different values of a column from 0, in their order, null as -1."""
    group = np.full(len(array), -1, np.int64)
    if pa.types.is_null(array.type):
        return group
    null = null_mask(array)
    values = codes(array) if pa.types.is_dictionary(array.type) else raw_values(array)
    group[~null] = _ranks(values[~null])
    return group


def _ranks(values: NDArray[Any]) -> NDArray[np.int64]:
    """Number different values in their order; whole numbers without wide gaps by counting instead of sorting."""
    if values.dtype.kind == "i" and len(values):
        low, high = int(values.min()), int(values.max())
        if high - low < 4 * len(values):
            place = values.astype(np.int64) - low
            there = np.bincount(place) > 0
            return (np.cumsum(there) - 1)[place]
    return np.unique(values, return_inverse=True)[1].astype(np.int64)


def normalise(  # noqa: PLR0911 - one return for each family of types
    column: pa.ChunkedArray | pa.Array, null_texts: Iterable[str] = ()
) -> pa.Array | None:
    """Bring an Arrow column of any type to the kernel's types; None for a type that holds no single value.

    Texts are stripped of blanks at both ends; those that equal one of `null_texts` become null.
    """
    kind = column.type
    if pa.types.is_dictionary(kind):
        if isinstance(column, pa.Array) and pa.types.is_int32(kind.index_type) and _is_text(kind.value_type):
            return _levelled(column, frozenset(null_texts))
        column = _decoded(column)
        kind = column.type
    if pa.types.is_null(kind) or pa.types.is_boolean(kind):
        return _one(column)
    if pa.types.is_temporal(kind):
        return _time(column)
    if pa.types.is_integer(kind) and kind != pa.uint64():
        return _one(column.cast(pa.int64()))
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind) or pa.types.is_integer(kind):
        floats = _one(column.cast(pa.float64(), safe=False))
        values, null = raw_values(floats), null_mask(floats)
        return from_numpy(values, null | np.isnan(values.astype(np.float64, copy=False)))
    if _is_text(kind):
        return _text(_one(column.cast(pa.large_string())), frozenset(null_texts))
    return None


def type_of(kind: pa.DataType) -> pa.DataType | None:
    """Return what `normalise` makes of a type; None for a type that holds no single value."""
    array = normalise(pa.nulls(0, kind))
    return None if array is None else array.type


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _decoded(column: pa.ChunkedArray | pa.Array) -> pa.ChunkedArray:
    chunks = column.chunks if isinstance(column, pa.ChunkedArray) else [column]
    kind = column.type.value_type
    kind = pa.large_string() if pa.types.is_string_view(kind) else kind  # Arrow decodes no dictionary of these
    return pa.chunked_array([chunk.dictionary.cast(kind).take(chunk.indices) for chunk in chunks], kind)


def _one(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    if isinstance(column, pa.Array):
        return column
    joined = column.combine_chunks()
    return joined if isinstance(joined, pa.Array) else pa.concat_arrays(joined.chunks)


def _time(column: pa.ChunkedArray | pa.Array) -> pa.Array | None:
    kind = column.type
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        column = _within_reach(column)
        return _one(column.cast(pa.timestamp("us", tz=getattr(kind, "tz", None)), safe=False)).cast(TIME)
    if pa.types.is_time(kind) or pa.types.is_duration(kind):
        wide = pa.int32() if kind.bit_width == 32 else pa.int64()
        return _one(column.cast(wide).cast(pa.int64()))
    return None


def _within_reach(column: pa.ChunkedArray | pa.Array) -> pa.ChunkedArray | pa.Array:
    """Move times that microseconds cannot count, beyond the year 294,000, to the last or first that they can."""
    kind = column.type
    most = (2**63 - 1) // FINER.get(getattr(kind, "unit", ""), 1)
    if not pa.types.is_timestamp(kind) or kind.unit not in FINER:
        return column
    ends = pc.min_max(column.cast(pa.int64())).as_py()
    if ends["min"] is None or (-most <= ends["min"] and ends["max"] <= most):
        return column
    inside = pc.max_element_wise(
        pc.min_element_wise(column.cast(pa.int64()), most, skip_nulls=False), -most, skip_nulls=False
    )
    return inside.cast(kind)


def _text(column: pa.Array, null_texts: frozenset[str]) -> pa.Array:
    return _levelled(column.dictionary_encode(), null_texts)


def _levelled(encoded: pa.DictionaryArray, null_texts: frozenset[str]) -> pa.Array:
    """Strip the levels of a dictionary of texts, make some of them null, and let each stand once."""
    raw = encoded.dictionary.cast(pa.large_string())
    levels = pc.utf8_trim_whitespace(raw)
    is_null = null_mask(levels)
    if null_texts:
        is_null = is_null | raw_values(pc.is_in(levels, value_set=from_texts(sorted(null_texts)))).astype(np.bool_)
    again = levels.dictionary_encode()
    if not is_null.any() and len(again.dictionary) == len(levels):
        return pa.DictionaryArray.from_arrays(encoded.indices, levels)
    place = np.where(is_null, -1, raw_values(again.indices)).astype(np.int32)
    row_codes = np.append(place, np.int32(-1))[codes(encoded)]
    return pa.DictionaryArray.from_arrays(from_numpy(row_codes, row_codes < 0), again.dictionary)
