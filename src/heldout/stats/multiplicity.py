"""Many tests at once: p-values adjusted in the order given; reject where the adjusted value is ≤ α.

`bonferroni`, `sidak`, `holm` and `hochberg` keep the chance of any false rejection at α, for a few primary metrics;
`benjamini_hochberg` and `benjamini_yekutieli` the expected share of false ones among the rejected, for slices. All
take p (m,), m ≥ 0, and raise BadSample for values outside [0, 1] or not finite. None mends a choice of what to test
that was made after looking.
"""

import numpy as np
from numpy.typing import ArrayLike

from heldout.stats.sample import BadSample, Floats, as_numbers

__all__ = ["benjamini_hochberg", "benjamini_yekutieli", "bonferroni", "hochberg", "holm", "sidak"]


def bonferroni(p: ArrayLike) -> Floats:
    """Return p-values (m,) times m, at most 1 (Dunn 1961, JASA 56:52); under any dependence.

    Raises BadSample for values outside [0, 1] or not finite.

    >>> bonferroni([0.01, 0.04, 0.03])
    array([0.03, 0.12, 0.09])
    """
    values = _p_values(p)
    return np.minimum(values * values.size, 1.0)


def sidak(p: ArrayLike) -> Floats:
    """Return 1 - (1 - p)^m (Šidák 1967, JASA 62:626); for independent tests, or normal ones tested two-sidedly.

    Raises BadSample for values outside [0, 1] or not finite.

    >>> sidak([0.01, 0.04, 0.03]).round(6)
    array([0.029701, 0.115264, 0.087327])
    """
    values = _p_values(p)
    with np.errstate(divide="ignore"):  # log1p(-1), of p = 1
        adjusted: Floats = -np.expm1(values.size * np.log1p(-values))
    return adjusted


def holm(p: ArrayLike) -> Floats:
    """Return p-values adjusted by Holm's step-down method, in the order given (Holm 1979, Scand. J. Statist. 6:65).

    Rejecting where the adjusted value is ≤ α keeps the chance of any false rejection ≤ α under any dependence.
    `p` has shape (m,), m ≥ 0. Raises BadSample for values outside [0, 1] or not finite.

    >>> holm([0.01, 0.04, 0.03])
    array([0.03, 0.06, 0.06])
    """
    values = _p_values(p)
    order = np.argsort(values, kind="stable")
    steps = values[order] * np.arange(values.size, 0, -1)
    adjusted = np.empty_like(values)
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return adjusted


def hochberg(p: ArrayLike) -> Floats:
    """Return p-values adjusted by Hochberg's step-up method, in the order given (Hochberg 1988, Biometrika 75:800).

    Never larger than Holm's, but for independent or positively dependent tests only. `p` has shape (m,), m ≥ 0.
    Raises BadSample for values outside [0, 1] or not finite.

    >>> hochberg([0.01, 0.04, 0.03])
    array([0.03, 0.04, 0.04])
    """
    values = _p_values(p)
    return _step_up(values, np.arange(values.size, 0, -1, dtype=np.float64))


def benjamini_hochberg(p: ArrayLike) -> Floats:
    """Return p-values adjusted for the false discovery rate, in the order given (Benjamini & Hochberg 1995, JRSS B).

    JRSS B 57:289. Rejecting where the adjusted value is ≤ α keeps the expected share of false rejections ≤ α, for
    independent or positively dependent tests. `p` has shape (m,), m ≥ 0. Raises BadSample for values outside [0, 1]
    or not finite.

    >>> benjamini_hochberg([0.01, 0.04, 0.03])
    array([0.03, 0.04, 0.04])
    """
    values = _p_values(p)
    return _step_up(values, values.size / np.arange(1, values.size + 1))


def benjamini_yekutieli(p: ArrayLike) -> Floats:
    """Return p-values adjusted for the false discovery rate under any dependence, in the order given.

    Benjamini & Yekutieli 2001, Ann. Statist. 29:1165: Benjamini and Hochberg's times 1 + 1/2 + ... + 1/m. `p` has
    shape (m,), m ≥ 0. Raises BadSample for values outside [0, 1] or not finite.

    >>> benjamini_yekutieli([0.01, 0.04, 0.03]).round(6)
    array([0.055   , 0.073333, 0.073333])
    """
    values = _p_values(p)
    ranks = np.arange(1, values.size + 1)
    return _step_up(values, values.size / ranks * (1 / ranks).sum())


def _p_values(p: ArrayLike) -> Floats:
    values = as_numbers(p, "p")
    wrong = (values < 0) | (values > 1)
    if wrong.any():
        row = int(np.argmax(wrong))
        raise BadSample(f"a p-value lies outside [0, 1]: {values[row]:g}", where=f"row {row}", expected="p-values")
    return values


def _step_up(values: Floats, factors: Floats) -> Floats:
    """Return values (m,) adjusted by the factors (m,) of their ranks, each no larger than that of the next."""
    order = np.argsort(values, kind="stable")
    adjusted = np.empty_like(values)
    steps = values[order] * factors
    adjusted[order] = np.minimum(np.minimum.accumulate(steps[::-1])[::-1], 1.0)
    return adjusted
