"""AUC of rows in clusters, with the variance of the clusters' placements."""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from heldout.core.estimate import Estimate, undefined
from heldout.stats.clusters import Clusters
from heldout.stats.histogram.auc import FEWEST_OF_A_CLASS
from heldout.stats.histogram.binary_scores import BinaryScores
from heldout.stats.histogram.groups import grouped
from heldout.stats.sample import BadSample, Floats, checked_level

__all__ = ["auc_clustered"]

MOST_GROUPS = 1 << 20


def auc_clustered(
    label: ArrayLike,
    score: ArrayLike,
    cluster: ArrayLike,
    level: float = 0.95,
    scale: Literal["identity", "logit"] = "identity",
) -> Estimate:
    """Return the AUC of rows (n,) in clusters (n,) with Obuchowski's interval; `n` is in rows.

    The variance is that of the clusters' sums of DeLong's placements, with the covariance of the two classes within a
    cluster: S10 / m + S01 / n + 2 S11 / (m n) (Obuchowski 1997, Biometrics 53:567). The interval is z, cut at 0 and 1,
    or on the `scale` "logit". It covers too little below about 100 clusters: take `score_estimate`, t, or
    `studentised_interval` there. From 131,072 rows on placements are read off a histogram, the value within the bound
    that `method` tells. Undefined with one class, below 20 rows of a class, below two clusters with rows of each
    class, and without variance. Raises BadSample for bad arrays, level or scale.

    >>> user = np.arange(400) // 4
    >>> auc = auc_clustered([0, 1] * 200, np.sin(user) + [0, 0.5] * 200, user)
    >>> round(auc.low, 2), round(auc.value, 2), round(auc.high, 2)
    (0.68, 0.69, 0.7)
    """
    checked_level(level)
    if scale not in ("identity", "logit"):
        raise BadSample(f"there is no scale {scale!r}", expected="identity or logit")
    sample = BinaryScores.of(label, score)
    clusters = Clusters.of(cluster, sample.n)
    method = f"Obuchowski, {clusters.count} {clusters.unit}, z"
    reason = sample.why_undefined()
    if reason:
        return undefined(reason, n=sample.n, method=method, level=level)
    value, bound, placement = _placements(sample)
    if bound:
        method += f"; histogram, AUC within {bound:.1e}"
    few = _too_few(sample, clusters)
    variance = 0.0 if few else _variance(sample, clusters, value, placement)
    if few or variance <= 0 or (scale == "logit" and not 0 < value < 1):
        reason = few or "no cluster moves the value, so the sample says nothing of its error"
        return undefined(reason, n=sample.n, method=method, value=value, level=level)
    half = float(special.ndtri((1 + level) / 2)) * float(np.sqrt(variance))
    low, high = max(value - half, 0.0), min(value + half, 1.0)
    if scale == "logit":
        logit, half = float(special.logit(value)), half / (value * (1 - value))
        low, high = float(special.expit(logit - half)), float(special.expit(logit + half))
    return Estimate(value=value, low=low, high=high, n=sample.n, method=method, level=level)


def _placements(sample: BinaryScores) -> tuple[float, float, Floats]:
    """Return the AUC, the bound of its error, and each row's placement (n,)."""
    groups = grouped(sample, MOST_GROUPS)
    places = np.multiply(sample.label, groups.count, dtype=np.intp)
    places += groups.of_row
    counts = np.bincount(places, minlength=2 * groups.count).astype(np.float64).reshape(2, -1)
    negatives, positives = counts
    of_negative = 1 - (np.cumsum(positives) - positives / 2) / positives.sum()
    of_positive = (np.cumsum(negatives) - negatives / 2) / negatives.sum()
    value, bound = float(groups.auc(negatives, positives)), float(groups.auc_bound(negatives, positives))
    return value, bound, np.concatenate((of_negative, of_positive))[places]


def _too_few(sample: BinaryScores, clusters: Clusters) -> str | None:
    fewest = min(sample.positives, sample.n - sample.positives)
    if fewest < FEWEST_OF_A_CLASS:
        return f"the smaller class has {fewest} rows, and {FEWEST_OF_A_CLASS} are needed for a sound interval"
    for rows, called in ((sample.label, "positive"), (~sample.label, "negative")):
        count = int(np.count_nonzero(clusters.sums(rows.astype(np.float64))))
        if count < 2:
            return f"a variance takes two clusters with {called} rows, and there is {count}"
    return None


def _variance(sample: BinaryScores, clusters: Clusters, value: float, placement: Floats) -> float:
    placement -= value
    parts, factors = [], []
    for rows in (sample.label, ~sample.label):
        sizes = clusters.sums(rows.astype(np.float64))
        present = np.count_nonzero(sizes)
        parts.append(clusters.sums(np.where(rows, placement, 0.0)) / sizes.sum())
        factors.append(present / (present - 1))
    of_positives, of_negatives = parts
    both = clusters.count / (clusters.count - 1) * float((of_positives * of_negatives).sum())
    return factors[0] * float((of_positives**2).sum()) + factors[1] * float((of_negatives**2).sum()) + 2 * both
