"""Columns that arrive in batches: kept in memory while they are few, then in a temporary file, column by column."""

import os
import tempfile
import weakref
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from heldout.core.errors import BadInput
from heldout.tables.arrays import raw_values
from heldout.tables.columns import Column, Columns, joined
from heldout.tables.memory import ROW_BYTES, is_small, refuse_above
from heldout.tables.table import TEXT

__all__ = ["Gathering"]

HELD_FACTOR = 4
"""Working memory per byte of columns in memory."""


class _Spool:
    """A temporary file without a name, so that it is gone when the process ends, however it ends."""

    def __init__(self) -> None:
        with tempfile.TemporaryFile(prefix="heldout-") as file:
            self.file = os.dup(file.fileno())
        weakref.finalize(self, os.close, self.file)
        self.size = 0

    def put(self, array: pa.Array) -> tuple[int, int]:
        """Write an array without a dictionary, and return its place."""
        content = memoryview(pa.record_batch([array], names=["values"]).serialize())
        start, length = self.size, len(content)
        try:
            while content:
                content = content[os.write(self.file, content) :]
        except OSError as error:
            raise BadInput(
                f"the columns cannot be kept on disk: {error.strerror}",
                where=tempfile.gettempdir(),
                expected="room for the table, which is read column by column from there",
                mend="make room there, or set TMPDIR to a folder that has it",
            ) from error
        self.size += length
        return start, length

    def get(self, place: tuple[int, int], kind: pa.DataType) -> pa.Array:
        """Read an array of this type back."""
        start, length = place
        content = pa.py_buffer(os.pread(self.file, length, start))
        return pa.ipc.read_record_batch(content, pa.schema([("values", kind)])).column(0)


@dataclass(frozen=True, slots=True)
class _OnDisk:
    """A batch of one column in the spool: its values, or its levels' indices with the levels apart."""

    spool: _Spool
    type: pa.DataType
    values: tuple[int, int]
    levels: tuple[int, int] | None

    def load(self) -> pa.Array:
        if self.levels is None:
            return self.spool.get(self.values, self.type)
        indices = self.spool.get(self.values, self.type.index_type)
        return pa.DictionaryArray.from_arrays(indices, self.spool.get(self.levels, self.type.value_type))


@dataclass(slots=True)
class _Gathered(Column):
    """The batches of one column; what differs in type is brought to one that holds all."""

    batches: list[pa.Array | _OnDisk] = field(default_factory=list)
    types: dict[pa.DataType, int] = field(default_factory=dict)

    @property
    def type(self) -> pa.DataType:
        kinds = [kind for kind in self.types if not pa.types.is_null(kind)]
        if len(kinds) < 2:
            return kinds[0] if kinds else pa.null()
        return pa.float64() if set(kinds) == {pa.int64(), pa.float64()} else TEXT

    def pieces(self) -> Iterator[pa.Array]:
        kind = self.type
        for batch in self.batches:
            array = batch.load() if isinstance(batch, _OnDisk) else batch
            yield array if array.type == kind else _as(array, kind)


class Gathering:
    """Takes batches of normalised columns, and hands them out as columns once all are there.

    `as_text` says of columns that are texts what they hold beside or instead of texts,
    `zoned` are the columns whose times came with a zone.
    """

    def __init__(self, where: str) -> None:
        self.where = where
        self.rows = 0
        self.columns: dict[str, _Gathered] = {}
        self.as_text: dict[str, str] = {}
        self.zoned: set[str] = set()
        self.held = 0
        self.spool: _Spool | None = None

    def add(self, batch: Mapping[str, pa.Array], rows: int) -> None:
        """Add some rows; a column that a batch lacks has no value there."""
        for name in batch:
            if name not in self.columns:
                self.columns[name] = _Gathered()
                if self.rows:
                    self._put(self.columns[name], pa.nulls(self.rows))
        for name, column in self.columns.items():
            self._put(column, batch[name] if name in batch else pa.nulls(rows))
        self.rows += rows
        refuse_above(self.rows * ROW_BYTES, self.where, f"its first {self.rows:,} rows are only a part of it")

    def replace(self, name: str, array: pa.Array) -> None:
        """Let this array take the place of a column."""
        self.columns[name] = _Gathered()
        self._put(self.columns[name], array)

    def done(self) -> Mapping[str, pa.Array]:
        """Return the columns: in memory where they are few, else to be read when they are asked for."""
        if self.spool is None:
            return {name: joined(list(column.pieces()), column.type) for name, column in self.columns.items()}
        return Columns(self.columns)

    def notes(self) -> Iterator[str]:
        """Yield what a reader should know of columns of several types."""
        for name, column in self.columns.items():
            others = [_said(kind) for kind in column.types if not pa.types.is_null(kind)]
            mixed = " and ".join(sorted(others)) if len(others) > 1 and column.type == TEXT else ""
            if mixed or name in self.as_text:
                yield f"{name} holds {self.as_text.get(name, mixed)}, and is taken as text"

    def _put(self, column: _Gathered, array: pa.Array) -> None:
        column.types[array.type] = column.types.get(array.type, 0) + len(array)
        if self.spool is None:
            column.batches.append(array)
            self.held += array.nbytes
            if not is_small(self.held * HELD_FACTOR):
                self.spool = _Spool()
                for known in self.columns.values():
                    known.batches = [self._kept(batch) for batch in known.batches]
        else:
            column.batches.append(self._kept(array))

    def _kept(self, array: pa.Array | _OnDisk) -> pa.Array | _OnDisk:
        if self.spool is None or isinstance(array, _OnDisk) or pa.types.is_null(array.type):
            return array
        if not pa.types.is_dictionary(array.type):
            return _OnDisk(self.spool, array.type, self.spool.put(array), None)
        indices, levels = self.spool.put(array.indices), self.spool.put(array.dictionary)
        return _OnDisk(self.spool, array.type, indices, levels)


def _as(array: pa.Array, kind: pa.DataType) -> pa.Array:
    """Bring an array to the type that all batches of its column share."""
    if pa.types.is_null(array.type):
        return pa.nulls(len(array), kind)
    if not pa.types.is_dictionary(kind):
        return array.cast(kind, safe=False)
    encoded = array.dictionary_encode()
    texts = encoded.dictionary.cast(pa.large_string())
    if pa.types.is_floating(array.type):  # 1.0 and 1 are one value
        values = raw_values(encoded.dictionary).astype(np.float64)
        whole = bool((values == np.floor(values)).all()) and bool((np.abs(values) < 2.0**53).all())
        texts = encoded.dictionary.cast(pa.int64()).cast(pa.large_string()) if whole else texts
    return pa.DictionaryArray.from_arrays(encoded.indices, texts)


def _said(kind: pa.DataType) -> str:
    if pa.types.is_dictionary(kind):
        return "texts"
    if pa.types.is_boolean(kind):
        return "true and false"
    return "times" if pa.types.is_timestamp(kind) else "numbers"
