"""What a distance between two samples says, and what it reads: counts of both over the same bins."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from heldout.core.estimate import Estimate
from heldout.stats.magnitude import whole_enough
from heldout.stats.sample import BadSample, Floats, as_numbers, checked_level

__all__ = ["FEWEST_PER_BIN", "Counts", "Distance", "why_no_interval"]

FEWEST_PER_BIN = 5
"""Below this many rows a bin on average, in either sample, intervals of distances between counts are undefined."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Distance:
    """How far two samples lie apart.

    `value` is the published formula on the samples as they are; None where it does not exist, and `estimate` says why.
    It is above 0 though nothing changed: `expected_without_drift` is what it comes to then, None for shares, which
    tell no number of rows. `estimate` is the distance of the populations with its interval: judge an effect by its
    ends, not by `value`. `error_bound` is what bins may hide: the exact value is at most `value` + `error_bound`.
    """

    value: float | None
    estimate: Estimate
    expected_without_drift: float | None
    error_bound: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Shares `p` and `q` (bins,) of the bins that hold rows of either sample of `n` and `m` rows (0: shares given).

    `position` (bins,) says which of the bins given each one is, `smallest` the fewest rows of one of them.
    """

    p: Floats
    q: Floats
    n: int
    m: int
    position: NDArray[np.intp]
    smallest: float

    @staticmethod
    def of(reference: ArrayLike, current: ArrayLike, level: float) -> "Counts":
        """Read two vectors (bins,) of counts, or of shares, over the same bins; bins empty in both are left out.

        Raises BadSample for other shapes, numbers below 0, a sample without rows, or a level outside (0, 1).

        >>> counts = Counts.of([3, 0, 1], [2, 0, 2], 0.95)
        >>> counts.p, counts.n, counts.position
        (array([0.75, 0.25]), 4, array([0, 2]))
        """
        checked_level(level)
        first, second = (
            as_numbers(reference, "the first sample's bins"),
            as_numbers(current, "the second sample's bins"),
        )
        if first.size != second.size:
            raise BadSample(f"{first.size} bins and {second.size} bins", expected="counts over the same bins")
        for counts, name in ((first, "first"), (second, "second")):
            if (counts < 0).any():
                raise BadSample(
                    f"the {name} sample has a count below 0",
                    where=f"bin {int(np.argmax(counts < 0))}",
                    expected="counts",
                )
            if not counts.any():
                raise BadSample(f"the {name} sample has no rows", expected="one row at least")
            with np.errstate(over="ignore"):
                whole_enough(float(counts.sum()), f"the {name} sample's counts")
        filled = (first > 0) | (second > 0)
        first, second = first[filled], second[filled]
        rows = float(first.sum()), float(second.sum())
        whole = all((counts == np.floor(counts)).all() for counts in (first, second))
        n, m = (int(total) for total in rows) if whole else (0, 0)
        return Counts(
            p=first / rows[0],
            q=second / rows[1],
            n=n,
            m=m,
            position=np.flatnonzero(filled),
            smallest=float(min(first.min(), second.min())),
        )

    @property
    def noise(self) -> float | None:
        """1 / n + 1 / m, the scale of what moves by chance; None for shares."""
        return 1 / self.n + 1 / self.m if self.n else None


def why_no_interval(counts: Counts, *, each: bool = False) -> str | None:
    """Say why counts tell no interval of a distance, or None where they do; with `each` every bin needs its rows."""
    if not counts.n:
        return "shares tell no number of rows, and an interval takes counts"
    bins = counts.p.size
    if bins == 1:
        return "all rows are in one bin, so the counts say nothing of the distance's error"
    fewest = min(counts.n, counts.m)
    if fewest < FEWEST_PER_BIN * bins:
        return f"{fewest} rows in {bins} bins, and an interval asks for {FEWEST_PER_BIN} a bin"
    if each and counts.smallest < FEWEST_PER_BIN:
        return f"a bin holds {counts.smallest:g} rows of a sample, and an interval asks for {FEWEST_PER_BIN} in each"
    return None
