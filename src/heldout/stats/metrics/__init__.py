"""The metrics that Heldout scores by, each with the influence of every row.

>>> METRICS["roc_auc"].value([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
0.75
>>> METRICS["root_mean_squared_error"].influence([1.0, 2.0], [1.0, 4.0])
array([-0.35355339,  0.35355339])
"""

from collections.abc import Mapping
from types import MappingProxyType

from heldout.stats.metrics.metric import Linearised, Metric
from heldout.stats.metrics.roc_auc import ROC_AUC, DelongTest, auc_delong, delong_covariance, delong_test
from heldout.stats.metrics.row_means import ACCURACY, BRIER_LOSS, LOG_LOSS, MEAN_ABSOLUTE_ERROR, ROOT_MEAN_SQUARED_ERROR

__all__ = ["METRICS", "DelongTest", "Linearised", "Metric", "auc_delong", "delong_covariance", "delong_test"]

METRICS: Mapping[str, Metric] = MappingProxyType(
    {
        metric.name: metric
        for metric in (ROC_AUC, ACCURACY, BRIER_LOSS, LOG_LOSS, MEAN_ABSOLUTE_ERROR, ROOT_MEAN_SQUARED_ERROR)
    }
)
