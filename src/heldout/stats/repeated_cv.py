"""Comparing two models over the folds of (repeated) cross-validation, whose training rows overlap."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from heldout.core.estimate import Estimate, undefined
from heldout.stats.magnitude import ROUNDING, centred, length, scalable
from heldout.stats.sample import BadSample, as_numbers, checked_level, checked_number
from heldout.stats.t_interval import Alternative, checked_alternative, t_estimate, t_p_value

__all__ = ["CorrectedResampledTest", "corrected_resampled_t"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedResampledTest:
    """The mean difference over folds with the corrected interval, and the test of whether it is 0.

    `naive_standard_error` is s / √J, what independent folds would have. All but `difference` and `alternative` are
    None where its interval is undefined.
    """

    difference: Estimate
    alternative: Alternative
    standard_error: float | None = None
    naive_standard_error: float | None = None
    statistic: float | None = None
    degrees_of_freedom: float | None = None
    p_value: float | None = None


def corrected_resampled_t(
    differences: ArrayLike,
    train_rows: float,
    test_rows: float,
    level: float = 0.95,
    alternative: Alternative = "two-sided",
) -> CorrectedResampledTest:
    """Return the corrected resampled t test of the differences (J,) of two models' scores, one per fold of any repeat.

    Nadeau & Bengio 2003, Machine Learning 52:239: the variance s² (1/J + test_rows / train_rows), with t(J - 1).
    `train_rows` and `test_rows` are a fold's (for k folds test_rows / train_rows is 1 / (k - 1)). More repeats make
    the interval hardly narrower, as they bring no new data. `n` of the Estimate is J. The interval is undefined below
    two folds, and where all differ alike. Raises BadSample for bad differences, none at all, row counts below 1, or a
    level outside (0, 1).

    >>> test = corrected_resampled_t([0.02, 0.01, 0.03, 0.00, 0.04], train_rows=800, test_rows=200)
    >>> round(test.statistic, 4), round(test.p_value, 4)
    (1.8856, 0.1324)
    """
    checked_level(level)
    checked_alternative(alternative)
    folds = scalable(as_numbers(differences, "differences"), "differences")
    if not folds.size:
        raise BadSample("differences is empty", expected="one fold at least")
    train_rows, test_rows = checked_number(train_rows, "train_rows"), checked_number(test_rows, "test_rows")
    if min(train_rows, test_rows) < 1:
        raise BadSample(f"{train_rows} training and {test_rows} test rows", expected="one of each at least")
    value, count = float(folds.mean()), folds.size
    method = "corrected resampled t (Nadeau-Bengio)"
    if count < 2:
        reason = "a variance takes two folds, and there is 1"
        difference = undefined(reason, n=count, method=method, value=value, level=level)
        return CorrectedResampledTest(difference=difference, alternative=alternative)
    spread, widened = length(centred(folds)) / math.sqrt(count - 1), math.sqrt(1 / count + test_rows / train_rows)
    error, rounding = spread * widened, ROUNDING * float(np.abs(folds).max()) * widened
    difference = t_estimate(value, error, count - 1, n=count, method=method, level=level, rounding=rounding)
    if not difference.is_defined:
        return CorrectedResampledTest(difference=difference, alternative=alternative)
    return CorrectedResampledTest(
        difference=difference,
        alternative=alternative,
        standard_error=error,
        naive_standard_error=spread / math.sqrt(count),
        statistic=value / error,
        degrees_of_freedom=count - 1.0,
        p_value=t_p_value(value / error, count - 1.0, alternative),
    )
