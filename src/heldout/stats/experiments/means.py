"""Two means of independent units: Welch's and Student's t, from values or from summaries."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from heldout.core.estimate import Estimate, undefined
from heldout.stats.clusters import satterthwaite
from heldout.stats.magnitude import ROUNDING, centred, moderate, squarable, whole_enough
from heldout.stats.sample import BadSample, as_numbers, checked_level, checked_number, whole_number
from heldout.stats.t_interval import Alternative, checked_alternative, t_p_value

__all__ = [
    "Alternative",
    "MeanTest",
    "Summary",
    "student_t",
    "student_t_from_summary",
    "t_tested",
    "welch",
    "welch_from_summary",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanTest:
    """The first mean minus the second with its t test.

    `difference` has a two-sided interval whatever the `alternative`, which `p_value` follows: "greater" asks whether
    the first mean is larger. `statistic`, `degrees_of_freedom` and `p_value` are None where the interval is undefined.
    """

    difference: Estimate
    statistic: float | None
    degrees_of_freedom: float | None
    p_value: float | None
    standard_error: float | None
    first_mean: float
    second_mean: float
    alternative: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The mean, the variance (with n - 1) and the number of a sample's units; the variance of one unit is NaN."""

    mean: float
    variance: float
    n: int

    @staticmethod
    def of(values: ArrayLike, name: str) -> "Summary":
        """Summarise values (n,), n ≥ 1; raises BadSample otherwise.

        >>> Summary.of([1.0, 3.0], "x")
        Summary(mean=2.0, variance=2.0, n=2)
        """
        numbers = squarable(as_numbers(values, name), name)
        if not numbers.size:
            raise BadSample(f"{name} is empty", expected="one unit at least")
        variance = float(centred(numbers).var(ddof=1)) if numbers.size > 1 else math.nan
        return Summary(mean=float(numbers.mean()), variance=variance, n=numbers.size)

    @staticmethod
    def given(mean: float, standard_deviation: float, n: int) -> "Summary":
        """Check a summary that was given; raises BadSample for what cannot be one."""
        spread = checked_number(standard_deviation, "standard_deviation")
        if spread < 0:
            raise BadSample(f"standard_deviation is {spread}", expected="0 or more")
        units = whole_number(n, "n", least=2)
        whole_enough(units, "n")
        squarable(np.array([spread], dtype=np.float64), "the standard deviation")
        return Summary(mean=moderate(checked_number(mean, "mean"), "the mean"), variance=spread**2, n=units)


def welch(
    first: ArrayLike,
    second: ArrayLike,
    level: float = 0.95,
    *,
    null: float = 0.0,
    alternative: Alternative = "two-sided",
) -> MeanTest:
    """Return mean(first) - mean(second) of independent units (n,), (m,) with Welch's t test of "it is `null`".

    Welch 1947, Biometrika 34:28; variances may differ. In an experiment put treatment first. Units are those that
    were randomised: with several rows of a user, average by user first. Check `srm` before, and do not stop on its p
    while the experiment runs. Undefined for a sample of one unit, or where neither sample varies. Raises BadSample for
    values or a null that are not finite, an empty sample, or a level or alternative that does not exist.

    >>> test = welch([0.7, -1.6, -0.2, -1.2], [1.9, 0.8, 1.1, 0.1])
    >>> round(test.difference.value, 2), round(test.statistic, 3), round(test.degrees_of_freedom, 2)
    (-1.55, -2.432, 5.46)
    """
    return t_tested(Summary.of(first, "first"), Summary.of(second, "second"), level, null, alternative, pooled=False)


def student_t(
    first: ArrayLike,
    second: ArrayLike,
    level: float = 0.95,
    *,
    null: float = 0.0,
    alternative: Alternative = "two-sided",
) -> MeanTest:
    """Return mean(first) - mean(second) with Student's t test, one variance pooled over both (Student 1908).

    Wrong where variances and sizes both differ; `welch` is the default. Otherwise as `welch`.

    >>> round(student_t([1, 2, 3], [2, 3, 5]).p_value, 4)
    0.2746
    """
    return t_tested(Summary.of(first, "first"), Summary.of(second, "second"), level, null, alternative, pooled=True)


def welch_from_summary(
    *,
    first_mean: float,
    first_standard_deviation: float,
    first_n: int,
    second_mean: float,
    second_standard_deviation: float,
    second_n: int,
    level: float = 0.95,
    null: float = 0.0,
    alternative: Alternative = "two-sided",
) -> MeanTest:
    """Return `welch` from each sample's mean, standard deviation (with n - 1) and number of units, two at least.

    >>> first = {"first_mean": 0.75, "first_standard_deviation": 1.789, "first_n": 10}
    >>> test = welch_from_summary(**first, second_mean=2.33, second_standard_deviation=2.002, second_n=10)
    >>> round(test.statistic, 2), round(test.p_value, 3)
    (-1.86, 0.079)
    """
    first = Summary.given(first_mean, first_standard_deviation, first_n)
    second = Summary.given(second_mean, second_standard_deviation, second_n)
    return t_tested(first, second, level, null, alternative, pooled=False)


def student_t_from_summary(
    *,
    first_mean: float,
    first_standard_deviation: float,
    first_n: int,
    second_mean: float,
    second_standard_deviation: float,
    second_n: int,
    level: float = 0.95,
    null: float = 0.0,
    alternative: Alternative = "two-sided",
) -> MeanTest:
    """Return `student_t` from each sample's mean, standard deviation (with n - 1) and number of units.

    >>> first = {"first_mean": 0.75, "first_standard_deviation": 1.789, "first_n": 10}
    >>> test = student_t_from_summary(**first, second_mean=2.33, second_standard_deviation=2.002, second_n=10)
    >>> test.degrees_of_freedom
    18.0
    """
    first = Summary.given(first_mean, first_standard_deviation, first_n)
    second = Summary.given(second_mean, second_standard_deviation, second_n)
    return t_tested(first, second, level, null, alternative, pooled=True)


def t_tested(
    first: Summary, second: Summary, level: float, null: float, alternative: Alternative, *, pooled: bool
) -> MeanTest:
    """Return the t test of two summaries; `welch` says how.

    >>> one, other = Summary(mean=1.0, variance=1.0, n=8), Summary(mean=0.0, variance=1.0, n=8)
    >>> t_tested(one, other, 0.95, 0.0, "two-sided", pooled=True).statistic
    2.0
    """
    checked_level(level)
    checked_alternative(alternative)
    null = moderate(checked_number(null, "null"), "the null")
    method = "Student's t" if pooled else "Welch's t"
    n, value = first.n + second.n, first.mean - second.mean
    error, freedom = _spread(first, second, pooled)
    rounding = ROUNDING * math.hypot(first.mean / math.sqrt(first.n), second.mean / math.sqrt(second.n))
    if math.isnan(error) or error <= rounding:
        lone = min(first.n, second.n) < 2
        reason = "a sample has one unit, and a variance takes two" if lone else "no unit differs from its sample's mean"
        nothing = undefined(reason, n=n, method=method, value=value, level=level)
        return MeanTest(
            difference=nothing,
            statistic=None,
            degrees_of_freedom=None,
            p_value=None,
            standard_error=None,
            first_mean=first.mean,
            second_mean=second.mean,
            alternative=alternative,
        )
    statistic = (value - null) / error
    half = float(special.stdtrit(freedom, (1 + level) / 2)) * error
    return MeanTest(
        difference=Estimate(value=value, low=value - half, high=value + half, n=n, method=method, level=level),
        statistic=statistic,
        degrees_of_freedom=freedom,
        p_value=t_p_value(statistic, freedom, alternative),
        standard_error=error,
        first_mean=first.mean,
        second_mean=second.mean,
        alternative=alternative,
    )


def _spread(first: Summary, second: Summary, pooled: bool) -> tuple[float, float]:
    """Return the standard error of the difference and its degrees of freedom."""
    degrees = np.array([first.n - 1.0, second.n - 1.0])
    if degrees.min() < 1:
        return math.nan, math.nan
    if pooled:
        variance = (degrees @ (first.variance, second.variance)) / degrees.sum()
        return math.sqrt(variance * (1 / first.n + 1 / second.n)), float(degrees.sum())
    parts = np.array([first.variance / first.n, second.variance / second.n])
    if not parts.any():
        return 0.0, math.nan
    return math.sqrt(parts.sum()), float(satterthwaite(parts, degrees))
