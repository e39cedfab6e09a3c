"""Pearson's correlation of paired numbers, one sample or many at once."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from heldout.stats.sample import BadSample, Undefined

__all__ = ["correlation"]


def correlation(first: ArrayLike, second: ArrayLike) -> NDArray[np.float64]:
    """Return Pearson's correlation of first (..., n) and second (..., n) along the last axis, shape (...).

    Where one of the two does not vary no correlation exists: Undefined is raised for a single sample, and a row of
    several has NaN. Raises BadSample for different shapes or fewer than two pairs. Pearson 1895, Proceedings of the
    Royal Society 58:240.

    >>> float(correlation([1.0, 2.0, 3.0], [1.0, 2.0, 2.0]))
    0.8660254037844387
    """
    a, b = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    if a.shape != b.shape or a.ndim < 1 or a.shape[-1] < 2:
        raise BadSample(f"shapes {a.shape} and {b.shape} make no pairs", expected="one shape, two pairs at least")
    a = a - a.mean(axis=-1, keepdims=True)
    b = b - b.mean(axis=-1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        r = (a * b).sum(axis=-1) / np.sqrt((a * a).sum(axis=-1) * (b * b).sum(axis=-1))
    if a.ndim == 1 and not np.isfinite(r):
        raise Undefined("one of the two does not vary, so nothing varies with it")
    return np.asarray(np.clip(r, -1, 1))
