"""What is dealt as one: rows of a group, copies, and both together; numbered by content, whatever the rows' order."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from heldout.stats.sample import BadSample

__all__ = ["copies", "joined", "numbered_values", "per_unit", "strata_of"]

MOST_CLASSES = 20
QUANTILES = 10

Codes = NDArray[np.int64]


def numbered_values(values: ArrayLike, name: str = "groups") -> Codes:
    """Number the different values (n,) from 0 in their order: equal values get the same number.

    >>> numbered_values(["b", "a", "b"]).tolist()
    [1, 0, 1]
    """
    array = np.asarray(values)
    if array.ndim != 1:
        raise BadSample(f"{name} have {array.ndim} dimensions", expected="one value per row")
    if array.dtype == object:  # mixed types have no order; their texts do
        array = np.array([f"{type(value).__name__} {value}" for value in array.tolist()])
    return np.unique(array, return_inverse=True)[1].astype(np.int64).ravel()


def copies(X: Any, y: ArrayLike | None = None) -> Codes:  # noqa: N803 - scikit-learn's name
    """Number the rows of a frame or an array (n, columns), and `y` beside it, so that equal rows share a number.

    >>> copies([[1, 2], [3, 4], [1, 2]]).tolist()
    [0, 1, 0]
    """
    if hasattr(X, "columns") and hasattr(X, "__getitem__"):
        columns = [np.asarray(X[name]) for name in X.columns]
    else:
        columns = list(np.atleast_2d(np.asarray(X.toarray() if hasattr(X, "toarray") else X)).T)
    columns += [] if y is None else [np.asarray(y)]
    number = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        values = numbered_values(column, "columns")
        number = np.unique(number * (int(values.max(initial=0)) + 1) + values, return_inverse=True)[1].ravel()
    return number.astype(np.int64)


def joined(first: Codes, second: Codes) -> Codes:
    """Number the rows so that those tied by either number, directly or over others, share one.

    >>> joined(np.array([0, 0, 1, 2]), np.array([0, 1, 1, 2])).tolist()
    [0, 0, 0, 1]
    """
    ones, rows = np.ones(len(first), np.int8), int(first.max(initial=0)) + 1
    nodes = rows + int(second.max(initial=0)) + 1
    graph = coo_array((ones, (first, rows + second)), shape=(nodes, nodes))
    number = connected_components(graph, directed=False)[1][first]
    return np.unique(number, return_inverse=True)[1].astype(np.int64).ravel()


def strata_of(y: ArrayLike | None, rows: int) -> Codes:
    """Return the class of each row that a split keeps the shares of: y's, tenths of a number, or one for all.

    >>> strata_of(["no", "yes", "no"], 3).tolist(), strata_of(None, 2).tolist()
    ([0, 1, 0], [0, 0])
    """
    if y is None:
        return np.zeros(rows, np.int64)
    values = np.asarray(y)
    if values.ndim != 1:
        values = copies(values)
    number = numbered_values(values, "y")
    if values.dtype.kind not in "fiu" or number.max(initial=0) < MOST_CLASSES:
        return number
    edges = np.quantile(values, np.arange(1, QUANTILES) / QUANTILES)
    return np.searchsorted(edges, values, side="right").astype(np.int64)


def per_unit(unit: Codes, strata: Codes) -> NDArray[np.int64]:
    """Count the rows of each unit and stratum: shape (units, strata)."""
    units, width = int(unit.max(initial=-1)) + 1, int(strata.max(initial=0)) + 1
    return np.bincount(unit * width + strata, minlength=units * width).reshape(units, width)
