"""Two independent shares as a ratio, an odds ratio, a z test or Fisher's exact test, from counts."""

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from heldout.core.estimate import Estimate, undefined
from heldout.stats.proportions import checked_share, newcombe
from heldout.stats.sample import Undefined
from heldout.stats.t_interval import Alternative, checked_alternative

__all__ = ["FisherTest", "TwoProportionTest", "fisher_exact", "odds_ratio", "risk_ratio", "two_proportion_test"]


def risk_ratio(successes_1: int, n_1: int, successes_2: int, n_2: int, level: float = 0.95) -> Estimate:
    """Return the share of the first group over that of the second, with the log interval.

    Katz, Baptista, Azen & Pike 1978, Biometrics 34:469; too narrow where few succeed. Undefined for an empty group or
    without success in the second, the interval for a group without any, or where all succeed in both. Raises BadSample
    as `wilson` does.

    >>> ratio = risk_ratio(189, 11034, 104, 11037)
    >>> round(ratio.value, 2), round(ratio.low, 2), round(ratio.high, 2)
    (1.82, 1.43, 2.31)
    """
    a, n, c, m = _checked(successes_1, n_1, successes_2, n_2, level)
    method, rows = "Katz log", int(n + m)
    if not n or not m or not c:
        reason = "one of the two groups has no rows" if not n or not m else "the second group has no success"
        return undefined(reason, n=rows, method=method, level=level)
    value = (a / n) / (c / m)
    variance = 1 / a - 1 / n + 1 / c - 1 / m if a else 0.0
    return _on_log(value, variance, rows, method, level)


def odds_ratio(
    successes_1: int, n_1: int, successes_2: int, n_2: int, level: float = 0.95, *, add_half: bool = False
) -> Estimate:
    """Return the odds of success in the first group over those in the second, with Woolf's log interval.

    Woolf 1955, Ann. Hum. Genet. 19:251. `add_half` adds ½ to each of the four counts (Haldane 1956, Ann. Hum. Genet.
    20:309), and so has a value for any counts. Else undefined where a count it divides by is 0, the interval where any
    is. It is no ratio of shares unless success is rare. Raises BadSample as `wilson` does.

    >>> ratio = odds_ratio(189, 11034, 104, 11037)
    >>> round(ratio.value, 2), round(ratio.low, 2), round(ratio.high, 2)
    (1.83, 1.44, 2.33)
    """
    a, n, c, m = _checked(successes_1, n_1, successes_2, n_2, level)
    method, rows = "Woolf log, ½ added" if add_half else "Woolf log", int(n + m)
    if not n or not m:
        return undefined("one of the two groups has no rows", n=rows, method=method, level=level)
    cells = np.array([a, n - a, c, m - c]) + (0.5 if add_half else 0.0)
    if not cells[1] or not cells[2]:
        reason = "all of the first group succeed, or none of the second, and the odds ratio divides by that"
        return undefined(reason, n=rows, method=method, level=level)
    value = float(cells[0] / cells[1] * (cells[3] / cells[2]))
    variance = float((1 / cells).sum()) if cells.all() else 0.0
    return _on_log(value, variance, rows, method, level)


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoProportionTest:
    """z and the p-value of equal shares, with the difference, first minus second, and Newcombe's interval of it."""

    difference: Estimate
    statistic: float
    p_value: float
    alternative: Alternative


def two_proportion_test(
    successes_1: int,
    n_1: int,
    successes_2: int,
    n_2: int,
    level: float = 0.95,
    *,
    alternative: Alternative = "two-sided",
) -> TwoProportionTest:
    """Return the z test that two independent shares are equal, with the pooled standard error, not corrected.

    z² is Pearson's chi-square, R's `prop.test(correct=FALSE)`; rough below some 5 expected successes or failures in a
    group, where `fisher_exact` holds. Raises BadSample as `wilson` does, and Undefined for an empty group or where all
    or none succeed.

    >>> test = two_proportion_test(15, 50, 25, 50)
    >>> round(test.statistic, 4), round(test.p_value, 5)
    (-2.0412, 0.04123)
    """
    checked_alternative(alternative)
    a, n, c, m = _checked(successes_1, n_1, successes_2, n_2, level)
    if not n or not m:
        raise Undefined("one of the two groups has no rows")
    pooled = (a + c) / (n + m)
    if pooled in (0.0, 1.0):
        raise Undefined("all rows succeed, or none, so the sample shows no variance")
    z = (a / n - c / m) / math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
    p = {"two-sided": 2 * special.ndtr(-abs(z)), "greater": special.ndtr(-z), "less": special.ndtr(z)}[alternative]
    return TwoProportionTest(
        difference=newcombe(successes_1, n_1, successes_2, n_2, level),
        statistic=z,
        p_value=float(p),
        alternative=alternative,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FisherTest:
    """Fisher's exact p-value and the conditional odds ratio with its exact interval, as R's fisher.test prints."""

    odds_ratio: Estimate
    p_value: float
    alternative: Alternative


def fisher_exact(
    successes_1: int,
    n_1: int,
    successes_2: int,
    n_2: int,
    level: float = 0.95,
    *,
    alternative: Alternative = "two-sided",
) -> FisherTest:
    """Return Fisher's exact test of equal shares (Fisher 1935, JRSS 98:39); it holds its level at any counts.

    Two-sided p adds up the tables that are no likelier than the observed. The odds ratio is the conditional maximum
    likelihood, not `odds_ratio`, its two-sided interval Cornfield's exact one; undefined where an end is infinite.
    Raises BadSample as `wilson` does, and Undefined for an empty group or where all or none succeed.

    >>> tea = fisher_exact(3, 4, 1, 4)
    >>> round(tea.p_value, 4), round(tea.odds_ratio.value, 4), round(tea.odds_ratio.low, 4)
    (0.4857, 6.4083, 0.2117)
    """
    checked_alternative(alternative)
    a, n, c, m = _checked(successes_1, n_1, successes_2, n_2, level)
    if not n or not m:
        raise Undefined("one of the two groups has no rows")
    if a + c in (0, n + m):
        raise Undefined("all rows succeed, or none, so there is one table only")
    from scipy import stats  # slow to load

    table = [[a, n - a], [c, m - c]]
    fitted = stats.contingency.odds_ratio(table, kind="conditional")
    ends = fitted.confidence_interval(confidence_level=level)
    method, value = "conditional, exact", float(fitted.statistic)
    if math.isinf(value) or math.isinf(ends.high):
        reason = "a count is 0, so the odds ratio has no upper end"
        known = None if math.isinf(value) else value
        ratio = undefined(reason, n=n + m, method=method, value=known, level=level)
    else:
        low, high = float(ends.low), float(ends.high)
        ratio = Estimate(value=value, low=low, high=high, n=n + m, method=method, level=level)
    p_value = float(stats.fisher_exact(table, alternative=alternative).pvalue)
    return FisherTest(odds_ratio=ratio, p_value=p_value, alternative=alternative)


def _on_log(value: float, variance: float, n: int, method: str, level: float) -> Estimate:
    if variance <= 0:
        reason = "a count is 0, so the logarithm has no standard error"
        return undefined(reason, n=n, method=method, value=value, level=level)
    factor = math.exp(float(special.ndtri((1 + level) / 2)) * math.sqrt(variance))
    return Estimate(value=value, low=value / factor, high=value * factor, n=n, method=method, level=level)


def _checked(successes_1: int, n_1: int, successes_2: int, n_2: int, level: float) -> tuple[int, int, int, int]:
    return (*checked_share(successes_1, n_1, level), *checked_share(successes_2, n_2, level))
