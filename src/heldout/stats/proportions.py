"""Intervals for proportions of independent rows, and for the difference of two."""

import math
from typing import Literal

from scipy import special

from heldout.core.estimate import Estimate, undefined
from heldout.stats.sample import BadSample

__all__ = ["clopper_pearson", "newcombe", "wilson"]


def wilson(successes: int, n: int, level: float = 0.95) -> Estimate:
    """Return the share successes / n with Wilson's score interval (Wilson 1927, JASA 22:209).

    For independent rows; on clustered rows it is too narrow. Undefined at n = 0. Raises BadSample for counts that
    are not 0 ≤ successes ≤ n or a level outside (0, 1).

    >>> share = wilson(81, 263)
    >>> round(share.low, 4), round(share.high, 4)
    (0.2553, 0.3662)
    """
    _check_counts(successes, n, level)
    if n == 0:
        return undefined("there are no rows", n=0, method="Wilson", level=level)
    low, high = _wilson(successes, n, level)
    return Estimate(value=successes / n, low=low, high=high, n=n, method="Wilson", level=level)


def clopper_pearson(
    successes: int, n: int, level: float = 0.95, side: Literal["two", "lower", "upper"] = "two"
) -> Estimate:
    """Return the share successes / n with the exact interval (Clopper & Pearson 1934, Biometrika 26:404).

    Covers at least `level` whatever the true share. `side` "upper" gives [0, upper bound], "lower" [lower bound, 1],
    each at one-sided `level`. Undefined at n = 0. Raises BadSample as `wilson` does.

    >>> round(clopper_pearson(3, 200, side="upper").high, 6)
    0.03831
    """
    _check_counts(successes, n, level)
    if side not in ("two", "lower", "upper"):
        raise BadSample(f"there is no side {side!r}", expected="two, lower or upper")
    method = "Clopper-Pearson" if side == "two" else f"Clopper-Pearson, {side} bound"
    if n == 0:
        return undefined("there are no rows", n=0, method=method, level=level)
    tail = (1 - level) / 2 if side == "two" else 1 - level
    low, high = 0.0, 1.0
    if side != "upper" and successes > 0:
        low = float(special.betaincinv(successes, n - successes + 1, tail))
    if side != "lower" and successes < n:
        high = float(special.betaincinv(successes + 1, n - successes, 1 - tail))
    return Estimate(value=successes / n, low=low, high=high, n=n, method=method, level=level)


def newcombe(successes_1: int, n_1: int, successes_2: int, n_2: int, level: float = 0.95) -> Estimate:
    """Return the difference of two independent shares, first minus second, by Newcombe's method 10.

    Newcombe 1998, Statistics in Medicine 17:873. `n` of the result is n_1 + n_2. Undefined when either n is 0.
    Raises BadSample as `wilson` does.

    >>> difference = newcombe(56, 70, 48, 80)
    >>> round(difference.low, 4), round(difference.high, 4)
    (0.0524, 0.3339)
    """
    _check_counts(successes_1, n_1, level)
    _check_counts(successes_2, n_2, level)
    method = "Newcombe 10"
    if n_1 == 0 or n_2 == 0:
        return undefined("one of the two groups has no rows", n=n_1 + n_2, method=method, level=level)
    share_1, share_2 = successes_1 / n_1, successes_2 / n_2
    low_1, high_1 = _wilson(successes_1, n_1, level)
    low_2, high_2 = _wilson(successes_2, n_2, level)
    return Estimate(
        value=share_1 - share_2,
        low=share_1 - share_2 - math.hypot(share_1 - low_1, high_2 - share_2),
        high=share_1 - share_2 + math.hypot(high_1 - share_1, share_2 - low_2),
        n=n_1 + n_2,
        method=method,
        level=level,
    )


def _wilson(successes: int, n: int, level: float) -> tuple[float, float]:
    z = float(special.ndtri((1 + level) / 2))
    share = successes / n
    centre = share + z * z / (2 * n)
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    low = 0.0 if successes == 0 else (centre - half) / scale
    high = 1.0 if successes == n else (centre + half) / scale
    return low, high


def _check_counts(successes: int, n: int, level: float) -> None:
    if int(successes) != successes or int(n) != n or not 0 <= successes <= n:
        raise BadSample(f"{successes} of {n} is no share", expected="whole numbers with 0 ≤ successes ≤ n")
    if not 0 < level < 1:
        raise BadSample(f"the level {level} is no confidence level", expected="a number between 0 and 1")
