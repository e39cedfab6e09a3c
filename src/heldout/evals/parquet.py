"""Reads and writes the eval's own Parquet tables, without the machinery for datasets, which is slow to load."""

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet

from heldout.core.errors import BadInput

__all__ = ["column_names", "read_table", "write_table"]


def read_table(path: Path, columns: Sequence[str] | None = None) -> pa.Table:
    """Return a table, or some columns of it. Raises BadInput when it is no Parquet or lacks a column."""
    try:
        with pyarrow.parquet.ParquetFile(path) as file:
            for name in columns or ():
                if name not in file.schema_arrow.names:
                    raise BadInput(f"{path.name} has no column {name}", where=str(path))
            return file.read(columns=columns, use_threads=False)
    except (OSError, pa.ArrowException) as error:
        raise BadInput(f"{path.name} cannot be read: {str(error).splitlines()[0]}", where=str(path)) from None


def column_names(path: Path) -> tuple[str, ...]:
    """Return a table's columns. Raises BadInput when it is no Parquet."""
    try:
        return tuple(pyarrow.parquet.read_schema(path).names)
    except (OSError, pa.ArrowException) as error:
        raise BadInput(f"{path.name} is no Parquet file: {str(error).splitlines()[0]}", where=str(path)) from None


def write_table(table: pa.Table, path: Path) -> None:
    """Write a table without compression or dictionaries: it is read a time or two, then kept as evidence."""
    pyarrow.parquet.write_table(table, path, compression="none", use_dictionary=False)
