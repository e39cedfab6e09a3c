"""The ratio of two independent shares with its score interval, which holds at small counts and at none."""

import math

from scipy import special

from heldout.core.estimate import Estimate, undefined
from heldout.stats.proportions import checked_share

__all__ = ["risk_ratio_score"]

HALVINGS = 200
"""Bisections between 0 and 1: past the last bit of a float."""


def risk_ratio_score(
    successes_1: int, n_1: int, successes_2: int, n_2: int, level: float = 0.95, *, bias_correction: bool = False
) -> Estimate:
    """Return the share of the first group over that of the second, with the score interval.

    Koopman 1984, Biometrics 40:513; with `bias_correction`, the factor N / (N - 1) of the variance, it is Miettinen &
    Nurminen's (1985, Statistics in Medicine 4:213). `n` of the result is n_1 + n_2. Unlike `risk_ratio` it has an
    interval where nobody of the first group succeeds, and where all succeed. Undefined for an empty group, and without
    a success in the second, where the ratio has no upper end. Raises BadSample as `wilson` does.

    >>> ratio = risk_ratio_score(36, 40, 16, 80)
    >>> round(ratio.value, 2), round(ratio.low, 4), round(ratio.high, 4)
    (4.5, 2.9396, 7.1521)
    """
    a, n = checked_share(successes_1, n_1, level)
    c, m = checked_share(successes_2, n_2, level)
    method = "Miettinen-Nurminen score" if bias_correction else "Koopman score"
    if not n or not m or not c:
        reason = "one of the two groups has no rows" if not n or not m else "the second group has no success"
        return undefined(reason, n=n + m, method=method, level=level)
    value = (a / n) / (c / m)
    z = float(special.ndtri((1 + level) / 2)) * (math.sqrt((n + m) / (n + m - 1)) if bias_correction else 1.0)
    low = 0.0 if a == 0 else _end(a, n, c, m, z, below=True)
    return Estimate(value=value, low=low, high=_end(a, n, c, m, z, below=False), n=n + m, method=method, level=level)


def _end(a: int, n: int, c: int, m: int, z: float, *, below: bool) -> float:
    """Return the ratio at which the score statistic reaches z below the observed ratio, or -z above it."""
    observed = (a / n) / (c / m)
    low, high = (0.0, _unit(observed)) if below else (_unit(observed), 1.0)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        is_outside = abs(_statistic(a, n, c, m, middle / (1 - middle))) > z
        if is_outside is below:
            low = middle
        else:
            high = middle
    middle = (low + high) / 2
    return middle / (1 - middle)


def _unit(ratio: float) -> float:
    return ratio / (1 + ratio)


def _statistic(a: int, n: int, c: int, m: int, ratio: float) -> float:
    """Return (share 1 - ratio × share 2) over its standard error at the likeliest shares with this ratio."""
    linear = n * ratio + a + m + c * ratio
    root = math.sqrt(max(linear**2 - 4 * (n + m) * ratio * (a + c), 0.0))
    second = 2 * (a + c) / (linear + root)  # the smaller root, without the loss of digits of linear - root
    first = ratio * second
    variance = first * (1 - min(first, 1.0)) / n + ratio**2 * second * (1 - min(second, 1.0)) / m
    gap = a / n - ratio * c / m
    if variance <= 0:
        return 0.0 if gap == 0 else math.copysign(math.inf, gap)
    return gap / math.sqrt(variance)
