"""More intervals of one share: Agresti and Coull's, and Jeffreys's."""

import math

from scipy import special

from heldout.core.estimate import Estimate, undefined
from heldout.stats.magnitude import whole_enough
from heldout.stats.sample import BadSample, as_numbers, checked_level

__all__ = ["agresti_coull", "jeffreys"]


def agresti_coull(successes: int, n: int, level: float = 0.95) -> Estimate:
    """Return the share successes / n with Agresti and Coull's interval (1998, Am. Stat. 52:119), cut at 0 and 1.

    Wald's around Wilson's centre, so wider than Wilson's at both ends. Undefined at n = 0. Raises BadSample as
    `wilson` does.

    >>> share = agresti_coull(3, 20)
    >>> round(share.low, 4), round(share.high, 4)
    (0.0439, 0.3688)
    """
    hits, rows = _checked(successes, n, level)
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
    hits, rows = _checked(successes, n, level)
    if not rows:
        return undefined("there are no rows", n=0, method="Jeffreys", level=level)
    tail, misses = (1 - level) / 2, rows - hits
    low = float(special.betaincinv(hits + 0.5, misses + 0.5, tail)) if hits else 0.0
    high = float(special.betaincinv(hits + 0.5, misses + 0.5, 1 - tail)) if misses else 1.0
    return Estimate(value=hits / rows, low=low, high=high, n=rows, method="Jeffreys", level=level)


def _checked(successes: int, n: int, level: float) -> tuple[int, int]:
    checked_level(level)
    hits, rows = (float(x) for x in as_numbers([successes, n], "the counts"))
    if hits != math.floor(hits) or rows != math.floor(rows) or not 0 <= hits <= rows:
        raise BadSample(f"{hits:g} of {rows:g} is no share", expected="whole numbers with 0 ≤ successes ≤ n")
    whole_enough(rows, "the rows")
    return int(hits), int(rows)
