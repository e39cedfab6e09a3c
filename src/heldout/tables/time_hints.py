"""Columns that say when a row happened."""

import re
from collections.abc import Collection

import pyarrow as pa

from heldout.core.profile import ColumnKind
from heldout.tables.label import Label
from heldout.tables.table import Table, kind_of

__all__ = ["time_hints"]

TIME_NAME = re.compile(
    r"^(year|month|day|hour|week|date|ts|time|period|quarter)$|(^|_)(date|datetime|year|timestamp|epoch)(_|$)|_(at|ts)$",
    re.IGNORECASE,
)


def time_hints(table: Table, label: Label, ignored: Collection[str] = ()) -> tuple[str, ...]:
    """Return the columns that hold times, and after them those whose names say that they are parts of one."""
    names = [name for name in table.columns if name not in label.columns and name not in ignored]
    times = [name for name in names if kind_of(table.columns[name]) is ColumnKind.TIME]
    parts = [
        name
        for name in names
        if name not in times and TIME_NAME.search(name) and not pa.types.is_boolean(table.columns[name].type)
    ]
    return (*times, *parts)
