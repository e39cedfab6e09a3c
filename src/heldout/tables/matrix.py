"""Columns as a matrix of numbers, and rows of two tables as one: what an estimator is fitted on."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from heldout.core.profile import ColumnKind
from heldout.tables.arrays import from_numpy
from heldout.tables.table import Table, codes, kind_of, numbers

__all__ = ["MOST_LEVELS", "Matrix", "matrix_of", "pooled"]

MOST_LEVELS = 254
"""A text column keeps its most frequent levels; the others are one. Gradient boosting takes 255 categories."""

LARGEST = 1e38
"""Trees compare numbers of 32 bits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """Features: `values` (n, k) with NaN for missing, their `names`, and which of them are categories, shape (k,)."""

    values: NDArray[np.float64]
    names: tuple[str, ...]
    categorical: NDArray[np.bool_]

    def part(self, rows: NDArray[np.int64], without: Collection[str]) -> NDArray[np.float64]:
        """Return these rows, without some columns."""
        kept = self.kept(without)
        return self.values[rows] if kept.all() else self.values[np.ix_(rows, np.flatnonzero(kept))]

    def kept(self, without: Collection[str]) -> NDArray[np.bool_]:
        """Tell which columns are left without some, shape (k,)."""
        return np.array([name not in without for name in self.names], np.bool_)


def matrix_of(table: Table, columns: Sequence[str]) -> Matrix:
    """Return columns as numbers: as they are, false and true as 0 and 1, times as microseconds, texts as codes.

    Infinite numbers are missing, and those beyond LARGEST stand for all such: estimators take neither.

    The code of a text is its rank by frequency in this table, from 0; those beyond MOST_LEVELS share one.

    >>> texts = pa.array(["b", "a", "b", None]).dictionary_encode()
    >>> matrix_of(Table(source="t", columns={"x": texts}, rows=4), ["x"]).values.ravel()
    array([ 0.,  1.,  0., nan])
    """
    values = np.full((table.rows, len(columns)), np.nan)
    categorical = np.zeros(len(columns), np.bool_)
    for place, name in enumerate(columns):
        array = table.column(name)
        kind = kind_of(array)
        categorical[place] = kind is ColumnKind.TEXT
        if kind is not ColumnKind.EMPTY:
            values[:, place] = _ranked(array) if kind is ColumnKind.TEXT else numbers(array)
    values[np.isinf(values)] = np.nan
    np.clip(values, -LARGEST, LARGEST, out=values)
    return Matrix(values=values, names=tuple(columns), categorical=categorical)


def pooled(parts: Sequence[tuple[Table, NDArray[np.int64]]], columns: Sequence[str]) -> Table:
    """Return chosen rows of several alike tables as one, column by column, so that no table is held twice."""
    made = {name: _joined([table.column(name).take(from_numpy(rows)) for table, rows in parts]) for name in columns}
    return Table(source=parts[0][0].source, columns=made, rows=sum(len(rows) for _, rows in parts))


def _joined(arrays: Sequence[pa.Array]) -> pa.Array:
    if len({array.type for array in arrays}) > 1:  # whole numbers in one table, others in the other
        arrays = [array.cast(pa.float64()) for array in arrays]
    joined = pa.chunked_array(arrays).unify_dictionaries().combine_chunks()
    return joined if isinstance(joined, pa.Array) else pa.concat_arrays(joined.chunks)


def _ranked(array: pa.Array) -> NDArray[np.float64]:
    row_codes = codes(array)
    counts = np.bincount(row_codes[row_codes >= 0], minlength=len(array.dictionary))
    rank = np.empty(len(counts) + 1)
    rank[np.argsort(-counts, kind="stable")] = np.minimum(np.arange(len(counts)), MOST_LEVELS)
    rank[-1] = np.nan  # code -1: missing
    ranked: NDArray[np.float64] = rank[row_codes]
    return ranked
