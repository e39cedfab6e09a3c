"""The first pass: rows are hashed, and what layouts are made of is gathered, block by block."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from heldout.core.profile import ColumnKind
from heldout.tables.arrays import from_numpy, null_mask
from heldout.tables.columns import kind_of
from heldout.tables.hashing import RowLanes
from heldout.tables.sketch import Sketch
from heldout.tables.table import Table, codes, numbers

__all__ = ["MOST_VALUES", "Seen", "see"]

MOST_VALUES = 256
"""A column with at most this many different values has one bin for each, where they repeat (ROWS_PER_VALUE)."""

LOOK_ROWS = 1024
"""So many rows of a block mostly tell that a column has more than MOST_VALUES values, before all are sorted."""


@dataclass(slots=True, kw_only=True)
class Seen:
    """What the first pass saw of one column, in the rows that count.

    `values` are its different numbers while there are at most MOST_VALUES, `sampled` the numbers of the sampled rows;
    `levels` are the hashes of its different texts, in order, with `counts` of their rows.
    """

    name: str
    kind: ColumnKind = ColumnKind.EMPTY
    filled: int = 0
    sketch: Sketch = field(default_factory=Sketch)
    values: NDArray[np.float64] | None = field(default_factory=lambda: np.zeros(0))
    sampled: list[NDArray[np.float64]] = field(default_factory=list)
    levels: NDArray[np.uint64] = field(default_factory=lambda: np.zeros(0, np.uint64))
    counts: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    pending: list[tuple[NDArray[np.uint64], NDArray[np.int64]]] = field(default_factory=list)


def see(
    table: Table,
    names: Iterable[str],
    lanes: RowLanes,
    *,
    known: NDArray[np.bool_] | None = None,
    sample: NDArray[np.int64] | None = None,
) -> Iterator[Seen]:
    """Walk through columns one by one, add them to the hashes of the rows, and yield what was seen of each.

    Rows count where `known` is true; `sample` are the numbers of those whose values are kept, all where it is None.
    """
    for name in names:
        seen = Seen(name=name)
        for start, block in table.blocks(name):
            hashes = lanes.add(name, block, start)
            rows = None if known is None else known[start : start + len(block)]
            kind = kind_of(block if rows is None else block.filter(from_numpy(rows)))
            if kind is ColumnKind.EMPTY:
                continue
            seen.kind = kind
            if kind is ColumnKind.TEXT:
                _texts(seen, block, hashes, rows)
            else:
                _numbers(seen, block, hashes, rows, _within(sample, start, len(block)))
        _merge(seen)
        yield seen


def _within(sample: NDArray[np.int64] | None, start: int, rows: int) -> slice | NDArray[np.int64]:
    if sample is None:
        return slice(None)
    low, high = np.searchsorted(sample, (start, start + rows))
    return sample[low:high] - start


def _numbers(
    seen: Seen,
    block: pa.Array,
    hashes: NDArray[np.uint64],
    rows: NDArray[np.bool_] | None,
    sampled: slice | NDArray[np.int64],
) -> None:
    values = numbers(block)
    taken = values[sampled]
    if rows is not None and isinstance(sampled, slice):
        taken = values[rows]
    seen.sampled.append(taken[~np.isnan(taken)])
    if block.null_count or rows is not None:
        there = ~null_mask(block) if rows is None else rows & ~null_mask(block)
        values, hashes = values[there], hashes[there]
    seen.filled += len(values)
    if seen.values is not None:
        seen.values = _few(seen.values, values)
    seen.sketch.add(hashes)


def _few(known: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """Return all different values, or None where they are too many."""
    for part in (values[:LOOK_ROWS], values[LOOK_ROWS:]):
        known = np.unique(np.concatenate([known, part]))
        if len(known) > MOST_VALUES:
            return None
    return known


def _texts(seen: Seen, piece: pa.Array, hashes: NDArray[np.uint64], rows: NDArray[np.bool_] | None) -> None:
    place = codes(piece)
    if rows is not None:
        place = place[rows]
    if piece.null_count:
        place = place[place >= 0]
    counts = np.bincount(place, minlength=len(hashes))
    used = counts > 0
    seen.filled += len(place)
    seen.sketch.add(hashes[used])
    seen.pending.append((hashes[used], counts[used]))
    if sum(len(levels) for levels, _ in seen.pending) > len(
        seen.levels
    ):  # so that merging stays cheap over many pieces
        _merge(seen)


def _merge(seen: Seen) -> None:
    parts: Sequence[tuple[NDArray[np.uint64], NDArray[np.int64]]] = [(seen.levels, seen.counts), *seen.pending]
    if not seen.pending:
        return
    every = np.concatenate([levels for levels, _ in parts])
    counts = np.concatenate([counts for _, counts in parts])
    order = np.argsort(every)
    every, counts = every[order], counts[order]
    starts = np.flatnonzero(np.append(True, every[1:] != every[:-1]))
    seen.levels, seen.counts = every[starts], np.add.reduceat(counts, starts) if len(starts) else counts
    seen.pending = []
