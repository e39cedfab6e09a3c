"""A table in memory: named Arrow columns in the few types that the kernel knows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from heldout.core.errors import BadInput
from heldout.core.profile import ColumnKind
from heldout.tables.arrays import from_numpy, from_texts, null_mask, raw_values
from heldout.tables.hashing import row_lanes, value_lanes
from heldout.tables.names import closest

__all__ = ["Table", "codes", "groups_of", "kind_of", "normalise", "numbers"]

TEXT = pa.dictionary(pa.int32(), pa.large_string())
TIME = pa.timestamp("us")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under named columns. `source` names the file or frame; `notes` say what a reader should know of it.

    Each array is one of int64, float64 without NaN, bool, timestamp[us] (UTC), dictionary<int32, large_string>, null.
    """

    source: str
    columns: Mapping[str, pa.Array]
    rows: int
    notes: tuple[str, ...] = ()

    def column(self, name: str, *, called: str = "column") -> pa.Array:
        """Return the column `name`, or raise BadInput with the names that come close; `called` says what it is for."""
        if name not in self.columns:
            raise BadInput(
                f"there is no {called} {name!r}",
                where=self.source,
                expected=f"one of its {len(self.columns)} columns: {closest(name, self.columns)}",
                mend="write the name as it stands in the table, quoted if it holds spaces or signs; "
                "where the first line is data: --no-header",
            )
        return self.columns[name]

    def filter(self, keep: NDArray[np.bool_]) -> "Table":
        """Return the rows where `keep` is true."""
        if keep.all():
            return self
        mask = from_numpy(keep)
        return replace(self, columns={n: a.filter(mask) for n, a in self.columns.items()}, rows=int(keep.sum()))

    def take(self, rows: NDArray[np.int64]) -> "Table":
        """Return these rows, in this order."""
        chosen = from_numpy(rows)
        return replace(self, columns={n: a.take(chosen) for n, a in self.columns.items()}, rows=len(rows))

    def row_lanes(self, names: Iterable[str]) -> NDArray[np.uint64]:
        """Hash the rows over these columns: shape (rows, 2), whatever the order of the names."""
        return row_lanes(((name, value_lanes(self.columns[name])) for name in names), self.rows)

    def without(self, names: Iterable[str]) -> "Table":
        """Return the table without these columns."""
        left_out = frozenset(names)
        return replace(self, columns={n: a for n, a in self.columns.items() if n not in left_out})


def kind_of(array: pa.Array) -> ColumnKind:
    """Say what a normalised column holds; a column without a value is EMPTY."""
    if array.null_count == len(array):
        return ColumnKind.EMPTY
    if pa.types.is_boolean(array.type):
        return ColumnKind.BOOLEAN
    if pa.types.is_dictionary(array.type):
        return ColumnKind.TEXT
    return ColumnKind.TIME if pa.types.is_timestamp(array.type) else ColumnKind.NUMERIC


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
    null = null_mask(array)
    group = np.full(len(array), -1, np.int64)
    values = codes(array) if pa.types.is_dictionary(array.type) else raw_values(array)
    group[~null] = np.unique(values[~null], return_inverse=True)[1]
    return group


def normalise(column: pa.ChunkedArray | pa.Array, null_texts: Iterable[str] = ()) -> pa.Array | None:
    """Bring an Arrow column of any type to the kernel's types; None for a type that holds no single value.

    Texts are stripped of blanks at both ends; those that equal one of `null_texts` become null.
    """
    kind = column.type
    if pa.types.is_dictionary(kind):
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
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return _text(_one(column.cast(pa.large_string())), frozenset(null_texts))
    return None


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
        return _one(column.cast(pa.timestamp("us", tz=getattr(kind, "tz", None)), safe=False)).cast(TIME)
    if pa.types.is_time(kind) or pa.types.is_duration(kind):
        wide = pa.int32() if kind.bit_width == 32 else pa.int64()
        return _one(column.cast(wide).cast(pa.int64()))
    return None


def _text(column: pa.Array, null_texts: frozenset[str]) -> pa.Array:
    encoded = column.dictionary_encode()
    levels = pc.utf8_trim_whitespace(encoded.dictionary)
    is_null = raw_values(pc.is_in(levels, value_set=from_texts(sorted(null_texts))))
    if levels.equals(encoded.dictionary) and not is_null.any():
        return encoded.cast(TEXT)
    again = levels.dictionary_encode()
    place = np.where(is_null, -1, raw_values(again.indices)).astype(np.int32)
    row_codes = np.append(place, np.int32(-1))[codes(encoded)]
    return pa.DictionaryArray.from_arrays(from_numpy(row_codes, row_codes < 0), again.dictionary).cast(TEXT)
