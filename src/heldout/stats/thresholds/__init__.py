"""Where to draw the line on a score: thresholds from costs or wishes, operating points, net benefit."""

from heldout.stats.thresholds.chosen import CRITERIA, BestThreshold, best_threshold, threshold_optimism, value_at
from heldout.stats.thresholds.costs import cost_threshold, expected_cost
from heldout.stats.thresholds.decision_curves import DecisionCurve, NetBenefit, decision_curve, net_benefit
from heldout.stats.thresholds.operating import (
    OperatingPoint,
    operating_point,
    threshold_at_false_positive_rate,
    threshold_at_precision,
    threshold_at_recall,
    youden_threshold,
)

__all__ = [
    "CRITERIA",
    "BestThreshold",
    "DecisionCurve",
    "NetBenefit",
    "OperatingPoint",
    "best_threshold",
    "cost_threshold",
    "decision_curve",
    "expected_cost",
    "net_benefit",
    "operating_point",
    "threshold_at_false_positive_rate",
    "threshold_at_precision",
    "threshold_at_recall",
    "threshold_optimism",
    "value_at",
    "youden_threshold",
]
