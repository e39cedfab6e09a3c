"""What decisions at a threshold cost, and the threshold that costs least."""

import numpy as np
from numpy.typing import ArrayLike

from heldout.core.estimate import Estimate
from heldout.stats.clusters import Clusters
from heldout.stats.labelled import labelled, linear_estimate
from heldout.stats.magnitude import squarable
from heldout.stats.sample import BadSample, as_numbers

__all__ = ["cost_threshold", "expected_cost"]


def cost_threshold(c00: float = 0.0, c01: float = 1.0, c10: float = 1.0, c11: float = 0.0) -> float:
    """Return the probability from which calling a row positive costs least: (c10 - c00) / (c10 - c00 + c01 - c11).

    Elkan 2001, IJCAI, equation (2). cij is the cost of calling a row i that is j: c10 of a false positive, c01 of a
    false negative; gains are negative costs. For calibrated probabilities. Raises BadSample unless a wrong call costs
    more than the right one in both classes (c10 > c00 and c01 > c11), as otherwise one call is always the cheapest.

    >>> cost_threshold(c00=0, c01=4, c10=1, c11=0)
    0.2
    """
    false_positive, false_negative = _regret(c00, c01, c10, c11)
    return false_positive / (false_positive + false_negative)


def expected_cost(
    label: ArrayLike,
    score: ArrayLike,
    threshold: float,
    *,
    c00: float = 0.0,
    c01: float = 1.0,
    c10: float = 1.0,
    c11: float = 0.0,
    cluster: ArrayLike | None = None,
    level: float = 0.95,
) -> Estimate:
    """Return the mean cost per row where scores (n,) of at least `threshold` are called positive; costs as above.

    t interval over rows or `cluster` (n,). With the default costs it is the error rate. On the rows that the
    threshold was chosen on it is too low. Raises BadSample for bad arrays or costs that `cost_threshold` refuses.

    >>> expected_cost([0, 0, 1, 1], [0.1, 0.6, 0.4, 0.8], 0.5, c01=4).value
    1.25
    """
    labels, scores = labelled(label, score, probability=False)
    _regret(c00, c01, c10, c11)
    (at,) = as_numbers([threshold], "threshold")
    clusters = Clusters.of(cluster, labels.size)
    called = scores >= at
    cost = np.where(called, np.where(labels == 1, c11, c10), np.where(labels == 1, c01, c00))
    value = float(cost.mean())
    return linear_estimate(value, (cost - value) / labels.size, clusters, level=level)


def _regret(c00: float, c01: float, c10: float, c11: float) -> tuple[float, float]:
    """Return what a false positive and a false negative cost beyond the right call."""
    squarable(as_numbers([c00, c01, c10, c11], "a cost matrix"), "a cost matrix")
    false_positive, false_negative = c10 - c00, c01 - c11
    if false_positive <= 0 or false_negative <= 0:
        raise BadSample(
            f"the costs c00 = {c00:g}, c01 = {c01:g}, c10 = {c10:g}, c11 = {c11:g} are not reasonable",
            expected="c10 > c00 and c01 > c11: a wrong call costs more than the right one",
        )
    return false_positive, false_negative
