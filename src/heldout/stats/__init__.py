"""Statistics: arrays or counts in, Estimates out. Every kernel names its paper and carries an example."""

from heldout.stats.clusters import clustered_standard_error
from heldout.stats.decision import decide
from heldout.stats.lift import confidence_at_least, paired_lift
from heldout.stats.metrics import METRICS, DelongTest, Metric, auc_delong, delong_covariance, delong_test
from heldout.stats.multiplicity import holm
from heldout.stats.power import band_probabilities, lift_power
from heldout.stats.proportions import clopper_pearson, newcombe, wilson
from heldout.stats.reproducibility import REPRODUCIBILITY_CLASSES, between_run_bound, reproducibility_class
from heldout.stats.sample import BadSample, Undefined
from heldout.stats.score import score_estimate

__all__ = [
    "METRICS",
    "REPRODUCIBILITY_CLASSES",
    "BadSample",
    "DelongTest",
    "Metric",
    "Undefined",
    "auc_delong",
    "band_probabilities",
    "between_run_bound",
    "clopper_pearson",
    "clustered_standard_error",
    "confidence_at_least",
    "decide",
    "delong_covariance",
    "delong_test",
    "holm",
    "lift_power",
    "newcombe",
    "paired_lift",
    "reproducibility_class",
    "score_estimate",
    "wilson",
]
