"""Intervals for proportions of independent rows, and for the difference of two."""

import math
from typing import Literal

from scipy import special

from heldout.core.estimate import Estimate, undefined
from heldout.stats.sample import BadSample, checked_level, whole_number
from heldout.stats.score_interval import score_ends, wilson_ends

__all__ = [
    "agresti_coull",
    "checked_share",
    "clopper_pearson",
    "jeffreys",
    "miettinen_nurminen",
    "newcombe",
    "wilson",
]


def wilson(successes: int, n: int, level: float = 0.95, *, continuity: bool = False) -> Estimate:
    """Return the share successes / n with Wilson's score interval (Wilson 1927, JASA 22:209).

    For independent rows; on clustered rows it is too narrow. `continuity` corrects by half a row, as R's prop.test
    does, which leaves the correction out where successes are n / 2. Undefined at n = 0. Raises BadSample for counts
    that are not 0 ≤ successes ≤ n or a level outside (0, 1).

    >>> share = wilson(81, 263)
    >>> round(share.low, 4), round(share.high, 4)
    (0.2553, 0.3662)
    >>> corrected = wilson(81, 263, continuity=True)
    >>> round(corrected.low, 4), round(corrected.high, 4)
    (0.2535, 0.3682)
    """
    successes, n = checked_share(successes, n, level)
    method = "Wilson, continuity-corrected" if continuity else "Wilson"
    if n == 0:
        return undefined("there are no rows", n=0, method=method, level=level)
    correction = min(0.5, abs(successes - n / 2)) if continuity else 0.0
    low, high = wilson_ends(successes, n, level, correction)
    return Estimate(value=successes / n, low=low, high=high, n=n, method=method, level=level)


def clopper_pearson(
    successes: int, n: int, level: float = 0.95, side: Literal["two", "lower", "upper"] = "two"
) -> Estimate:
    """Return the share successes / n with the exact interval (Clopper & Pearson 1934, Biometrika 26:404).

    Covers at least `level` whatever the true share. `side` "upper" gives [0, upper bound], "lower" [lower bound, 1],
    each at one-sided `level`. Undefined at n = 0. Raises BadSample as `wilson` does.

    >>> round(clopper_pearson(3, 200, side="upper").high, 6)
    0.03831
    """
    successes, n = checked_share(successes, n, level)
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


def agresti_coull(successes: int, n: int, level: float = 0.95) -> Estimate:
    """Return the share successes / n with Agresti and Coull's interval (1998, Am. Stat. 52:119), cut at 0 and 1.

    Wald's around Wilson's centre, so wider than Wilson's at both ends. Undefined at n = 0. Raises BadSample as
    `wilson` does.

    >>> share = agresti_coull(3, 20)
    >>> round(share.low, 4), round(share.high, 4)
    (0.0439, 0.3688)
    """
    hits, rows = checked_share(successes, n, level)
    if not rows:
        return undefined("there are no rows", n=0, method="Agresti-Coull", level=level)
    z = float(special.ndtri((1 + level) / 2))
    wide = rows + z * z
    centre = (hits + z * z / 2) / wide
    half = z * math.sqrt(centre * (1 - centre) / wide)
    low, high = max(centre - half, 0.0), min(centre + half, 1.0)
    return Estimate(value=hits / rows, low=low, high=high, n=rows, method="Agresti-Coull", level=level)


def jeffreys(successes: int, n: int, level: float = 0.95) -> Estimate:
    """Return the share successes / n with the equal-tailed interval of Jeffreys's prior, Beta(½, ½).

    Brown, Cai & DasGupta 2001, Statist. Sci. 16:101: the lower end is 0 without a success, the upper 1 without a
    failure. Undefined at n = 0. Raises BadSample as `wilson` does.

    >>> share = jeffreys(3, 20)
    >>> round(share.low, 4), round(share.high, 4)
    (0.0441, 0.3486)
    """
    hits, rows = checked_share(successes, n, level)
    if not rows:
        return undefined("there are no rows", n=0, method="Jeffreys", level=level)
    tail, misses = (1 - level) / 2, rows - hits
    low = float(special.betaincinv(hits + 0.5, misses + 0.5, tail)) if hits else 0.0
    high = float(special.betaincinv(hits + 0.5, misses + 0.5, 1 - tail)) if misses else 1.0
    return Estimate(value=hits / rows, low=low, high=high, n=rows, method="Jeffreys", level=level)


def newcombe(
    successes_1: int, n_1: int, successes_2: int, n_2: int, level: float = 0.95, *, continuity: bool = False
) -> Estimate:
    """Return the difference of two independent shares, first minus second, by Newcombe's method 10.

    Newcombe 1998, Statistics in Medicine 17:873. With `continuity` his method 11, which squares and adds Wilson's
    continuity-corrected intervals. `n` of the result is n_1 + n_2. For shares of the same rows use `newcombe_paired`.
    Undefined when either n is 0. Raises BadSample as `wilson` does.

    >>> difference = newcombe(56, 70, 48, 80)
    >>> round(difference.low, 4), round(difference.high, 4)
    (0.0524, 0.3339)
    """
    successes_1, n_1 = checked_share(successes_1, n_1, level)
    successes_2, n_2 = checked_share(successes_2, n_2, level)
    method = "Newcombe 11, continuity-corrected" if continuity else "Newcombe 10"
    if n_1 == 0 or n_2 == 0:
        return undefined("one of the two groups has no rows", n=n_1 + n_2, method=method, level=level)
    correction = 0.5 if continuity else 0.0
    share_1, share_2 = successes_1 / n_1, successes_2 / n_2
    low_1, high_1 = wilson_ends(successes_1, n_1, level, correction)
    low_2, high_2 = wilson_ends(successes_2, n_2, level, correction)
    return Estimate(
        value=share_1 - share_2,
        low=share_1 - share_2 - math.hypot(share_1 - low_1, high_2 - share_2),
        high=share_1 - share_2 + math.hypot(high_1 - share_1, share_2 - low_2),
        n=n_1 + n_2,
        method=method,
        level=level,
    )


def miettinen_nurminen(
    successes_1: int, n_1: int, successes_2: int, n_2: int, level: float = 0.95, *, bias_correction: bool = True
) -> Estimate:
    """Return the difference of two independent shares, first minus second, with the score interval.

    Miettinen & Nurminen 1985, Statistics in Medicine 4:213; without `bias_correction`, the factor N / (N - 1) of the
    variance, it is Mee's (1984, Biometrics 40:1175). Undefined when either n is 0. Raises BadSample as `wilson` does.

    >>> difference = miettinen_nurminen(56, 70, 48, 80)
    >>> round(difference.low, 4), round(difference.high, 4)
    (0.0528, 0.3382)
    """
    successes_1, n_1 = checked_share(successes_1, n_1, level)
    successes_2, n_2 = checked_share(successes_2, n_2, level)
    method = "Miettinen-Nurminen score" if bias_correction else "Mee score"
    n = n_1 + n_2
    if n_1 == 0 or n_2 == 0:
        return undefined("one of the two groups has no rows", n=n, method=method, level=level)
    value = successes_1 / n_1 - successes_2 / n_2
    z = float(special.ndtri((1 + level) / 2)) * (math.sqrt(n / (n - 1)) if bias_correction else 1.0)

    def gap(delta: float, sign: float) -> float:
        first, second = _restricted_shares(successes_1, n_1, successes_2, n_2, delta)
        variance = first * (1 - first) / n_1 + second * (1 - second) / n_2
        return value - delta - sign * z * math.sqrt(max(variance, 0.0))

    low, high = score_ends(value, gap)
    return Estimate(value=value, low=low, high=high, n=n, method=method, level=level)


def _restricted_shares(successes_1: int, n_1: int, successes_2: int, n_2: int, delta: float) -> tuple[float, float]:
    """Return the most likely shares whose difference is `delta`: the root of a cubic, in closed form."""
    n, successes = n_1 + n_2, successes_1 + successes_2
    linear = (n_2 * delta**2 - (n + 2 * successes_2) * delta + successes) / n
    square = ((n_1 + 2 * n_2) * delta - n - successes) / n
    constant = successes_2 * delta * (1 - delta) / n
    q = square**3 / 27 - square * linear / 6 + constant / 2
    p = math.copysign(math.sqrt(max(square**2 / 9 - linear / 3, 0.0)), q)
    angle = math.pi if p == 0 else math.pi + math.acos(min(max(q / p**3, -1.0), 1.0))
    second = 2 * p * math.cos(angle / 3) - square / 3
    second = min(max(second, 0.0, -delta), 1.0, 1 - delta)
    return second + delta, second


def checked_share(successes: int, n: int, level: float) -> tuple[int, int]:
    """Return the counts as Python ints; raises BadSample unless 0 ≤ successes ≤ n, whole, and `level` is one.

    >>> checked_share(3, 20, 0.95)
    (3, 20)
    """
    checked_level(level)
    hits, rows = whole_number(successes, "successes"), whole_number(n, "n")
    if hits > rows:
        raise BadSample(f"{hits} of {rows} is no share", expected="whole numbers with 0 ≤ successes ≤ n")
    return hits, rows
