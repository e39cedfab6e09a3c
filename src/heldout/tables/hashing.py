"""128-bit hashes of values and rows: two independent 64-bit lanes, the same for equal values in any table.

The mixing function is the finaliser of SplitMix64 (Steele, Lea & Flood 2014). It spreads well and is no defence
against somebody who builds collisions on purpose.
"""

import zlib
from collections.abc import Iterable

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from heldout.tables.arrays import null_mask, raw_values

__all__ = ["numbered", "row_lanes", "value_lanes"]

Lanes = NDArray[np.uint64]

SEEDS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F)
NULL = 0x5851F42D4C957F2D
FRACTION = 0x14057B7EF767814F


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
    every = np.vstack(lanes)
    order = np.lexsort((every[:, 1], every[:, 0]))
    is_new = (every[order[1:]] != every[order[:-1]]).any(axis=1)
    number = np.zeros(len(every), np.int64)
    number[order[1:]] = np.cumsum(is_new)
    return np.split(number, np.cumsum([len(part) for part in lanes])[:-1])


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
    """Hash texts eight bytes at a time, all texts at once: as many steps as the longest text has words."""
    if not len(texts):
        return np.zeros((0, 2), np.uint64)
    _, offset_buffer, data = texts.buffers()
    offsets = np.frombuffer(offset_buffer, np.int64)[texts.offset : texts.offset + len(texts) + 1]
    raw = np.frombuffer(data, np.uint8) if data is not None else np.zeros(0, np.uint8)
    padded = np.concatenate([raw, np.zeros(8, np.uint8)])
    windows: NDArray[np.uint64] = np.ndarray((len(padded) - 7,), "<u8", padded, strides=(1,))
    starts, lengths = offsets[:-1], np.diff(offsets)
    lanes = _lanes(lengths.astype(np.uint64))
    at = np.arange(len(texts))
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
