"""Sums of several columns that leave only a handful of values of a numeric label over (fees, surcharges, rounding)."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["MOST_REMAINDERS", "remainder_of", "summands"]

Floats = NDArray[np.float64]

NEAR_ONE = 0.2
"""A summand's least-squares coefficient lies at most so far from 1 or -1."""
MOST_COLUMNS = 60
MOST_REMAINDERS = 32
"""Different values that may be left over, at most."""
FEWER_VALUES = 8
"""What is left over has so many times fewer values than the label, and without any one summand several times more."""
COVERED = 0.999
LEAST_ROWS = 200


def summands(x: Floats, y: Floats) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the places and signs of two or more columns of x (n, k) whose sum leaves few values of y (n,) over.

    Columns with a gap are left out. Empty without such a sum: it has least-squares coefficients near 1 or -1, its
    remainder few values, and each of its columns is needed for that.

    >>> rng = np.random.default_rng(0)
    >>> x = np.round(rng.gamma(2, 5, (500, 3)), 2)
    >>> summands(x, x[:, 0] + x[:, 2] + rng.choice([0.3, 0.8], 500))
    ((0, 2), (1, 1))
    """
    known = np.isfinite(y)
    x, y = x[known], y[known]
    usable = np.flatnonzero(np.isfinite(x).all(axis=0) & (np.ptp(x, axis=0) > 0)) if len(y) else np.zeros(0, np.int64)
    if len(usable) < 2 or len(y) < LEAST_ROWS:
        return (), ()
    if len(usable) > MOST_COLUMNS:
        centred = x[:, usable] - x[:, usable].mean(axis=0)
        strength = np.abs(centred.T @ (y - y.mean())) / np.linalg.norm(centred, axis=0)
        usable = np.sort(usable[np.argsort(-strength, kind="stable")[:MOST_COLUMNS]])
    scale = x[:, usable].std(axis=0)
    design = np.column_stack([x[:, usable] / scale, np.ones(len(y))])
    coefficients = np.linalg.lstsq(design, y, rcond=None)[0][:-1] / scale
    near = np.abs(np.abs(coefficients) - 1) <= NEAR_ONE
    places = [int(p) for p in usable[near]]
    signs = [1 if c > 0 else -1 for c in coefficients[near]]
    return _needed(x, y, places, signs)


def remainder_of(x: Floats, y: Floats, signs: tuple[int, ...]) -> tuple[int, int]:
    """Return on how many rows one of the MOST_REMAINDERS commonest remainders is left, and how many those are."""
    rest = np.round(y - x @ np.array(signs), 6)
    _, counts = np.unique(rest[np.isfinite(rest)], return_counts=True)
    top = np.sort(counts)[::-1][:MOST_REMAINDERS]
    return int(top.sum()), len(top)


def _needed(x: Floats, y: Floats, places: list[int], signs: list[int]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Drop summands that are not needed, then ask that few values are left and that each of the rest is needed."""
    for j in range(len(places) - 1, -1, -1):
        if len(places) > 2 and _values(x, y, places, signs, without=j) <= _values(x, y, places, signs):
            del places[j], signs[j]
    if len(places) < 2:
        return (), ()
    left, own = _values(x, y, places, signs), len(np.unique(np.round(y, 6)))
    is_few = left <= min(MOST_REMAINDERS, own / FEWER_VALUES)
    if not is_few or any(_values(x, y, places, signs, without=j) < 2 * left for j in range(len(places))):
        return (), ()
    return tuple(places), tuple(signs)


def _values(x: Floats, y: Floats, places: list[int], signs: list[int], without: int = -1) -> int:
    """Return how many different remainders hold COVERED of the rows."""
    kept = [j for j in range(len(places)) if j != without]
    rest = np.round(y - x[:, [places[j] for j in kept]] @ np.array([signs[j] for j in kept]), 6)
    counts = np.sort(np.unique(rest, return_counts=True)[1])[::-1]
    return int(np.searchsorted(np.cumsum(counts), COVERED * len(y))) + 1
