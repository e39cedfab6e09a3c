"""Columns of a table as the numeric matrix that an estimator is fitted on."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heldout.core.profile import ColumnKind
from heldout.tables.table import Table, codes, kind_of, numbers

__all__ = ["Matrix", "matrix_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """Values (n, k), NaN where there is none; the k names, and which columns (k,) hold the codes of texts."""

    values: NDArray[np.float64]
    names: tuple[str, ...]
    categorical: NDArray[np.bool_]


def matrix_of(table: Table, columns: Sequence[str]) -> Matrix:
    """Return columns as floats: times in microseconds, texts as the place of their level in the dictionary."""
    values = np.full((table.rows, len(columns)), np.nan)
    categorical = np.zeros(len(columns), np.bool_)
    for place, name in enumerate(columns):
        array = table.column(name)
        categorical[place] = kind_of(array) is ColumnKind.TEXT
        if categorical[place]:
            row_codes = codes(array)
            values[:, place] = np.where(row_codes < 0, np.nan, row_codes)
        elif kind_of(array) is not ColumnKind.EMPTY:
            values[:, place] = numbers(array)
    return Matrix(values=values, names=tuple(columns), categorical=categorical)
