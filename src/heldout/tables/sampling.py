"""A seeded sample of a table with its label: what is fitted or compared row by row looks at this many rows."""

import numpy as np

from heldout.tables.label import Label
from heldout.tables.table import Table

__all__ = ["SAMPLE_ROWS", "sample_of"]

SAMPLE_ROWS = 200_000


def sample_of(
    table: Table, label: Label | None, *, rows: int = SAMPLE_ROWS, seed: int = 0
) -> tuple[Table, Label | None]:
    """Return at most `rows` rows in the table's order with their label, without those that lack one."""
    known = np.arange(table.rows) if label is None else np.flatnonzero(label.known)
    if len(known) > rows:
        known = np.sort(np.random.default_rng(seed).choice(known, rows, replace=False))
    if len(known) == table.rows:
        return table, label
    return table.take(known), None if label is None else label.rows(known)
