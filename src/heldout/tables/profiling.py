"""A table's profile: the layout, the counts of all its parts, and what is read off them."""

import numpy as np
from numpy.typing import NDArray

from heldout.core.profile import ColumnKind, ColumnProfile, LabelKind, LabelProfile, Mass, Profile
from heldout.tables.counts import ColumnCounts, Counts, Extreme, count
from heldout.tables.label import Label
from heldout.tables.layout import FEW_VALUES, LONGEST, OTHER, ColumnLayout, Layout, look
from heldout.tables.shown import shown_number, shown_time
from heldout.tables.sketch import distinct_of
from heldout.tables.table import Table

__all__ = ["as_profile", "profile_of"]


def profile_of(table: Table, label: Label | None, *, seed: int = 0) -> Profile:
    """Profile a table in two passes; rows without a label are counted as missing and left out.

    `seed` draws the sample from which quantile edges come, in tables of more than 50,000 rows.
    """
    known = None if label is None or not label.missing else label.known
    looked = look(table, label, known=known, seed=seed)
    return as_profile(looked.layout, count(looked.layout, table, label, looked=looked), label, table.source)


def as_profile(layout: Layout, counts: Counts, label: Label | None, source: str) -> Profile:
    """Read a profile off the counts of all parts."""
    pairs = zip(layout.columns, counts.columns, strict=True)
    return Profile(
        source=source,
        rows=counts.rows,
        columns={column.name: _column(column, counted, counts, layout) for column, counted in pairs},
        label=None if label is None else _label(label, counts),
    )


def _label(label: Label, counts: Counts) -> LabelProfile:
    return LabelProfile(
        name=label.name,
        kind=label.kind,
        classes=label.classes,
        counts=() if label.kind is LabelKind.REGRESSION else _whole(counts.classes),
        missing=counts.missing,
        columns=label.columns,
    )


def _column(column: ColumnLayout, counted: ColumnCounts, counts: Counts, layout: Layout) -> ColumnProfile:
    rows_per_bin = counted.joint[:, :, 0].sum(axis=0)
    if layout.kind is not LabelKind.REGRESSION:
        rows_per_bin = counted.joint.sum(axis=(0, 2))
    distinct, is_exact = _distinct(column, counted, rows_per_bin)
    return ColumnProfile(
        name=column.name,
        kind=column.kind,
        rows=counts.rows,
        nulls=int(rows_per_bin[-1]),
        distinct=distinct,
        distinct_is_exact=is_exact,
        minimum=_shown(counted.minimum, column.kind),
        maximum=_shown(counted.maximum, column.kind),
        bins=column.bins,
        bin_is_value=column.is_value,
        joint=counted.joint,
        equal_to_label=counted.equal_to_label,
        masses=() if layout.kind in (None, LabelKind.REGRESSION) else _masses(column, counted),
    )


def _distinct(column: ColumnLayout, counted: ColumnCounts, rows_per_bin: NDArray[np.float64]) -> tuple[int, bool]:
    return (int((rows_per_bin[:-1] > 0).sum()), True) if column.is_value else distinct_of(counted.sketch)


def _masses(column: ColumnLayout, counted: ColumnCounts) -> tuple[Mass, ...]:
    """Return null and zero with their complements where they occur, and each level of a column that has levels."""
    per_bin = counted.joint.sum(axis=0)
    null, there = per_bin[-1], per_bin[:-1].sum(axis=0)
    states: list[tuple[str, bool, NDArray[np.float64]]] = []
    if null.any() and there.any():
        states += [("null", True, null), ("not null", True, there)]
    has_zero = bool(counted.zeros.any() and (there - counted.zeros).any()) and column.kind is ColumnKind.NUMERIC
    if has_zero:
        states += [("zero", True, counted.zeros), ("not zero", True, there - counted.zeros)]
    is_few = column.is_value and column.kind is not ColumnKind.TIME and len(column.bins) <= FEW_VALUES
    if (column.kind is ColumnKind.TEXT or is_few) and not (has_zero and len(column.bins) == 2):
        levels = zip(column.bins, per_bin[:-1], strict=True)
        states += [(level, False, rows) for level, rows in levels if level != OTHER]
    return tuple(
        Mass(column=column.name, state=state, is_structural=structural, counts=_whole(rows))
        for state, structural, rows in states
    )


def _whole(counts: NDArray[np.float64]) -> tuple[int, ...]:
    return tuple(int(rows) for rows in counts)


def _shown(value: Extreme, kind: ColumnKind) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value[:LONGEST]
    return shown_time(value) if kind is ColumnKind.TIME else shown_number(value)
