"""Scores counted in order-preserving bins: AUC, DeLong's interval, average precision and KS, with bounds of the error.

>>> ScoreHistogram.of([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]).auc().value
0.75
"""

from heldout.stats.histogram.auc import auc_histogram
from heldout.stats.histogram.average_precision import average_precision_histogram
from heldout.stats.histogram.clustered import auc_clustered
from heldout.stats.histogram.grid import universal_grid
from heldout.stats.histogram.score_histogram import Bounded, ScoreHistogram

__all__ = [
    "Bounded",
    "ScoreHistogram",
    "auc_clustered",
    "auc_histogram",
    "average_precision_histogram",
    "universal_grid",
]
