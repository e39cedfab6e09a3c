"""Paired arrays and a statistic of them, evaluated on resampled rows."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from heldout.stats.clusters import Clusters
from heldout.stats.sample import BadSample, Floats, Undefined

__all__ = ["Rows", "Sample", "Statistic"]

Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Arrays (n,) of paired rows, and the clusters that the rows come in; `members` lists the rows of each cluster."""

    arrays: tuple[NDArray[Any], ...]
    clusters: Clusters
    members: tuple[Rows, ...] | None

    @staticmethod
    def of(arrays: Sequence[ArrayLike], cluster: ArrayLike | None) -> "Sample":
        """Check that arrays and cluster have one length (n,), n ≥ 1, and that floats are finite; else BadSample.

        >>> Sample.of(([1, 2, 3],), ["a", "b", "a"]).members
        (array([0, 2]), array([1]))
        """
        if not arrays:
            raise BadSample("there is no array to resample", expected="one array at least")
        taken = tuple(np.asarray(array) for array in arrays)
        for i, array in enumerate(taken):
            if array.ndim != 1 or array.size != taken[0].size:
                raise BadSample(f"array {i} has shape {array.shape}", expected=f"one axis, {taken[0].size} rows")
            if array.dtype.kind == "f" and not np.isfinite(array).all():
                row = int(np.argmin(np.isfinite(array)))
                raise BadSample(f"array {i} holds a value that is not finite", where=f"row {row}", expected="numbers")
        if not taken[0].size:
            raise BadSample("the arrays are empty", expected="one row at least")
        clusters = Clusters.of(cluster, taken[0].size)
        return Sample(arrays=taken, clusters=clusters, members=_members(clusters))

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return int(self.arrays[0].size)

    def rows_of(self, units: Rows) -> Rows:
        """Return the rows of the given rows or clusters, which may repeat."""
        return units if self.members is None else np.concatenate([self.members[unit] for unit in units])

    def without(self, unit: int) -> Rows:
        """Return the rows that do not belong to a row or cluster."""
        gone = np.array([unit]) if self.members is None else self.members[unit]
        return np.delete(np.arange(self.rows), gone)

    def taken(self, rows: Rows) -> tuple[NDArray[Any], ...]:
        """Return the arrays at `rows`, of any shape."""
        return tuple(array[rows] for array in self.arrays)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistic:
    """A function of arrays (n,) that returns a number or, `vectorised`, of arrays (R, n) that returns (R,)."""

    function: Callable[..., ArrayLike]
    vectorised: bool

    def value(self, arrays: Sequence[NDArray[Any]]) -> float:
        """Return the statistic of arrays (n,), NaN where it does not exist (raised as Undefined, or not finite)."""
        return float(self._evaluated(arrays if not self.vectorised else [array[None] for array in arrays])[0])

    def several(self, arrays: Sequence[NDArray[Any]]) -> Floats:
        """Return the statistic of each row of arrays (R, n), shape (R,)."""
        if self.vectorised:
            return self._evaluated(arrays)
        return np.array([self.value(one) for one in zip(*arrays, strict=True)])

    def values(self, samples: Iterable[Sequence[NDArray[Any]]]) -> Floats:
        """Return the statistic of each sample, which may differ in length."""
        return np.array([self.value(arrays) for arrays in samples])

    def _evaluated(self, arrays: Sequence[NDArray[Any]]) -> Floats:
        count = arrays[0].shape[0] if self.vectorised else 1
        try:
            with np.errstate(divide="ignore", invalid="ignore"):
                found = np.asarray(self.function(*arrays), dtype=np.float64)
        except Undefined:
            return np.full(count, np.nan)
        if found.size != count:
            raise BadSample(f"the statistic returns shape {found.shape}", expected=f"{count} numbers")
        return np.where(np.isfinite(found), found, np.nan).reshape(count)


def _members(clusters: Clusters) -> tuple[Rows, ...] | None:
    if clusters.codes is None:
        return None
    order = np.argsort(clusters.codes, kind="stable")
    return tuple(np.split(order, np.cumsum(np.bincount(clusters.codes))[:-1]))
