"""Columns that are read when they are asked for, one at a time, and mostly not kept."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from heldout.core.profile import ColumnKind
from heldout.tables.arrays import from_numpy, null_mask, raw_values

__all__ = ["Column", "Columns", "joined", "kind_of"]

KEPT_BYTES = 64 * 2**20
"""Columns that were asked for last are kept up to this size: many questions look at one column several times."""


class Column(ABC):
    """A column of normalised arrays (see `heldout.tables.table`) that come piece by piece from where they lie."""

    rows: int
    declared: pa.DataType

    @property
    @abstractmethod
    def type(self) -> pa.DataType | None:
        """The type of every piece; None where the `declared` one holds no single values."""

    @abstractmethod
    def pieces(self) -> Iterator[pa.Array]:
        """Yield the column in order; a piece is at most a row group or a batch."""

    def filled(self) -> bool:
        """True where a row has a value; reads up to the first."""
        return any(piece.null_count < len(piece) for piece in self.pieces())


@dataclass(frozen=True, slots=True)
class _Kept(Column):
    """The rows of another column where `keep` is true."""

    column: Column
    keep: NDArray[np.bool_]

    @property
    def type(self) -> pa.DataType:
        return self.column.type

    def pieces(self) -> Iterator[pa.Array]:
        start = 0
        for piece in self.column.pieces():
            yield piece.filter(from_numpy(self.keep[start : start + len(piece)]))
            start += len(piece)


class Columns(Mapping[str, pa.Array]):
    """Columns by name: looking one up loads all of it, `pieces` reads it piece by piece."""

    def __init__(self, columns: Mapping[str, Column]) -> None:
        self._columns = dict(columns)
        self._kinds: dict[str, ColumnKind] = {}
        self._kept: dict[str, pa.Array] = {}

    def __getitem__(self, name: str) -> pa.Array:
        if name not in self._kept:
            array = joined(list(self._columns[name].pieces()), self._columns[name].type)
            self._kept[name] = array
            while len(self._kept) > 1 and sum(kept.nbytes for kept in self._kept.values()) > KEPT_BYTES:
                del self._kept[next(iter(self._kept))]
        return self._kept[name]

    def __contains__(self, name: object) -> bool:
        return name in self._columns  # the Mapping's own would load the column

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    def pieces(self, name: str) -> Iterator[pa.Array]:
        """Yield one column in order."""
        return iter([self._kept[name]]) if name in self._kept else self._columns[name].pieces()

    def kind(self, name: str) -> ColumnKind:
        """Say what a column holds; only as much of it is read as tells whether it holds a value."""
        if name not in self._kinds:
            column = self._columns[name]
            self._kinds[name] = _kind(column.type) if column.filled() else ColumnKind.EMPTY
        return self._kinds[name]

    def without(self, left_out: frozenset[str]) -> "Columns":
        """Return the others."""
        return Columns({name: column for name, column in self._columns.items() if name not in left_out})

    def filtered(self, keep: NDArray[np.bool_]) -> "Columns":
        """Return the rows where `keep` is true, which are looked up as late."""
        return Columns({name: _Kept(column, keep) for name, column in self._columns.items()})

    def taken(self, rows: NDArray[np.int64]) -> dict[str, pa.Array]:
        """Return these rows of all columns, in memory."""
        order = np.argsort(rows, kind="stable")
        wanted = rows[order]
        is_sorted = bool((order[1:] > order[:-1]).all())
        back = np.empty(len(order), np.int64)
        back[order] = np.arange(len(order))
        found = {}
        for name, column in self._columns.items():
            parts = joined(list(_taken(column.pieces(), wanted)), column.type)
            found[name] = parts if is_sorted else parts.take(from_numpy(back))
        return found


def _taken(pieces: Iterable[pa.Array], rows: NDArray[np.int64]) -> Iterator[pa.Array]:
    start = 0
    for piece in pieces:
        low, high = np.searchsorted(rows, (start, start + len(piece)))
        if high > low:
            yield _compact(piece.take(from_numpy(rows[low:high] - start)))
        start += len(piece)


def _compact(array: pa.Array) -> pa.Array:
    """Let go of the levels that no row holds any more, where they are the greater part."""
    if not pa.types.is_dictionary(array.type) or len(array.dictionary) <= 2 * len(array):
        return array
    place, null = raw_values(array.indices), null_mask(array)
    used, again = np.unique(place[~null], return_inverse=True)
    codes = np.zeros(len(array), np.int32)
    codes[~null] = again
    return pa.DictionaryArray.from_arrays(from_numpy(codes, null), array.dictionary.take(from_numpy(used)))


def joined(pieces: list[pa.Array], kind: pa.DataType) -> pa.Array:
    """Return pieces of one type as one array; texts share one dictionary."""
    if len(pieces) == 1:
        return pieces[0]
    chunked = pa.chunked_array(pieces, kind)
    if pa.types.is_dictionary(kind):
        chunked = chunked.unify_dictionaries()
    array = chunked.combine_chunks()
    return array if isinstance(array, pa.Array) else pa.concat_arrays(array.chunks)


def kind_of(array: pa.Array) -> ColumnKind:
    """Say what a normalised column holds; a column without a value is EMPTY."""
    return ColumnKind.EMPTY if array.null_count == len(array) else _kind(array.type)


def _kind(kind: pa.DataType) -> ColumnKind:
    if pa.types.is_null(kind):
        return ColumnKind.EMPTY
    if pa.types.is_boolean(kind):
        return ColumnKind.BOOLEAN
    if pa.types.is_dictionary(kind):
        return ColumnKind.TEXT
    return ColumnKind.TIME if pa.types.is_timestamp(kind) else ColumnKind.NUMERIC
