"""The metrics that Heldout scores by, each with the influence of every row.

>>> METRICS["roc_auc"].value([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
0.75
>>> METRICS["root_mean_squared_error"].influence([1.0, 2.0], [1.0, 4.0])
array([-0.35355339,  0.35355339])
"""

from heldout.stats.metrics.metric import Linearised, Metric
from heldout.stats.metrics.named import METRICS, metric_named
from heldout.stats.metrics.roc_auc import DelongTest, auc_delong, delong_covariance, delong_test

__all__ = [
    "METRICS",
    "DelongTest",
    "Linearised",
    "Metric",
    "auc_delong",
    "delong_covariance",
    "delong_test",
    "metric_named",
]
