"""Loose records (JSON objects) to a Table: names to typed columns, long texts and nested values left out."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from heldout.core.errors import BadInput
from heldout.tables.arrays import from_numpy, from_texts
from heldout.tables.memory import refuse_above
from heldout.tables.table import Table, normalise

__all__ = ["Records", "scalar_at", "typed"]

LONGEST_TEXT = 200
"""Characters of a text that is kept without being asked for: longer ones are prompts and answers, not ids."""

MOST_COLUMNS = 1000
"""Names that are kept without being asked for or known: more are the items' own, and no columns."""

CELL_BYTES = 80
"""Working memory of a kept value: the object, its place in a list, and its Arrow form."""

LOOK_EVERY = 2**14


class Records:
    """Collects records one by one and keeps of each the single values: numbers, truth values, short texts.

    `wanted` names also reach into nested objects by dots ("doc.subject") and keep texts of any length, as `ids` do,
    whose case does not matter. Beyond 1,000 names those alone are kept and names that `is_known` tells.
    """

    def __init__(
        self,
        where: str,
        wanted: Collection[str] = (),
        *,
        ids: Collection[str] = (),
        is_known: Callable[[str], bool] = lambda _: False,
    ) -> None:
        self.where = where
        self.wanted = frozenset(wanted)
        self.ids = frozenset(ids)
        self.is_known = is_known
        self.is_cut = False
        self.columns: dict[str, list[Any]] = {}
        self.rows = 0
        self.bytes = 0

    def add(self, record: Mapping[str, Any]) -> None:
        """Keep the single values of a record."""
        kept = {name: value for name, value in record.items() if self._is_kept(name, value)}
        for name in self.wanted:
            value = record[name] if name in record else scalar_at(record, name)
            if value is not None:
                kept[name] = value
        self.bytes += sum(CELL_BYTES + (len(value) if isinstance(value, str) else 0) for value in kept.values())
        if self.rows % LOOK_EVERY == 0:
            refuse_above(self.bytes, self.where, f"its first {self.rows:,} records take {self.bytes:,} bytes")
        for name, value in kept.items():
            column = self.columns.get(name)
            if column is None:
                if len(self.columns) >= MOST_COLUMNS and not self._is_needed(name):
                    self.is_cut = True
                    continue
                column = self.columns[name] = []
            column += [None] * (self.rows - len(column))
            column.append(value)
        self.rows += 1

    def table(self, notes: Iterable[str] = ()) -> Table:
        """Return the records as a table. Raises BadInput where there is none."""
        if not self.rows:
            raise BadInput("the file holds no records", where=self.where, expected="at least one item")
        if self.is_cut:
            notes = [*notes, f"of more than {MOST_COLUMNS:,} names the first are kept, and those that are needed"]
        columns = {}
        while self.columns:
            name, values = self.columns.popitem()
            columns[name] = typed(values + [None] * (self.rows - len(values)))
        return Table(source=self.where, columns=dict(reversed(columns.items())), rows=self.rows, notes=tuple(notes))

    def _is_kept(self, name: str, value: Any) -> bool:
        if isinstance(value, str):
            return len(value) <= LONGEST_TEXT or name in self.wanted or name.strip().lower() in self.ids
        return isinstance(value, bool | int | float)

    def _is_needed(self, name: str) -> bool:
        return name in self.wanted or name.strip().lower() in self.ids or self.is_known(name)


def scalar_at(record: Mapping[str, Any], path: str) -> Any:
    """Return the single value at a dotted path ("doc.subject"), or None where there is none.

    >>> scalar_at({"doc": {"subject": "algebra"}}, "doc.subject")
    'algebra'
    """
    value: Any = record
    for name in path.split("."):
        if not isinstance(value, Mapping) or name not in value:
            return None
        value = value[name]
    return value if isinstance(value, bool | int | float | str) else None


def typed(values: list[Any]) -> pa.Array:
    """Return one type for all: truth values, whole numbers, numbers; anything else, and longer numbers, as texts."""
    null = np.array([value is None for value in values])
    kinds = {type(value) for value in values} - {type(None)}
    if kinds == {bool}:
        return from_numpy(np.array([bool(value) for value in values]), null)
    if kinds == {int} and all(value is None or -(2**63) <= value < 2**63 for value in values):
        return from_numpy(np.array([value or 0 for value in values], np.int64), null)
    if kinds <= {bool, int, float} and kinds != {int}:
        numbers = np.array([np.nan if value is None else _as_float(value) for value in values], np.float64)
        return from_numpy(numbers, np.isnan(numbers))
    texts = from_texts(["" if value is None else _as_text(value) for value in values])
    column = texts if not null.any() else texts.filter(from_numpy(~null))
    encoded = normalise(column)
    if encoded is None or not null.any():
        return encoded
    place = np.where(null, 0, np.cumsum(~null) - 1)
    return encoded.take(from_numpy(place, null))


def _as_float(value: float) -> float:
    try:
        return float(value)
    except OverflowError:
        return float("inf")


def _as_text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 2.0**53:
        value = int(value)
    text = str(value) if not isinstance(value, bool) else str(value).lower()
    return text.encode("utf-8", "replace").decode()
