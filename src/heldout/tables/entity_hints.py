"""Columns, and beginnings of string keys, that look like the key of an entity with several rows."""

import re
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from heldout.tables.agreement import in_groups
from heldout.tables.arrays import raw_values
from heldout.tables.label import Label
from heldout.tables.table import Table, codes, groups_of

__all__ = ["EntityHint", "entity_hints"]

KEY_NAME = re.compile(
    r"(^|_|\b)(id|key|uuid|guid|user|customer|client|account|patient|subject|person|member|household|family|device"
    r"|session|player|driver|passenger|ticket|host|seller|merchant|agent|company|store|shop|school|hospital|site"
    r"|tail_?num|vin|msno|ip|email|phone|speaker|author|student)(_?(id|key|no|num|number|code|name))?$",
    re.IGNORECASE,
)
LAST_PART = r"^(.+)[_\-./: ]([^_\-./: ]+)$"

FEWEST_GROUPS = 10
FEWEST_UNNAMED_GROUPS = 30
SHARED = 0.3
"""The least share of rows whose value stands in another row too."""
MOST_HINTS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityHint:
    """A key found: the column, whether only its beginning is the key, groups, rows in them, and why it is one."""

    column: str
    is_beginning: bool
    groups: int
    rows: int
    why: str

    @property
    def key(self) -> str:
        """The key as a phrase."""
        return f"{self.column} without its last part" if self.is_beginning else self.column

    @property
    def text(self) -> str:
        """The hint as one phrase."""
        return f"{self.key} ({self.groups:,} groups, {self.rows / self.groups:.1f} rows each; {self.why})"


def entity_hints(table: Table, label: Label, ignored: Collection[str] = ()) -> tuple[EntityHint, ...]:
    """Look for keys among text and whole-number columns, at most three, the likeliest first.

    A column is one by its name; a text also because its many values hold a few rows each whose labels agree more than
    chance (numbers that predict the label do that too); the beginning of a unique string key when labels agree in it.
    """
    hints: list[tuple[float, EntityHint]] = []
    for name in table.columns:
        if name in label.columns or name in ignored or not _may_be_key(table, name):
            continue
        array = table.columns[name]
        hint = _whole(name, array, label) or _beginning(name, array, label)
        hints += [hint] if hint else []
    hints.sort(key=lambda scored: -scored[0])
    return tuple(hint for _, hint in hints[:MOST_HINTS])


def _may_be_key(table: Table, name: str) -> bool:
    """True for texts, and for whole numbers under a name that says so: of others no number of groups makes a key."""
    kind = next((piece.type for piece in table.pieces(name)), None)
    return kind is not None and (
        pa.types.is_dictionary(kind) or (pa.types.is_int64(kind) and bool(KEY_NAME.search(name)))
    )


def _whole(name: str, array: pa.Array, label: Label) -> tuple[float, EntityHint] | None:
    group = groups_of(array)
    sizes = np.bincount(group[group >= 0])
    groups, rows = len(sizes), int(sizes.sum())
    is_named, is_text = bool(KEY_NAME.search(name)), pa.types.is_dictionary(array.type)
    fewest = FEWEST_GROUPS if is_named else max(FEWEST_UNNAMED_GROUPS, len(group) // 50)
    if groups < fewest or int(sizes[sizes > 1].sum()) < SHARED * rows:
        return None
    agreement = in_groups(label, group)
    if not (is_named or (is_text and agreement.is_marked)):
        return None
    why = "by its name" if is_named else "its rows share their label more than chance"
    hint = EntityHint(column=name, is_beginning=False, groups=groups, rows=rows, why=why)
    return float(is_named) + agreement.excess, hint


def _beginning(name: str, array: pa.Array, label: Label) -> tuple[float, EntityHint] | None:
    if not pa.types.is_dictionary(array.type):
        return None
    row_codes, levels = codes(array), array.dictionary
    if len(levels) < 2 * FEWEST_GROUPS or 2 * len(levels) < len(row_codes):
        return None
    if not pc.all(pc.match_substring_regex(levels, LAST_PART)).as_py():
        return None
    beginnings = pc.replace_substring_regex(levels, LAST_PART, r"\1").dictionary_encode()
    starts = len(beginnings.dictionary)
    endings = pc.count_distinct(pc.replace_substring_regex(levels, LAST_PART, r"\2")).as_py()
    if starts < FEWEST_GROUPS or len(levels) < 2 * starts or endings * 4 > len(levels):
        return None
    group = np.append(raw_values(beginnings.indices), -1).astype(np.int64)[row_codes]
    agreement = in_groups(label, group)
    if not agreement.is_marked:
        return None
    why = "its rows share their label more than chance"
    rows = int((group >= 0).sum())
    return 1 + agreement.excess, EntityHint(column=name, is_beginning=True, groups=starts, rows=rows, why=why)
