"""Maps from numbers to cells that keep their order and cost a few nanoseconds a row."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from heldout.stats.sample import Floats

__all__ = ["Edges", "Grid", "Ints", "grid_for"]

Ints = NDArray[np.int64]

CELLS = 32_768
"""Cells of a grid before its bins are joined; a grid's counts then stay in the cache."""

KEY_CELLS = 4 * CELLS
"""Cells of the grid for heavy tails, whose octaves need many."""

WHOLE_CELLS = 65_536
"""Whole numbers over a range of at most so many keep a cell each."""

REPEATED = 5
"""A value that the sample holds so often is a value of its own, not a point of a continuum."""

CENTRAL = 0.0005
"""The share of the sample at each end that a grid over its middle leaves to its two end cells."""

WHOLE = 2.0**52
BITS_OF_WHOLE = np.float64(WHOLE).view(np.int64)

HEAVIEST = 0.0015
"""A grid that puts more than this share of the sample into one cell is too coarse for the column."""


class Grid(Protocol):
    """Cells 0, 1, ... in the order of the values that they hold."""

    def codes(self, x: Floats, room: Floats, /) -> Ints:
        """Return the cell of each value of x (n,), finite; `room`, as large as x or larger, may be overwritten."""

    def starts(self) -> Floats:
        """Return the least value of each cell, ascending; the first cell also holds what lies below."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Linear:
    """Cells of equal width around the multiples first, first + 1, ... of 1 / scale; `first` even, scale a power of two.

    A value goes to the multiple nearest to it, a tie to the even one: all of it exact in floats.
    """

    scale: float
    first: float
    cells: int
    clips: bool = False

    @staticmethod
    def over(low: float, high: float, *, clips: bool = False) -> "Linear | None":
        """Return the finest such grid over [low, high] in at most `CELLS`; None where floats do not reach.

        Only a grid that `clips` takes values from outside, into its end cells.
        """
        width = high - low
        if not 0 < width < math.inf:
            return None
        exponent = math.floor(math.log2(CELLS - 4) - math.log2(width))
        if abs(exponent) > 1000 or math.frexp(max(abs(low), abs(high)))[1] + exponent > 50:
            return None
        return Linear.of_scale(low, high, math.ldexp(1.0, exponent), clips=clips)

    @staticmethod
    def of_scale(low: float, high: float, scale: float, *, clips: bool = False) -> "Linear":
        """Return the grid whose cells have the width 1 / scale; |low| and |high| below 2^50 / scale."""
        first = 2 * math.floor(low * scale / 2)
        return Linear(scale=scale, first=float(first), cells=math.ceil(high * scale) - first + 1, clips=clips)

    def codes(self, x: Floats, room: Floats, /) -> Ints:
        # a float from 2^52 on is whole, so adding 2^52 rounds, and its last bits are the cell: no cast is needed
        cell = room[: x.size]
        with np.errstate(over="ignore"):  # infinite or not, it is in an end cell
            np.multiply(x, self.scale, out=cell)
        cell += WHOLE - self.first
        if self.clips:
            np.clip(cell, WHOLE, WHOLE + self.cells - 1, out=cell)
        codes: Ints = cell.view(np.int64)
        codes -= BITS_OF_WHOLE
        return codes

    def starts(self) -> Floats:
        starts = (self.first - 0.5 + np.arange(self.cells, dtype=np.float64)) / self.scale
        starts[1::2] = np.nextafter(starts[1::2], np.inf)
        return starts


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """Cells of equally many floats: narrow near zero and wide far away, for heavy tails of either sign."""

    shift: int
    first: int
    cells: int

    @staticmethod
    def over(low: float, high: float) -> "Keys":
        """Return the finest such grid over [low, high]."""
        first, last = (int(_key(np.array([end]))[0]) for end in (low, high))
        shift = max((last - first).bit_length() - KEY_CELLS.bit_length() + 2, 0)
        return Keys(shift=shift, first=first >> shift, cells=(last >> shift) - (first >> shift) + 1)

    def codes(self, x: Floats, _room: Floats, /) -> Ints:
        """Return the cell of each value."""
        cell = _key(x)
        cell >>= self.shift
        cell -= self.first
        return np.clip(cell, 0, self.cells - 1, out=cell)

    def starts(self) -> Floats:
        key = (self.first + np.arange(self.cells, dtype=np.int64)) << self.shift
        starts: Floats = _flipped(key).view(np.float64)
        return starts


@dataclass(frozen=True, slots=True, kw_only=True)
class Edges:
    """Cells between ascending edges: they fit every column, at the cost of a binary search a row."""

    edges: Floats

    def codes(self, x: Floats, _room: Floats, /) -> Ints:
        """Return the cell of each value."""
        return np.clip(np.searchsorted(self.edges, x, side="right") - 1, 0, self.edges.size - 1)

    def starts(self) -> Floats:
        """Return the edges."""
        return self.edges


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Each cell of `grid` in three: below the cell's own frequent value (NaN: it has none), at it, and above it."""

    grid: Grid
    value: Floats
    above: Floats = field(repr=False)

    @staticmethod
    def at(values: Floats, grid: Grid) -> "Split":
        """Split `grid` at `values`, the most important last."""
        value = np.full(grid.starts().size, np.nan)
        value[grid.codes(values, np.empty_like(values))] = values
        return Split(grid=grid, value=value, above=np.nextafter(value, np.inf))

    def codes(self, x: Floats, room: Floats, /) -> Ints:
        code = self.grid.codes(x, room)
        value = self.value[code]
        code *= 3
        code += x >= value
        code += x > value
        return code

    def starts(self) -> Floats:
        start = self.grid.starts()
        none = np.isnan(self.value)
        after = np.append(start[1:], np.inf)
        return np.column_stack((start, np.where(none, after, self.value), np.where(none, after, self.above))).ravel()


def grid_for(sampled: Floats, low: float, high: float, bins: int) -> Grid:
    """Return the first of the grids that puts no more than `HEAVIEST` of the sample (n,), ascending, into a cell.

    `low` and `high` are the ends of the whole column. Values that repeat in the sample get a cell of their own. Where
    every grid is too coarse, the sample's quantiles are the edges of about `bins` cells.

    >>> even = np.linspace(0.0, 8.0, 5000)
    >>> grid_for(even, 0.0, 8.0, bins=100).starts()[:3]
    array([-0.00024414,  0.00024414,  0.00073242])
    """
    begins = np.flatnonzero(np.append(True, sampled[1:] != sampled[:-1]))
    counts = np.diff(begins, append=sampled.size)
    often = counts >= REPEATED
    frequent = sampled[begins[often]][np.argsort(counts[often], kind="stable")]
    room = np.empty_like(sampled)
    for grid in _grids(sampled, low, high):
        split = Split.at(frequent, grid) if frequent.size else grid
        rows = np.bincount(split.codes(sampled, room))
        if frequent.size:
            rows[1::3] = 0
        if rows.max(initial=0) <= HEAVIEST * sampled.size:
            return split
    quantiles = sampled[np.linspace(0, sampled.size - 1, min(bins, sampled.size), dtype=np.intp)]
    edges = np.unique(np.concatenate(([low], quantiles, frequent, np.nextafter(frequent, np.inf))))
    return Edges(edges=edges[edges <= high])


def _grids(sampled: Floats, low: float, high: float) -> Iterator[Grid]:
    tail = int(CENTRAL * sampled.size)
    middle = Linear.over(float(sampled[tail]), float(sampled[-1 - tail]), clips=True)
    yield from (grid for grid in (Linear.over(low, high), middle) if grid is not None)
    yield Keys.over(low, high)


def _key(x: Floats) -> Ints:
    """Return a number per float that has the floats' order; -0 and 0 have one key."""
    return _flipped((x + 0.0).view(np.int64))


def _flipped(bits: Ints) -> Ints:
    flipped: Ints = bits ^ ((bits >> 63) & np.int64(0x7FFF_FFFF_FFFF_FFFF))
    return flipped
