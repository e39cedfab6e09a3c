"""Deals indivisible units (rows, groups, entities) to parts of stated shares, with their share of each class."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["deal"]

ONE_BY_ONE = 2_000
"""So many of the largest units are dealt one by one; each of the others is less than a part in 2,000 of the whole."""


def deal(counts: NDArray[np.int64], shares: NDArray[np.float64], seed: int) -> NDArray[np.int64]:
    """Return the part of each unit, from 0: `counts` (units, classes) are its rows, `shares` (parts,) add up to 1.

    The largest units go first, each to the part where chi-square against the shares rises least (as scikit-learn's
    StratifiedGroupKFold does for equal parts); units of about one size come in an order that `seed` draws. The many
    small ones are dealt in turn within their class.

    >>> part = deal(np.repeat(np.eye(2, dtype=np.int64), [60, 40], axis=0), np.array([0.8, 0.2]), seed=0)
    >>> np.bincount(part[:60]).tolist(), np.bincount(part[60:]).tolist()
    ([48, 12], [32, 8])
    """
    rng = np.random.default_rng(seed)
    sizes = counts.sum(axis=1)
    octave = np.floor(np.log2(np.maximum(sizes, 1))).astype(np.int64)
    chance = rng.permutation(len(sizes))
    order = np.lexsort((chance, -octave))
    first, rest = order[:ONE_BY_ONE], order[ONE_BY_ONE:]
    part = np.zeros(len(sizes), np.int64)
    part[first] = _one_by_one(counts[first], counts.sum(axis=0), shares)
    rest = rest[np.lexsort((chance[rest], -octave[rest], counts[rest].argmax(axis=1)))]
    part[rest] = _in_turn(len(rest), shares, rng)
    return part


def _one_by_one(counts: NDArray[np.int64], totals: NDArray[np.int64], shares: NDArray[np.float64]) -> NDArray[np.int64]:
    """Place each unit where Σ (rows² / expected rows) rises least, over the classes and over all rows together."""
    with_all = np.column_stack([counts, counts.sum(axis=1)]).astype(np.float64)
    weight = 1 / np.maximum(np.append(totals, totals.sum()), 1) / shares[:, None]
    placed = np.zeros_like(weight)
    part = np.empty(len(counts), np.int64)
    for unit, rows in enumerate(with_all):
        part[unit] = np.argmin((weight * rows * (2 * placed + rows)).sum(axis=1))
        placed[part[unit]] += rows
    return part


def _in_turn(units: int, shares: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.int64]:
    """Give each part its share of every stretch of units: for equal parts, once each in every block of them."""
    parts = len(shares)
    if np.ptp(shares) == 0:
        blocks = -(-units // parts)
        return rng.permuted(np.tile(np.arange(parts), (blocks, 1)), axis=1).ravel()[:units]
    # systematic sampling: at each step the part moves on to where the golden sequence falls among the shares
    golden = (np.arange(units) * 0.6180339887498949 + rng.random()) % 1.0
    return np.minimum(np.searchsorted(np.cumsum(shares), golden, side="right"), parts - 1).astype(np.int64)
