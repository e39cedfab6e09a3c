"""JSON Lines to columns: one object a line, the single values of each by their names."""

import re
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from heldout.core.errors import BadInput
from heldout.tables.arrays import null_mask
from heldout.tables.json_text import json_records
from heldout.tables.records import typed
from heldout.tables.spool import Gathering

__all__ = ["add_rows", "as_moments", "read_json_lines"]

BATCH_ROWS = 2**14
MOST_NAMES = 100_000
"""More names than this are keys of data, and no columns."""

ISO = re.compile(r"\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})?)?$")


def read_json_lines(path: Path) -> tuple[Gathering, list[str]]:
    """Read a file of JSON objects, one a line. Raises BadInput naming a line that is none.

    Nested values are left out and noted; a name that a line lacks has no value there.
    """
    gathering, nested = Gathering(str(path)), dict[str, None]()
    rows: list[dict[str, Any]] = []
    for _, record in json_records(path):
        rows.append(record)
        if len(rows) == BATCH_ROWS:
            _add(gathering, rows, nested)
            rows = []
    if rows:
        _add(gathering, rows, nested)
    return gathering, [f"{name} holds objects or lists and is not examined" for name in nested]


def _add(gathering: Gathering, rows: list[dict[str, Any]], nested: dict[str, None]) -> None:
    names: dict[str, None] = {}
    for row in rows:
        names.update(dict.fromkeys(row))
    if len(names) + len(gathering.columns) > 2 * MOST_NAMES:
        raise BadInput(
            f"its lines hold more than {MOST_NAMES:,} different names",
            where=gathering.where,
            expected="the same names in every line: they are the columns",
        )
    columns = {}
    for name in names:
        values = [row.get(name) for row in rows]
        if any(isinstance(value, dict | list) for value in values):
            nested[name] = None
        if name not in nested:
            columns[name] = values
    add_rows(gathering, columns, len(rows))
    for name in nested:
        gathering.columns.pop(name, None)


def add_rows(gathering: Gathering, columns: dict[str, list[Any]], rows: int) -> None:
    """Add a batch of Python values, each column in the type that holds them all; ISO texts become times."""
    found = {}
    for name, values in columns.items():
        found[name] = as_moments(typed(values))
        if pa.types.is_dictionary(found[name].type):
            kinds = {type(value) for value in values} - {type(None)}
            if kinds - {str}:
                gathering.as_text.setdefault(name, "numbers and texts" if str in kinds else "numbers beyond 64 bits")
    gathering.add(found, rows)


def as_moments(array: pa.Array) -> pa.Array:
    """Return a text column as times where every level is an ISO date or time, else as it is."""
    if not pa.types.is_dictionary(array.type) or not len(array.dictionary):
        return array
    levels = array.dictionary
    if not all(text is not None and ISO.match(text) for text in levels.slice(0, 20).to_pylist()):
        return array
    if not pc.all(pc.match_substring_regex(levels, f"^{ISO.pattern}")).as_py():
        return array
    aware = pc.match_substring_regex(levels, r"(Z|[+-]\d{2}:?\d{2})$")
    try:
        if pc.all(aware).as_py():
            times = levels.cast(pa.timestamp("us", tz="UTC")).cast(pa.timestamp("us"))
        else:
            times = levels.cast(pa.timestamp("us"))
    except pa.ArrowInvalid:  # no such day, or some with a zone and some without
        return array
    return array if null_mask(times).any() else times.take(array.indices)
