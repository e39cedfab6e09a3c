"""What lies between two times: of the day, as people write them (1330 is half past one), or of the calendar."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["clock_between", "clocks_of", "elapsed_on"]

Floats = NDArray[np.float64]

DAY = 1440
"""Minutes."""
FEWEST_VALUES = 60
MOST_CLOCKS = 12
UNITS = (1.0, 1e3, 1e6, 60e6, 3600e6, 86_400e6)
"""Microseconds in what a duration is counted in, up to days."""


def clocks_of(names: Sequence[str], x: Floats) -> list[int]:
    """Return the places of the columns of x (n, k) that hold only clock times, FEWEST_VALUES of them or more."""
    found = []
    for j in range(len(names)):
        values = np.unique(x[np.isfinite(x[:, j]), j])
        is_whole = len(values) >= FEWEST_VALUES and values[0] >= 0 and 1000 <= values[-1] <= 2400
        if is_whole and (values == np.floor(values)).all() and (values % 100 < 60).all():
            found.append(j)
    return found[:MOST_CLOCKS]


def clock_between(end: Floats, start: Floats) -> Floats:
    """Return the minutes from one clock time to the other, in [-720, 720) as the day is not told.

    >>> clock_between(np.array([15.0, 905.0]), np.array([2345.0, 915.0]))
    array([ 30., -10.])
    """
    between = (end // 100 * 60 + end % 100) - (start // 100 * 60 + start % 100)
    return (between + DAY / 2) % DAY - DAY / 2


def elapsed_on(start: Floats, end: Floats, duration: Floats, unit: float) -> tuple[int, int]:
    """Return on how many rows `duration`, counted in its `unit`, is the time from start to end, and of how many.

    Both are in microseconds; the duration may be in any of UNITS, and the unit that fits most rows counts.
    """
    known = np.isfinite(start) & np.isfinite(end) & np.isfinite(duration)
    between, said = end[known] - start[known], duration[known]
    allowed = max(unit, 1e-9) * 1.001
    hits = [int((np.abs(between / size - said) <= np.minimum(allowed, 0.5 + 0 * said)).sum()) for size in UNITS]
    return max(hits, default=0), len(said)
