"""Many tests at once."""

import numpy as np
from numpy.typing import ArrayLike

from heldout.stats.sample import BadSample, Floats, as_numbers

__all__ = ["holm"]


def holm(p: ArrayLike) -> Floats:
    """Return p-values adjusted by Holm's step-down method, in the order given (Holm 1979, Scand. J. Statist. 6:65).

    Rejecting where the adjusted value is ≤ α keeps the chance of any false rejection ≤ α under any dependence.
    `p` has shape (m,), m ≥ 0. Raises BadSample for values outside [0, 1] or not finite.

    >>> holm([0.01, 0.04, 0.03])
    array([0.03, 0.06, 0.06])
    """
    values = as_numbers(p, "p")
    if ((values < 0) | (values > 1)).any():
        raise BadSample("a p-value lies outside [0, 1]", expected="p-values")
    order = np.argsort(values, kind="stable")
    steps = values[order] * np.arange(values.size, 0, -1)
    adjusted = np.empty_like(values)
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return adjusted
