"""Tables and queries of a database, named by an address: SQLite, DuckDB and Postgres, read and never written."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit, urlunsplit

import duckdb
import pyarrow as pa

from heldout.core.errors import BadInput
from heldout.tables.json_lines import add_rows
from heldout.tables.spool import Gathering
from heldout.tables.streams import gathered

__all__ = ["read_query"]

BATCH_ROWS = 2**14
LOCK_SECONDS = 5.0
"""How long a locked SQLite file is waited for."""
FOR_INSTANCE = "sqlite:///flights.db?table=flights or duckdb:///flights.duckdb?query=select * from flights"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Address:
    """A database, and the query on it; `shown` is the address without a password."""

    scheme: str
    database: str
    query: str
    shown: str


def read_query(address: str, null_texts: Sequence[str] = ()) -> tuple[Gathering, list[str], str]:
    """Run the query of an address like `sqlite:///path.db?table=flights` and return its rows, notes and the address.

    A path after three slashes is relative, after four absolute; `query=` may hold any text up to the end, blanks and
    signs as they are. SQLite and DuckDB files are opened for reading only, and Postgres in a read-only transaction.
    Raises BadInput where the database, the table or the query cannot be read, or where the connection breaks.
    """
    parsed = _parsed(address)
    with_rows: Callable[[_Address, Sequence[str]], tuple[Gathering, list[str]]]
    with_rows = {"sqlite": _sqlite, "duckdb": _duckdb}.get(parsed.scheme, _postgres)
    gathering, notes = with_rows(parsed, null_texts)
    return gathering, notes, parsed.shown


def _parsed(address: str) -> _Address:
    head, _, rest = address.partition("?")
    query = rest.partition("query=")[2] if rest.startswith("query=") or "&query=" in rest else ""
    options = dict(parse_qsl(rest[: len(rest) - len(query)].removesuffix("query=")))
    table = options.pop("table", "")
    if query and "%20" in query and " " not in query:  # copied out of a browser
        query = unquote(query)
    parts = urlsplit(head)
    if bool(table) == bool(query):
        raise BadInput(
            "the address names no table and no query" if not table else "the address names a table and a query",
            where=head,
            expected=FOR_INSTANCE,
            mend="end it with ?table=NAME or ?query=SELECT ..., in quotes on a command line",
        )
    if not query:
        quoted = ['"' + part.replace('"', '""') + '"' for part in table.split(".")]
        query = f"select * from {'.'.join(quoted)}"  # noqa: S608 - quoted as SQL quotes names
    plain = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    database = unquote(parts.path).removeprefix("/")
    if parts.scheme.startswith("postgres"):
        database = head + ("?" + "&".join(f"{name}={value}" for name, value in options.items()) if options else "")
    return _Address(
        scheme=parts.scheme, database=database, query=query, shown=f"{plain} ({table or ' '.join(query.split())[:60]})"
    )


def _refused(address: _Address, error: Exception, rows: int = 0) -> BadInput:
    said = (str(error).strip().splitlines() or [type(error).__name__])[0]
    if rows:
        return BadInput(
            f"the query broke off after {rows:,} rows",
            where=address.shown,
            expected="all of its rows: a part of them would give another answer",
            mend=f"run it again; the database said: {said}",
        )
    return BadInput(
        "the query cannot be run",
        where=address.shown,
        expected=f"a table or a query that can be read, for instance {FOR_INSTANCE}",
        mend=f"the database said: {said}",
    )


def _file_of(address: _Address) -> Path:
    path = Path(address.database)
    if not path.is_file():
        raise BadInput(
            "there is no such database file",
            where=str(path),
            expected="a file",
            mend="after three slashes the path starts in this folder, after four at the root",
        )
    return path


def _sqlite(address: _Address, null_texts: Sequence[str]) -> tuple[Gathering, list[str]]:
    path = _file_of(address).absolute()
    gathering = Gathering(address.shown)
    nulls, blobs = frozenset(null_texts), dict[str, None]()
    try:
        connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=LOCK_SECONDS)
        try:
            cursor = connection.execute(address.query)
            names = _names([column[0] for column in cursor.description or ()], address)
            while rows := cursor.fetchmany(BATCH_ROWS):
                columns: dict[str, list[Any]] = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
                for name, values in columns.items():
                    if any(isinstance(value, bytes) for value in values):
                        blobs[name] = None
                    elif nulls:
                        columns[name] = [None if isinstance(v, str) and v.strip() in nulls else v for v in values]
                add_rows(gathering, {name: v for name, v in columns.items() if name not in blobs}, len(rows))
        finally:
            connection.close()
    except (sqlite3.Error, sqlite3.Warning) as error:
        raise _refused(address, error, gathering.rows) from error
    for name in blobs:
        gathering.columns.pop(name, None)
    return gathering, [f"{name} holds bytes and is not examined" for name in blobs]


def _names(names: list[str], address: _Address) -> list[str]:
    if not names or len(set(names)) < len(names):
        raise BadInput(
            "the query returns two columns of one name" if names else "the query returns no rows",
            where=address.shown,
            expected="a query that returns rows, each column under a name of its own",
            mend="name them with AS" if names else "write a SELECT",
        )
    return names


def _duckdb(address: _Address, null_texts: Sequence[str]) -> tuple[Gathering, list[str]]:
    path = _file_of(address)
    batches = _Counted()
    try:
        with duckdb.connect(str(path), read_only=True, config={"enable_external_access": "false"}) as connection:
            reader: Any = connection.sql(address.query)
            _names([] if reader is None else list(reader.columns), address)
            return gathered(batches.of(pa.RecordBatchReader.from_stream(reader)), address.shown, null_texts)
    except (duckdb.Error, pa.ArrowException, OSError) as error:
        raise _refused(address, error, batches.rows) from error


def _postgres(address: _Address, null_texts: Sequence[str]) -> tuple[Gathering, list[str]]:
    try:
        import adbc_driver_postgresql.dbapi as postgres
    except ImportError as error:
        raise BadInput(
            "reading from Postgres takes a driver that is not installed",
            where=address.shown,
            expected="the package adbc-driver-postgresql",
            mend="pip install 'heldout[postgres]'",
        ) from error
    batches = _Counted()
    try:
        with postgres.connect(address.database) as connection, connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
            cursor.execute(address.query)
            reader = cursor.fetch_record_batch()
            _names(list(reader.schema.names), address)
            return gathered(map(_storage, batches.of(reader)), address.shown, null_texts)
    except (postgres.Error, pa.ArrowException, OSError) as error:
        raise _refused(address, error, batches.rows) from error


def _storage(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Return Postgres numerics as floats, which the driver hands out as texts, and ids as texts."""
    arrays = []
    for array in batch.columns:
        stored = array.storage if isinstance(array, pa.ExtensionArray) else array
        if getattr(array.type, "type_name", "") == "numeric":
            stored = stored.cast(pa.float64())
        elif stored is not array and pa.types.is_fixed_size_binary(stored.type):
            stored = pa.array([None if value is None else value.hex() for value in stored.to_pylist()], pa.string())
        arrays.append(stored)
    return pa.RecordBatch.from_arrays(arrays, batch.schema.names)


class _Counted:
    """Counts the rows that have come, so that a broken connection can say how far it was."""

    def __init__(self) -> None:
        self.rows = 0

    def of(self, batches: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
        """Yield the batches."""
        for batch in batches:
            self.rows += batch.num_rows
            yield batch
