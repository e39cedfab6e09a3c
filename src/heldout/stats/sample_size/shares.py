"""Power and units to tell two shares apart."""

import math
from typing import Literal

from scipy import special

from heldout.stats.sample import BadSample, Undefined, checked_number
from heldout.stats.sample_size.parameters import Sides, check_alpha, check_power, check_spread, z_alpha

__all__ = ["proportion_n", "proportion_power"]

ProportionMethod = Literal["pooled", "unpooled", "arcsine"]


def proportion_power(
    n: float,
    first: float,
    second: float,
    alpha: float = 0.05,
    *,
    alternative: Sides = "two-sided",
    ratio: float = 1.0,
    method: ProportionMethod = "pooled",
    strict: bool = False,
) -> float:
    """Return the power to tell two shares apart with `n` independent units in the first group, ratio × n in the second.

    Normal approximation. "pooled": variance pooled under the null (Fleiss, Levin & Paik 2003, ch. 4; R's
    `power.prop.test`), "unpooled", "arcsine" (Cohen's h). `strict` counts rejections on the wrong side too. Raises
    BadSample for shares outside [0, 1] or parameters out of range; Undefined where no unit varies.

    >>> round(proportion_power(50, 0.5, 0.75), 4)
    0.7402
    """
    check_alpha(alpha, alternative)
    if checked_number(n, "n") <= 0:
        raise BadSample(f"{n} units", expected="a positive number")
    gap, null, own = _shares(first, second, ratio, method)
    z = z_alpha(alpha, alternative)
    found = special.ndtr((math.sqrt(n) * gap - z * null) / own)
    if strict and alternative == "two-sided":
        found += special.ndtr((-math.sqrt(n) * gap - z * null) / own)
    return float(found)


def proportion_n(
    power: float,
    first: float,
    second: float,
    alpha: float = 0.05,
    *,
    alternative: Sides = "two-sided",
    ratio: float = 1.0,
    method: ProportionMethod = "pooled",
    continuity: bool = False,
) -> float:
    """Return the units of the first group that tell two shares apart with `power`; the second has ratio × as many.

    `continuity` adds Fleiss's correction for a test with Yates' (Fleiss, Tytun & Ury 1980, Biometrics 36:343). Methods
    and errors as `proportion_power`; BadSample for equal shares. A fraction, to be rounded up.

    >>> round(proportion_n(0.9, 0.5, 0.75), 4)
    76.7069
    """
    check_alpha(alpha, alternative)
    check_power(power, alpha)
    gap, null, own = _shares(first, second, ratio, method)
    if gap == 0:
        raise BadSample("equal shares are never told apart", expected="the difference that matters")
    n = ((z_alpha(alpha, alternative) * null + float(special.ndtri(power)) * own) / gap) ** 2
    if continuity:
        n = n / 4 * (1 + math.sqrt(1 + 2 * (1 + ratio) / (n * ratio * abs(first - second)))) ** 2
    return n


def _shares(first: float, second: float, ratio: float, method: ProportionMethod) -> tuple[float, float, float]:
    """Return the gap of two shares, and its standard deviation for one unit under the null and as given."""
    if not 0 <= checked_number(first, "first") <= 1 or not 0 <= checked_number(second, "second") <= 1:
        raise BadSample(f"the shares {first} and {second}", expected="numbers in [0, 1]")
    check_spread(1.0, ratio)
    if method == "arcsine":
        spread = math.sqrt(1 + 1 / ratio)
        return abs(2 * math.asin(math.sqrt(first)) - 2 * math.asin(math.sqrt(second))), spread, spread
    if method not in ("pooled", "unpooled"):
        raise BadSample(f"there is no method {method!r}", expected="pooled, unpooled or arcsine")
    own = math.sqrt(first * (1 - first) + second * (1 - second) / ratio)
    if own == 0:
        raise Undefined("at shares of 0 and 1 no unit varies, and the normal approximation says nothing")
    pooled = (first + ratio * second) / (1 + ratio)
    null = math.sqrt(pooled * (1 - pooled) * (1 + 1 / ratio)) if method == "pooled" else own
    return abs(first - second), null, own
