"""Puts probabilities into bins, and counts what each bin holds."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from heldout.stats.sample import BadSample, Floats, as_numbers

__all__ = ["BinRows", "Bins", "binned", "bins_of", "distinct_bins"]

MOST_BINS = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Bins:
    """`codes` (n,) is the bin of each row; `edges` (k + 1,) where they begin and end, `middle` (k,) between these."""

    codes: NDArray[np.intp]
    edges: Floats
    middle: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class BinRows:
    """Of each bin that holds rows, in order: its place in `edges`, rows, positives, sum and variance sum of scores.

    `variance` is Σ score × (1 - score), the variance of the positives if the scores were true.
    """

    place: NDArray[np.intp]
    rows: Floats
    positives: Floats
    score_sum: Floats
    variance: Floats


def bins_of(
    score: Floats,
    bins: int | ArrayLike,
    strategy: Literal["uniform", "quantile"] = "uniform",
    closed: Literal["left", "right"] | None = None,
) -> Bins:
    """Put checked probabilities (n,) into `bins` bins of equal width or (nearly) equal rows, or by given edges.

    Bins are closed on the left by equal width (torchmetrics), on the right by quantiles (R's `cut`, scikit-learn's
    `calibration_curve`); the outermost edges belong to their bins. Equal quantiles are merged, so there may be fewer.
    Raises BadSample for other numbers, strategies, or edges that do not rise from 0 or below to 1 or above.

    >>> bins_of(np.array([0.1, 0.5, 0.9]), 2).codes
    array([0, 1, 1])
    """
    if strategy not in ("uniform", "quantile"):
        raise BadSample(f"there is no strategy {strategy!r}", expected="uniform or quantile")
    if closed not in (None, "left", "right"):
        raise BadSample(f"bins are not closed on the side {closed!r}", expected="left or right")
    edges = _edges(score, bins, strategy)
    by_quantile = np.ndim(bins) == 0 and strategy == "quantile"
    side: Literal["left", "right"] = (
        "left" if closed == "right" or (closed is None and by_quantile) else "right"
    )  # numpy's word for the side on which equals go is the opposite of the closed side
    codes = np.searchsorted(edges[1:-1], score, side=side)
    return Bins(codes=codes, edges=edges, middle=(edges[1:] + edges[:-1]) / 2)


def distinct_bins(score: Floats) -> Bins:
    """Make each distinct score a bin of its own.

    >>> distinct_bins(np.array([0.9, 0.1, 0.9])).codes
    array([1, 0, 1])
    """
    values, codes = np.unique(score, return_inverse=True)
    return Bins(codes=codes, edges=np.concatenate([values, values[-1:]]), middle=values)


def binned(label: Floats, score: Floats, cut: Bins) -> BinRows:
    """Count rows, positives and scores of each bin that holds rows.

    >>> rows = binned(np.array([0.0, 1.0, 1.0]), np.array([0.1, 0.5, 0.7]), bins_of(np.array([0.1, 0.5, 0.7]), 2))
    >>> rows.rows, rows.positives
    (array([1., 2.]), array([0., 2.]))
    """
    count = cut.middle.size
    rows = np.bincount(cut.codes, minlength=count).astype(np.float64)
    place = np.flatnonzero(rows)

    def sums(weight: Floats) -> Floats:
        return np.bincount(cut.codes, weights=weight, minlength=count)[place].astype(np.float64, copy=False)

    return BinRows(
        place=place,
        rows=rows[place],
        positives=sums(label),
        score_sum=sums(score),
        variance=sums(score * (1 - score)),
    )


def _edges(score: Floats, bins: int | ArrayLike, strategy: str) -> Floats:
    if np.ndim(bins) == 0:
        number = np.asarray(bins)
        if number.dtype.kind not in "iu" or not 1 <= number <= MOST_BINS:
            raise BadSample(f"{bins!r} is no number of bins", expected=f"a whole number from 1 to {MOST_BINS:,}")
        shares = np.linspace(0.0, 1.0, int(number) + 1)
        if strategy == "uniform":
            return shares
        quantiles = np.unique(np.quantile(score, shares))
        return quantiles if quantiles.size > 1 else np.repeat(quantiles, 2)
    edges = as_numbers(bins, "bins")
    if edges.size < 2 or (np.diff(edges) <= 0).any() or edges[0] > 0 or edges[-1] < 1:
        raise BadSample("the edges of the bins do not rise from 0 to 1", expected="for instance [0, 0.1, 0.5, 1]")
    return edges
