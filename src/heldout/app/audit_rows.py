"""The rows that a score is refitted on: those of all tables with a target, their keys and times, and a sample of them.

A row is numbered over the tables together, train first. Keys are numbered over all of them before the sample is drawn,
so that whole groups can be drawn.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heldout.app.audited import Audited
from heldout.core.profile import ColumnKind, LabelKind
from heldout.tables import Label, Table, row_ids
from heldout.tables.arrays import null_mask
from heldout.tables.hashing import numbered, value_lanes
from heldout.tables.hidden_keys import beginnings
from heldout.tables.matrix import pooled
from heldout.tables.order import DAY, moments_of
from heldout.tables.table import kind_of

__all__ = ["PricedRows"]

FEWEST_GROUPS_DRAWN = 200
"""Of fewer groups all are kept, and rows of them drawn."""
BLOCKS = 500
"""Where rows have an order and no time, neighbours are taken to move together in so many blocks."""

Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedRows:
    """The tables, train first, and whether the second one is the test."""

    tables: tuple[Table, ...]
    labels: tuple[Label, ...]

    @staticmethod
    def of(audited: Audited) -> "PricedRows":
        """Take train, and test where it has the target."""
        if audited.test is None or audited.test_label is None:
            return PricedRows(tables=(audited.train,), labels=(audited.label,))
        return PricedRows(tables=(audited.train, audited.test), labels=(audited.label, audited.test_label))

    @property
    def is_test(self) -> NDArray[np.bool_] | None:
        """Which rows are test rows, None where there is one table."""
        if len(self.tables) == 1:
            return None
        return np.repeat([False, True], [table.rows for table in self.tables])

    @property
    def known(self) -> NDArray[np.bool_]:
        """Which rows have a target."""
        return np.concatenate([label.known for label in self.labels])

    def target(self) -> NDArray[np.float64]:
        """The label of each row: class codes, or numbers."""
        if self.labels[0].kind is LabelKind.REGRESSION:
            return np.concatenate([label.values for label in self.labels])
        return np.concatenate([label.codes for label in self.labels]).astype(np.float64)

    def key(self, column: str, *, is_beginning: bool = False) -> Codes:
        """Number the values of a column over all tables, -1 where missing."""
        arrays = [table.column(column) for table in self.tables]
        if is_beginning and all(kind_of(array) is ColumnKind.TEXT for array in arrays):
            arrays = [beginnings(array) for array in arrays]
        parts = numbered(*(value_lanes(array) for array in arrays))
        return np.concatenate([np.where(null_mask(array), -1, part) for array, part in zip(arrays, parts, strict=True)])

    def copies(self) -> Codes:
        """Number equal rows alike, over all columns but those that number rows; -1 for rows without a like."""
        ids = row_ids(*self.tables)
        names = [name for name in self.tables[0].columns if name not in ids]
        code = np.concatenate(numbered(*(table.row_lanes(names) for table in self.tables)))
        return np.where(np.bincount(code)[code] > 1, code, -1)

    def moments(self, column: str | None) -> tuple[NDArray[np.float64], bool]:
        """Return when each row happened, or its number; and whether that is in microseconds."""
        if column is None:
            return np.arange(sum(table.rows for table in self.tables), dtype=np.float64), False
        made = [moments_of(table, column) for table in self.tables]
        return np.concatenate([moments for moments, _ in made]), made[0][1]

    def blocks(self, column: str | None) -> Codes:
        """Number the days of a time column, or blocks of neighbouring rows without one."""
        moments, is_time = self.moments(column)
        if column is None:
            return np.minimum(moments * min(BLOCKS, max(len(moments) // 2, 1)) // len(moments), BLOCKS).astype(np.int64)
        days = np.floor(moments / DAY) if is_time else moments
        _, day = np.unique(days, return_inverse=True)
        return np.where(np.isnan(days), -1, day)

    def drawn(self, most: int, key: Codes | None, seed: int) -> Codes:
        """Return at most about `most` rows of each table that have a target, whole groups of `key` where many."""
        rows = np.flatnonzero(self.known)
        is_test = self.is_test
        sides = [rows] if is_test is None else [rows[~is_test[rows]], rows[is_test[rows]]]
        largest = max(map(len, sides))
        if largest <= most:
            return rows
        rng = np.random.default_rng(seed)
        if key is None or int(key.max(initial=-1)) < FEWEST_GROUPS_DRAWN:
            few = [side if len(side) <= most else rng.choice(side, most, replace=False) for side in sides]
            return np.sort(np.concatenate(few))
        share = most / largest
        keeps = rng.random(int(key.max()) + 1) < share
        of_rows = np.where(key[rows] >= 0, keeps[key[rows]], rng.random(len(rows)) < share)
        return rows[of_rows]

    def features(self, rows: Codes, columns: tuple[str, ...]) -> Table:
        """Return these rows and columns as one table."""
        parts, first = [], 0
        for table in self.tables:
            mine = rows[(rows >= first) & (rows < first + table.rows)] - first
            parts.append((table, mine))
            first += table.rows
        return pooled(parts, columns)


def alone(code: Codes) -> Codes:
    """Give each row without a code, -1, one of its own."""
    lonely = code < 0
    made = code.copy()
    made[lonely] = code.max(initial=-1) + 1 + np.arange(int(lonely.sum()))
    return made
