"""The parameters that every sample size takes, checked once."""

from typing import Literal

from scipy import special

from heldout.stats.sample import BadSample, checked_number

__all__ = ["Sides", "check_alpha", "check_power", "check_spread", "z_alpha"]

Sides = Literal["two-sided", "one-sided"]


def z_alpha(alpha: float, alternative: Sides) -> float:
    """Return the normal quantile that a test at `alpha` asks for.

    >>> round(z_alpha(0.05, "two-sided"), 3)
    1.96
    """
    return -float(special.ndtri(alpha / 2 if alternative == "two-sided" else alpha))


def check_alpha(alpha: float, alternative: Sides) -> None:
    """Raise BadSample unless alpha lies in (0, 1) and the alternative exists."""
    if not 0 < checked_number(alpha, "alpha") < 1:
        raise BadSample(f"an alpha of {alpha}", expected="a number between 0 and 1")
    if alternative not in ("two-sided", "one-sided"):
        raise BadSample(f"there is no alternative {alternative!r}", expected="two-sided or one-sided")


def check_power(power: float, alpha: float) -> None:
    """Raise BadSample unless the power lies between alpha and 1."""
    if not checked_number(alpha, "alpha") < checked_number(power, "power") < 1:
        raise BadSample(f"a power of {power} at alpha {alpha}", expected="a number between alpha and 1")


def check_spread(standard_deviation: float, ratio: float) -> None:
    """Raise BadSample unless both are positive and finite."""
    if min(checked_number(standard_deviation, "standard_deviation"), checked_number(ratio, "ratio")) <= 0:
        raise BadSample(
            f"standard deviation {standard_deviation} and ratio {ratio}", expected="positive, finite numbers"
        )
