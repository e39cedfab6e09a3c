"""Distances between two samples of one column, from counts or values: how far the world has moved."""

from heldout.stats.distances.distance import Distance
from heldout.stats.distances.divergences import hellinger, jensen_shannon, kullback_leibler, psi
from heldout.stats.distances.histogram import JointHistogram, joint_histogram
from heldout.stats.distances.kolmogorov_smirnov import KsTest, ks_test
from heldout.stats.distances.variation import ks_from_counts, total_variation
from heldout.stats.distances.wasserstein import wasserstein, wasserstein_from_counts

__all__ = [
    "Distance",
    "JointHistogram",
    "KsTest",
    "hellinger",
    "jensen_shannon",
    "joint_histogram",
    "ks_from_counts",
    "ks_test",
    "kullback_leibler",
    "psi",
    "total_variation",
    "wasserstein",
    "wasserstein_from_counts",
]
