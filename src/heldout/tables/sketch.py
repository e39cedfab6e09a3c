"""How many different values a column holds: exact up to a bound, and estimated from their smallest hashes above it."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["SKETCH", "Sketch", "distinct_of", "smallest"]

SKETCH = 4096
"""Different values are counted exactly up to this number, and estimated from this many smallest hashes above it
(relative standard error 1.6 %; Bar-Yossef et al. 2002)."""

Hashes = NDArray[np.uint64]


class Sketch:
    """The SKETCH smallest different hashes of all that was added, in any order."""

    def __init__(self) -> None:
        self.hashes = np.zeros(0, np.uint64)

    def add(self, hashes: Hashes) -> None:
        """Add the hashes of some values."""
        if len(self.hashes) == SKETCH:
            hashes = hashes[hashes < self.hashes[-1]]
        elif len(hashes) >= 4 * SKETCH:  # a cut that leaves enough of them, where most differ, saves sorting all
            lowest = smallest(hashes[hashes < np.uint64(2**64 // len(hashes) * 2 * SKETCH)])
            hashes = lowest if len(lowest) == SKETCH else hashes
        if len(hashes):
            self.hashes = smallest(np.concatenate([self.hashes, hashes]))


def smallest(hashes: Hashes) -> Hashes:
    """Return the SKETCH smallest different hashes, in order."""
    in_order = np.sort(hashes)
    is_new = np.ones(len(in_order), np.bool_)
    np.not_equal(in_order[1:], in_order[:-1], out=is_new[1:])
    return in_order[is_new][:SKETCH]


def distinct_of(hashes: Hashes) -> tuple[int, bool]:
    """Return the number of different values that these smallest hashes stand for, and whether it is exact."""
    if len(hashes) < SKETCH:
        return len(hashes), True
    return round((SKETCH - 1) * 2.0**64 / float(hashes[-1])), False
