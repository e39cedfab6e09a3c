"""Rows with a label of 0 or 1 and one score each: checked, counted, and averaged with an interval."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from heldout.core.estimate import Estimate, undefined
from heldout.stats.clusters import Clusters, Uncertainty
from heldout.stats.influence import method_of
from heldout.stats.sample import BadSample, Floats, as_array, as_paired, checked_level, checked_number
from heldout.stats.t_interval import NO_SPREAD

__all__ = ["ScoreCounts", "labelled", "linear_estimate", "odds", "score_counts"]


def labelled(label: ArrayLike, score: ArrayLike, *, probability: bool) -> tuple[Floats, Floats]:
    """Return label and score, each (n,), n ≥ 1, with labels of 0 or 1 and, if asked, scores in [0, 1].

    Raises BadSample otherwise.

    >>> labelled([0, 1], [0.2, 0.9], probability=True)
    (array([0., 1.]), array([0.2, 0.9]))
    """
    given = as_array(score, "score")
    if given.ndim != 1:
        raise BadSample(f"score has {given.ndim} axes", expected="one score per row")
    labels, (scores,) = as_paired(label, given, binary=True, probability=probability)
    return labels, scores


def linear_estimate(value: float, influence: Floats, clusters: Clusters, *, level: float = 0.95) -> Estimate:
    """Return `value` with the t interval of its rows' `influence` (n,), summed by cluster; plain, not transformed.

    Its interval is undefined with fewer than two clusters or where no row moves the value.

    >>> mean = linear_estimate(0.5, np.array([0.125, -0.125, 0.125, -0.125]), Clusters.of(None, 4))
    >>> round(mean.low, 3), round(mean.high, 3)
    (-0.419, 1.419)
    """
    checked_level(level)
    method, n = method_of(clusters), influence.size
    too_few = clusters.why_no_variance()
    if too_few:
        return undefined(too_few, n=n, method=method, value=value, level=level)
    spread = Uncertainty.of(clusters.sums(influence))
    if spread.standard_error <= NO_SPREAD * max(abs(value), 1.0):
        reason = "no row moves the value, so the sample says nothing of its error"
        return undefined(reason, n=n, method=method, value=value, level=level)
    half = spread.t_quantile(level) * spread.standard_error
    return Estimate(value=value, low=value - half, high=value + half, n=n, method=method, level=level)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreCounts:
    """Rows per distinct score, in rising order: `score`, `negatives` and `positives`, each of shape (k,)."""

    score: Floats
    negatives: Floats
    positives: Floats

    @property
    def called_positive(self) -> tuple[Floats, Floats]:
        """Return (true, false) positives, each (k + 1,): entry i where scores from `score[i]` up count as positive.

        The last entry calls no row positive.
        """
        return _from_above(self.positives), _from_above(self.negatives)


def score_counts(label: Floats, score: Floats) -> ScoreCounts:
    """Count checked labels per distinct score.

    >>> counts = score_counts(np.array([0.0, 1.0, 1.0]), np.array([0.2, 0.7, 0.2]))
    >>> counts.score, counts.positives
    (array([0.2, 0.7]), array([1., 1.]))
    """
    order = np.argsort(score)
    ranked, positive = score[order], label[order]
    starts = np.flatnonzero(np.concatenate(([True], ranked[1:] != ranked[:-1])))
    rows = np.diff(starts, append=score.size).astype(np.float64)
    positives = np.add.reduceat(positive, starts)
    return ScoreCounts(score=ranked[starts], negatives=rows - positives, positives=positives)


def _from_above(counts: Floats) -> Floats:
    return np.concatenate([np.cumsum(counts[::-1])[::-1], [0.0]])


def odds(threshold: float) -> float:
    """Return threshold / (1 - threshold), what a false positive weighs where the threshold is a fair trade.

    >>> round(odds(0.2), 12)
    0.25
    """
    if not 0 < checked_number(threshold, "threshold") < 1:
        raise BadSample(f"the threshold {threshold} is no probability to decide at", expected="a number within (0, 1)")
    return threshold / (1 - threshold)
