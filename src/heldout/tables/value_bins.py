"""The values of one column of two tables in the same bins, and the bins that grew from one to the other."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from heldout.core.profile import ColumnKind
from heldout.tables.arrays import from_numpy, from_texts, null_mask, raw_values
from heldout.tables.names import shortened
from heldout.tables.shown import shown_number
from heldout.tables.table import codes, kind_of, numbers

__all__ = ["Bins", "value_bins"]

MOST_BINS = 20
RAREST_LEVEL = 0.005
"""A rarer level of a text column is one of the others: which rare levels train holds is chance."""

BEYOND_ERROR = 2.0
"""A level of a text column grew when its share did by so many standard errors."""

Marks = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bins:
    """The bin of each row of two tables, in [0, len(names)), where the last one is for rows without a value.

    `are_ordered` tells that bins are ranges of numbers, `names` the upper edges of them (the last one is empty), or
    values.
    """

    train: NDArray[np.int64]
    test: NDArray[np.int64]
    names: tuple[str, ...]
    are_ordered: bool

    def grown(self, train: Marks, test: Marks) -> Marks:
        """Return the bins (bins + 1,) whose share among the marked rows grew most from train to test.

        Of numbers one range, or all but one range: where the distance of the two distribution functions is largest
        (Kuiper 1960, Indag. Math. 22:38); of texts every level that grew beyond its error, or the one that grew most.
        """
        width = len(self.names) + 1
        chosen = np.zeros(width, np.bool_)
        if not train.any() or not test.any():
            return chosen
        counts = [np.bincount(rows, minlength=width)[:-1] for rows in (self.train[train], self.test[test])]
        p, q = (count / count.sum() for count in counts)
        growth = q - p
        if self.are_ordered:
            gap = np.cumsum(np.append(0.0, growth))
            low, high = int(gap.argmin()), int(gap.argmax())
            chosen[low:high] = True
            if low > high:
                chosen[:-1] = True
                chosen[high:low] = False
            return chosen
        error = np.sqrt(p * (1 - p) / counts[0].sum() + q * (1 - q) / counts[1].sum())
        chosen[:-1] = growth > BEYOND_ERROR * error
        if not chosen.any():
            chosen[int(growth.argmax())] = True
        return chosen

    def said(self, chosen: Marks) -> str:
        """Say which values the chosen bins hold, as a phrase."""
        bins = np.flatnonzero(chosen[:-1])
        if not len(bins):
            return "no value"
        if not self.are_ordered:
            return shortened([self.names[i] for i in bins], 3)
        inside, is_outside = bins, False
        if bins[-1] - bins[0] + 1 != len(bins):
            inside, is_outside = np.flatnonzero(~chosen[:-1]), True
        low = self.names[inside[0] - 1] if inside[0] else ""
        high = self.names[inside[-1]]
        if not is_outside and (not low or not high):
            return f"above {low}" if low else f"up to {high}" if high else "any value"
        return f"{'outside' if is_outside else 'within'} {low or 'the least'} to {high or 'the largest'}"


def value_bins(array: pa.Array, other: pa.Array, choosing: Marks) -> Bins | None:
    """Bin one column of two tables by the `choosing` rows of the first; None where that holds no value."""
    if kind_of(array) is ColumnKind.EMPTY and kind_of(other) is ColumnKind.EMPTY:
        return None
    if pa.types.is_dictionary(array.type) and pa.types.is_dictionary(other.type):
        return _levels(array, other, choosing)
    if pa.types.is_dictionary(array.type) or pa.types.is_dictionary(other.type):
        return None
    return _ranges(array, other, choosing)


def _ranges(array: pa.Array, other: pa.Array, choosing: Marks) -> Bins | None:
    values, others = numbers(array), numbers(other)
    chosen = values[choosing & ~null_mask(array)]
    if not len(chosen):
        return None
    edges = np.unique(np.quantile(chosen, np.arange(1, MOST_BINS) / MOST_BINS, method="lower"))
    different = np.unique(chosen[:5000])
    if len(different) <= MOST_BINS:
        edges = np.unique(np.concatenate([edges, different]))[:-1]
    if not len(edges):  # one value: rows beyond it are news
        edges = chosen[:1]
    bins = [np.searchsorted(edges, part) for part in (values, others)]
    width = len(edges) + 1
    for place, null in zip(bins, (null_mask(array), null_mask(other)), strict=True):
        place[null] = width
    names = (*(shown_number(float(f"{edge:.4g}")) for edge in edges), "")
    return Bins(train=bins[0], test=bins[1], names=names, are_ordered=True)


def _levels(array: pa.Array, other: pa.Array, choosing: Marks) -> Bins | None:
    row_codes = codes(array)
    chosen = row_codes[choosing & (row_codes >= 0)]
    if not len(chosen):
        return None
    counts = np.bincount(chosen, minlength=len(array.dictionary))
    common = np.flatnonzero(counts >= max(RAREST_LEVEL * len(chosen), 2))
    names = array.dictionary.take(from_numpy(common)).to_pylist()
    width = len(names) + 1
    bins = []
    for part in (array, other):
        found = pc.index_in(part.dictionary, value_set=from_texts(names))
        place = np.where(null_mask(found), len(names), raw_values(found))
        bins.append(np.append(place, width).astype(np.int64)[codes(part)])
    shown = tuple(name if len(name) <= 40 else f"{name[:39]}…" for name in names)
    return Bins(train=bins[0], test=bins[1], names=(*shown, "other values"), are_ordered=False)
