"""Products of two columns that follow a third closely, as a ratio does that was computed with a small correction."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["NearProduct", "followed", "near_products"]

Floats = NDArray[np.float64]

NEAR = 0.01
"""A product follows where it is off by at most this share of the column's standard deviation."""
NEARLY_ALL = 0.999
LARGEST_CHANCE = 0.5
"""Share of rows on which it would follow with the values of other rows in one of its columns, at most."""
FEWEST_ROWS = 100
FEWEST_VALUES = 50
"""Different values of each column, as ratios of small whole numbers repeat by themselves."""
SCREENED_ROWS = 400
STRONGEST = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class NearProduct:
    """Column `first` times column `second` (`exponent` 1) or divided by it (-1), by places; `chance` as above."""

    first: int
    second: int
    exponent: int
    chance: float


def near_products(x: Floats, y: Floats, seed: int = 0) -> list[NearProduct]:
    """Return the pairs of columns of x (n, k) whose product or ratio follows y (n,) up to a factor.

    The first of a pair is among the STRONGEST first columns of x.
    """
    rng = np.random.default_rng(seed)
    chosen = rng.permutation(np.flatnonzero(np.isfinite(y)))[:SCREENED_ROWS]
    x, y = x[chosen], y[chosen]
    if len(y) < FEWEST_ROWS or len(np.unique(y)) < FEWEST_VALUES:
        return []
    order = rng.permutation(len(y))
    usable = [j for j in range(x.shape[1]) if len(np.unique(x[np.isfinite(x[:, j]), j])) >= FEWEST_VALUES]
    found = []
    for a in usable[:STRONGEST]:
        for b in (b for b in usable if b != a):
            for exponent in (1, -1):
                hits, rows = followed(x[:, a], x[:, b], y, exponent)
                if rows < FEWEST_ROWS or hits < NEARLY_ALL * rows:
                    continue
                mixed = [followed(x[order, a], x[:, b], y, exponent), followed(x[:, a], x[order, b], y, exponent)]
                chance = max(hits / max(rows, 1) for hits, rows in mixed)
                if chance <= LARGEST_CHANCE:
                    found.append(NearProduct(first=a, second=b, exponent=exponent, chance=chance))
    return found


def followed(a: Floats, b: Floats, y: Floats, exponent: int) -> tuple[int, int]:
    """Return on how many rows a b^exponent, times the factor that fits best, is y or nearly so, and of how many.

    >>> a, b = np.arange(1.0, 9), np.arange(2.0, 10) ** 2
    >>> followed(a, b, 3 * a / b, -1), followed(a, b, 3 * a * b + 1e3 * (a > 6), -1)
    ((8, 8), (0, 8))
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        made = a * b**exponent
    known = np.isfinite(made) & np.isfinite(y)
    made, y = made[known], y[known]
    size = float(made @ made)
    if not size:
        return 0, len(y)
    off = np.abs(y - float(y @ made) / size * made)
    return int((off <= NEAR * y.std()).sum()), len(y)
