"""Tests on counts: whether an experiment was dealt as planned, and whether groups share one distribution."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from heldout.stats.magnitude import LARGEST, same_scale, whole_enough
from heldout.stats.sample import BadSample, Floats, Undefined, as_numbers

__all__ = ["ChiSquareTest", "chi_square_homogeneity", "srm"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChiSquareTest:
    """A chi-square statistic of `n` counted units, its degrees of freedom and p, and the counts expected under H0.

    `expected` has the shape of the counts, `residuals` are Pearson's (observed - expected) / √expected.
    `effect_size` is Cohen's w for a vector of counts, Cramér's V for a table. Where `smallest_expected` is below 5
    the p-value is rough (Cochran 1954, Biometrics 10:417).
    """

    statistic: float
    degrees_of_freedom: int
    p_value: float
    n: int
    expected: tuple[float, ...] | tuple[tuple[float, ...], ...]
    residuals: tuple[float, ...] | tuple[tuple[float, ...], ...]
    smallest_expected: float
    effect_size: float


def srm(counts: ArrayLike, expected_shares: ArrayLike | None = None) -> ChiSquareTest:
    """Return the sample-ratio-mismatch test: units counted per arm (k,) against the shares they were dealt with.

    Run it before any other number of an experiment is read: where it fails (p < .001 is customary), assignment or
    logging is broken, and no lift may be read (Fabijan et al. 2019, KDD; Kohavi, Tang & Xu 2020, ch. 21). Count the
    units that were randomised, not events or rows. Read daily, its p is too small: use a sequential test then.
    `expected_shares` (k,) may be any positive weights; None is equal shares. Pearson's chi-square goodness of fit
    (Pearson 1900, Phil. Mag. 50:157). Raises BadSample for fewer than two arms, counts that are not whole or below 0,
    or shares that are not positive; Undefined without units.

    >>> test = srm([821588, 815482])
    >>> round(test.statistic, 3), test.degrees_of_freedom, f"{test.p_value:.2g}"
    (22.774, 1, '1.8e-06')
    """
    observed = _counted(counts, 1)
    if observed.size < 2:
        raise BadSample(f"{observed.size} arms", expected="two at least")
    if not observed.any():
        raise Undefined("no unit was counted in any arm")
    shares = np.ones_like(observed) if expected_shares is None else as_numbers(expected_shares, "expected_shares")
    if shares.size != observed.size:
        raise BadSample(f"{observed.size} counts and {shares.size} shares", expected="one share for each arm")
    if (shares <= 0).any():
        raise BadSample("a share is not positive", where=f"arm {int(np.argmax(shares <= 0))}", expected="above 0")
    shares = same_scale(shares)
    expected = shares / shares.sum() * observed.sum()
    if expected.min() < 1 / LARGEST:
        arm = int(np.argmin(expected))
        raise BadSample(
            f"a share leaves {expected[arm]:g} units to expect", where=f"arm {arm}", expected="larger shares"
        )
    return _test(observed, expected, observed.size - 1, correction=0.0, most=1)


def chi_square_homogeneity(table: ArrayLike, *, yates: bool = False) -> ChiSquareTest:
    """Return Pearson's chi-square test that the rows of a table of counts (r, c) share one distribution.

    The same test as of independence. `yates` subtracts up to ½ from each |observed - expected| of a 2 × 2 table (Yates
    1934, J. R. Statist. Soc. Suppl. 1:217), as R's `chisq.test` and SciPy do by default; other tables have no such
    correction. With many rows any difference is significant: judge by `effect_size`. Counts are of independent units,
    not of several rows of a user. Raises BadSample for a table smaller than 2 × 2, counts that are not whole or below
    0, or `yates` for a larger table; Undefined for a row or column without counts.

    >>> test = chi_square_homogeneity([[762, 327, 468], [484, 239, 477]])
    >>> round(test.statistic, 3), test.degrees_of_freedom, f"{test.p_value:.3g}", round(test.effect_size, 3)
    (30.07, 2, '2.95e-07', 0.104)
    """
    observed = _counted(table, 2)
    rows, columns = observed.shape
    if min(rows, columns) < 2:
        raise BadSample(f"a table of {rows} × {columns}", expected="2 × 2 at least")
    if yates and (rows, columns) != (2, 2):
        raise BadSample(f"Yates' correction for a table of {rows} × {columns}", expected="2 × 2")
    by_row, by_column = observed.sum(axis=1), observed.sum(axis=0)
    for sums, name in ((by_row, "row"), (by_column, "column")):
        if not sums.all():
            raise Undefined(f"{name} {int(np.argmin(sums))} has no counts, so it expects none: leave it out")
    expected = np.outer(by_row, by_column) / observed.sum()
    correction = min(0.5, float(np.abs(observed - expected).min())) if yates else 0.0
    freedom = (rows - 1) * (columns - 1)
    return _test(observed, expected, freedom, correction=correction, most=min(rows, columns) - 1)


def _test(observed: Floats, expected: Floats, freedom: int, *, correction: float, most: int) -> ChiSquareTest:
    gap = observed - expected
    statistic = float(((np.abs(gap) - correction) ** 2 / expected).sum())
    n = int(observed.sum())
    return ChiSquareTest(
        statistic=statistic,
        degrees_of_freedom=freedom,
        p_value=float(special.chdtrc(freedom, statistic)),
        n=n,
        expected=_plain(expected),
        residuals=_plain(gap / np.sqrt(expected)),
        smallest_expected=float(expected.min()),
        effect_size=math.sqrt(statistic / (n * most)),
    )


def _counted(counts: ArrayLike, dimensions: int) -> Floats:
    observed = as_numbers(counts, "counts", dimensions=dimensions)
    wrong = (observed < 0) | (observed != np.floor(observed))
    if wrong.any():
        where = ", ".join(str(int(i)) for i in np.argwhere(wrong)[0])
        raise BadSample(f"{observed[wrong][0]:g} is no count", where=f"position {where}", expected="whole numbers")
    with np.errstate(over="ignore"):
        whole_enough(float(observed.sum()), "the counts")
    return observed


def _plain(numbers: Floats) -> tuple[float, ...] | tuple[tuple[float, ...], ...]:
    if numbers.ndim == 1:
        return tuple(float(x) for x in numbers)
    return tuple(tuple(float(x) for x in row) for row in numbers)
