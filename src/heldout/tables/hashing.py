"""128-bit hashes of values and rows: two 64-bit lanes, the same for equal values in any table.

The mixing function is the finaliser of SplitMix64 (Steele, Lea & Flood 2014). It spreads well and is no defence
against somebody who builds collisions on purpose.
"""

import hashlib
import zlib
from collections.abc import Iterable

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from heldout.tables.arrays import null_mask, raw_values

__all__ = ["RowLanes", "found_in", "level_hashes", "numbered", "repeated", "row_lanes", "value_lanes"]

Lanes = NDArray[np.uint64]

SEEDS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F)
NULL = 0x5851F42D4C957F2D
FRACTION = 0x14057B7EF767814F
LONG = 1024
BLOCK = 2**20
EXACT_TO = 2**53
"""Whole numbers up to here are told apart as floats too."""


def value_lanes(array: pa.Array) -> Lanes:
    """Hash each value of a normalised Arrow array (see `heldout.tables.table`) to two lanes: shape (n, 2).

    A whole number hashes alike as integer and as float; nulls hash alike.
    """
    if pa.types.is_null(array.type):
        return np.tile(_lanes(np.full(1, NULL, np.uint64)), (len(array), 1))
    if pa.types.is_dictionary(array.type):
        levels = np.vstack([_text_lanes(array.dictionary), _lanes(np.full(1, NULL, np.uint64))])
        return levels[np.where(null_mask(array.indices), len(levels) - 1, raw_values(array.indices))]
    words = _words(array)
    if array.null_count:
        words[null_mask(array)] = NULL
    return _lanes(words)


def row_lanes(columns: Iterable[tuple[str, Lanes]], rows: int) -> Lanes:
    """Hash whole rows from (name, value lanes) pairs: shape (rows, 2); the order of the columns does not matter."""
    total = np.zeros((rows, 2), np.uint64)
    for name, lanes in columns:
        seed = np.uint64(zlib.crc32(name.encode()) | (zlib.adler32(name.encode()) << 32))
        total += _mix(lanes ^ seed)
    return total


def numbered(*lanes: Lanes) -> list[NDArray[np.int64]]:
    """Number the different hashes of several arrays of shape (n, 2) from 0: equal hashes get the same number."""
    every = np.concatenate(lanes)
    order = np.argsort(every[:, 0])
    first, second = every[order, 0], every[order, 1]
    is_new = first[1:] != first[:-1]
    if (~is_new & (second[1:] != second[:-1])).any():  # the first lane alone does not tell all of them apart
        order = np.lexsort((every[:, 1], every[:, 0]))
        is_new = (every[order[1:]] != every[order[:-1]]).any(axis=1)
    number = np.zeros(len(every), np.int64)
    number[order[1:]] = np.cumsum(is_new)
    return np.split(number, np.cumsum([len(part) for part in lanes])[:-1])


def repeated(lanes: Lanes) -> NDArray[np.bool_]:
    """Return which hashes of shape (n, 2) stand there more than once."""
    first = np.sort(lanes[:, 0])
    twice = first[1:][first[1:] == first[:-1]]
    found = _among(lanes[:, 0], twice)
    at = np.flatnonzero(found)
    number = numbered(lanes[at])[0]
    found[at] = np.bincount(number)[number] > 1
    return found


def found_in(lanes: Lanes, others: Lanes) -> NDArray[np.bool_]:
    """Return which hashes of shape (n, 2) are among others of shape (m, 2)."""
    found = _among(lanes[:, 0], np.sort(others[:, 0]))
    at = np.flatnonzero(found)
    there = np.flatnonzero(_among(others[:, 0], np.sort(lanes[at, 0])))
    wanted, given = numbered(lanes[at], others[there])
    found[at] = np.isin(wanted, given)
    return found


def _among(values: NDArray[np.uint64], in_order: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Return which values are among others that are sorted; most are told by their leading bits."""
    if not len(in_order):
        return np.zeros(len(values), np.bool_)
    bits = int(np.clip(np.log2(len(in_order)) + 6, 10, 26))
    seen = np.zeros(2**bits, np.bool_)
    seen[(in_order >> np.uint64(64 - bits)).astype(np.intp)] = True
    found = np.zeros(len(values), np.bool_)
    for start in range(0, len(values), BLOCK):
        block = values[start : start + BLOCK]
        at = np.flatnonzero(seen[(block >> np.uint64(64 - bits)).astype(np.intp)])
        place = np.minimum(np.searchsorted(in_order, block[at]), len(in_order) - 1)
        found[start + at] = in_order[place] == block[at]
    return found


class RowLanes:
    """The hashes of a table's rows, added up column by column and block by block; what was added can be taken off.

    A value counts by its mixed bits, seeded by its column's name: once as they are, and once mixed again.
    """

    def __init__(self, rows: int) -> None:
        self.total = np.zeros((2, rows), np.uint64)

    def add(self, name: str, array: pa.Array, start: int, *, take_off: bool = False) -> Lanes:
        """Add the values of the rows from `start` on, and return their hashes: of texts, those of the levels."""
        change = np.subtract if take_off else np.add
        first, second = _seeded(array, name)
        rows = self.total[:, start : start + len(array)]
        if pa.types.is_dictionary(array.type):
            place: NDArray[np.int32] = raw_values(array.indices).astype(np.int32, copy=False)
            if array.null_count:
                place = np.where(null_mask(array), np.int32(-1), place)
            change(rows[0], first.take(place), out=rows[0])
            change(rows[1], second.take(place), out=rows[1])
            return first[:-1]
        change(rows[0], first, out=rows[0])
        change(rows[1], second, out=rows[1])
        return first

    @property
    def lanes(self) -> Lanes:
        """The hashes, shape (rows, 2)."""
        return self.total.T


def level_hashes(name: str, array: pa.Array) -> Lanes:
    """Return the hashes of a text column's levels as `RowLanes.add` gives them."""
    return _seeded(array, name)[0][:-1]


def _seeded(array: pa.Array, name: str) -> tuple[Lanes, Lanes]:
    """Return both lanes of each value; of texts those of each level, and of null as the last."""
    seed = np.uint64(zlib.crc32(name.encode()) | (zlib.adler32(name.encode()) << 32))
    if pa.types.is_dictionary(array.type):
        first, second = _mixed_twice(np.full(1, NULL, np.uint64) ^ seed)
        texts = _text_lanes(array.dictionary) ^ seed
        return np.append(_mix(texts[:, 0]), first), np.append(_mix(texts[:, 1]), second)
    if pa.types.is_null(array.type):
        words = np.full(len(array), NULL, np.uint64)
    else:
        words = _float_words(array)
        if array.null_count:
            words[null_mask(array)] = NULL
    words ^= seed
    return _mixed_twice(words)


def _mixed_twice(words: Lanes) -> tuple[Lanes, Lanes]:
    """Mix words in place as `_mix` does, and mix the result again, with as few arrays on the way as it takes."""
    spare = np.empty_like(words)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        np.right_shift(words, np.uint64(shift), out=spare)
        words ^= spare
        words *= np.uint64(factor)
    np.right_shift(words, np.uint64(31), out=spare)
    words ^= spare
    second = words >> np.uint64(32)
    second ^= words
    second *= np.uint64(0xBF58476D1CE4E5B9)
    np.right_shift(second, np.uint64(29), out=spare)
    second ^= spare
    return words, second


def _float_words(array: pa.Array) -> Lanes:
    """Return one word a value, alike for a whole number as integer and as float: the bits of the float."""
    values = raw_values(array)
    floats = values.astype(np.float64)
    floats += 0.0  # -0.0 becomes 0.0
    words = floats.view(np.uint64)
    if values.dtype == np.int64 and len(values) and not -EXACT_TO < values.min() <= values.max() < EXACT_TO:
        with np.errstate(invalid="ignore"):
            inexact = floats.astype(np.int64) != values
        words[inexact] = values.view(np.uint64)[inexact] ^ np.uint64(FRACTION)
    return words


def _mix(x: Lanes) -> Lanes:
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def _lanes(words: Lanes) -> Lanes:
    return np.stack([_mix(words ^ np.uint64(seed)) for seed in SEEDS], axis=1)


def _words(array: pa.Array) -> Lanes:
    values = raw_values(array)
    if values.dtype != np.float64:
        return values.astype(np.int64).view(np.uint64).copy()
    values = np.where(null_mask(array), 0.0, values)
    whole = (values == np.floor(values)) & (np.abs(values) < 2.0**62)
    words = values.view(np.uint64) ^ np.uint64(FRACTION)
    words[whole] = values[whole].astype(np.int64).view(np.uint64)
    return words


def _text_lanes(texts: pa.LargeStringArray) -> Lanes:
    """Hash texts eight bytes at a time, all texts at once: as many steps as the longest text has words.

    Texts beyond LONG bytes, of which there are few, are hashed one by one (BLAKE2).
    """
    if not len(texts):
        return np.zeros((0, 2), np.uint64)
    _, offset_buffer, data = texts.buffers()
    offsets = np.frombuffer(offset_buffer, np.int64)[texts.offset : texts.offset + len(texts) + 1]
    raw = np.frombuffer(data, np.uint8) if data is not None else np.zeros(0, np.uint8)
    padded = np.concatenate([raw, np.zeros(8, np.uint8)])
    windows: NDArray[np.uint64] = np.ndarray((len(padded) - 7,), "<u8", padded, strides=(1,))
    starts, lengths = offsets[:-1], np.diff(offsets)
    lanes = _lanes(lengths.astype(np.uint64))
    for text in np.flatnonzero(lengths > LONG):
        digest = hashlib.blake2b(raw[offsets[text] : offsets[text + 1]].data, digest_size=16).digest()
        lanes[text] = np.frombuffer(digest, "<u8")
    at = np.flatnonzero(lengths <= LONG)
    step = 0
    while len(at):
        left = lengths[at] - step
        at, left = at[left > 0], left[left > 0]
        words = windows[starts[at] + step]
        spare = (8 * np.maximum(8 - left, 0)).astype(np.uint64)
        words = (words << spare) >> spare
        lanes[at] = _mix(lanes[at] * np.uint64(3) ^ _lanes(words))
        step += 8
    return lanes
