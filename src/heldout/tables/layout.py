"""The first pass: what is fixed before rows are counted, so that the counts of any parts of a table add up."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from heldout.core.profile import ColumnKind, LabelKind
from heldout.tables.arrays import from_numpy
from heldout.tables.hashing import numbered, row_lanes, value_lanes
from heldout.tables.label import Label
from heldout.tables.shown import shown_number, shown_time
from heldout.tables.table import Table, codes, kind_of, numbers

__all__ = ["OTHER", "ColumnLayout", "Layout", "fix_layout"]

MOST_VALUES = 256
"""A column with at most this many different values has one bin for each, where they repeat (ROWS_PER_VALUE)."""

ROWS_PER_VALUE = 5
"""Bins of single rows say nothing out of fold: a numeric column with fewer rows per value gets quantile bins."""

FEW_VALUES = 20
"""Up to this many values a numeric column has one bin for each whatever their support."""

ROWS_PER_BIN = 25
MOST_BINS = 128
FEWEST_BINS = 8
SAMPLE_ROWS = 50_000
"""Quantile edges come from a seeded sample of this size."""

LOOK_ROWS = 20_000
FEW_DIFFERENT_ROWS = 1_000
"""A table with fewer different rows among its first LOOK_ROWS, each standing twice on average, is of low resolution:
its rows are dealt to the folds by their number, as dealing by content would hide each value from the other folds."""

OTHER = "(other)"
LONGEST = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnLayout:
    """The bins of one column.

    Numeric, boolean and time columns have `edges`: the values themselves where `is_value`, else the inner upper
    edges of len(bins) quantile bins (a value equal to an edge lies below it). Text columns have `levels`: a level's
    place among them is its bin; where `is_value` is false the last bin is every other level.
    """

    name: str
    kind: ColumnKind
    bins: tuple[str, ...]
    is_value: bool
    edges: NDArray[np.float64] | None = None
    levels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The columns, the label, and how rows are dealt to folds: by content, or by number in tables of low resolution."""

    columns: tuple[ColumnLayout, ...]
    kind: LabelKind | None
    classes: int
    folds_by_number: bool


def fix_layout(table: Table, label: Label | None, *, seed: int = 0) -> Layout:
    """Fix bins and levels from the whole table that will be counted; the label's columns are no features."""
    rng = np.random.default_rng(seed)
    left_out = () if label is None else label.columns
    sample = np.sort(rng.choice(table.rows, SAMPLE_ROWS, replace=False)) if table.rows > SAMPLE_ROWS else None
    features = [(name, array) for name, array in table.columns.items() if name not in left_out]
    kind = None if label is None else label.kind
    return Layout(
        columns=tuple(_column(name, array, sample) for name, array in features),
        kind=kind,
        classes=3 if kind is LabelKind.REGRESSION else max(len(label.classes) if label else 1, 1),
        folds_by_number=_is_low_resolution(features),
    )


def _column(name: str, array: pa.Array, sample: NDArray[np.int64] | None) -> ColumnLayout:
    kind = kind_of(array)
    if kind is ColumnKind.EMPTY:
        return ColumnLayout(name=name, kind=kind, bins=(), is_value=True)
    if kind is ColumnKind.TEXT:
        return _text(name, array)
    return _numeric(name, kind, array, sample)


def _text(name: str, array: pa.Array) -> ColumnLayout:
    row_codes = codes(array)
    counts = np.bincount(row_codes[row_codes >= 0], minlength=len(array.dictionary))
    used = int((counts > 0).sum())
    kept = used if used <= MOST_VALUES else MOST_VALUES - 1
    order = np.argsort(-counts, kind="stable")
    order = order[: np.searchsorted(-counts[order], -counts[order[kept - 1]], side="right")]  # all ties, then by text
    texts = array.dictionary.take(from_numpy(order)).to_pylist()
    levels = tuple(text for _, text in sorted(zip(-counts[order], texts, strict=True))[:kept])
    shown = tuple(level if len(level) <= LONGEST else level[: LONGEST - 1] + "…" for level in levels)
    is_value = used <= MOST_VALUES
    return ColumnLayout(
        name=name,
        kind=ColumnKind.TEXT,
        bins=shown if is_value else (*shown, OTHER),
        is_value=is_value,
        levels=levels,
    )


def _numeric(name: str, kind: ColumnKind, array: pa.Array, sample: NDArray[np.int64] | None) -> ColumnLayout:
    rows = len(array) - array.null_count
    distinct = array.slice(0, LOOK_ROWS).unique()
    if len(distinct) <= MOST_VALUES + 1 and len(array) > LOOK_ROWS:
        distinct = array.unique()
    distinct = distinct.drop_null()
    if len(distinct) <= min(MOST_VALUES, max(FEW_VALUES, rows / ROWS_PER_VALUE)):
        values = np.unique(numbers(distinct))
        return ColumnLayout(name=name, kind=kind, bins=_shown(values, kind), is_value=True, edges=values)
    taken = numbers(array if sample is None else array.take(from_numpy(sample)))
    taken = np.sort(taken[~np.isnan(taken)])
    bins = int(np.clip(rows // ROWS_PER_BIN, FEWEST_BINS, MOST_BINS))
    places = (np.arange(1, bins) * len(taken)) // bins
    edges = np.unique(taken[places]) if len(taken) else np.zeros(0)
    return ColumnLayout(name=name, kind=kind, bins=(*_shown(edges, kind), "inf"), is_value=False, edges=edges)


def _shown(values: NDArray[np.float64], kind: ColumnKind) -> tuple[str, ...]:
    if kind is ColumnKind.BOOLEAN:
        return tuple(("false", "true")[int(value)] for value in values)
    return tuple(map(shown_time if kind is ColumnKind.TIME else shown_number, values.tolist()))


def _is_low_resolution(features: Sequence[tuple[str, pa.Array]]) -> bool:
    parts = [(name, value_lanes(array.slice(0, LOOK_ROWS))) for name, array in features]
    if not parts:
        return True
    looked = len(parts[0][1])
    different = int(numbered(row_lanes(parts, looked))[0].max()) + 1
    return different < FEW_DIFFERENT_ROWS and different * 2 < looked
