"""Finds the bin of a number among sorted edges by looking up its leading bits, exactly as a binary search would."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["Binning"]

CELLS = 2**16
FEWEST_ROWS = 20_000
"""A table of cells pays for itself from about this many numbers on."""


class Binning:
    """The number of `edges` below a value, for many values.

    A value minus the middle edge, as a 32-bit float, is cut to its first 16 bits. That keeps order, so a cell of equal
    bits lies between the same edges for all values in it: where it holds no edge or one, a comparison settles the bin,
    and the few values in cells of several edges are searched for.
    """

    def __init__(self, edges: NDArray[np.float64], rows: int) -> None:
        self.edges = edges + 0.0  # -0.0 becomes 0.0
        self.low: NDArray[np.intp] | None = None
        if rows < FEWEST_ROWS or not len(edges):
            return
        middle = float(edges[len(edges) // 2])
        self.middle = middle if np.isfinite(middle) else 0.0
        order = np.concatenate([np.arange(CELLS // 2, CELLS), np.arange(CELLS // 2)[::-1]])  # negative floats reversed
        inside = np.bincount(order[self._cells(self.edges)], minlength=CELLS)
        self.low = (np.cumsum(inside) - inside)[order]
        self.several = (inside > 1)[order]
        self.has_several = bool(self.several.any())
        self.upper = np.append(self.edges, np.inf)

    def __call__(self, values: NDArray[np.float64]) -> NDArray[np.intp]:
        """Return the bin of each value, shape (n,); of NaN any."""
        if self.low is None:
            return np.searchsorted(self.edges, values)
        cells = self._cells(values)
        bins = self.low.take(cells)
        bins += values > self.upper.take(bins)
        if self.has_several:
            at = np.flatnonzero(self.several.take(cells))
            bins[at] = np.searchsorted(self.edges, values[at])
        return bins

    def _cells(self, values: NDArray[np.float64]) -> NDArray[np.intp]:
        with np.errstate(over="ignore", invalid="ignore"):
            short = (values - self.middle).astype(np.float32)
        return (short.view(np.uint32) >> np.uint32(16)).astype(np.intp)
