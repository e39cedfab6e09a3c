"""Power, units and detectable differences of t tests, by the noncentral t."""

import math
from collections.abc import Callable
from typing import Literal

import numpy as np
from scipy import special

from heldout.stats.sample import BadSample, Undefined
from heldout.stats.sample_size.parameters import Sides, check_alpha, check_power, check_spread

__all__ = ["minimum_detectable_effect", "t_test_difference", "t_test_n", "t_test_power"]

Kind = Literal["two-sample", "one-sample", "paired"]

MOST = 1e9
"""More units than this are not looked for."""

MOST_FREEDOM = 1e6
"""From here on t is taken for normal: they differ by less than 1e-6."""


def t_test_power(
    n: float,
    difference: float,
    standard_deviation: float = 1.0,
    alpha: float = 0.05,
    kind: Kind = "two-sample",
    *,
    alternative: Sides = "two-sided",
    ratio: float = 1.0,
    strict: bool = True,
) -> float:
    """Return the power of a t test with `n` units (per group; pairs), true `difference` and `standard_deviation`.

    By the noncentral t (Cohen 1988, Statistical Power Analysis). "two-sample": `ratio` × n units in the second group;
    "paired": the standard deviation is that of the differences; "one-sided" looks on the side of the difference.
    `strict` counts rejections on the wrong side too; R's `power.t.test` does not by default. Units are independent:
    see `design_effect`. Raises BadSample for n below 2, or parameters out of range.

    >>> round(t_test_power(20, 1, 1), 7)
    0.868953
    """
    check_alpha(alpha, alternative)
    check_spread(standard_deviation, ratio)
    if not n >= 2 or not math.isfinite(difference):
        raise BadSample(f"{n} units and a difference of {difference}", expected="two units at least, finite")
    if kind not in ("two-sample", "one-sample", "paired"):
        raise BadSample(f"there is no kind {kind!r}", expected="two-sample, one-sample or paired")
    freedom = n * (1 + ratio) - 2 if kind == "two-sample" else n - 1
    if freedom <= 0:
        raise BadSample(f"{n} and {n * ratio} units leave no degrees of freedom", expected="more units")
    error = standard_deviation * math.sqrt((1 + 1 / ratio) / n if kind == "two-sample" else 1 / n)
    return _power_of_t(abs(difference) / error, freedom, alpha, alternative, strict=strict)


def t_test_n(
    power: float,
    difference: float,
    standard_deviation: float = 1.0,
    alpha: float = 0.05,
    kind: Kind = "two-sample",
    *,
    alternative: Sides = "two-sided",
    ratio: float = 1.0,
    strict: bool = True,
) -> float:
    """Return the units (per group; pairs) with which `t_test_power` reaches `power`: a fraction, to be rounded up.

    Raises BadSample as `t_test_power` does, or for a difference of 0; Undefined above 10^9 units.

    >>> round(t_test_n(0.9, 1, 1), 5)
    22.02109
    """
    check_power(power, alpha)
    if difference == 0:
        raise BadSample("a difference of 0 is never found", expected="the difference that matters")

    def gain(n: float) -> float:
        return (
            t_test_power(
                n,
                difference,
                standard_deviation,
                alpha,
                kind,
                alternative=alternative,
                ratio=ratio,
                strict=strict,
            )
            - power
        )

    return _least(gain, max(2.0, 2.0 / ratio))


def t_test_difference(
    n: float,
    power: float,
    standard_deviation: float = 1.0,
    alpha: float = 0.05,
    kind: Kind = "two-sample",
    *,
    alternative: Sides = "two-sided",
    ratio: float = 1.0,
) -> float:
    """Return the difference that a t test with `n` units (per group; pairs) finds with `power`.

    Raises BadSample as `t_test_power` does.

    >>> round(t_test_difference(20, 0.9), 4)
    1.052
    """
    t_test_power(n, 0.0, standard_deviation, alpha, kind, alternative=alternative, ratio=ratio)
    two = kind == "two-sample"
    error = standard_deviation * math.sqrt((1 + 1 / ratio) / n if two else 1 / n)
    return minimum_detectable_effect(
        error, n * (1 + ratio) - 2 if two else n - 1, alpha, power, alternative=alternative
    )


def minimum_detectable_effect(
    standard_error: float,
    degrees_of_freedom: float = math.inf,
    alpha: float = 0.05,
    power: float = 0.8,
    *,
    alternative: Sides = "two-sided",
) -> float:
    """Return the true effect that a t test with this standard error finds with `power`, in the effect's unit.

    By the noncentral t; with infinite degrees of freedom the normal, 2.8 standard errors at the defaults (Bloom 1995,
    Evaluation Review 19:547). The standard error is that of the analysis: clustered, paired or adjusted as the effect
    will be, from a pilot or from earlier data, not from the experiment itself. Raises BadSample for parameters out of
    range.

    >>> round(minimum_detectable_effect(1.0), 3), round(minimum_detectable_effect(1.0, 60), 3)
    (2.802, 2.847)
    """
    check_alpha(alpha, alternative)
    check_power(power, alpha)
    if not 0 < standard_error < math.inf or not degrees_of_freedom >= 1:
        raise BadSample(
            f"standard error {standard_error} and {degrees_of_freedom} degrees of freedom",
            expected="positive, one degree of freedom at least",
        )

    def gain(effect: float) -> float:
        return _power_of_t(effect, degrees_of_freedom, alpha, alternative, strict=True) - power

    return standard_error * _least(gain, 0.0)


def _power_of_t(noncentrality: float, freedom: float, alpha: float, alternative: Sides, *, strict: bool) -> float:
    tail = alpha / 2 if alternative == "two-sided" else alpha
    if freedom > MOST_FREEDOM:
        critical = -float(special.ndtri(tail))
        found, wrong = special.ndtr(noncentrality - critical), special.ndtr(-noncentrality - critical)
    else:
        critical = -float(special.stdtrit(freedom, tail))
        # where the chance is below 1e-12, SciPy's noncentral t can give NaN
        missed, wrong = np.nan_to_num(special.nctdtr(freedom, noncentrality, [critical, -critical]))
        found = 1 - missed
    return float(found + wrong) if strict and alternative == "two-sided" else float(found)


def _least(gain: Callable[[float], float], low: float) -> float:
    """Return where an increasing `gain` reaches 0, or `low` if it is above 0 there already."""
    from scipy.optimize import brentq

    if gain(low) >= 0:
        return low
    high = max(2 * low, 1.0)
    while gain(high) < 0:
        low, high = high, 2 * high
        if high > MOST:
            raise Undefined(f"more than {MOST:g} units are needed")
    return float(brentq(gain, low, high, xtol=1e-12, rtol=1e-12))
