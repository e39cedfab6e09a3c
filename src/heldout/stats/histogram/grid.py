"""Order-preserving bins of scores: a lower score never lies in a higher bin, whatever the range of the scores."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from heldout.stats.histogram.binary_scores import Scores
from heldout.stats.sample import BadSample

__all__ = [
    "BLOCK",
    "SAMPLED",
    "Bins",
    "EvenGrid",
    "FoldedGrid",
    "Grid",
    "KeyGrid",
    "Keys",
    "bins_of",
    "key_score",
    "score_key",
    "universal_grid",
]

Bins = NDArray[np.intp]
Keys = NDArray[np.uint32]

BLOCK = 32_768
"""Rows binned at a time, so that the steps between score and bin stay in the processor's cache."""

SAMPLED = 16_384
"""Rows from which a grid is chosen."""

LARGEST_FLOAT32 = float(np.finfo(np.float32).max)

LEAST_FLOAT32 = float(np.finfo(np.float32).tiny)
"""A distance of −0 would have the bits of a large number; clipped to this it has not."""

FINE = 22
"""A span of keys is cut to this many bits before it is scaled, so that the product fits 32 bits."""

SCALE = 32 - FINE

SIGN = 1 << 31


class Grid(Protocol):
    """Bins 0..count-1 in the order of the scores. Two equal grids bin alike, so their histograms can be merged."""

    @property
    def count(self) -> int:
        """How many bins there are."""
        ...

    def place(self, score: Scores) -> Keys:
        """Return the bin of each score (n,)."""
        ...


@dataclass(frozen=True, slots=True)
class KeyGrid:
    """At most `most` bins of neighbouring float32 numbers, from `first` to `last`; scores beyond go to the end bins.

    The bits of a float, read as a whole number, are ordered as the floats are and nearly logarithmic: bins are finest
    around 0, and in proportion to the score elsewhere.
    """

    first: float
    last: float
    most: int

    @property
    def count(self) -> int:
        """How many bins there are."""
        return _count(self._span, self.most)

    @property
    def _span(self) -> int:
        return score_key(self.last) - score_key(self.first)

    def place(self, score: Scores) -> Keys:
        """Return the bin of each score (n,)."""
        keys = _keys(score, signed=self.first < 0)
        if self.first < 0:
            first, last = np.uint32(score_key(self.first)), np.uint32(score_key(self.last))
            np.clip(keys, first, last, out=keys)
        else:  # as signed numbers scores below 0 stay below
            first, last = np.uint32(score_key(self.first) - SIGN), np.uint32(score_key(self.last) - SIGN)
            np.clip(keys.view(np.int32), np.int32(first), np.int32(last), out=keys.view(np.int32))
        keys -= first
        return _scaled(keys, self._span, self.most)


@dataclass(frozen=True, slots=True)
class EvenGrid:
    """`most` bins of equal width from `first` to `last`; scores beyond go to the end bins. For scores spread evenly."""

    first: float
    last: float
    most: int

    @property
    def count(self) -> int:
        """How many bins there are."""
        return self.most if self.last > self.first else 1

    def place(self, score: Scores) -> Keys:
        """Return the bin of each score (n,)."""
        kind = score.dtype.type
        width = self.last / 2 - self.first / 2  # half of it, as the whole may overflow
        places = np.multiply(score, kind(0.5))
        places -= kind(self.first / 2)
        places *= kind(min(self.count / width, float(np.finfo(kind).max))) if width else kind(0)
        np.clip(places, kind(0), kind(self.count - 1), out=places)
        return places.astype(np.int32).view(np.uint32)


@dataclass(frozen=True, slots=True)
class FoldedGrid:
    """At most `most` bins, logarithmic in the distance from `first` up to the middle, and from `last` beyond it.

    They resolve scores that pile up at both ends, as saturated sigmoids do. Distances from `first` below `nearest`,
    and from `last` below `furthest`, share a bin.
    """

    first: float
    last: float
    nearest: float
    furthest: float
    most: int

    @property
    def count(self) -> int:
        """How many bins there are."""
        return _count(self._span, self.most)

    @property
    def _middle(self) -> float:
        return max(self.last / 2 - self.first / 2, *self._least)

    @property
    def _least(self) -> tuple[float, float]:
        return max(self.nearest, LEAST_FLOAT32), max(self.furthest, LEAST_FLOAT32)

    @property
    def _span(self) -> int:
        return sum(score_key(self._middle) - score_key(least) for least in self._least)

    def place(self, score: Scores) -> Keys:
        """Return the bin of each score (n,)."""
        kind, (nearest, furthest) = score.dtype.type, self._least
        # one grows up to the middle and one shrinks from it, so that their difference keeps the order
        keys = self._folded(np.subtract(score, kind(self.first)), nearest)
        keys += np.uint32(score_key(self._middle) - score_key(nearest))
        keys -= self._folded(np.subtract(kind(self.last), score), furthest)
        return _scaled(keys, self._span, self.most)

    def _folded(self, distance: Scores, least: float) -> Keys:
        kind = distance.dtype.type
        np.clip(distance, kind(least), kind(self._middle), out=distance)
        return distance.astype(np.float32, copy=False).view(np.uint32)


def bins_of(grid: Grid, score: Scores) -> Bins:
    """Return the bin of each score (n,).

    >>> bins_of(KeyGrid(0.5, 2.0, 5), np.array([0.1, 0.5, 0.9, 1.0, 1.5, 2.0, 9.0]))
    array([0, 0, 1, 2, 3, 4, 4])
    """
    bins = np.empty(score.size, np.intp)
    with np.errstate(over="ignore", under="ignore"):  # a score or distance that becomes ∞ or 0 is still in order
        for start in range(0, score.size, BLOCK):
            bins[start : start + BLOCK] = grid.place(score[start : start + BLOCK])
    return bins


def universal_grid(most: int = 1 << 20) -> KeyGrid:
    """Return the grid of about `most` bins that needs no look at the data: all of float32's range, finest around 0.

    Raises BadSample unless 2 ≤ most ≤ 2^22.

    >>> universal_grid(65_536).count
    65280
    """
    if not 2 <= most <= 1 << FINE:
        raise BadSample(f"a grid of {most} bins", expected=f"from 2 to {1 << FINE}")
    return KeyGrid(-LARGEST_FLOAT32, LARGEST_FLOAT32, most)


@lru_cache
def score_key(score: float) -> int:
    """Return a whole number in the order of the scores rounded to float32: neighbouring floats have neighbouring keys.

    >>> score_key(1.0) - score_key(0.5)
    8388608
    """
    with np.errstate(over="ignore", under="ignore"):
        return int(_keys(np.array([score]), signed=True)[0])


def key_score(key: int) -> float:
    """Return the score of a key, or the largest float32 where there is none above.

    >>> key_score(score_key(0.75))
    0.75
    """
    largest = score_key(LARGEST_FLOAT32)
    bits = np.array([min(key, largest) ^ SIGN if key >= SIGN else ~key & 0xFFFFFFFF], np.uint32)
    return float(bits.view(np.float32)[0])


def _keys(score: Scores, *, signed: bool) -> Keys:
    """Return whole numbers in the order of the scores rounded to float32; −0 and 0 are one.

    With `signed` the key of 0 is SIGN; without, it is 0, and keys of scores below 0 mean nothing but that.
    """
    floats = np.add(score, 0, dtype=np.float32, casting="same_kind")  # −0 + 0 is 0
    keys = floats.view(np.uint32)
    if signed:
        flip = (floats.view(np.int32) >> 31).view(np.uint32)
        keys ^= flip | np.uint32(SIGN)
    return keys


@lru_cache
def _steps(span: int, most: int) -> tuple[np.uint32, np.uint32]:
    """Return shift and factor that take keys 0..span to at most `most` bins: key >> shift, times factor, >> SCALE."""
    bits = min(FINE, most.bit_length() + 4)  # some 16 steps a bin or as many as fit, so that bins are even
    shift = max(span.bit_length() - bits, 0)
    factor = min(((most << SCALE) - 1) // max(span >> shift, 1), 1 << SCALE)
    return np.uint32(shift), np.uint32(factor)


def _count(span: int, most: int) -> int:
    shift, factor = (int(step) for step in _steps(span, most))
    return ((span >> shift) * factor >> SCALE) + 1


def _scaled(keys: Keys, span: int, most: int) -> Keys:
    shift, factor = _steps(span, most)
    keys >>= shift
    keys *= factor
    keys >>= np.uint32(SCALE)
    return keys
