"""Numbers for the values of a key, the same in every table: by hashing, as sorting millions of keys takes longer."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from heldout.tables.arrays import null_mask, raw_values
from heldout.tables.table import codes

__all__ = ["in_both", "key_codes"]


def key_codes(*arrays: pa.Array) -> list[NDArray[np.int64]]:
    """Number the different values of one column of several tables from 0, in order of appearance, null as -1."""
    if all(pa.types.is_dictionary(array.type) for array in arrays):
        levels = pa.concat_arrays([array.dictionary for array in arrays]).dictionary_encode()
        place = raw_values(levels.indices).astype(np.int64)
        parts = np.split(place, np.cumsum([len(array.dictionary) for array in arrays])[:-1])
        return [np.append(part, -1)[codes(array)] for part, array in zip(parts, arrays, strict=True)]
    encoded = pa.concat_arrays(_alike(arrays)).dictionary_encode().indices
    numbers = raw_values(encoded).astype(np.int64)
    numbers[null_mask(encoded)] = -1
    return np.split(numbers, np.cumsum([len(array) for array in arrays])[:-1])


def _alike(arrays: Sequence[pa.Array]) -> Sequence[pa.Array]:
    """Bring whole numbers that one table holds as floats, as it lacks some, to the type of the other's."""
    if {array.type for array in arrays} != {pa.int64(), pa.float64()}:
        return arrays
    try:
        return [array.cast(pa.int64()) for array in arrays]
    except pa.ArrowInvalid:  # some are not whole, or too large
        return [array.cast(pa.float64(), safe=False) for array in arrays]


def in_both(train: pa.Array, test: pa.Array) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return the key of each test row as a code, -1 without one, and which test rows have a key that train has."""
    before, after = key_codes(train, test)
    known = np.zeros(max(int(before.max(initial=-1)), int(after.max(initial=-1))) + 2, np.bool_)
    known[before[before >= 0]] = True
    return after, known[after]
