"""The best recall at a precision that is asked for, and the best precision at a recall, over all thresholds."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from heldout.core.estimate import Estimate, undefined
from heldout.stats.clusters import Clusters
from heldout.stats.metrics.intake import checked_rows
from heldout.stats.sample import BadSample, Floats, checked_level, checked_number, whole_number

__all__ = ["ConstrainedScore", "precision_at_recall", "recall_at_precision"]

FEWEST_PER_CLASS = 20
"""With fewer rows of a class the resampled best thresholds say little of another sample's."""

Curve = tuple[Floats, Floats]
Best = Callable[[Floats, Floats], int | None]
"""Takes precision and recall (m,) at the thresholds, highest first; returns the place of the best that will do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConstrainedScore:
    """The best of what is asked at the threshold that gives it: calling rows positive whose score is at least that.

    `estimate` is the recall or precision that was asked for, with its interval; `threshold`, `precision` and `recall`
    are those of the sample, None where no threshold will do.
    """

    estimate: Estimate
    threshold: float | None
    precision: float | None
    recall: float | None


def recall_at_precision(
    label: ArrayLike,
    score: ArrayLike,
    precision: float,
    *,
    cluster: ArrayLike | None = None,
    level: float = 0.95,
    replicates: int = 1000,
    seed: int = 0,
) -> ConstrainedScore:
    """Return the highest recall of label (n,) by score (n,) at which precision is at least that asked for.

    The best threshold jumps from row to row, so no influence function exists: the interval is the percentile bootstrap
    (Efron 1979, Ann. Statist. 7:1) over rows or clusters (n,), the threshold chosen anew in each of `replicates`. One
    where no threshold will do counts as recall 0. The value is optimistic, as its threshold is chosen on these very
    rows; fix it on others and use `precision_at(threshold)` where that matters. Undefined where no threshold will do;
    the interval below 20 rows of a class or two clusters, and where all replicates within `level` agree with the value,
    as on separated classes. Ties are one threshold. A replicate costs about 30 ns a row. Raises BadSample for bad
    arrays, or a precision outside (0, 1]. Same `seed`, same result.

    >>> point = recall_at_precision([0, 1, 0, 1, 1], [0.1, 0.4, 0.35, 0.8, 0.3], 0.75)
    >>> point.recall, point.threshold
    (1.0, 0.3)
    """
    _check_share(precision, "precision")

    def best(precisions: Floats, recalls: Floats) -> int | None:
        enough = np.flatnonzero(precisions >= precision)
        # of thresholds with this recall the highest, where precision is highest too
        return int(np.searchsorted(recalls, recalls[enough[-1]])) if enough.size else None

    why = f"no threshold reaches a precision of {precision:g}"
    return _point(label, score, best, "recall", why, cluster=cluster, level=level, replicates=replicates, seed=seed)


def precision_at_recall(
    label: ArrayLike,
    score: ArrayLike,
    recall: float,
    *,
    cluster: ArrayLike | None = None,
    level: float = 0.95,
    replicates: int = 1000,
    seed: int = 0,
) -> ConstrainedScore:
    """Return the highest precision of label (n,) by score (n,) at which recall is at least that asked for.

    As `recall_at_precision`: percentile bootstrap, optimistic, undefined without a positive row. Raises BadSample for
    a recall outside (0, 1].

    >>> point = precision_at_recall([0, 1, 0, 1, 1], [0.1, 0.4, 0.35, 0.8, 0.3], 0.6)
    >>> point.precision, point.threshold
    (1.0, 0.4)
    """
    _check_share(recall, "recall")

    def best(precisions: Floats, recalls: Floats) -> int | None:
        enough = recalls >= recall
        if not enough.any():
            return None
        return int(np.flatnonzero(enough & (precisions == precisions[enough].max()))[-1])

    why = "no row is positive"
    return _point(label, score, best, "precision", why, cluster=cluster, level=level, replicates=replicates, seed=seed)


def _point(
    label: ArrayLike,
    score: ArrayLike,
    best: Best,
    asked: str,
    why: str,
    *,
    cluster: ArrayLike | None,
    level: float,
    replicates: int,
    seed: int,
) -> ConstrainedScore:
    checked_level(level)
    replicates, seed = whole_number(replicates, "replicates", least=1), whole_number(seed, "seed")
    labels, (scores,) = checked_rows(label, score, binary=True, probability=False)
    clusters = Clusters.of(cluster, labels.size)
    method = f"percentile bootstrap over {clusters.count} {clusters.unit}, {replicates} replicates"
    order = np.argsort(-scores, kind="stable")
    ends = np.flatnonzero(np.append(np.diff(scores[order]) != 0, True))
    ranked = labels[order].astype(np.float64)
    curve = _curve(ranked, np.ones(labels.size), ends)
    place = best(*curve)
    if place is None:
        gone = undefined(why, n=labels.size, method=method, level=level)
        return ConstrainedScore(estimate=gone, threshold=None, precision=None, recall=None)
    precision, recall = (float(side[place]) for side in curve)
    value = recall if asked == "recall" else precision
    fewest = int(min(labels.sum(), labels.size - labels.sum()))
    too_few = clusters.why_no_variance()
    if fewest < FEWEST_PER_CLASS:
        too_few = f"the smaller class has {fewest} rows, and {FEWEST_PER_CLASS} are needed for a sound interval"
    if too_few:
        estimate = undefined(too_few, n=labels.size, method=method, value=value, level=level)
    else:
        drawn = [_redrawn(ranked, weight[order], ends, best, asked) for weight in _weights(clusters, replicates, seed)]
        low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
        least, most = min(float(low), value), max(float(high), value)
        estimate = Estimate(value=value, low=least, high=most, n=labels.size, method=method, level=level)
        if least == most:
            why = f"all but the rarest replicates have a {asked} of {value:g}, so they say nothing of its error"
            estimate = undefined(why, n=labels.size, method=method, value=value, level=level)
    threshold = float(scores[order][ends[place]])
    return ConstrainedScore(estimate=estimate, threshold=threshold, precision=precision, recall=recall)


def _curve(positive: Floats, weight: Floats, ends: NDArray[np.intp]) -> Curve:
    """Return precision and recall where rows up to each of `ends` are called positive; 0 where nothing is there."""
    hits, called = np.cumsum(positive * weight)[ends], np.cumsum(weight)[ends]
    return hits / np.where(called > 0, called, 1.0), hits / (hits[-1] or 1.0)


def _redrawn(positive: Floats, weight: Floats, ends: NDArray[np.intp], best: Best, asked: str) -> float:
    precisions, recalls = _curve(positive, weight, ends)
    place = best(precisions, recalls)
    if place is None:
        return 0.0
    return float(recalls[place] if asked == "recall" else precisions[place])


def _weights(clusters: Clusters, replicates: int, seed: int) -> Iterator[Floats]:
    """Yield how often each row is drawn when clusters are drawn with replacement."""
    rng, count = np.random.default_rng(seed), clusters.count
    for _ in range(replicates):
        times = np.bincount(rng.integers(0, count, count), minlength=count).astype(np.float64)
        yield times if clusters.codes is None else times[clusters.codes]


def _check_share(asked: float, name: str) -> None:
    if not 0 < checked_number(asked, name) <= 1:
        raise BadSample(f"{asked} is no {name} to ask for", expected="a number above 0, at most 1")
