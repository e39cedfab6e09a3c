"""The difference of two estimates that share no rows, from their intervals."""

import math

from heldout.core.estimate import Estimate, undefined
from heldout.stats.sample import BadSample

__all__ = ["interval_difference"]

METHOD = "independent intervals, MOVER"


def interval_difference(first: Estimate, second: Estimate, *, sign: float = 1.0) -> Estimate:
    """Return sign × (first - second) with the interval that their own intervals make.

    Zou & Donner 2008, Statistics in Medicine 27:1693: the distance to each end is the root of the summed squares.
    `sign` is 1 or -1. Undefined where either has no interval. Raises BadSample for another sign, or two intervals of
    different levels.

    >>> a = Estimate(value=0.9, low=0.88, high=0.92, n=100, method="t")
    >>> b = Estimate(value=0.7, low=0.67, high=0.73, n=100, method="t")
    >>> difference = interval_difference(a, b)
    >>> round(difference.value, 3), round(difference.low, 3), round(difference.high, 3)
    (0.2, 0.164, 0.236)
    """
    if sign not in (1, -1):
        raise BadSample(f"the sign is {sign!r}", expected="1 or -1")
    if first.is_defined and second.is_defined and first.level != second.level:
        raise BadSample(f"intervals at {first.level:g} and {second.level:g}", expected="one level for both")
    n = first.n + second.n
    if sign < 0:
        first, second = second, first
    if first.value is None or second.value is None:
        because = first.undefined_because if first.value is None else second.undefined_because
        return undefined(f"one side has no value: {because}", n=n, method=METHOD)
    value = first.value - second.value
    if first.low is None or first.high is None or second.low is None or second.high is None:
        return undefined("one side has no interval", n=n, method=METHOD, value=value)
    return Estimate(
        value=value,
        low=value - math.hypot(first.value - first.low, second.high - second.value),
        high=value + math.hypot(first.high - first.value, second.value - second.low),
        n=n,
        method=METHOD,
        level=first.level,
    )
