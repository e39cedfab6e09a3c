"""How a measured time grows: its slope on logarithmic scales."""

import math
from collections.abc import Sequence

__all__ = ["at_size", "slope"]


def slope(sizes: Sequence[float], seconds: Sequence[float]) -> float:
    """Return the least-squares slope of log seconds on log size, each of n ≥ 2: 1 is linear, 2 quadratic."""
    x, y = [math.log(one) for one in sizes], [math.log(one) for one in seconds]
    middle, level = sum(x) / len(x), sum(y) / len(y)
    return float(sum((a - middle) * (b - level) for a, b in zip(x, y, strict=True)) / sum((a - middle) ** 2 for a in x))


def at_size(sizes: Sequence[float], seconds: Sequence[float], size: float) -> float:
    """Return the seconds at another size by the slope, from the largest that was measured."""
    return float(seconds[-1] * (size / sizes[-1]) ** slope(sizes, seconds))
