"""Writes the parts of a split: Parquet by batches with its schema, CSV record by record, its texts as they stand."""

import contextlib
import csv
import gzip
import io
import sys
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
from numpy.typing import NDArray

from heldout.core.errors import BadInput
from heldout.tables.arrays import from_numpy
from heldout.tables.delimited import separator_of
from heldout.tables.to_split import BATCH, SplitSource, is_parquet, parquet_batches

__all__ = ["PartRows", "is_delimited", "write_parts"]

GZIP, ZIP = b"\x1f\x8b", b"PK"
LOOK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class PartRows:
    """The rows of one part: `rows` a mask (n,), and where it has a fold column the `fold` of each row (n,)."""

    rows: NDArray[np.bool_]
    fold: NDArray[np.int64] | None = None
    fold_column: str = "fold"


def is_delimited(source: object) -> bool:
    """Tell whether a source is a file that is not Parquet."""
    return isinstance(source, str | Path) and not is_parquet(source)


def write_parts(table: SplitSource, parts: Mapping[Path, PartRows], *, header: bool, separator: str | None) -> None:
    """Write each part to its path, as Parquet where that ends in .parquet, else as CSV.

    Raises BadInput where a CSV's records cannot be told apart as they were read.
    """
    is_csv = all(path.suffix == ".csv" for path in parts)
    if is_csv and is_delimited(table.source):
        _copy_records(table, parts, header=header, separator=separator)
        return
    with contextlib.ExitStack() as stack:
        writers: dict[Path, pq.ParquetWriter | pa.csv.CSVWriter] = {}
        start = 0
        for batch in map(_plain if is_csv else _filterable, _batches(table)):
            stretch = slice(start, start + len(batch))
            for path, part in parts.items():
                chosen = batch.filter(from_numpy(part.rows[stretch]))
                if part.fold is not None:
                    folds = part.fold[stretch][part.rows[stretch]]
                    chosen = chosen.append_column(
                        pa.field(part.fold_column, pa.int32()), from_numpy(folds.astype(np.int32))
                    )
                if path not in writers:
                    writers[path] = stack.enter_context(_writer(path, chosen.schema, table))
                writers[path].write(chosen)
            start += len(batch)


def _writer(path: Path, schema: pa.Schema, table: SplitSource) -> pq.ParquetWriter | pa.csv.CSVWriter:
    if path.suffix == ".csv":
        return pa.csv.CSVWriter(path, schema)
    compression = "snappy"
    if is_parquet(table.source):
        with pq.ParquetFile(table.source) as file:
            compression = file.metadata.row_group(0).column(0).compression.lower()
    return pq.ParquetWriter(path, schema, compression="none" if compression == "uncompressed" else compression)


def _batches(table: SplitSource) -> Iterator[pa.RecordBatch]:
    if is_parquet(table.source):
        metadata = pq.read_schema(table.source).metadata
        for batch in parquet_batches(Path(table.source)):
            yield batch.replace_schema_metadata(metadata)
        return
    arrow = None
    if not is_delimited(table.source):
        arrow = table.source if isinstance(table.source, pa.Table) else _as_arrow(table.source)
    if arrow is None:
        arrow = pa.table(dict(table.table.columns))
    yield from arrow.to_batches(BATCH)


VIEWS = {pa.string_view(): pa.large_string(), pa.binary_view(): pa.large_binary()}


def _filterable(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Return a batch without views, which Arrow does not filter yet; Parquet stores them alike."""
    schema = batch.schema
    if not any(kind in VIEWS for kind in schema.types):
        return batch
    fields = [field.with_type(VIEWS.get(field.type, field.type)) for field in schema]
    return batch.cast(pa.schema(fields, metadata=schema.metadata))


def _plain(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Return a batch without views and dictionaries, which Arrow writes to no CSV."""
    batch = _filterable(batch)
    columns = [
        column.dictionary.take(column.indices) if pa.types.is_dictionary(column.type) else column
        for column in batch.columns
    ]
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)


def _as_arrow(frame: object) -> pa.Table | None:
    return pa.table(frame) if hasattr(frame, "__arrow_c_stream__") else None


def _copy_records(table: SplitSource, parts: Mapping[Path, PartRows], *, header: bool, separator: str | None) -> None:
    """Copy each record's text as it stands to the parts that hold its row."""
    with contextlib.ExitStack() as stack:
        stack.enter_context(_any_field_size())
        file = stack.enter_context(_text(Path(table.source)))
        out = {path: stack.enter_context(path.open("w", encoding="utf-8", newline="")) for path in parts}
        sign = separator or _separator(Path(table.source))
        records = _records(file, sign)
        if header:
            first = next(records)
            for path, part in parts.items():
                out[path].write(first if part.fold is None else _ended(first, f"{sign}{part.fold_column}"))
        row = -1
        for row, text in enumerate(records):
            if row >= table.rows:
                break
            for path, part in parts.items():
                if part.rows[row]:
                    out[path].write(text if part.fold is None else _ended(text, f"{sign}{part.fold[row]}"))
        if row + 1 != table.rows:
            raise BadInput(
                f"the records of the file cannot be told apart: {table.rows:,} were read",
                where=table.shown,
                expected="records on lines of their own, quotes closed",
                mend="write the parts as Parquet: --format parquet",
            )


def _ended(record: str, more: str) -> str:
    text = record.rstrip("\r\n")
    return text + more + (record[len(text) :] or "\n")


@contextlib.contextmanager
def _any_field_size() -> Iterator[None]:
    """Let a field be as long as it is: the table was read already."""
    before = csv.field_size_limit(sys.maxsize)
    try:
        yield
    finally:
        csv.field_size_limit(before)


@contextlib.contextmanager
def _text(path: Path) -> Iterator[io.TextIOBase]:
    with contextlib.ExitStack() as stack:
        raw = stack.enter_context(path.open("rb"))
        start = raw.read(2)
        raw.seek(0)
        binary: Any = raw
        if start == GZIP:
            binary = stack.enter_context(gzip.open(raw))
        elif start == ZIP:
            archive = stack.enter_context(zipfile.ZipFile(raw))
            members = [info for info in archive.infolist() if not info.is_dir()]
            binary = stack.enter_context(archive.open(members[0]))
        yield stack.enter_context(io.TextIOWrapper(binary, encoding="utf-8-sig", newline=""))


def _records(file: io.TextIOBase, separator: str) -> Iterator[str]:
    """Yield the text of each record with its line ends, blank lines left out, as `csv` tells them apart."""
    lines: list[str] = []

    def kept() -> Iterator[str]:
        for line in file:
            lines.append(line)
            yield line

    for row in csv.reader(kept(), delimiter=separator):
        text = "".join(lines)
        lines.clear()
        if row:
            yield text


def _separator(path: Path) -> str:
    with _text(path) as file:
        return separator_of(file.read(LOOK).encode())
