"""Words in a row of many texts as hashes: 8 and 13 words, in numpy over the raw bytes.

A word is a run of letters and digits, in lower case; what stands between words does not count. Hashes are polynomials
modulo 2^64 (Karp & Rabin 1987), mixed by SplitMix64's finaliser; no defence against collisions built on purpose.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["LONG", "SEPARATOR", "SHORT", "Words", "runs_of", "words_of"]

Hashes = NDArray[np.uint64]

SHORT, LONG = 8, 13
SEPARATOR = 0x1E
"""The byte that stands between two texts: no run of words crosses it."""

BASE = 0x9E3779B97F4A7C15
"""An odd base has an inverse modulo 2^64, so that the hash of a part is a difference of two sums."""

TABLE = np.zeros(256, np.uint8)
TABLE[48:58] = np.arange(48, 58)
TABLE[97:123] = np.arange(97, 123)
TABLE[65:91] = np.arange(97, 123)
TABLE[128:] = np.arange(128, 256)
TABLE[SEPARATOR] = SEPARATOR


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of a text in their order: hashes (n,), and the byte at which each begins; a separator is one of 0."""

    hashes: Hashes
    starts: NDArray[np.int64]


def words_of(content: bytes) -> Words:
    """Hash the words of UTF-8 text in which SEPARATOR stands between texts.

    >>> one, other = words_of(b"The cat, the dog"), words_of(b"the CAT  the dog")
    >>> bool((one.hashes == other.hashes).all()), len(one.hashes)
    (True, 4)
    """
    signs = TABLE[np.frombuffer(content, np.uint8)]
    is_word = signs != 0
    is_gap = signs == SEPARATOR
    before = np.concatenate([[False], is_word[:-1] & ~is_gap[:-1]])
    after = np.concatenate([is_word[1:] & ~is_gap[1:], [False]])
    starts = np.flatnonzero(is_gap | (is_word & ~before))
    ends = np.flatnonzero(is_gap | (is_word & ~after))
    powers, inverses = _powers(len(signs) + 1)
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(signs * powers[: len(signs)], dtype=np.uint64)])
    hashes = _mixed((sums[ends + 1] - sums[starts]) * inverses[starts])
    hashes[is_gap[starts]] = 0
    return Words(hashes=hashes, starts=starts)


def runs_of(words: Words, length: int) -> Hashes:
    """Hash each run of `length` words, by its first word: (n - length + 1,), 0 where it crosses a separator."""
    count = len(words.hashes) - length + 1
    if count <= 0:
        return np.zeros(0, np.uint64)
    powers, inverses = _powers(len(words.hashes) + 1)
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(words.hashes * powers[:-1], dtype=np.uint64)])
    hashes = _mixed((sums[length:] - sums[:count]) * inverses[:count] + np.uint64(length))
    gaps = np.concatenate([[0], np.cumsum(words.hashes == 0)])
    hashes[gaps[length:] > gaps[:count]] = 0
    return hashes


def _mixed(x: Hashes) -> Hashes:
    """Mix in place: the finaliser of SplitMix64 (Steele, Lea & Flood 2014)."""
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        x ^= x >> np.uint64(shift)
        x *= np.uint64(factor)
    x ^= x >> np.uint64(31)
    return x


def _powers(count: int) -> tuple[Hashes, Hashes]:
    """Return the first powers of the base and of its inverse, kept for the next call of any size up to that."""
    if len(_KEPT[0]) < count:
        inverse = pow(BASE, -1, 2**64)
        for place, factor in enumerate((BASE, inverse)):
            factors = np.full(count, factor, np.uint64)
            factors[0] = 1
            _KEPT[place] = np.cumprod(factors, dtype=np.uint64)
    return _KEPT[0][:count], _KEPT[1][:count]


_KEPT: list[Hashes] = [np.ones(1, np.uint64), np.ones(1, np.uint64)]
