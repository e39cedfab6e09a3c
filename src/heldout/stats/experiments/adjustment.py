"""Effects adjusted for what was known of each unit before the experiment: CUPED, ANCOVA and Lin's regression.

Covariates must be fixed before treatment. One that treatment can move takes part of the effect with it, or adds bias.
"""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from heldout.core.estimate import Estimate, undefined
from heldout.stats.experiments.lifts import RelativeLift, relative_lift
from heldout.stats.experiments.means import MeanTest, welch
from heldout.stats.magnitude import ROUNDING, centred, length, squarable
from heldout.stats.sample import BadSample, Floats, Undefined, as_array, as_numbers, checked_level
from heldout.stats.t_interval import t_p_value

__all__ = ["AdjustedEffect", "Covariance", "Cuped", "ancova", "cuped", "lin_adjusted"]

Covariance = Literal["classical", "HC0", "HC1", "HC2", "HC3"]

TINY = 1e-10
"""Columns of one length that are nearer to dependence than this are collinear."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cuped:
    """An effect, treated minus control, adjusted by CUPED and beside it unadjusted, each by Welch's t.

    `theta` is the slope used, `r_squared` the squared correlation of outcome and covariate over both arms, and
    `variance_ratio` the variance of the adjusted outcome over that of the outcome: the share of the units that would
    have been enough. `relative` is the lift of the adjusted means.
    """

    adjusted: MeanTest
    unadjusted: MeanTest
    relative: RelativeLift
    theta: float
    variance_ratio: float
    r_squared: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustedEffect:
    """The coefficient of treatment, treated minus control, in a regression of the outcome, with its t test.

    `coefficients` are those of the intercept, treatment, the covariates and, for Lin's regression, their products with
    treatment; `standard_errors` are theirs by `covariance`. Where the interval is undefined the test is None.
    """

    effect: Estimate
    standard_error: float | None
    statistic: float | None
    degrees_of_freedom: int
    p_value: float | None
    covariance: str
    coefficients: tuple[float, ...]
    standard_errors: tuple[float, ...]
    r_squared: float


def cuped(outcome: ArrayLike, covariate: ArrayLike, treated: ArrayLike, level: float = 0.95) -> Cuped:
    """Return the effect of treatment on outcome (n,) adjusted by a covariate (n,) measured before; treated is 0 or 1.

    Deng, Xu, Kohavi & Walker 2013, WSDM: theta is the covariance of outcome and covariate over the covariate's
    variance, over both arms together; Welch's t of outcome - theta × (covariate - its mean). Best is the same metric
    in a period before; a covariate that treatment moves biases the effect. The loss of one degree of freedom is
    ignored. Raises BadSample for bad arrays, an arm without units, labels other than 0 and 1; Undefined for a
    covariate or an outcome that is the same everywhere.

    >>> before, treated = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0], [0, 1, 0, 1, 0, 1]
    >>> result = cuped([1.2, 2.9, 2.9, 5.2, 5.1, 7.1], before, treated)
    >>> round(result.theta, 3), round(result.adjusted.difference.value, 3), round(result.unadjusted.difference.value, 2)
    (1.097, 0.903, 2.0)
    """
    y, arm = _arms(outcome, treated)
    x = squarable(as_numbers(covariate, "covariate"), "covariate")
    if x.size != y.size:
        raise BadSample(f"{x.size} covariates for {y.size} units", expected="one for each unit")
    before, after = centred(x), centred(y)
    spread, total = (math.sqrt(float(apart @ apart) / y.size) for apart in (before, after))
    if spread <= ROUNDING * float(np.abs(x).max()):
        raise Undefined("the covariate is the same for all units, so it explains nothing")
    if total <= ROUNDING * float(np.abs(y).max()):
        raise Undefined("the outcome is the same for all units")
    correlation = float((before / spread) @ (after / total)) / y.size
    theta = correlation * total / spread
    adjusted = y - theta * before
    return Cuped(
        adjusted=welch(adjusted[arm], adjusted[~arm], level),
        unadjusted=welch(y[arm], y[~arm], level),
        relative=relative_lift(adjusted[arm], adjusted[~arm], level),
        theta=theta,
        variance_ratio=(float(centred(adjusted).std()) / total) ** 2,
        r_squared=correlation**2,
    )


def ancova(
    outcome: ArrayLike,
    covariates: ArrayLike,
    treated: ArrayLike,
    level: float = 0.95,
    *,
    covariance: Covariance = "classical",
) -> AdjustedEffect:
    """Return treatment's coefficient in the regression of outcome (n,) on treated (n,) and covariates (n,) or (n, k).

    Fisher 1932, Statistical Methods for Research Workers. R's `lm(y ~ treated + x)`; one slope for both arms, so with
    arms of different size it can lose precision (Freedman 2008): `lin_adjusted` cannot. `covariance` "HC0" to "HC3"
    are robust to unequal variances. Covariates are pre-treatment only. The interval is undefined for covariates that
    are collinear (the value as well), a perfect fit, or no degrees of freedom. Raises BadSample for bad arrays, an arm
    without units, or an unknown covariance.

    >>> effect = ancova([1.2, 2.9, 2.9, 5.2, 5.1, 7.1], [1, 2, 3, 4, 5, 6], [0, 1, 0, 1, 0, 1])
    >>> round(effect.effect.value, 3), round(effect.standard_error, 3)
    (0.988, 0.149)
    """
    y, arm, x = _read(outcome, covariates, treated)
    apart = _apart(x)
    design = np.column_stack((np.ones(y.size), arm, apart))
    return _regressed(y, design, level, covariance, "ANCOVA", means=(x - apart).mean(axis=0))


def lin_adjusted(
    outcome: ArrayLike,
    covariates: ArrayLike,
    treated: ArrayLike,
    level: float = 0.95,
    *,
    covariance: Covariance = "HC2",
) -> AdjustedEffect:
    """Return treatment's coefficient in the regression with centred covariates and their products with treatment.

    Lin 2013, Ann. Appl. Statist. 7:295: a slope per arm, never less precise than the plain difference in large
    samples; HC2 errors (MacKinnon & White 1985, J. Econometrics 29:305). Shapes, limits and errors as `ancova`.

    >>> effect = lin_adjusted([1.2, 2.9, 2.9, 5.2, 5.1, 7.1, 6.8, 9.0], [1, 2, 3, 4, 5, 6, 7, 8], [0, 1] * 4)
    >>> round(effect.effect.value, 3), round(effect.standard_error, 3)
    (1.07, 0.117)
    """
    y, arm, x = _read(outcome, covariates, treated)
    apart = _apart(x)
    design = np.column_stack((np.ones(y.size), arm, apart, apart * arm[:, None]))
    return _regressed(y, design, level, covariance, "Lin's regression")


def _regressed(
    y: Floats, design: Floats, level: float, covariance: Covariance, name: str, *, means: Floats | None = None
) -> AdjustedEffect:
    """Regress y (n,) on a design (n, k) of centred covariates; `means` puts them back into the intercept."""
    checked_level(level)
    if covariance not in ("classical", "HC0", "HC1", "HC2", "HC3"):
        raise BadSample(f"there is no covariance {covariance!r}", expected="classical, HC0, HC1, HC2 or HC3")
    n, k = design.shape
    method = f"{name}, {covariance}, t"
    # columns of one length, so that the rank does not hang on the covariates' units
    lengths = np.linalg.norm(design, axis=0)
    left, size, right = np.linalg.svd(design / np.where(lengths > 0, lengths, 1.0), full_matrices=False)
    if n < k or size[-1] <= TINY * size[0]:
        reason = "treatment and covariates are collinear, so no coefficient is told apart"
        return _without_test(undefined(reason, n=n, method=method, level=level), n - k, covariance)
    apart = centred(y)
    coefficients: Floats = right.T @ ((left.T @ apart) / size) / lengths
    residual, total = apart - design @ coefficients, length(apart)
    r_squared = 1 - (length(residual) / total) ** 2 if total else 0.0
    effect = float(coefficients[1])
    largest = float(np.abs(y).max() + (np.abs(design) @ np.abs(coefficients)).max())
    coefficients[0] += float((y - apart).mean()) - (0.0 if means is None else float(means @ coefficients[2:]))
    leverage = (left**2).sum(axis=1)
    is_fit = length(residual) <= k * ROUNDING * largest * math.sqrt(n)
    unsure = _why_no_variance(is_fit, leverage, n - k, covariance)
    if unsure:
        nothing = undefined(unsure, n=n, method=method, value=effect, level=level)
        plain = tuple(float(c) for c in coefficients)
        return _without_test(nothing, n - k, covariance, plain, r_squared)
    peak = float(np.abs(residual).max())
    residual = residual / peak  # so that products of it and the design have squares
    weight = {
        "classical": np.full(n, float(residual @ residual) / (n - k)),
        "HC0": residual**2,
        "HC1": residual**2 * n / (n - k),
        "HC2": residual**2 / np.maximum(1 - leverage, TINY),
        "HC3": residual**2 / np.maximum(1 - leverage, TINY) ** 2,
    }[covariance]
    half_inverse = left @ (right / size[:, None])
    if means is not None:
        half_inverse[:, 0] -= half_inverse[:, 2:] @ (means * lengths[0] / lengths[2:])
    errors = peak * np.sqrt((half_inverse**2 * weight[:, None]).sum(axis=0)) / lengths
    error = float(errors[1])
    half = float(special.stdtrit(n - k, (1 + level) / 2)) * error
    return AdjustedEffect(
        effect=Estimate(value=effect, low=effect - half, high=effect + half, n=n, method=method, level=level),
        standard_error=error,
        statistic=effect / error,
        degrees_of_freedom=n - k,
        p_value=t_p_value(effect / error, n - k),
        covariance=covariance,
        coefficients=tuple(float(c) for c in coefficients),
        standard_errors=tuple(float(e) for e in errors),
        r_squared=r_squared,
    )


def _why_no_variance(is_fit: bool, leverage: Floats, freedom: int, covariance: str) -> str | None:
    if freedom < 1:
        return "there are as many coefficients as units, so nothing is left to tell the error"
    if is_fit:
        return "the regression fits every unit, so the sample says nothing of its error"
    if covariance in ("HC2", "HC3") and leverage.max() > 1 - TINY:
        unit = int(np.argmax(leverage))
        return f"unit {unit} alone fixes a coefficient, and {covariance} divides by what is left of it"
    return None


def _without_test(
    effect: Estimate,
    freedom: int,
    covariance: str,
    coefficients: tuple[float, ...] = (),
    r_squared: float = 0.0,
) -> AdjustedEffect:
    return AdjustedEffect(
        effect=effect,
        standard_error=None,
        statistic=None,
        degrees_of_freedom=freedom,
        p_value=None,
        covariance=covariance,
        coefficients=coefficients,
        standard_errors=(),
        r_squared=r_squared,
    )


def _arms(outcome: ArrayLike, treated: ArrayLike) -> tuple[Floats, NDArray[np.bool_]]:
    y, label = squarable(as_numbers(outcome, "outcome"), "outcome"), as_numbers(treated, "treated")
    if y.size != label.size:
        raise BadSample(f"{y.size} outcomes and {label.size} arms", expected="one arm for each unit")
    wrong = (label != 0) & (label != 1)
    if wrong.any():
        where = f"row {int(np.argmax(wrong))}"
        raise BadSample(
            f"the arm {label[wrong][0]:g} is neither 0 nor 1", where=where, expected="1 for treated, else 0"
        )
    arm = label == 1
    if arm.all() or not arm.any():
        raise BadSample("one of the two arms has no units", expected="treated and control units")
    return y, arm


def _read(outcome: ArrayLike, covariates: ArrayLike, treated: ArrayLike) -> tuple[Floats, Floats, Floats]:
    y, arm = _arms(outcome, treated)
    given = as_array(covariates, "covariates")
    x = squarable(as_numbers(given, "covariates", dimensions=2 if given.ndim == 2 else 1), "covariates")
    if x.shape[0] != y.size or not x.size:
        raise BadSample(f"covariates of shape {x.shape}", expected=f"({y.size},) or ({y.size}, k), k ≥ 1")
    return y, arm.astype(np.float64), x.reshape(y.size, -1)


def _apart(x: Floats) -> Floats:
    """Return covariates (n, k) less their means, and exactly 0 where they only differ by rounding."""
    apart = centred(x.T).T
    varies = np.sqrt((apart**2).mean(axis=0)) > ROUNDING * np.abs(x).max(axis=0)
    return np.where(varies, apart, 0.0)
