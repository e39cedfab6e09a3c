"""Variance when rows come in clusters: what clusters add up to, not rows, is independent."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from heldout.stats.magnitude import length, scalable
from heldout.stats.sample import BadSample, Floats, as_array, as_numbers

__all__ = [
    "Clusters",
    "Correction",
    "Uncertainty",
    "clustered_standard_error",
    "error_of_sum",
    "largest_share",
    "satterthwaite",
    "variance_of_sum",
]

Correction = Literal["CR0", "CR1"]
"""How a clustered variance is corrected for few clusters: not at all, or by G / (G - 1)."""

LARGEST = 5
"""How many of the largest contributions to the variance are summed in `largest_share`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clusters:
    """Rows dealt to `count` clusters: `codes` (n,) in 0..count-1, or None when each row is its own cluster."""

    rows: int
    count: int
    codes: NDArray[np.intp] | None

    @staticmethod
    def of(cluster: ArrayLike | None, rows: int) -> "Clusters":
        """Code the cluster of each of `rows` rows; numbers, texts or times, shape (n,), none missing.

        Raises BadSample for another shape, a missing value, or values that cannot be compared.

        >>> Clusters.of(["mon", "tue", "mon"], 3).count
        2
        """
        if cluster is None:
            return Clusters(rows=rows, count=rows, codes=None)
        keys = as_array(cluster, "cluster")
        if keys.shape != (rows,):
            raise BadSample(f"cluster has shape {keys.shape}", expected=f"one cluster for each of {rows} rows")
        missing = np.asarray(keys != keys, dtype=bool)  # noqa: PLR0124  # NaN and NaT differ from themselves
        if keys.dtype == object:
            missing |= np.array([key is None for key in keys])
        if missing.any():
            raise BadSample("a row has no cluster", where=f"row {int(np.argmax(missing))}", expected="a cluster each")
        try:
            distinct, codes = np.unique(keys, return_inverse=True)
        except TypeError as error:
            raise BadSample("clusters of different kinds cannot be told apart", expected="one type") from error
        return Clusters(rows=rows, count=distinct.size, codes=codes)

    def sums(self, influence: Floats) -> Floats:
        """Return the sum of influence (n,) in each cluster, shape (count,)."""
        if self.codes is None:
            return influence
        return np.bincount(self.codes, weights=influence, minlength=self.count).astype(np.float64, copy=False)

    @property
    def unit(self) -> str:
        """What the independent units are called: clusters, or rows."""
        return "rows" if self.codes is None else "clusters"

    def why_no_variance(self) -> str | None:
        """Say why nothing can be known of the variance between units, or None when it can."""
        return f"a variance takes two {self.unit}, and there is {self.count}" if self.count < 2 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncertainty:
    """The standard error of an estimate and the degrees of freedom of the variance behind it."""

    standard_error: float
    degrees_of_freedom: float

    @staticmethod
    def of(parts: Floats, others: Sequence[tuple[float, int]] = ()) -> "Uncertainty":
        """Add up the variance of the sum of `parts` (G,), G ≥ 2, and `others`: (variance, degrees of freedom) each.

        >>> Uncertainty.of(np.array([0.5, -0.5]), [(1.0, 1)]).degrees_of_freedom
        2.0
        """
        variances = np.array([variance_of_sum(parts), *(variance for variance, _ in others)])
        degrees = np.array([parts.size - 1, *(df for _, df in others)], dtype=np.float64)
        combined = satterthwaite(variances, degrees) if variances.any() else degrees[0]
        return Uncertainty(standard_error=float(np.sqrt(variances.sum())), degrees_of_freedom=float(combined))

    def t_quantile(self, level: float) -> float:
        """Return the quantile of t that makes a two-sided interval at `level`."""
        return float(special.stdtrit(self.degrees_of_freedom, (1 + level) / 2))


def variance_of_sum(parts: Floats) -> float:
    """Return the variance of a sum of independent, mean-zero parts (G,), with the factor G / (G - 1); G ≥ 2.

    >>> variance_of_sum(np.array([0.5, -0.5]))
    1.0
    """
    return float(parts @ parts * parts.size / (parts.size - 1))


def error_of_sum(parts: Floats) -> float:
    """Return the root of `variance_of_sum`, also where the squares of parts (G,) are no doubles.

    >>> error_of_sum(np.array([5e-201, -5e-201]))
    1e-200
    """
    largest = float(np.abs(parts).max())
    return largest * math.sqrt(variance_of_sum(parts / largest)) if largest else 0.0


def largest_share(parts: Floats) -> float:
    """Return the share of Σ parts² that its five largest terms carry."""
    squares = np.sort(parts * parts)[::-1]
    return float(squares[:LARGEST].sum() / squares.sum())


def satterthwaite(variances: Floats, degrees: Floats) -> Floats:
    """Return the degrees of freedom of a sum of variance estimates (k, ...) with `degrees` (k, ...).

    Satterthwaite 1946, Biometrics Bulletin 2:110.

    >>> satterthwaite(np.array([1.0, 1.0]), np.array([10.0, 10.0]))
    array(20.)
    """
    shares = variances / variances.max(axis=0)  # squares of variances may be no doubles
    total: Floats = np.asarray(shares.sum(axis=0) ** 2 / (shares**2 / degrees).sum(axis=0))
    return total


def clustered_standard_error(
    influence: ArrayLike, cluster: ArrayLike | None = None, correction: Correction = "CR1"
) -> float:
    """Return the standard error of a metric from its influence (n,) and the clusters (n,) of its rows.

    Liang & Zeger 1986, Biometrika 73:13. The correction for few clusters is the factor G / (G - 1) of the variance
    ("CR1", as R's survey) or none ("CR0"). Without `cluster` each row stands alone. Raises BadSample for bad shapes,
    values that are not finite, fewer than two clusters, or an unknown correction.

    >>> clustered_standard_error([0.25, -0.25, 0.25, -0.25], ["a", "b", "a", "b"])
    1.0
    """
    values = scalable(as_numbers(influence, "influence"), "influence")
    clusters = Clusters.of(cluster, values.size)
    if clusters.count < 2:
        raise BadSample("there are fewer than two clusters", expected="two clusters at least")
    if correction not in ("CR0", "CR1"):
        raise BadSample(f"there is no correction {correction!r}", expected="CR1 or CR0")
    parts = clusters.sums(values)
    return error_of_sum(parts) if correction == "CR1" else length(parts)
