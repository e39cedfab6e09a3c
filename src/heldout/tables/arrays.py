"""Arrow arrays to numpy and back by their buffers.

`Array.to_numpy` and `pyarrow.array` import pandas where it is installed, which takes longer than most audits.
"""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

__all__ = ["from_numpy", "from_texts", "null_mask", "raw_values"]

TYPES = {"f8": pa.float64(), "i8": pa.int64(), "i4": pa.int32()}


def raw_values(array: pa.Array) -> NDArray[np.generic]:
    """Return the values of a fixed-width or boolean array, shape (n,), read-only; anything may stand at nulls."""
    data = array.buffers()[1]
    if pa.types.is_boolean(array.type):
        return _bits(data, array.offset, len(array))
    dtype = np.dtype(f"f{array.type.bit_width // 8}" if pa.types.is_floating(array.type) else _integer(array.type))
    if data is None or not len(array):
        return np.zeros(len(array), dtype)
    return np.frombuffer(data, dtype, len(array), array.offset * dtype.itemsize)


def null_mask(array: pa.Array) -> NDArray[np.bool_]:
    """Return where an array is null, shape (n,)."""
    if pa.types.is_null(array.type):
        return np.ones(len(array), np.bool_)
    if not array.null_count:
        return np.zeros(len(array), np.bool_)
    return ~_bits(array.buffers()[0], array.offset, len(array))


def from_numpy(values: NDArray[np.generic], null: NDArray[np.bool_] | None = None) -> pa.Array:
    """Return a float64, int64, int32 or boolean array of these values, null where `null` is true."""
    validity = None if null is None or not null.any() else _packed(~null)
    if values.dtype == np.bool_:
        return pa.Array.from_buffers(pa.bool_(), len(values), [validity, _packed(values.view(np.bool_))])
    data = pa.py_buffer(np.ascontiguousarray(values))
    return pa.Array.from_buffers(TYPES[values.dtype.str[1:]], len(values), [validity, data])


def from_texts(texts: Sequence[str]) -> pa.LargeStringArray:
    """Return texts as a large_string array."""
    raw = [text.encode() for text in texts]
    offsets = np.cumsum([0, *map(len, raw)], dtype=np.int64)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(b"".join(raw))]
    return pa.Array.from_buffers(pa.large_string(), len(raw), buffers)


def _integer(kind: pa.DataType) -> str:
    return f"{'u' if pa.types.is_unsigned_integer(kind) else 'i'}{kind.bit_width // 8}"


def _bits(buffer: pa.Buffer | None, offset: int, length: int) -> NDArray[np.bool_]:
    if buffer is None or not length:
        return np.zeros(length, np.bool_)
    start = offset // 8
    packed = np.frombuffer(buffer, np.uint8)[start : (offset + length + 7) // 8]
    bits = np.unpackbits(packed, bitorder="little")[offset - 8 * start :]
    return bits[:length].view(np.bool_)


def _packed(values: NDArray[np.bool_]) -> pa.Buffer:
    return pa.py_buffer(np.packbits(values, bitorder="little"))
