"""What clusters and weights cost: how many independent units the rows are worth, and what they can show."""

import math

import numpy as np
from numpy.typing import ArrayLike

from heldout.stats.sample import BadSample, as_numbers
from heldout.stats.sample_size.parameters import Sides
from heldout.stats.sample_size.t_tests import minimum_detectable_effect, t_test_n

__all__ = ["clusters_needed", "design_effect", "effective_n", "kish_effective_n", "minimum_detectable_lift"]


def design_effect(cluster_size: float, icc: float, *, size_variation: float = 0.0) -> float:
    """Return by how much clusters of `cluster_size` rows with intraclass correlation `icc` inflate a mean's variance.

    Kish 1965, Survey Sampling: 1 + (m - 1) icc; with unequal sizes, whose coefficient of variation is
    `size_variation` c, 1 + ((1 + c²) m - 1) icc (Eldridge, Ashby & Kerry 2006, Int. J. Epidemiol. 35:1292). A small
    icc is no comfort where clusters are large. Raises BadSample for a size below 1, an icc outside [0, 1], or a
    negative variation.

    >>> design_effect(900, 0.05)
    45.95
    """
    if not 1 <= cluster_size < math.inf or not 0 <= icc <= 1 or not 0 <= size_variation < math.inf:
        raise BadSample(
            f"clusters of {cluster_size} rows, variation {size_variation}, with icc {icc}",
            expected="one row at least, a variation not below 0, an icc in [0, 1]",
        )
    return 1 + ((1 + size_variation**2) * cluster_size - 1) * icc


def effective_n(n: float, design_effect: float) -> float:
    """Return how many independent rows `n` rows with this design effect are worth: n / design effect (Kish 1965).

    Raises BadSample unless both are positive.

    >>> round(effective_n(53991, 45), 1)
    1199.8
    """
    if not 0 < n < math.inf or not 0 < design_effect < math.inf:
        raise BadSample(f"{n} rows with a design effect of {design_effect}", expected="positive numbers")
    return n / design_effect


def kish_effective_n(weight: ArrayLike) -> float:
    """Return how many equally weighted rows rows with `weight` (n,) are worth: (Σ w)² / Σ w² (Kish 1965).

    Raises BadSample for weights that are negative, all 0 or not finite.

    >>> round(kish_effective_n([1, 1, 4]), 6)
    2.0
    """
    weights = as_numbers(weight, "weight")
    if (weights < 0).any() or not weights.any():
        raise BadSample("the weights", expected="numbers not below 0, one above at least")
    scaled = weights / weights.max()
    return float(scaled.sum() ** 2 / (scaled**2).sum())


def minimum_detectable_lift(
    baseline_mean: float,
    standard_deviation: float,
    treatment_n: float,
    control_n: float,
    *,
    design_effect: float = 1.0,
    clusters: int | None = None,
    alpha: float = 0.05,
    power: float = 0.8,
    alternative: Sides = "two-sided",
) -> float:
    """Return the relative lift over `baseline_mean` that an experiment finds with `power`, at the analysis unit.

    `standard_deviation` and the two n are of rows, `design_effect` is what their clusters cost; `clusters` (of both
    arms) bounds the degrees of freedom by clusters - 2. For a share p the standard deviation is √(p (1 - p)); with a
    covariate multiply it by √(1 - r²). The noncentral t of `minimum_detectable_effect`. Raises BadSample for a baseline
    of 0, fewer than three clusters, or parameters out of range.

    >>> round(minimum_detectable_lift(0.1, 0.3, 10000, 10000), 4)
    0.1189
    >>> round(minimum_detectable_lift(0.1, 0.3, 10000, 10000, design_effect=4, clusters=60), 4)
    0.2417
    """
    if baseline_mean == 0 or not math.isfinite(baseline_mean) or not 0 < standard_deviation < math.inf:
        raise BadSample(
            f"a baseline mean of {baseline_mean} and a standard deviation of {standard_deviation}",
            expected="a mean other than 0, a positive standard deviation",
        )
    worth = np.array([effective_n(n, design_effect) for n in (treatment_n, control_n)])
    freedom = float(worth.sum()) - 2 if clusters is None else clusters - 2.0
    error = standard_deviation * math.sqrt(float((1 / worth).sum()))
    effect = minimum_detectable_effect(error, freedom, alpha, power, alternative=alternative)
    return effect / abs(baseline_mean)


def clusters_needed(
    difference: float,
    standard_deviation: float,
    cluster_size: float,
    icc: float,
    *,
    power: float = 0.8,
    alpha: float = 0.05,
    size_variation: float = 0.0,
    alternative: Sides = "two-sided",
) -> float:
    """Return the clusters per arm with which a t test on cluster means finds `difference` with `power`.

    `standard_deviation` is that of a row. Its degrees of freedom are those of the clusters (Donner & Klar 2000, Cluster
    Randomization Trials), so more rows per cluster soon stop helping. A fraction, to be rounded up. Raises BadSample as
    `design_effect` and `t_test_n` do.

    >>> round(clusters_needed(0.1, 1.0, cluster_size=100, icc=0.05), 1)
    94.4
    """
    of_a_mean = standard_deviation * math.sqrt(
        design_effect(cluster_size, icc, size_variation=size_variation) / cluster_size
    )
    return t_test_n(power, difference, of_a_mean, alpha, alternative=alternative)
