"""Resampling: bootstraps of any statistic of a small sample, of AUC on millions of rows, and of clusters' influence.

>>> round(jackknife_standard_error(correlation, [1.0, 2.0, 3.0, 4.0], [2.0, 1.0, 4.0, 3.0]), 3)
0.488
"""

from heldout.stats.resampling.auc import cluster_bootstrap_auc, poisson_bootstrap_auc
from heldout.stats.resampling.bootstrap import bootstrap, cluster_bootstrap
from heldout.stats.resampling.correlation import correlation
from heldout.stats.resampling.jackknife import jackknife_standard_error
from heldout.stats.resampling.replicates import Bootstrap
from heldout.stats.resampling.studentised import studentised_interval

__all__ = [
    "Bootstrap",
    "bootstrap",
    "cluster_bootstrap",
    "cluster_bootstrap_auc",
    "correlation",
    "jackknife_standard_error",
    "poisson_bootstrap_auc",
    "studentised_interval",
]
