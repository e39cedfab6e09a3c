"""What is fixed before rows are counted, so that the counts of any parts of a table add up."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from heldout.core.profile import FOLDS, ColumnKind, LabelKind
from heldout.tables.arrays import from_numpy
from heldout.tables.first_pass import MOST_VALUES, Seen, see
from heldout.tables.hashing import RowLanes, level_hashes, numbered
from heldout.tables.label import Label
from heldout.tables.shown import shown_number, shown_time
from heldout.tables.table import Table

__all__ = ["OTHER", "ColumnLayout", "Layout", "Look", "fix_layout", "folds_of", "look"]

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
    return look(table, label, seed=seed).layout


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A layout, with what the pass that made it has found on the way: each row's fold, and each column's sketch."""

    layout: Layout
    fold: NDArray[np.uint8]
    sketches: Mapping[str, NDArray[np.uint64]]


def look(table: Table, label: Label | None, *, known: NDArray[np.bool_] | None = None, seed: int = 0) -> Look:
    """Walk through a table once; rows count where `known` is true, or all. The table keeps its rows' hashes."""
    rows = table.rows if known is None else int(known.sum())
    sample = None
    if rows > SAMPLE_ROWS:
        sample = np.sort(np.random.default_rng(seed).choice(rows, SAMPLE_ROWS, replace=False))
        sample = sample if known is None else np.flatnonzero(known)[sample]
    left_out = () if label is None else tuple(name for name in label.columns if name in table.columns)
    names = [name for name in table.columns if name not in left_out]
    lanes = RowLanes(table.rows)
    columns, sketches = [], {}
    for seen in see(table, names, lanes, known=known, sample=sample):
        columns.append(_column(seen, table))
        sketches[seen.name] = seen.sketch.hashes
    by_number = not names or _is_low_resolution(lanes, known)
    fold = folds_of(np.arange(table.rows, dtype=np.uint64) if by_number else lanes.lanes[:, 0], by_number=by_number)
    for name in left_out:
        for start, block in table.blocks(name):
            lanes.add(name, block, start)
    table.keep_lanes([*names, *left_out], lanes)
    kind = None if label is None else label.kind
    layout = Layout(
        columns=tuple(columns),
        kind=kind,
        classes=3 if kind is LabelKind.REGRESSION else max(len(label.classes) if label else 1, 1),
        folds_by_number=by_number,
    )
    return Look(layout=layout, fold=fold, sketches=sketches)


def folds_of(words: NDArray[np.uint64], *, by_number: bool) -> NDArray[np.uint8]:
    """Return the fold of each row from its hash, or from its number."""
    if by_number:
        words = words * np.uint64(0x9E3779B97F4A7C15) >> np.uint64(32)
    return (words % np.uint64(FOLDS)).astype(np.uint8)


def _column(seen: Seen, table: Table) -> ColumnLayout:
    if seen.kind is ColumnKind.EMPTY:
        return ColumnLayout(name=seen.name, kind=seen.kind, bins=(), is_value=True)
    return _text(seen, table) if seen.kind is ColumnKind.TEXT else _numeric(seen)


def _text(seen: Seen, table: Table) -> ColumnLayout:
    used = len(seen.counts)
    kept = used if used <= MOST_VALUES else MOST_VALUES - 1
    chosen = np.argsort(-seen.counts, kind="stable")[:kept]  # of equally frequent levels those with the smaller hash
    counts = dict(zip(seen.levels[chosen].tolist(), seen.counts[chosen].tolist(), strict=True))
    texts = _texts_of(seen.name, table, np.sort(seen.levels[chosen]))
    levels = tuple(text for _, text in sorted((-counts[level], text) for level, text in texts.items()))
    shown = tuple(level if len(level) <= LONGEST else level[: LONGEST - 1] + "…" for level in levels)
    is_value = used <= MOST_VALUES
    return ColumnLayout(
        name=seen.name,
        kind=ColumnKind.TEXT,
        bins=shown if is_value else (*shown, OTHER),
        is_value=is_value,
        levels=levels,
    )


def _texts_of(name: str, table: Table, wanted: NDArray[np.uint64]) -> dict[int, str]:
    """Return the texts that have these hashes; as a rule they all stand in the first piece."""
    found: dict[int, str] = {}
    for piece in table.pieces(name):
        if pa.types.is_dictionary(piece.type):
            levels = level_hashes(name, piece)
            at = np.flatnonzero(np.isin(levels, wanted))
            found |= dict(zip(levels[at].tolist(), piece.dictionary.take(from_numpy(at)).to_pylist(), strict=True))
        if len(found) == len(wanted):
            break
    return found


def _numeric(seen: Seen) -> ColumnLayout:
    values, rows = seen.values, seen.filled
    if values is not None and len(values) <= max(FEW_VALUES, rows / ROWS_PER_VALUE):
        return ColumnLayout(name=seen.name, kind=seen.kind, bins=_shown(values, seen.kind), is_value=True, edges=values)
    taken = np.sort(np.concatenate(seen.sampled))
    bins = int(np.clip(rows // ROWS_PER_BIN, FEWEST_BINS, MOST_BINS))
    places = (np.arange(1, bins) * len(taken)) // bins
    edges = np.unique(taken[places]) if len(taken) else np.zeros(0)
    return ColumnLayout(
        name=seen.name, kind=seen.kind, bins=(*_shown(edges, seen.kind), "inf"), is_value=False, edges=edges
    )


def _shown(values: NDArray[np.float64], kind: ColumnKind) -> tuple[str, ...]:
    if kind is ColumnKind.BOOLEAN:
        return tuple(("false", "true")[int(value)] for value in values)
    return tuple(map(shown_time if kind is ColumnKind.TIME else shown_number, values.tolist()))


def _is_low_resolution(lanes: RowLanes, known: NDArray[np.bool_] | None) -> bool:
    first = lanes.lanes[:LOOK_ROWS] if known is None else lanes.lanes[np.flatnonzero(known)[:LOOK_ROWS]]
    different = int(numbered(first)[0].max(initial=0)) + 1
    return different < FEW_DIFFERENT_ROWS and different * 2 < len(first)
