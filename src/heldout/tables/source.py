"""Any source to a Table: files of rows, queries of databases, and every frame with the Arrow PyCapsule stream."""

import contextlib
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from heldout.core.errors import BadInput
from heldout.tables.arrays import null_mask, raw_values
from heldout.tables.columns import Column, Columns
from heldout.tables.delimited import NULL_TEXTS, read_delimited
from heldout.tables.delimited_stream import stream_delimited
from heldout.tables.memory import SMALL_SHARE, is_small, limit_bytes, refuse_above
from heldout.tables.names import shortened
from heldout.tables.packed import Text
from heldout.tables.parquet import read_parquet
from heldout.tables.spool import Gathering
from heldout.tables.streams import ArrowColumn, arrow_file, gathered, has_zone
from heldout.tables.table import Table, normalise
from heldout.tables.texts import retyped
from heldout.tables.verbatim import verbatim, whole_texts

ADDRESS = re.compile(r"^(sqlite|duckdb|postgresql|postgres)://")

__all__ = ["Choose", "Source", "read_table", "said_plainly"]

Source = Any
"""A path, an address of a database, or an object with `__arrow_c_stream__`: pandas, Polars, pyarrow, DuckDB."""

Choose = Callable[[Sequence[str]], Sequence[str]]
"""Given the names of a source's columns, returns those to read; it may raise BadInput."""

ARROW_SUFFIXES = (".arrow", ".arrows", ".feather", ".ipc")

JSON_LINES = re.compile(r"\.(jsonl|ndjson)(\.gz)?$")

PANDAS_INDEX = re.compile(r"__index_level_\d+__$")
"""How pandas writes an index without a name: row numbers, which are no column of the table."""

TEXT_FACTOR = 6
"""Working memory per byte of delimited text: the text, its Arrow form at 8 bytes a cell, and the kernel's copies."""

HUGE = 2.0**63
"""Whole numbers from here on come as floats."""

EXACT = 2.0**53
"""From here on floats skip whole numbers."""

KEPT_FACTOR = 4
"""Working memory per byte of a frame's cells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """What a source gave: Arrow data, columns to be read when asked, or columns gathered in the kernel's types."""

    where: str
    arrow: pa.Table | None = None
    columns: Mapping[str, Column] | None = None
    gathering: Gathering | None = None
    notes: Sequence[str] = ()
    is_text: bool = False
    decimal_comma: bool = False


def read_table(
    source: Source,
    *,
    header: bool = True,
    separator: str | None = None,
    null_texts: Sequence[str] = (),
    choose: Choose | None = None,
    as_written: Choose | None = None,
) -> Table:
    """Read a file or a query, or take a frame. `null_texts` mean "no value" beside the usual ones.

    Files are CSV and its kin (also gzipped, or one in a zip archive), Parquet, JSON Lines (.jsonl, .ndjson) and
    Arrow IPC (Feather). A table or query of a database is an address: `sqlite:///flights.db?table=flights`,
    `duckdb:///flights.duckdb?query=SELECT * FROM flights WHERE year = 2013`,
    `postgresql://user@host/database?table=flights`; three slashes before a relative path, four before an absolute one.
    Frames are objects with the Arrow PyCapsule stream.

    What is small is read into memory; the columns of a large source are read when they are asked for, from the
    Parquet file itself or from a temporary file. `choose` picks columns; `as_written` picks those whose values are
    names: they come as exact whole numbers or as texts, never as floats, and then all is read into memory.

    Raises BadInput for every source that is not a whole table, and for one whose rows alone would not fit the memory
    bound (see `heldout.tables.memory`).
    """
    if isinstance(source, str) and ADDRESS.match(source):
        from heldout.tables.sql import read_query

        gathering, notes, where = read_query(str(source), null_texts)
        read = _Read(where=where, gathering=gathering, notes=notes)
    elif isinstance(source, str | Path):
        read = _read_file(Path(source), header, separator, null_texts, choose=choose, as_written=as_written)
    else:
        read = _read_frame(source, null_texts, choose)
    table = _gathered(read, choose) if read.gathering else _tabled(read, null_texts, as_written)
    if not table.rows or not (table.columns or table.notes):
        raise BadInput("the table has no rows", where=read.where, expected="at least one row and one column")
    return table


def _gathered(read: _Read, choose: Choose | None) -> Table:
    gathering = read.gathering
    assert gathering is not None
    notes = (*read.notes, *gathering.notes())
    columns = gathering.done()
    if choose:
        chosen = frozenset(choose(list(columns)))
        columns = Columns(gathering.columns).without(frozenset(columns) - chosen)
    return Table(source=read.where, columns=columns, rows=gathering.rows, notes=notes, zoned=frozenset(gathering.zoned))


def _tabled(read: _Read, null_texts: Sequence[str], as_written: Choose | None) -> Table:
    if read.columns is not None:
        return _lazy(read, read.columns)
    arrow, where = read.arrow, read.where
    assert arrow is not None
    names = [str(name) for name in arrow.column_names]
    _refuse_twice(names, where)
    if not arrow.num_rows or not names:
        raise BadInput("the table has no rows", where=where, expected="at least one row and one column")
    as_is = frozenset(as_written(names) if as_written else ())
    nulls = (*NULL_TEXTS, *null_texts) if read.is_text else tuple(null_texts)
    if not read.is_text and as_written is None and not is_small(arrow.nbytes * KEPT_FACTOR):
        pairs = zip(names, arrow.columns, strict=True)
        return _lazy(read, {name: ArrowColumn(column, column.type, len(column), nulls) for name, column in pairs})
    columns, notes = {}, list(read.notes)
    for name, column in zip(names, arrow.columns, strict=True):
        if PANDAS_INDEX.match(name):
            continue
        is_name = name in as_is
        if is_name and read.is_text:
            array = normalise(whole_texts(column), nulls)
        else:
            array = verbatim(column, f"{where}, column {name!r}") if is_name else normalise(column, nulls)
        if array is None:
            notes.append(f"{name} holds {column.type} and is not examined")
            continue
        if read.is_text and not is_name:
            array, note = retyped(array, decimal_comma=read.decimal_comma)
            note = note or _rounded(array, HUGE, "beyond 64 bits")
            notes += [f"{name} {note}"] if note else []
        elif column.type == pa.uint64() and (note := _rounded(array, EXACT, "beyond 2^53")):
            notes.append(f"{name} {note}")
        columns[name] = array
    zoned = frozenset(str(field.name) for field in arrow.schema if has_zone(field.type))
    return Table(source=where, columns=columns, rows=arrow.num_rows, notes=tuple(notes), zoned=zoned)


def _refuse_twice(names: Sequence[str], where: str) -> None:
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise BadInput(
            f"two columns have the same name: {shortened(map(repr, twice))}",
            where=where,
            expected="each name once",
            mend="rename one of them",
        )


def _rounded(array: pa.Array, most: float, said: str) -> str:
    """Say that whole numbers from `most` on became floats: two that differ in their last digits are one value now."""
    if not pa.types.is_float64(array.type) or not len(array):
        return ""
    values = np.abs(raw_values(array).astype(np.float64))
    values[null_mask(array) | np.isinf(values)] = 0
    is_whole = values.max(initial=0) >= most and bool((values == np.floor(values)).all())
    return f"holds whole numbers {said}, and is read as rounded numbers" if is_whole else ""


def _lazy(read: _Read, columns: Mapping[str, Column]) -> Table:
    examined, notes, rows = {}, list(read.notes), 0
    for name, column in columns.items():
        if PANDAS_INDEX.match(name):
            continue
        if column.type is None:
            notes.append(f"{name} holds {column.declared} and is not examined")
            continue
        if column.declared == pa.uint64():
            notes.append(
                f"{name} holds whole numbers without a sign, and those beyond 2^53 are read as rounded numbers"
            )
        examined[name] = column
        rows = column.rows
    zoned = frozenset(name for name, column in examined.items() if has_zone(column.declared))
    return Table(source=read.where, columns=Columns(examined), rows=rows, notes=tuple(notes), zoned=zoned)


def _read_file(
    path: Path,
    header: bool,
    separator: str | None,
    null_texts: Sequence[str],
    *,
    choose: Choose | None,
    as_written: Choose | None,
) -> _Read:
    where = str(path)
    with said_plainly(path), path.open("rb") as file:
        start = file.read(8)
        if start.startswith(b"PAR1") or path.suffix.lower() in (".parquet", ".pq"):
            found = read_parquet(path, choose, tuple(null_texts), at_once=as_written is not None)
            if isinstance(found, pa.Table):
                return _Read(where=where, arrow=found)
            return _Read(where=where, columns=found)
        if start.startswith(b"ARROW1") or path.suffix.lower() in ARROW_SUFFIXES:
            arrow = arrow_file(path)
            return _Read(where=where, arrow=arrow.select(list(choose(arrow.column_names))) if choose else arrow)
        if JSON_LINES.search(path.name.lower()):
            from heldout.tables.json_lines import read_json_lines

            gathering, notes = read_json_lines(path)
            if not gathering.rows:
                raise BadInput("the file is empty", where=where, expected="a JSON object in some line")
            return _Read(where=where, gathering=gathering, notes=notes)
        size = path.stat().st_size
    text = Text(path, start)
    content = text.content(limit_bytes() if as_written else limit_bytes() // SMALL_SHARE, TEXT_FACTOR, size)
    if content is not None:
        table, used = read_delimited(
            content,
            where,
            header=header,
            separator=separator,
            null_texts=null_texts,
            choose=choose,
            as_written=as_written,
        )
        return _Read(where=where, arrow=table, is_text=True, decimal_comma=used == ";")
    if as_written:
        refuse_above(limit_bytes() + 1, where, f"its text is {size:,} bytes or more, and is compared in memory")
    with said_plainly(path):
        gathering, notes = stream_delimited(
            text.opened, where, header=header, separator=separator, null_texts=null_texts, choose=choose
        )
    return _Read(where=where, gathering=gathering, notes=notes)


@contextlib.contextmanager
def said_plainly(path: Path, expected: str = "a CSV, Parquet, JSON Lines or Arrow file") -> Iterator[None]:
    """Turn what the operating system refuses into BadInput."""
    mends = {
        FileNotFoundError: "check the spelling and the folder you are in",
        PermissionError: "make it readable, for instance: chmod u+r FILE",
        IsADirectoryError: "name the file inside it",
    }
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            raise BadInput(
                "this is a pipe or a device, and no file",
                where=str(path),
                expected=expected,
                mend="write it to a file first: it is read more than once",
            )
        yield
    except OSError as error:
        raise BadInput(
            f"the file cannot be read: {error.strerror or error}",
            where=str(path),
            expected=expected,
            mend=mends.get(type(error), ""),
        ) from error


def _read_frame(source: Source, null_texts: Sequence[str], choose: Choose | None) -> _Read:
    where = f"the {type(source).__module__.split('.')[0]} frame"
    is_stream = isinstance(source, pa.RecordBatchReader) or type(source).__name__ == "DuckDBPyRelation"
    if is_stream and hasattr(source, "__arrow_c_stream__"):
        try:
            reader = pa.RecordBatchReader.from_stream(source)
            _refuse_twice(reader.schema.names, where)
            gathering, notes = gathered(reader, where, null_texts, choose)
        except (pa.ArrowException, OSError) as error:
            raise BadInput(
                "the frame's rows broke off",
                where=where,
                expected="a whole table",
                mend=f"Arrow said: {str(error).splitlines()[0]}",
            ) from error
        return _Read(where=where, gathering=gathering, notes=notes)
    arrow = _from_frame(source)
    return _Read(where=where, arrow=arrow.select(list(choose(arrow.column_names))) if choose else arrow)


def _from_frame(source: Source) -> pa.Table:
    if isinstance(source, pa.Table):
        return source
    try:
        if hasattr(source, "__arrow_c_stream__"):
            return pa.table(source)
        if hasattr(source, "arrow"):  # DuckDB relations before the PyCapsule stream
            arrow = source.arrow()
            return arrow if isinstance(arrow, pa.Table) else pa.Table.from_batches(arrow)
    except (pa.ArrowException, TypeError, ValueError) as error:
        raise BadInput(
            "the frame cannot be turned into Arrow columns",
            where=f"the {type(source).__module__.split('.')[0]} frame",
            expected="one type per column",
            mend=f"Arrow said: {str(error).splitlines()[0]}",
        ) from error
    raise BadInput(
        f"a {type(source).__name__} is no table",
        expected="a path, or a pandas, Polars, pyarrow or DuckDB frame",
        mend="pass a path or a frame",
    )
