"""Student's t: the interval and the p-value that a value, its standard error and its degrees of freedom make."""

import math
from typing import Literal

from scipy import special

from heldout.core.estimate import Estimate, undefined
from heldout.stats.sample import BadSample, checked_level

__all__ = ["NO_SPREAD", "Alternative", "checked_alternative", "t_estimate", "t_p_value"]

Alternative = Literal["two-sided", "greater", "less"]

NO_SPREAD = 1e-12
"""A standard error below this share of the numbers behind it is rounding, not variance."""


def checked_alternative(alternative: Alternative) -> Alternative:
    """Return `alternative`, or raise BadSample where there is no such one.

    >>> checked_alternative("less")
    'less'
    """
    if alternative not in ("two-sided", "greater", "less"):
        raise BadSample(f"there is no alternative {alternative!r}", expected="two-sided, greater or less")
    return alternative


def t_p_value(statistic: float, degrees_of_freedom: float, alternative: Alternative = "two-sided") -> float:
    """Return the p-value of a t statistic; infinite degrees of freedom make it the normal's (Student 1908).

    "greater" asks whether the true value is above the null's. Raises BadSample for an unknown alternative.

    >>> round(t_p_value(2.147987, 14), 4)
    0.0497
    """
    if checked_alternative(alternative) == "two-sided":
        return 2 * float(special.stdtr(degrees_of_freedom, -abs(statistic)))
    return float(special.stdtr(degrees_of_freedom, -statistic if alternative == "greater" else statistic))


def t_estimate(
    value: float,
    standard_error: float,
    degrees_of_freedom: float,
    *,
    n: int,
    method: str,
    level: float = 0.95,
    scale: float = 0.0,
    rounding: float = 0.0,
) -> Estimate:
    """Return value ± t × standard error; infinite degrees of freedom make it the normal interval.

    The interval is undefined where the standard error is rounding: at most `rounding`, which it can come to where
    nothing varies, or 1e-12 of `scale`, the size of the numbers behind it. Raises BadSample for a level outside (0, 1).

    >>> sleep = t_estimate(1.58, 0.38896, 9, n=10, method="t")
    >>> round(sleep.low, 2), round(sleep.high, 2)
    (0.7, 2.46)
    """
    checked_level(level)
    if standard_error <= max(rounding, NO_SPREAD * scale) or not math.isfinite(standard_error):
        reason = "the sample shows no variance, so it says nothing of the value's error"
        return undefined(reason, n=n, method=method, value=value, level=level)
    half = float(special.stdtrit(degrees_of_freedom, (1 + level) / 2)) * standard_error
    return Estimate(value=value, low=value - half, high=value + half, n=n, method=method, level=level)
