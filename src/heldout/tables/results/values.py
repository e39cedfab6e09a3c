"""The different values of a column, each with its rows; texts of any length are held once."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from heldout.tables.table import groups_of

__all__ = ["rows_by_value", "texts_of"]


def texts_of(array: pa.Array) -> list[str]:
    """Return the different values as texts, in the order in which they first stand."""
    return [str(array[int(row)].as_py()) for row in np.sort(_first_rows(groups_of(array))[1])]


def rows_by_value(array: pa.Array) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    """Yield each value as text, in the order in which they first stand, with where it stands."""
    group = groups_of(array)
    distinct, first = _first_rows(group)
    for place in np.argsort(first):
        yield str(array[int(first[place])].as_py()), group == distinct[place]


def _first_rows(group: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
    distinct, first = np.unique(group, return_index=True)
    return distinct, first
