"""Two samples of one column counted over shared bins that keep the order of its values."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from heldout.stats.distances.grids import WHOLE_CELLS, Edges, Grid, Ints, Linear, grid_for
from heldout.stats.sample import BadSample, Floats, as_array, as_numbers, whole_number

__all__ = ["JointHistogram", "joint_histogram"]

BLOCK = 65_536
"""Rows that are counted at a time, so that they stay in the cache."""

SAMPLED = 8192
"""Rows of each sample that choose the bins; the counts themselves are of every row."""

EXACT = 2.0**50
"""Whole numbers up to here are told apart by arithmetic in floats."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class JointHistogram:
    """Rows of `reference` and `current`, each (bins,), in bins with `edges` (bins + 1,), ascending.

    Bin i holds edges[i] ≤ x < edges[i + 1]; the first bin also what lies below, the last what lies at its end or above.
    `single` (bins,) is True where all rows of the bin are known to have one value.
    """

    edges: Floats
    reference: Ints
    current: Ints
    single: NDArray[np.bool_]

    def merge(self, other: "JointHistogram") -> "JointHistogram":
        """Return the counts of the rows of both; raises BadSample unless the edges are the same.

        >>> half = joint_histogram([1, 2, 3], [2, 3, 3], edges=[1, 2, 3])
        >>> half.merge(half).reference
        array([2, 4])
        """
        if not np.array_equal(self.edges, other.edges):
            raise BadSample("the histograms have other edges", expected="counts over the same bins")
        return JointHistogram(
            edges=self.edges,
            reference=self.reference + other.reference,
            current=self.current + other.current,
            single=self.single & other.single & _holds_one_value(self.edges),
        )

    def coarser(self, bins: int) -> "JointHistogram":
        """Return the same rows in about `bins` bins that hold equally many reference rows, as PSI is quoted.

        A value that carries 1 / bins of the reference by itself keeps a bin of its own. Raises BadSample for bins
        below 1.

        >>> joint_histogram(np.arange(1000), np.arange(1000) + 100).coarser(4).current
        array([150, 250, 250, 350])
        """
        return _joined(self, bins, current=False)


def joint_histogram(
    reference: ArrayLike, current: ArrayLike, *, bins: int = 4096, edges: ArrayLike | None = None, seed: int = 0
) -> JointHistogram:
    """Return the rows of reference (n,) and current (m,) counted over about `bins` shared bins that keep their order.

    Bins are near quantiles of both samples together; a value that carries 1 / bins of them by itself has a bin of its
    own, and up to `bins` distinct whole numbers have one each. A seeded sample of rows chooses the bins; every row is
    counted, and `ks_from_counts` says from the counts how far D can be off. With `edges` (ascending, such as another
    histogram's) the bins are these: counts over the same edges add up (`merge`), at many times the cost. Raises
    BadSample for values that are not finite, an empty sample, bins below 1 or edges that do not ascend. Drop missing
    values first, and compare their shares by themselves.

    >>> histogram = joint_histogram([0, 0, 0, 5, 7], [0, 5, 5, 7, 7])
    >>> histogram.edges, histogram.reference, histogram.current
    (array([0., 5., 7., 7.]), array([3, 1, 1]), array([1, 2, 2]))
    """
    samples, (low, high) = _read(reference, current)
    bins, seed = whole_number(bins, "bins", least=1), whole_number(seed, "seed")
    if edges is not None:
        return _over(samples, Edges(edges=_checked_edges(edges)[:-1]), end=float(np.asarray(edges)[-1]))
    if samples[0].size + samples[1].size <= 2 * SAMPLED:
        distinct = Edges(edges=np.unique(np.concatenate(samples)))
        return _joined(_over(samples, distinct, end=high, single=True), bins)
    rng = np.random.default_rng(seed)
    sampled = np.sort(np.concatenate([s[rng.integers(0, s.size, min(s.size, SAMPLED))] for s in samples]))
    whole = _whole_numbers(samples, sampled, low, high)
    grid = whole or grid_for(sampled, low, high, bins)
    return _joined(_filled(_over(samples, grid, end=high, single=whole is not None), low), bins)


def _read(reference: ArrayLike, current: ArrayLike) -> tuple[tuple[Floats, Floats], tuple[float, float]]:
    """Return the samples and their ends. One pass over plain floats finds the ends and whether all are finite."""
    read = []
    for name, values in (("reference", reference), ("current", current)):
        plain = isinstance(values, np.ndarray) and values.dtype == np.float64 and values.ndim == 1
        sample = as_array(values, name) if plain else as_numbers(values, name)
        if not sample.size:
            raise BadSample(f"{name} is empty", expected="one row at least")
        low, high = _ends(sample)
        if not math.isfinite(high - low):
            as_numbers(sample, name)
        read.append((sample, low, high))
    (first, low_1, high_1), (second, low_2, high_2) = read
    return (first, second), (min(low_1, low_2), max(high_1, high_2))


def _ends(sample: Floats) -> tuple[float, float]:
    """Return the least and the greatest value; NaN where there is one."""
    blocks = [sample[start : start + BLOCK] for start in range(0, sample.size, BLOCK)]
    low, high = np.array([(block.min(), block.max()) for block in blocks]).T
    return float(low.min()), float(high.max())


def _over(samples: tuple[Floats, Floats], grid: Grid, *, end: float, single: bool = False) -> JointHistogram:
    edges = np.append(grid.starts(), end)
    return JointHistogram(
        edges=edges,
        reference=_counted(samples[0], grid, edges.size - 1),
        current=_counted(samples[1], grid, edges.size - 1),
        single=np.full(edges.size - 1, True) if single else _holds_one_value(edges),
    )


def _counted(sample: Floats, grid: Grid, bins: int) -> Ints:
    rows = np.zeros(bins, dtype=np.int64)
    room = np.empty(min(BLOCK, sample.size))
    for start in range(0, sample.size, BLOCK):
        rows += np.bincount(grid.codes(sample[start : start + BLOCK], room), minlength=bins)
    return rows


def _whole_numbers(samples: tuple[Floats, Floats], sampled: Floats, low: float, high: float) -> Linear | None:
    """Return a grid with a cell for each whole number where the samples hold nothing else, and few of them."""
    if high - low >= WHOLE_CELLS or max(-low, high) > EXACT or (np.floor(sampled) != sampled).any():
        return None
    for sample in samples:
        for start in range(0, sample.size, BLOCK):
            block = sample[start : start + BLOCK]
            if (np.floor(block) != block).any():
                return None
    return Linear.of_scale(low, high, 1.0)


def _filled(histogram: JointHistogram, low: float) -> JointHistogram:
    """Leave out the bins without rows; the bin before them takes their place."""
    kept = (histogram.reference + histogram.current) > 0
    edges = np.append(histogram.edges[:-1][kept], histogram.edges[-1])
    edges[0] = low
    return JointHistogram(
        edges=edges,
        reference=histogram.reference[kept],
        current=histogram.current[kept],
        single=histogram.single[kept],
    )


def _joined(histogram: JointHistogram, bins: int, *, current: bool = True) -> JointHistogram:
    """Join neighbours until about `bins` bins of equal shares are left; single values that reach one stay alone."""
    bins = whole_number(bins, "bins", least=1)
    if histogram.single.size <= bins:
        return histogram
    share = histogram.reference / histogram.reference.sum()
    if current:
        share = (share + histogram.current / histogram.current.sum()) / 2
    group = np.minimum(((np.cumsum(share) - share / 2) * bins).astype(np.int64), bins - 1)
    alone = histogram.single & (share >= 1 / bins)
    begins = np.append(True, (group[1:] != group[:-1]) | alone[1:] | alone[:-1])
    first = np.flatnonzero(begins)
    return JointHistogram(
        edges=np.append(histogram.edges[first], histogram.edges[-1]),
        reference=np.add.reduceat(histogram.reference, first),
        current=np.add.reduceat(histogram.current, first),
        single=histogram.single[first] & (np.diff(first, append=share.size) == 1),
    )


def _holds_one_value(edges: Floats) -> NDArray[np.bool_]:
    single: NDArray[np.bool_] = np.nextafter(edges[:-1], np.inf) >= edges[1:]
    return single


def _checked_edges(edges: ArrayLike) -> Floats:
    ends = as_numbers(edges, "edges")
    steps = np.diff(ends)
    if not steps.size or (steps[:-1] <= 0).any() or steps[-1] < 0:
        raise BadSample("the edges do not ascend", expected="two at least, each above the one before")
    return ends
