"""Reads results of any recognised kind, by content, with only the columns that are asked for."""

import itertools
import json
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from heldout.core.errors import BadInput
from heldout.tables.json_text import json_document, json_records, opened, unpacked
from heldout.tables.names import shortened
from heldout.tables.records import Records
from heldout.tables.results.columns import IDS, Asked, Roles, is_recognised, roles_of
from heldout.tables.results.inspect_log import HEADERS, is_inspect_log, read_eval_log, read_json_log
from heldout.tables.results.lm_eval import is_lm_eval, read_lm_eval
from heldout.tables.results.loaded import Loaded
from heldout.tables.results.swe_bench import is_swe_bench, read_swe_bench
from heldout.tables.results.values import rows_by_value
from heldout.tables.source import Source, read_table
from heldout.tables.verbatim import verbatim

__all__ = ["read_results"]

HEAD = 2**16


def read_results(source: Source, asked: Asked) -> tuple[Loaded, Roles]:
    """Read a file or take a frame, and say what each column is. Raises BadInput for everything that it is not."""
    if not isinstance(source, str | Path):
        return _plain(source, asked, f"a {type(source).__module__.split('.')[0]} frame")
    path = Path(source)
    _refuse_stream(path)
    loaded = _by_format(path, asked)
    if loaded is None:
        return _plain(path, asked, "a Parquet file" if _head(path)[:4] == b"PAR1" else "a delimited table")
    roles = roles_of(list(loaded.table.columns), asked, str(path), loaded)
    if roles.variant:
        loaded = _one_variant(loaded, roles.variant, asked.only_filter)
    elif asked.only_filter:
        raise BadInput("there are no filters to choose from", where=str(path), mend="leave --filter out")
    table = loaded.table
    names = {
        name: verbatim(table.columns[name], f"{path}, column {name!r}")
        for name in roles.as_written
        if name in table.columns
    }
    return replace(loaded, table=replace(table, columns={**table.columns, **names})), roles


def _refuse_stream(path: Path) -> None:
    """Refuse what is no file on a disk: results are read more than once, and a pipe may never end."""
    if path.exists() and not path.is_file() and not path.is_dir():
        raise BadInput(
            "this is no regular file",
            where=str(path),
            expected="a file on a disk: it is read more than once",
            mend="write what the pipe or device gives to a file first",
        )


def _plain(source: Source, asked: Asked, recognised: str) -> tuple[Loaded, Roles]:
    where = str(source) if isinstance(source, str | Path) else recognised
    known: list[Roles] = []

    def choose(names: Sequence[str]) -> Sequence[str]:
        known.append(roles_of([str(name) for name in names], asked, where))
        return known[0].columns

    table = read_table(source, choose=choose, as_written=lambda _: known[0].as_written)
    pa.default_memory_pool().release_unused()  # a file of 10 million ids leaves half a GB behind
    lost = [name for name in known[0].columns if name not in table.columns]
    if lost:
        raise BadInput(
            f"the column {lost[0]!r} holds no single values",
            where=where,
            expected="a number, a text or a time in each row",
            mend="write what is needed of it as a column of its own",
        )
    return Loaded(table=table, recognised=recognised), known[0]


def _by_format(path: Path, asked: Asked) -> Loaded | None:
    """Return the results of a format of their own, None for a table."""
    start = _head(path)
    if start.startswith(b"PK\x03\x04"):
        return read_eval_log(path, asked.named) if _is_eval(path) else None
    plain = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not plain.startswith((b"{", b"[")):
        if path.suffix == ".eval":
            raise BadInput(
                "this is no Inspect log", where=str(path), expected="a zip archive", mend="copy it again, whole"
            )
        return None
    if _is_lines(path, plain):
        return _lines(path, asked)
    document = json_document(path)
    if is_inspect_log(document):
        return read_json_log(path, document, asked.named)
    if is_swe_bench(document):
        return read_swe_bench(path, document)
    return _listed(path, document, asked)


def _head(path: Path) -> bytes:
    with opened(path) as file, unpacked(path):
        return file.read(HEAD)


def _is_eval(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return path.suffix == ".eval" or any(name in archive.NameToInfo for name in HEADERS)
    except zipfile.BadZipFile:
        return path.suffix == ".eval"


def _is_lines(path: Path, start: bytes) -> bool:
    """Tell JSON Lines from one document: by name, or because the first line is a whole record by itself."""
    name = path.name.removesuffix(".gz")
    if name.endswith((".jsonl", ".ndjson")):
        return True
    line, newline, rest = start.partition(b"\n")
    if not newline and len(start) >= HEAD:
        return False
    try:
        first = json.loads(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(first, dict) and (bool(rest.strip()) or not (is_inspect_log(first) or is_swe_bench(first)))


def _lines(path: Path, asked: Asked) -> Loaded:
    records = json_records(path)
    first = next(records, None)
    if first is None:
        raise BadInput("the file is empty", where=str(path), expected="one JSON object a line")
    every = itertools.chain([first], records)
    if is_lm_eval(first[1]):
        return read_lm_eval(path, every, asked.named)
    kept = Records(str(path), asked.named, ids=IDS, is_known=is_recognised)
    for _, record in every:
        kept.add(record)
    return Loaded(table=kept.table(), recognised="JSON Lines")


def _listed(path: Path, document: Any, asked: Asked) -> Loaded:
    if not isinstance(document, list) or not all(isinstance(record, dict) for record in document):
        raise BadInput(
            "the JSON is no results that are known",
            where=str(path),
            expected="a list of objects, JSON Lines, an Inspect log or a SWE-bench report",
            mend='write one object per item, such as {"id": 1, "correct": true}',
        )
    kept = Records(str(path), asked.named, ids=IDS, is_known=is_recognised)
    for record in document:
        kept.add(record)
    return Loaded(table=kept.table(), recognised="a JSON list")


def _one_variant(loaded: Loaded, column: str, only: str) -> Loaded:
    """Keep the rows of one filter: lm-eval writes a line per document and filter."""
    array = loaded.table.columns[column]
    values = [str(value) for value in pc.unique(array).to_pylist()]
    if not only and len(values) == 1:
        return loaded
    if only not in values:
        raise BadInput(
            f"there is no filter {only!r}" if only else f"each document was scored under {len(values)} filters",
            where=loaded.table.source,
            expected=f"one of {shortened(map(repr, values))}",
            mend=f"choose one, such as --filter {values[0]}",
        )
    kept = next(rows for value, rows in rows_by_value(array) if value == only)
    return replace(loaded, table=loaded.table.filter(kept), recognised=f"{loaded.recognised}, filter {only}")
