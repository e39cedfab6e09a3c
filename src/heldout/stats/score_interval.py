"""What score intervals of shares are made of: Wilson's ends, and the search for where a score statistic reaches z."""

import math
from collections.abc import Callable

from scipy import special

__all__ = ["score_ends", "wilson_ends"]

HALVINGS = 80
"""Bisections of [-1, 1]: past the last bit of a float."""


def wilson_ends(successes: int, n: int, level: float, correction: float = 0.0) -> tuple[float, float]:
    """Return the ends of Wilson's interval at n ≥ 1, moved out by `correction` rows (0 or ½).

    >>> low, high = wilson_ends(1, 29, 0.95)
    >>> round(low, 4), round(high, 4)
    (0.0061, 0.1718)
    """
    z = float(special.ndtri((1 + level) / 2))

    def end(share: float, sign: float) -> float:
        half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
        return (share + z * z / (2 * n) + sign * half) / (1 + z * z / n)

    low = 0.0 if successes <= correction else end((successes - correction) / n, -1)
    high = 1.0 if successes >= n - correction else end((successes + correction) / n, 1)
    return low, high


def score_ends(value: float, gap: Callable[[float, float], float]) -> tuple[float, float]:
    """Return the ends of a score interval for a difference `value` in [-1, 1].

    gap(delta, sign) is (value - delta) - sign × z × standard error at delta: above 0 below the end, below 0 above it.

    >>> score_ends(0.0, lambda delta, sign: -delta - sign * 0.5)
    (-0.5, 0.5)
    """
    # at ±1 the standard error may be 0, where an end is the bound itself
    low = -1.0 if value <= -1 else _sign_change(lambda delta: gap(delta, 1), -1.0, value)
    high = 1.0 if value >= 1 else _sign_change(lambda delta: gap(delta, -1), value, 1.0)
    return low, high


def _sign_change(function: Callable[[float], float], low: float, high: float) -> float:
    """Return where `function` falls through 0 between `low` and `high`, by bisection."""
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if function(middle) > 0 else (low, middle)
    return (low + high) / 2
