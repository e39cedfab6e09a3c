"""Lifts as a scorer would hand them over, for tests of what is made of them."""

from heldout.core.estimate import Estimate
from heldout.core.lift import Lift, LiftScale


def lift(value, error=0.01, clusters=61, scale=LiftScale.RELATIVE):
    estimate = Estimate(value=value, low=value - 2 * error, high=value + 2 * error, n=9000, method="t")
    return Lift(
        metric="roc_auc",
        scale=scale,
        estimate=estimate,
        standard_error=error,
        degrees_of_freedom=clusters - 1.0,
        clusters=clusters,
        design_effect=40.0,
        largest_clusters_share=0.6,
        seeds=3,
        baseline_seeds=3,
        seed_variance=1e-6,
        candidate=estimate,
        baseline=estimate,
    )
