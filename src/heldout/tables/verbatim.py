"""Columns whose values are names (ids, clusters): as whole numbers that are exact, or as the text that was written."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from heldout.core.errors import BadInput
from heldout.tables.arrays import from_numpy, from_texts, null_mask, raw_values
from heldout.tables.table import normalise

__all__ = ["verbatim", "whole_texts"]

WHOLE = r"^(0|-?[1-9][0-9]{0,17})$"
"""A whole number as it is printed, within 64 bits; others (007, 1.10, 1e3) are names that only look like numbers."""

EXACT_TO = 2.0**53
"""From here on floats skip whole numbers."""


def whole_texts(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return a text column as int64 where every text is a whole number as it is printed, else as it is.

    >>> whole_texts(pa.chunked_array([["7", "12"]])).type, whole_texts(pa.chunked_array([["007", "12"]])).type
    (DataType(int64), DataType(string))
    """
    trimmed = pc.utf8_trim_whitespace(column)
    is_whole = pc.all(pc.match_substring_regex(trimmed, WHOLE)).as_py()
    return trimmed.cast(pa.int64()) if is_whole else column


def verbatim(column: pa.ChunkedArray | pa.Array, where: str) -> pa.Array | None:
    """Return a column without rounding: int64, bool, timestamp[us] or dictionary of texts; None for nested values.

    Whole numbers beyond 64 bits, decimals and nanoseconds become texts. Raises BadInput for floats beyond 2^53, which
    have lost what tells them apart.
    """
    kind = column.type
    if pa.types.is_dictionary(kind):
        values = kind.value_type
        if pa.types.is_string(values) or pa.types.is_large_string(values) or pa.types.is_string_view(values):
            return normalise(column)
        chunks = column.chunks if isinstance(column, pa.ChunkedArray) else [column]
        column, kind = pa.chunked_array([chunk.dictionary_decode() for chunk in chunks], values), values
    if kind == pa.uint64():
        return _narrowed(column)
    if pa.types.is_decimal(kind):
        return _decimal(column)
    if pa.types.is_floating(kind):
        return _floats(column, where)
    if pa.types.is_timestamp(kind) and kind.unit == "ns":
        return _nanoseconds(column)
    return normalise(column)


def _narrowed(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    try:
        return normalise(column.cast(pa.int64()))
    except pa.ArrowInvalid:
        return normalise(column.cast(pa.large_string()))


def _decimal(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    try:
        whole = column.cast(pa.decimal128(38, 0))
    except pa.ArrowInvalid:
        return normalise(column.cast(pa.large_string()))
    try:
        return normalise(whole.cast(pa.int64()))
    except pa.ArrowInvalid:
        return normalise(whole.cast(pa.large_string()))


def _floats(column: pa.ChunkedArray | pa.Array, where: str) -> pa.Array:
    array = normalise(column.cast(pa.float64()))
    values, null = raw_values(array).astype(np.float64), null_mask(array)
    values[null] = 0.0
    if (np.abs(values) >= EXACT_TO).any():
        row = int(np.argmax(np.abs(values) >= EXACT_TO))
        raise BadInput(
            f"an id is a floating-point number beyond 2^53: {values[row]:.17g}",
            where=f"{where}, row {row:,} (from 0)",
            expected="ids that are whole numbers or texts: such floats have lost their last digits",
            mend="write the ids as whole numbers or as texts",
        )
    if (values == np.floor(values)).all():
        return from_numpy(values.astype(np.int64), null)
    distinct, place = np.unique(values, return_inverse=True)
    levels = from_texts([str(int(value)) if value.is_integer() else repr(value) for value in distinct.tolist()])
    encoded = pa.DictionaryArray.from_arrays(from_numpy(place.astype(np.int32), null), levels)
    return normalise(encoded)


def _nanoseconds(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    plain = column.cast(pa.timestamp("ns"))
    array: pa.Array = plain.combine_chunks() if isinstance(plain, pa.ChunkedArray) else plain
    array = pa.concat_arrays(array.chunks) if isinstance(array, pa.ChunkedArray) else array
    counts: NDArray[np.int64] = raw_values(array.view(pa.int64())).astype(np.int64)
    if (counts[~null_mask(array)] % 1000 == 0).all():
        return normalise(column)
    return normalise(array.cast(pa.large_string()))
