"""R²: the share of the label's variance that a forecast explains."""

import numpy as np

from heldout.stats.magnitude import LARGEST
from heldout.stats.metrics.intake import Numbers
from heldout.stats.metrics.metric import Linearised, Metric
from heldout.stats.sample import Floats, Undefined

__all__ = ["R_SQUARED"]


def _linearised(label: Numbers, score: Numbers, weight: Floats | None = None) -> Linearised:
    """Return 1 - Σ (label - score)² / Σ (label - mean)².

    >>> _linearised(np.array([3.0, -0.5, 2.0, 7.0]), np.array([2.5, 0.0, 2.0, 8.0])).value
    0.9486081370449679
    """
    truth = label.astype(np.float64)
    error = np.square(np.subtract(truth, score, dtype=np.float64))
    if np.ptp(truth) == 0:
        raise Undefined(f"all {truth.size} labels are the same, and R² is a share of their variance")
    apart = truth - np.average(truth, weights=weight)
    spread = np.square(apart - np.average(apart, weights=weight))  # the mean is off by its own rounding
    of_error, of_spread = (float(part.sum() if weight is None else part @ weight) for part in (error, spread))
    if of_error / of_spread > LARGEST:
        raise Undefined("the error is so many times the labels' variance that R² has no square")
    influence = (spread * (of_error / of_spread) - error) / of_spread
    return Linearised(value=1 - of_error / of_spread, influence=influence if weight is None else influence * weight)


R_SQUARED = Metric(
    name="r_squared",
    higher_is_better=True,
    task="regression",
    perfect=1.0,
    lowest=-np.inf,
    highest=1.0,
    kernel=_linearised,
)
"""1 at best, 0 for the mean of the labels, without limit below; undefined where all labels are the same.

Its interval is made on the scale of log(1 - R²).
"""
