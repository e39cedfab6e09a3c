"""Ranks in which equal values share the mean of their places, without what SciPy takes to load."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["midranks"]


def midranks(values: ArrayLike) -> NDArray[np.float64]:
    """Return the ranks (n,) of n finite values, from 1, in the order of their elements whatever their shape.

    Equal values have the mean of the ranks that they span.

    >>> midranks([3, 1, 3]).tolist()
    [2.5, 1.0, 2.5]
    """
    array = np.asarray(values).ravel()
    order = np.argsort(array, kind="stable")
    ordered = array[order]
    starts = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1])[: array.size])
    ends = np.append(starts[1:], array.size)
    ranks = np.empty(array.size)
    ranks[order] = np.repeat((starts + 1 + ends) / 2, ends - starts)
    return ranks
