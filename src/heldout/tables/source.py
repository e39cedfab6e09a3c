"""Any source to a Table: CSV, gzipped and zipped CSV, Parquet, and every frame with the Arrow PyCapsule stream."""

import contextlib
import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from heldout.core.errors import BadInput
from heldout.tables.delimited import NULL_TEXTS, read_delimited
from heldout.tables.memory import limit_bytes, refuse_above
from heldout.tables.names import shortened
from heldout.tables.table import Table, normalise
from heldout.tables.texts import retyped
from heldout.tables.verbatim import verbatim, whole_texts

__all__ = ["Choose", "Source", "read_table", "said_plainly"]

Source = Any
"""A path, or an object with `__arrow_c_stream__`: pandas, Polars, pyarrow, DuckDB."""

Choose = Callable[[Sequence[str]], Sequence[str]]
"""Given the names of a source's columns, returns those to read; it may raise BadInput."""

PANDAS_INDEX = re.compile(r"__index_level_\d+__$")
"""How pandas writes an index without a name: row numbers, which are no column of the table."""

TEXT_FACTOR = 6
"""Working memory per byte of delimited text: the text, its Arrow form at 8 bytes a cell, and the kernel's copies."""

CELL_FACTOR = 4
"""Working memory per byte of cells: the Arrow form and the kernel's copies of some columns at a time."""


def read_table(
    source: Source,
    *,
    header: bool = True,
    separator: str | None = None,
    null_texts: Sequence[str] = (),
    choose: Choose | None = None,
    as_written: Choose | None = None,
) -> Table:
    """Read a file or take a frame. `null_texts` mean "no value" beside the usual ones; `choose` picks columns.

    `as_written` picks those whose values are names: they come as exact whole numbers or as texts, never as floats.

    Raises BadInput, before reading where the size is declared, when the table would not fit the memory bound
    (see `heldout.tables.memory`), and for every file that is not a whole table.
    """
    texts = (*NULL_TEXTS, *null_texts)
    if isinstance(source, str | Path):
        where = str(source)
        arrow, separator, is_text = _read_file(
            Path(source), header, separator, null_texts, choose=choose, as_written=as_written
        )
    else:
        arrow, separator, is_text = _from_frame(source), None, False
        arrow = arrow.select(list(choose(arrow.column_names))) if choose else arrow
        where = f"the {type(source).__module__.split('.')[0]} frame"
    if arrow.num_rows == 0 or not arrow.num_columns:
        raise BadInput("the table has no rows", where=where, expected="at least one row and one column")
    names = frozenset(as_written([str(name) for name in arrow.column_names]) if as_written else ())
    nulls = texts if is_text else null_texts
    return _tabled(arrow, where, nulls, is_text, decimal_comma=separator == ";", as_written=names)


def _tabled(
    arrow: pa.Table,
    where: str,
    null_texts: Sequence[str],
    is_text: bool,
    *,
    decimal_comma: bool,
    as_written: frozenset[str],
) -> Table:
    names = [str(name) for name in arrow.column_names]
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise BadInput(
            f"two columns have the same name: {shortened(map(repr, twice))}",
            where=where,
            expected="each name once",
            mend="rename one of them",
        )
    columns, notes = {}, []
    for name, column in zip(names, arrow.columns, strict=True):
        if PANDAS_INDEX.match(name):
            continue
        is_name = name in as_written
        if is_name and is_text:
            array = normalise(whole_texts(column), null_texts)
        else:
            array = verbatim(column, f"{where}, column {name!r}") if is_name else normalise(column, null_texts)
        if array is None:
            notes.append(f"{name} holds {column.type} and is not examined")
            continue
        array, note = retyped(array, decimal_comma=decimal_comma) if is_text and not is_name else (array, "")
        columns[name] = array
        notes += [f"{name} {note}"] if note else []
    return Table(source=where, columns=columns, rows=arrow.num_rows, notes=tuple(notes))


def _read_file(
    path: Path,
    header: bool,
    separator: str | None,
    null_texts: Sequence[str],
    *,
    choose: Choose | None,
    as_written: Choose | None,
) -> tuple[pa.Table, str | None, bool]:
    with said_plainly(path), path.open("rb") as file:
        start = file.read(4)
        if start == b"PAR1" or path.suffix.lower() in (".parquet", ".pq"):
            return _read_parquet(path, choose), None, False
        size = path.stat().st_size
        refuse_above(size * TEXT_FACTOR, str(path), f"its text is {size:,} bytes")
        content = start + file.read()
    if start.startswith(b"\x1f\x8b"):
        content = _gunzipped(content, path)
    elif start.startswith(b"PK\x03\x04"):
        content = _unzipped(content, path)
    table = read_delimited(
        content,
        str(path),
        header=header,
        separator=separator,
        null_texts=null_texts,
        choose=choose,
        as_written=as_written,
    )
    return *table, True


@contextlib.contextmanager
def said_plainly(path: Path, expected: str = "a CSV or Parquet file") -> Iterator[None]:
    """Turn what the operating system refuses into BadInput."""
    mends = {
        FileNotFoundError: "check the spelling and the folder you are in",
        PermissionError: "make it readable, for instance: chmod u+r FILE",
        IsADirectoryError: "name the file inside it",
    }
    try:
        yield
    except OSError as error:
        raise BadInput(
            f"the file cannot be read: {error.strerror or error}",
            where=str(path),
            expected=expected,
            mend=mends.get(type(error), ""),
        ) from error


def _read_parquet(path: Path, choose: Choose | None) -> pa.Table:
    try:
        schema = pq.read_schema(path)
        chosen = list(choose(schema.names)) if choose else None
        with pq.ParquetFile(path) as file:
            rows, declared = file.metadata.num_rows, _declared_bytes(file.metadata, chosen)
            refuse_above(
                declared * CELL_FACTOR, str(path), f"it declares {rows:,} rows, {declared / 2**30:.2g} GB of cells"
            )
        texts = [field.name for field in schema if field.type in (pa.string(), pa.large_string())]
        return pq.read_table(path, columns=chosen, read_dictionary=texts, partitioning=None)
    except (pa.ArrowException, OSError) as error:
        if isinstance(error, OSError) and error.errno:
            raise
        raise BadInput(
            "the Parquet file is damaged or incomplete",
            where=str(path),
            expected="a whole Parquet file, with its footer",
            mend=f"write or copy it again; the reader said: {str(error).splitlines()[0]}",
        ) from error


def _declared_bytes(metadata: pq.FileMetaData, chosen: Sequence[str] | None) -> int:
    """Bound the cells' bytes from the footer alone: 8 a value, and texts as large as their pages say."""
    total = 0
    for group in range(metadata.num_row_groups):
        row_group = metadata.row_group(group)
        for column in range(metadata.num_columns):
            chunk = row_group.column(column)
            if chosen is not None and chunk.path_in_schema.split(".")[0] not in chosen:
                continue
            values = max(chunk.num_values, row_group.num_rows)
            is_bytes = chunk.physical_type in ("BYTE_ARRAY", "FIXED_LEN_BYTE_ARRAY")
            total += 8 * values + (chunk.total_uncompressed_size if is_bytes else 0)
    return total


def _gunzipped(content: bytes, path: Path) -> bytes:
    bound = limit_bytes() // TEXT_FACTOR
    plain, rest = b"", content
    try:
        while rest:
            inflater = zlib.decompressobj(wbits=31)
            plain += inflater.decompress(rest, bound + 1 - len(plain))
            if len(plain) > bound:
                said = max(len(plain), int.from_bytes(content[-4:], "little"))  # the trailer has the size, modulo 2³²
                refuse_above(said * TEXT_FACTOR, str(path), f"it unpacks to {said:,} bytes or more")
            if not inflater.eof:
                raise zlib.error("it ends in the middle")
            rest = inflater.unused_data
    except zlib.error as error:
        raise _broken_archive(path, "gzip", error) from error
    return plain


def _unzipped(content: bytes, path: Path) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [info for info in archive.infolist() if not info.is_dir()]
            if len(members) != 1:
                raise BadInput(
                    f"the zip archive holds {len(members)} files",
                    where=str(path),
                    expected="one CSV file inside",
                    mend="unpack it and name one",
                )
            size = members[0].file_size
            refuse_above(size * TEXT_FACTOR, str(path), f"it declares {size:,} bytes of text")
            with archive.open(members[0]) as member:
                return member.read(size)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        raise _broken_archive(path, "zip", error) from error


def _broken_archive(path: Path, kind: str, error: Exception) -> BadInput:
    return BadInput(
        f"the {kind} file cannot be unpacked: {error}",
        where=str(path),
        expected=f"a whole {kind} file without a password",
        mend="write or copy it again",
    )


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
