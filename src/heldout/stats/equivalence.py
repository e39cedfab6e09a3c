"""Tests against a margin: equivalence by two one-sided tests, and the minimum-effect null of gated checks."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from heldout.core.estimate import Estimate, undefined
from heldout.stats.clusters import satterthwaite
from heldout.stats.magnitude import ROUNDING, centred, moderate, squarable
from heldout.stats.means import paired_mean_test
from heldout.stats.sample import BadSample, Floats, as_array, as_numbers, checked_number, whole_number
from heldout.stats.t_interval import t_estimate, t_p_value

__all__ = ["EquivalenceTest", "MinimumEffectTest", "minimum_effect_test", "tost", "tost_from_estimate"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EquivalenceTest:
    """Two one-sided tests of whether a difference lies strictly between `low_margin` and `high_margin`.

    `p_lower` belongs to the null that it is at or below `low_margin`, `p_upper` to the null that it is at or above
    `high_margin`; `p_value` is the larger. `is_equivalent` says whether it is ≤ `alpha`, that is, whether the interval
    of `difference`, at level 1 - 2 alpha, lies within the margins. All but these three are None where the sample
    shows no variance or is too small.
    """

    difference: Estimate
    low_margin: float
    high_margin: float
    alpha: float
    standard_error: float | None = None
    degrees_of_freedom: float | None = None
    statistic_lower: float | None = None
    statistic_upper: float | None = None
    p_lower: float | None = None
    p_upper: float | None = None
    p_value: float | None = None
    is_equivalent: bool | None = None


def tost(
    first: ArrayLike,
    second: ArrayLike,
    margin: tuple[float, float] | float,
    *,
    paired: bool = False,
    equal_variance: bool = False,
    cluster: ArrayLike | None = None,
    alpha: float = 0.05,
) -> EquivalenceTest:
    """Return the equivalence test of the means of first (n,) and second (m,), first minus second, within `margin`.

    Schuirmann 1987, J. Pharmacokinet. Biopharm. 15:657. One number is ±margin. Welch's standard error (1947,
    Biometrika 34:28) for independent rows, Student's pooled one with `equal_variance`, the paired one with `paired`,
    which takes `cluster` (n,) too. That the means are not significantly different is not equivalence. Undefined below
    two rows of a side (two pairs or clusters), and without variance. Raises BadSample for bad arrays, other lengths
    where paired, no rows, margins that are not low < high, or alpha outside (0, ½).

    >>> soporific = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2]
    >>> other = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
    >>> test = tost(soporific, other, 3.5)
    >>> round(test.p_lower, 4), round(test.p_value, 4), test.is_equivalent
    (0.0183, 0.0183, True)
    """
    _margins(margin)
    alpha = _checked_alpha(alpha)
    level = 1 - 2 * alpha
    if paired:
        test = paired_mean_test(first, second, cluster=cluster, level=level)
        return _tested(test.difference, test.standard_error, test.degrees_of_freedom, margin, alpha)
    if cluster is not None:
        raise BadSample("clusters of independent groups are not known here", expected="cluster with paired=True only")
    groups = [squarable(as_numbers(values, name), name) for values, name in ((first, "first"), (second, "second"))]
    for values, name in zip(groups, ("first", "second"), strict=True):
        if not values.size:
            raise BadSample(f"{name} is empty", expected="one row at least")
    return _tested(*_independent(groups[0], groups[1], level, equal_variance), margin, alpha)


def tost_from_estimate(
    value: float,
    standard_error: float,
    degrees_of_freedom: float,
    margin: tuple[float, float] | float,
    *,
    alpha: float = 0.05,
    n: int = 0,
) -> EquivalenceTest:
    """Return the equivalence test of a value with its standard error and degrees of freedom (inf for the normal).

    Schuirmann 1987, J. Pharmacokinet. Biopharm. 15:657. `n` is noted in the Estimate. Raises BadSample for numbers
    that are not finite, a standard error or degrees of freedom not above 0, bad margins or alpha outside (0, ½).

    >>> test = tost_from_estimate(-1.58, 0.849091, 17.776474, margin=3.5)
    >>> round(test.p_lower, 4), round(test.difference.low, 2), round(test.difference.high, 2)
    (0.0183, -3.05, -0.11)
    """
    value, standard_error, degrees_of_freedom = _checked_spread(value, standard_error, degrees_of_freedom)
    alpha, n = _checked_alpha(alpha), whole_number(n, "n")
    level = 1 - 2 * alpha
    difference = t_estimate(value, standard_error, degrees_of_freedom, n=n, method="t", level=level)
    return _tested(difference, standard_error, degrees_of_freedom, margin, alpha)


@dataclass(frozen=True, slots=True, kw_only=True)
class MinimumEffectTest:
    """One-sided tests of an effect against a gate: `p_value` of "effect ≤ gate", `p_value_below` of "effect ≥ gate".

    A gated check fires on a small `p_value`, is clear on a small `p_value_below`, and between them cannot tell.
    """

    value: float
    gate: float
    statistic: float
    degrees_of_freedom: float
    p_value: float
    p_value_below: float


def minimum_effect_test(
    value: float, standard_error: float, degrees_of_freedom: float, gate: float
) -> MinimumEffectTest:
    """Return the test of the minimum-effect null, that the effect is at most `gate` (Murphy & Myors 1999).

    J. Appl. Psychol. 84:234. Degrees of freedom may be inf, for the normal. The effect is signed: for one that may go
    either way test its size. Raises BadSample for numbers that are not finite, or a standard error or degrees of
    freedom not above 0.

    >>> round(minimum_effect_test(0.05, 0.01, 60, gate=0.03).p_value, 4)
    0.025
    """
    value, error, freedom = _checked_spread(value, standard_error, degrees_of_freedom)
    gate = moderate(checked_number(gate, "gate"), "the gate")
    statistic = (value - gate) / error
    return MinimumEffectTest(
        value=value,
        gate=gate,
        statistic=statistic,
        degrees_of_freedom=freedom,
        p_value=t_p_value(statistic, freedom, "greater"),
        p_value_below=t_p_value(statistic, freedom, "less"),
    )


def _tested(
    difference: Estimate,
    standard_error: float | None,
    degrees_of_freedom: float | None,
    margin: tuple[float, float] | float,
    alpha: float,
) -> EquivalenceTest:
    low, high = _margins(margin)
    if standard_error is None or degrees_of_freedom is None or difference.value is None:
        return EquivalenceTest(difference=difference, low_margin=low, high_margin=high, alpha=alpha)
    above_low = (difference.value - low) / standard_error
    below_high = (difference.value - high) / standard_error
    p_lower = t_p_value(above_low, degrees_of_freedom, "greater")
    p_upper = t_p_value(below_high, degrees_of_freedom, "less")
    return EquivalenceTest(
        difference=difference,
        low_margin=low,
        high_margin=high,
        alpha=alpha,
        standard_error=standard_error,
        degrees_of_freedom=degrees_of_freedom,
        statistic_lower=above_low,
        statistic_upper=below_high,
        p_lower=p_lower,
        p_upper=p_upper,
        p_value=max(p_lower, p_upper),
        is_equivalent=max(p_lower, p_upper) <= alpha,
    )


def _independent(
    first: Floats, second: Floats, level: float, equal_variance: bool
) -> tuple[Estimate, float | None, float | None]:
    """Return the difference of means of two groups, its standard error and degrees of freedom."""
    method = "difference of means, pooled t" if equal_variance else "difference of means, Welch t"
    sizes = np.array([first.size, second.size])
    value, n = float(first.mean() - second.mean()), int(sizes.sum())
    if sizes.min() < 2:
        reason = "one of the two groups has a single row, and a variance takes two"
        return undefined(reason, n=n, method=method, value=value, level=level), None, None
    variances = np.array([centred(group).var(ddof=1) for group in (first, second)])
    if equal_variance:
        degrees = n - 2.0
        error = math.sqrt((sizes - 1) @ variances / degrees * (1 / sizes).sum())
    else:
        error = math.sqrt((variances / sizes).sum())
        degrees = 1.0
    rounding = ROUNDING * math.hypot(*(np.abs(group).max() / math.sqrt(group.size) for group in (first, second)))
    if error <= rounding:
        return t_estimate(value, error, degrees, n=n, method=method, level=level, rounding=rounding), None, None
    if not equal_variance:
        degrees = float(satterthwaite(variances / sizes, sizes - 1.0))
    return t_estimate(value, error, degrees, n=n, method=method, level=level), error, degrees


def _margins(margin: tuple[float, float] | float) -> tuple[float, float]:
    given = as_array(margin, "margin")
    ends = as_numbers(np.atleast_1d(given), "margin")
    if given.ndim == 0:
        ends = np.array([-ends[0], ends[0]])
    if ends.size != 2 or not ends[0] < ends[1]:
        raise BadSample(f"the margin {margin} bounds nothing", expected="a number above 0, or (low, high), low < high")
    return moderate(float(ends[0]), "the margin"), moderate(float(ends[1]), "the margin")


def _checked_alpha(alpha: float) -> float:
    if not 0 < checked_number(alpha, "alpha") < 0.5:
        raise BadSample(f"alpha is {alpha}", expected="a number between 0 and ½")
    return float(alpha)


def _checked_spread(value: float, standard_error: float, degrees_of_freedom: float) -> tuple[float, float, float]:
    value = checked_number(value, "value")
    error = checked_number(standard_error, "standard_error")
    freedom = checked_number(degrees_of_freedom, "degrees_of_freedom", infinite=True)
    if error <= 0 or freedom <= 0:
        raise BadSample(
            f"a standard error of {standard_error} with {degrees_of_freedom} degrees of freedom tells nothing",
            expected="both above 0",
        )
    moderate(value, "the value")
    squarable(np.array([error]), "the standard error")
    return value, error, freedom
