"""Two binary outcomes of the same independent rows: the difference of their shares, and McNemar's tests."""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from heldout.core.estimate import Estimate, undefined
from heldout.stats.sample import BadSample, Undefined, as_numbers, checked_level, whole_number
from heldout.stats.score_interval import score_ends, wilson_ends

__all__ = ["McnemarTest", "PairedCounts", "mcnemar", "newcombe_paired", "paired_counts", "tango"]


class PairedCounts(NamedTuple):
    """Rows by their two outcomes; a tuple, so that `tango(*counts)` reads as it should."""

    both: int
    first_only: int
    second_only: int
    neither: int


def paired_counts(first: ArrayLike, second: ArrayLike) -> PairedCounts:
    """Return how many rows succeeded in both, the first only, the second only and neither, from 0/1 arrays (n,).

    Raises BadSample for arrays of other lengths, or values that are not 0 or 1.

    >>> paired_counts([1, 1, 0, 0], [1, 0, 0, 0])
    PairedCounts(both=1, first_only=1, second_only=0, neither=2)
    """
    outcomes = []
    for values, name in ((first, "first"), (second, "second")):
        numbers = as_numbers(values, name)
        wrong = (numbers != 0) & (numbers != 1)
        if wrong.any():
            row = int(np.argmax(wrong))
            raise BadSample(f"{name} holds {numbers[row]:g}", where=f"row {row}", expected="outcomes of 0 or 1")
        outcomes.append(numbers == 1)
    one, two = outcomes
    if one.size != two.size:
        raise BadSample(f"first has {one.size} rows and second {two.size}", expected="the same rows in both")
    both = int(np.count_nonzero(one & two))
    first_only, second_only = int(np.count_nonzero(one)) - both, int(np.count_nonzero(two)) - both
    return PairedCounts(both, first_only, second_only, one.size - both - first_only - second_only)


def newcombe_paired(
    both: int, first_only: int, second_only: int, neither: int, level: float = 0.95, *, method: int = 10
) -> Estimate:
    """Return the paired difference of shares, first minus second, by Newcombe's square-and-add.

    Newcombe 1998, Statistics in Medicine 17:2635. `method` is the number that he gave it: 10 (default) corrects the
    correlation phi for continuity, 8 does not, 9 corrects Wilson's intervals and leaves phi. For independent pairs;
    for clustered ones use `clustered_paired_difference`. Undefined without pairs. Raises BadSample for counts that
    are not whole numbers ≥ 0.

    >>> difference = newcombe_paired(both=1, first_only=1, second_only=7, neither=12)
    >>> round(difference.value, 4), round(difference.low, 4), round(difference.high, 4)
    (-0.2857, -0.5069, -0.0256)
    """
    counts = _checked(both, first_only, second_only, neither, level)
    if method not in (8, 9, 10):
        raise BadSample(f"there is no method {method!r}", expected="8, 9 or 10")
    both, first_only, second_only, neither = counts
    name, n = f"Newcombe square-and-add, method {method}", sum(counts)
    if n == 0:
        return undefined("there are no pairs", n=0, method=name, level=level)
    first, second = both + first_only, both + second_only
    correction = 0.5 if method == 9 else 0.0
    low_1, high_1 = wilson_ends(first, n, level, correction)
    low_2, high_2 = wilson_ends(second, n, level, correction)
    down_1, up_1, down_2, up_2 = first / n - low_1, high_1 - first / n, second / n - low_2, high_2 - second / n
    phi = _phi(counts, corrected=method == 10)
    value = (first_only - second_only) / n
    return Estimate(
        value=value,
        low=max(value - _side(down_1, up_2, phi), -1.0),
        high=min(value + _side(up_1, down_2, phi), 1.0),
        n=n,
        method=name,
        level=level,
    )


def tango(both: int, first_only: int, second_only: int, neither: int, level: float = 0.95) -> Estimate:
    """Return the paired difference of shares, first minus second, with Tango's score interval.

    Tango 1998, Statistics in Medicine 17:891. Exists at any counts, also where no pair is discordant; for independent
    pairs. Undefined without pairs. Raises BadSample for counts that are not whole numbers ≥ 0.

    >>> difference = tango(both=1, first_only=1, second_only=7, neither=12)
    >>> round(difference.low, 4), round(difference.high, 4)
    (-0.5172, -0.026)
    """
    both, first_only, second_only, neither = _checked(both, first_only, second_only, neither, level)
    n = both + first_only + second_only + neither
    if n == 0:
        return undefined("there are no pairs", n=0, method="Tango score", level=level)
    z = float(special.ndtri((1 + level) / 2))
    value = (first_only - second_only) / n

    def gap(delta: float, sign: float) -> float:
        # the most likely chance of second_only where the difference is delta: the larger root of a quadratic
        linear = (2 * n - first_only + second_only) * delta - first_only - second_only
        root = math.sqrt(max(linear**2 + 8 * n * second_only * delta * (1 - delta), 0.0))
        chance = (root - linear) / (4 * n)
        return value - delta - sign * z * math.sqrt(max(2 * chance + delta * (1 - delta), 0.0) / n)

    low, high = score_ends(value, gap)
    return Estimate(value=value, low=low, high=high, n=n, method="Tango score", level=level)


@dataclass(frozen=True, slots=True, kw_only=True)
class McnemarTest:
    """McNemar's two-sided tests of equal shares, on `discordant` pairs; `p_value` is the mid-p.

    `exact_p_value` is the binomial's, which is conservative; the chi-squares have one degree of freedom, without and
    with Edwards's continuity correction, and are rough below some 25 discordant pairs.
    """

    discordant: int
    p_value: float
    exact_p_value: float
    chi_square: float
    chi_square_p_value: float
    corrected_chi_square: float
    corrected_chi_square_p_value: float


def mcnemar(first_only: int, second_only: int) -> McnemarTest:
    """Return McNemar's tests of equal shares of successes in the same independent rows; `p_value` is the mid-p.

    Whether two outcomes of each row succeed equally often: `exact_p_value` is the binomial's. McNemar 1947,
    Psychometrika 12:153; mid-p as Fagerland, Lydersen & Laake 2013, BMC Med. Res. Methodol. 13:91. The chi-squares are
    those of R's mcnemar.test. Raises BadSample for counts that are not whole numbers ≥ 0, and Undefined where no pair
    is discordant.

    >>> test = mcnemar(first_only=1, second_only=7)
    >>> test.p_value, test.exact_p_value
    (0.0390625, 0.0703125)
    """
    one, two = whole_number(first_only, "first_only"), whole_number(second_only, "second_only")
    n, fewer, gap = one + two, min(one, two), abs(one - two)
    if n == 0:
        raise Undefined("no pair is discordant, so the pairs say nothing of a difference")
    below = float(special.betainc(n - fewer, fewer + 1, 0.5))
    exactly = below - (float(special.betainc(n - fewer + 1, fewer, 0.5)) if fewer else 0.0)
    plain, corrected = gap**2 / n, max(gap - 1, 0) ** 2 / n
    return McnemarTest(
        discordant=n,
        p_value=1 - exactly / 2 if gap == 0 else 2 * below - exactly,
        exact_p_value=min(2 * below, 1.0),
        chi_square=plain,
        chi_square_p_value=float(special.chdtrc(1, plain)),
        corrected_chi_square=corrected,
        corrected_chi_square_p_value=float(special.chdtrc(1, corrected)),
    )


def _phi(counts: PairedCounts, *, corrected: bool) -> float:
    both, first_only, second_only, neither = counts
    margins = [both + first_only, second_only + neither, both + second_only, first_only + neither]
    product = both * neither - first_only * second_only
    if 0 in margins:
        return 0.0
    above = max(product - sum(counts) / 2, 0.0) if corrected and product >= 0 else float(product)
    return above / math.sqrt(math.prod(margins))


def _side(one: float, other: float, phi: float) -> float:
    return math.sqrt(max(one**2 - 2 * phi * one * other + other**2, 0.0))


def _checked(both: int, first_only: int, second_only: int, neither: int, level: float) -> PairedCounts:
    checked_level(level)
    return PairedCounts(
        whole_number(both, "both"),
        whole_number(first_only, "first_only"),
        whole_number(second_only, "second_only"),
        whole_number(neither, "neither"),
    )
