"""The chance of each band before anything is graded, from a pilot's standard error."""

import functools
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from scipy import special

from heldout.core.lift import Band, LiftTarget
from heldout.stats.sample import BadSample, Floats, checked_number

__all__ = ["band_probabilities", "lift_power"]

MOST_FREEDOM = 1e10
"""From here on a standard error is taken for known."""


@functools.cache  # it takes longer than importing this whole package
def _quadrature() -> tuple[Floats, Floats]:
    nodes, weights = np.polynomial.legendre.leggauss(400)
    return nodes, weights


def lift_power(standard_error: float, true_lift: float, target: LiftTarget, df: float) -> float:
    """Return the chance that confidence(lift ≥ minimum) reaches the confidence asked for when `true_lift` is true.

    `standard_error` is the clustered one of a pilot whose lift is near `true_lift`, `df` its degrees of freedom (G - 1
    without seed variance); the power of a one-sided t test with `df` estimated. Raises BadSample as
    `band_probabilities` does.

    >>> from heldout.core.lift import LiftScale
    >>> target = LiftTarget(scale=LiftScale.RELATIVE, minimum=0.02, target=0.05)
    >>> round(lift_power(0.01, 0.05, target, df=60), 3)
    0.907
    """
    chances = band_probabilities(standard_error, df, target, true_lift)
    return chances[Band.PASS] + chances[Band.TARGET]


def band_probabilities(standard_error: float, df: float, target: LiftTarget, true_lift: float) -> Mapping[Band, float]:
    """Return the chance of each band of the default rule when `true_lift` is true, for a reproducible submission.

    The estimate is normal around `true_lift` with `standard_error`, its variance estimate chi-square with `df` degrees
    of freedom and independent of it; exact up to quadrature (1e-4). Holds from 20 clusters on; below, every lift
    is undecided. `df` may be infinite: the standard error is known then. Raises BadSample unless standard error and df
    are positive, and for a lift that is not finite.

    >>> from heldout.core.lift import LiftScale
    >>> target = LiftTarget(scale=LiftScale.RELATIVE, minimum=0.02, target=0.05)
    >>> {band.value: round(chance, 2) for band, chance in band_probabilities(0.01, 60, target, 0.05).items()}
    {'fail': 0.0, 'undecided': 0.09, 'pass': 0.41, 'target': 0.5}
    """
    standard_error, df = checked_number(standard_error, "standard_error"), checked_number(df, "df", infinite=True)
    true_lift = checked_number(true_lift, "true_lift")
    if standard_error <= 0 or df <= 0:
        raise BadSample(f"standard error {standard_error} and df {df}", expected="positive numbers")
    # in units of the true standard error; the estimated one is √(χ² / df) of it, at the quantiles of the quadrature
    shares = 0.5 - _quadrature()[0] / 2
    estimated = np.sqrt(special.chdtri(df, shares) / df) if df < MOST_FREEDOM else np.ones_like(shares)
    reach = float(special.stdtrit(df, target.confidence)) * estimated
    minimum = (target.minimum - true_lift) / standard_error
    goal = (target.target - true_lift) / standard_error
    fail = _expected(special.ndtr(minimum - reach))
    passes = _expected(special.ndtr(-(minimum + reach)))
    targets = _expected(special.ndtr(-np.maximum(minimum + reach, goal)))
    chances = {Band.FAIL: fail, Band.UNDECIDED: 1 - fail - passes, Band.PASS: passes - targets, Band.TARGET: targets}
    return MappingProxyType(chances)


def _expected(values: Floats) -> float:
    return float(values @ _quadrature()[1] / 2)
