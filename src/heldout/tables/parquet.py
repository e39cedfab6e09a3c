"""Reads Parquet: a small file at once, a large one column by column and row group by row group when asked."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from heldout.core.errors import BadInput
from heldout.tables.columns import Column
from heldout.tables.memory import ROW_BYTES, is_small, refuse_above
from heldout.tables.table import normalise, type_of

__all__ = ["ParquetColumn", "read_parquet"]

CELL_FACTOR = 4
"""Working memory per byte of cells: the Arrow form and the kernel's copies of some columns at a time."""

BATCH_ROWS = 2**20
"""A row group of more rows is read in batches of this size."""

Choose = Callable[[Sequence[str]], Sequence[str]]


def read_parquet(
    path: Path, choose: Choose | None, null_texts: tuple[str, ...], *, at_once: bool = False
) -> pa.Table | dict[str, "ParquetColumn"]:
    """Return a small file as an Arrow table, and of a large one its columns, of which nothing was read yet.

    `choose` picks columns; `at_once` reads a large file like a small one. Raises BadInput for a file without a whole
    footer, and for one with more rows than the memory bound allows.
    """
    with _damage_said(str(path)):
        with pq.ParquetFile(path) as file:
            metadata, schema = file.metadata, file.schema_arrow
        chosen = list(choose(schema.names)) if choose else list(schema.names)
        declared = _declared_bytes(metadata, frozenset(chosen))
        refuse_above(metadata.num_rows * ROW_BYTES, str(path), f"it declares {metadata.num_rows:,} rows")
        texts = [field.name for field in schema if field.type in (pa.string(), pa.large_string())]
        if at_once or is_small(declared * CELL_FACTOR):
            with pq.ParquetFile(path, read_dictionary=texts) as file:  # pyarrow.dataset, and read_table, import pandas
                return file.read(columns=chosen)
        opened = _Opened(path, tuple(texts), metadata.num_row_groups, _stamp(path))
        return {
            name: ParquetColumn(opened, name, schema.field(name).type, metadata.num_rows, null_texts) for name in chosen
        }


@dataclass(frozen=True)
class _Opened:
    path: Path
    texts: tuple[str, ...]
    groups: int
    stamp: tuple[int, int]

    def refuse_changed(self) -> None:
        """Raise BadInput where the file is another one by now: its columns would be of two tables."""
        if _stamp(self.path) != self.stamp:
            raise BadInput(
                "the file changed while it was read",
                where=str(self.path),
                expected="a file that stays as it is until the end",
                mend="run it again when it is written",
            )

    @cached_property
    def file(self) -> pq.ParquetFile:
        """The open file, in which texts are read with their levels apart."""
        return pq.ParquetFile(self.path, read_dictionary=self.texts)


@dataclass(frozen=True, slots=True)
class ParquetColumn(Column):
    """A column of a file; `declared` is its type there."""

    opened: _Opened
    name: str
    declared: pa.DataType
    rows: int
    null_texts: tuple[str, ...] = ()

    @property
    def type(self) -> pa.DataType | None:
        """See Column."""
        return type_of(self.declared)

    def pieces(self) -> Iterator[pa.Array]:
        """Yield the row groups."""
        for group in range(self.opened.groups):
            self.opened.refuse_changed()
            batches = self._batches(group)
            while True:
                with _damage_said(f"{self.opened.path}, column {self.name!r}, row group {group}"):
                    batch = next(batches, None)
                if batch is None:
                    break
                for chunk in batch.chunks:
                    yield normalise(chunk, self.null_texts)

    def _batches(self, group: int) -> Iterator[pa.ChunkedArray]:
        file = self.opened.file
        if file.metadata.row_group(group).num_rows <= BATCH_ROWS:
            yield file.read_row_group(group, columns=[self.name], use_threads=False).column(0)
            return
        for batch in file.iter_batches(BATCH_ROWS, row_groups=[group], columns=[self.name], use_threads=False):
            yield pa.chunked_array([batch.column(0)])


def _stamp(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_size, found.st_mtime_ns


@contextlib.contextmanager
def _damage_said(where: str) -> Iterator[None]:
    try:
        yield
    except (pa.ArrowException, OSError) as error:
        if isinstance(error, OSError) and error.errno:
            raise
        raise BadInput(
            "the Parquet file is damaged or incomplete",
            where=where,
            expected="a whole Parquet file, with its footer",
            mend=f"write or copy it again; the reader said: {str(error).splitlines()[0]}",
        ) from error


def _declared_bytes(metadata: pq.FileMetaData, chosen: frozenset[str]) -> int:
    """Bound the cells' bytes from the footer alone: 8 a value, and texts as large as their pages say."""
    total = 0
    for group in range(metadata.num_row_groups):
        row_group = metadata.row_group(group)
        for column in range(metadata.num_columns):
            chunk = row_group.column(column)
            name = chunk.path_in_schema
            if name not in chosen and name.split(".")[0] not in chosen:
                continue
            values = max(chunk.num_values, row_group.num_rows)
            is_bytes = chunk.physical_type in ("BYTE_ARRAY", "FIXED_LEN_BYTE_ARRAY")
            total += 8 * values + (chunk.total_uncompressed_size if is_bytes else 0)
    return total
