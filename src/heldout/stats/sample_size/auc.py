"""Power and rows to tell an AUC from chance."""

import math

from scipy import special

from heldout.stats.sample import BadSample, checked_number
from heldout.stats.sample_size.parameters import Sides, check_alpha, check_power, check_spread, z_alpha

__all__ = ["auc_cases", "auc_power"]


def auc_power(
    cases: float, auc: float, alpha: float = 0.05, kappa: float = 1.0, *, alternative: Sides = "two-sided"
) -> float:
    """Return the power to tell an AUC from .5 with `cases` positive and kappa × cases negative independent rows.

    Binormal variance of Obuchowski & McClish (1997, Statistics in Medicine 16:1529), as pROC's `power.roc.test`.
    Raises BadSample for an AUC outside (.5, 1) or parameters out of range.

    >>> round(auc_power(41, 0.7), 3)
    0.906
    """
    check_alpha(alpha, alternative)
    if checked_number(cases, "cases", infinite=True) <= 0:
        raise BadSample(f"{cases} cases", expected="a positive number")
    null, own = _auc_variances(auc, kappa)
    z = z_alpha(alpha, alternative)
    return float(special.ndtr((math.sqrt(cases) * (auc - 0.5) - z * math.sqrt(null)) / math.sqrt(own)))


def auc_cases(
    auc: float,
    power: float = 0.9,
    alpha: float = 0.05,
    kappa: float = 1.0,
    *,
    alternative: Sides = "two-sided",
) -> float:
    """Return the positive rows that tell an AUC from .5 with `power`; the negative ones are kappa × as many.

    As pROC's `power.roc.test`; method and errors as `auc_power`. A fraction, to be rounded up. To compare two models
    on the same rows plan with the standard error of their difference (`minimum_detectable_effect`).

    >>> round(auc_cases(0.7, 0.9), 4)
    40.2137
    """
    check_alpha(alpha, alternative)
    check_power(power, alpha)
    null, own = _auc_variances(auc, kappa)
    z, z_power = z_alpha(alpha, alternative), float(special.ndtri(power))
    return float((z * math.sqrt(null) + z_power * math.sqrt(own)) ** 2 / (auc - 0.5) ** 2)


def _auc_variances(auc: float, kappa: float) -> tuple[float, float]:
    """Return the variance of an AUC of .5 and of this one, times the number of cases."""
    if not 0.5 < checked_number(auc, "auc") < 1:
        raise BadSample(f"an AUC of {auc}", expected="a number between .5 and 1")
    check_spread(1.0, kappa)
    square = (1.414 * float(special.ndtri(auc))) ** 2
    own = 0.0099 * math.exp(-square / 2) * (5 * square + 8 + (square + 8) / kappa)
    return 0.0792 * (1 + 1 / kappa), own
