"""How many units a comparison needs, and what a given number can show: before the data are seen.

Power computed afterwards from the effect that was observed is the p-value said again, and tells nothing (Hoenig &
Heisey 2001, Am. Statist. 55:19): ask instead which effects the interval still allows. Numbers of units come as
fractions, as R prints them: round up.
"""

from heldout.stats.sample_size.auc import auc_cases, auc_power
from heldout.stats.sample_size.clusters import (
    clusters_needed,
    design_effect,
    effective_n,
    kish_effective_n,
    minimum_detectable_lift,
)
from heldout.stats.sample_size.shares import proportion_n, proportion_power
from heldout.stats.sample_size.t_tests import minimum_detectable_effect, t_test_difference, t_test_n, t_test_power

__all__ = [
    "auc_cases",
    "auc_power",
    "clusters_needed",
    "design_effect",
    "effective_n",
    "kish_effective_n",
    "minimum_detectable_effect",
    "minimum_detectable_lift",
    "proportion_n",
    "proportion_power",
    "t_test_difference",
    "t_test_n",
    "t_test_power",
]
