"""The two-sample Kolmogorov-Smirnov test on raw values."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from heldout.stats.sample import BadSample, Floats, as_numbers
from heldout.stats.t_interval import Alternative

__all__ = ["KsTest", "ks_test"]


EXACT_PAIRS = 10_000
"""With fewer pairs of rows than this, "auto" computes the exact p."""

MOST_FOR_EXACT = 20_000
"""The exact p takes time and memory for a walk of as many steps as there are rows; above this many it is refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KsTest:
    """The largest gap D of two empirical distributions and its p; `location` is the value at which it is reached."""

    statistic: float
    p_value: float
    location: float
    n: int
    m: int
    method: str
    alternative: str


def ks_test(
    x: ArrayLike,
    y: ArrayLike,
    *,
    method: Literal["auto", "exact", "asymptotic"] = "auto",
    alternative: Alternative = "two-sided",
) -> KsTest:
    """Return the two-sample Kolmogorov-Smirnov test of x (n,) against y (m,).

    "greater": the gap of x's distribution function above y's (x tends to be smaller), "less" below it. "exact" counts
    the arrangements of the pooled values, ties as they are (Schröer & Trenkler 1995, Comput. Stat. Data Anal. 20:185);
    "asymptotic" is Kolmogorov's (1933) limit at √(n m / (n + m)) D, without a correction for finite n, as R's; "auto"
    is exact below 10,000 pairs of rows, as R's `ks.test`. With ties the asymptotic p is too large. On many rows any
    difference is significant: judge drift by the distance (`ks_from_counts`). Raises BadSample for values that are not
    finite, an empty sample, an unknown method or alternative, or "exact" above 20,000 rows.

    >>> test = ks_test([1, 2, 3, 4], [3, 5, 6, 7, 8], method="exact")
    >>> round(test.statistic, 2), round(test.p_value, 4), test.location
    (0.8, 0.0794, 4.0)
    """
    first, second = np.sort(as_numbers(x, "x")), np.sort(as_numbers(y, "y"))
    n, m = first.size, second.size
    if not n or not m:
        raise BadSample("a sample is empty", expected="one row at least in x and in y")
    if alternative not in ("two-sided", "greater", "less"):
        raise BadSample(f"there is no alternative {alternative!r}", expected="two-sided, greater or less")
    if method not in ("auto", "exact", "asymptotic"):
        raise BadSample(f"there is no method {method!r}", expected="auto, exact or asymptotic")
    if method == "auto":
        method = "exact" if n * m < EXACT_PAIRS else "asymptotic"
    if method == "exact" and n + m > MOST_FOR_EXACT:
        raise BadSample(f"{n + m} rows for an exact p", expected=f"{MOST_FOR_EXACT} at most", mend="method asymptotic")
    points = np.concatenate((first, second))
    points.sort()
    points = points[np.append(points[1:] != points[:-1], True)]
    # in whole numbers, so that equal gaps are equal
    below_x, below_y = np.searchsorted(first, points, side="right"), np.searchsorted(second, points, side="right")
    gap = _on_side(below_x * m - below_y * n, alternative)
    at = int(np.argmax(gap))
    largest = max(int(gap[at]), 0)
    statistic = largest / (n * m)
    p_value = (
        _exact(n, m, largest, below_x + below_y, alternative)
        if method == "exact"
        else _asymptotic(n, m, statistic, alternative)
    )
    return KsTest(
        statistic=statistic,
        p_value=p_value,
        location=float(points[at]),
        n=n,
        m=m,
        method=method,
        alternative=alternative,
    )


def _on_side(gap: NDArray[np.int64], alternative: Alternative) -> NDArray[np.int64]:
    return {"two-sided": np.abs, "greater": np.positive, "less": np.negative}[alternative](gap)


def _asymptotic(n: int, m: int, statistic: float, alternative: Alternative) -> float:
    scaled = math.sqrt(n * m / (n + m)) * statistic
    return float(special.kolmogorov(scaled)) if alternative == "two-sided" else math.exp(-2 * scaled**2)


def _exact(n: int, m: int, largest: int, ends: NDArray[np.intp], alternative: Alternative) -> float:
    """Return the chance that a random arrangement of the pooled values reaches the gap at one of the `ends` of ties.

    The walk deals the pooled values to x and y one by one; `alive[i]` is the chance that i of them went to x and the
    gap was not reached before. What reaches it is added up, so small chances keep their digits.
    """
    if largest <= 0:
        return 1.0
    looks = np.zeros(n + m + 1, dtype=bool)
    looks[ends] = True
    to_x = np.arange(n + 1, dtype=np.int64)
    alive: Floats = np.zeros(n + 1)
    alive[0] = 1.0
    reached = 0.0
    for step in range(n + m):
        to_y = np.clip(step - to_x, 0, m)
        left = n + m - step
        moved = alive * ((m - to_y) / left)
        moved[1:] += alive[:-1] * ((n - to_x[:-1]) / left)
        alive = moved
        if looks[step + 1]:
            gap = _on_side(to_x * m - (step + 1 - to_x) * n, alternative)
            over = (gap >= largest) & (alive > 0)
            reached += float(alive[over].sum())
            alive[over] = 0.0
    return min(reached, 1.0)
