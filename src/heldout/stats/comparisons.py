"""Pairs of columns of which the larger one tells the class: final scores of two sides, a deadline and a delivery."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["determined_by_order", "order_states", "told_share"]

Floats = NDArray[np.float64]

SCREENED_ROWS = 500
NEARLY_ALL = 0.98
FEWEST_OF_A_CLASS = 20
LEAST_COVERED = 0.5
LEFT = 0.2
LEAST_GAIN = 0.3
"""Share of the errors of guessing the commonest class that vanish if both columns are of the same row, at least."""


def order_states(a: Floats, b: Floats) -> NDArray[np.int64]:
    """Return 0 where a < b, 1 where equal, 2 where a > b, -1 where either has no value.

    >>> order_states(np.array([1.0, 2, 3, np.nan]), np.array([2.0, 2, 2, 2])).tolist()
    [0, 1, 2, -1]
    """
    states = np.where(a < b, 0, np.where(a == b, 1, 2))
    return np.where(np.isfinite(a) & np.isfinite(b), states, -1)


def determined_by_order(x: Floats, label: NDArray[np.int64], classes: int, seed: int = 0) -> list[tuple[int, int]]:
    """Return pairs of columns of x (n, k) whose order determines the class on nearly all rows, and neither alone.

    That neither does alone is told by one of them having the values of other rows.
    """
    rng = np.random.default_rng(seed)
    chosen = rng.permutation(len(label))[:SCREENED_ROWS]
    few, codes = x[chosen], label[chosen]
    one_hot = (codes[:, None] == np.arange(classes)).astype(np.float32)
    found = []
    for a in range(x.shape[1] - 1):
        left, right = few[:, a : a + 1], few[:, a + 1 :]
        known = np.isfinite(left) & np.isfinite(right)
        below, equal = (left < right) & known, (left == right) & known
        parts = [one_hot.T @ state.astype(np.float32) for state in (below, equal, known & ~below & ~equal)]
        told, rows = sum(part.max(axis=0) for part in parts), np.maximum(known.sum(axis=0), 1)
        largest = np.stack(parts).sum(axis=0).max(axis=0)
        likely = (
            (told >= NEARLY_ALL * rows) & (rows >= LEAST_COVERED * len(codes)) & (rows - told < 0.2 * (rows - largest))
        )
        found += [(a, a + 1 + int(b)) for b in np.flatnonzero(likely)]
    return [pair for pair in found if _is_joint(x[:, pair[0]], x[:, pair[1]], label, classes, rng)]


def told_share(a: Floats, b: Floats, label: NDArray[np.int64], classes: int) -> tuple[int, int, int]:
    """Return on how many rows the order tells the class, of how many, and how many a guess of the commonest would."""
    states = order_states(a, b)
    kept = (states >= 0) & (label >= 0)
    cells = np.bincount(states[kept] * classes + label[kept], minlength=3 * classes).reshape(3, classes)
    return int(cells.max(axis=1).sum()), int(cells.sum()), int(cells.sum(axis=0).max())


def _is_joint(a: Floats, b: Floats, label: NDArray[np.int64], classes: int, rng: np.random.Generator) -> bool:
    told, rows, largest = told_share(a, b, label, classes)
    if rows - largest < FEWEST_OF_A_CLASS or told < NEARLY_ALL * rows:
        return False
    order = rng.permutation(len(label))
    mixed = max(told_share(a[order], b, label, classes)[0], told_share(a, b[order], label, classes)[0])
    return told - mixed >= LEAST_GAIN * (rows - largest)
