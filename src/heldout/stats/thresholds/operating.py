"""Operating points: what a threshold makes of a score, and the threshold that meets a wish."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from heldout.core.estimate import Estimate
from heldout.stats.labelled import ScoreCounts, labelled, score_counts
from heldout.stats.proportions import wilson
from heldout.stats.sample import BadSample, Floats, Undefined, as_numbers, checked_number

__all__ = [
    "OperatingPoint",
    "operating_point",
    "threshold_at_false_positive_rate",
    "threshold_at_precision",
    "threshold_at_recall",
    "youden_threshold",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatingPoint:
    """A threshold, the four counts that it makes, and rates with Wilson intervals for independent rows.

    A row is called positive where its score is at least `threshold` (at most, where `higher_is_positive` is False).
    `sensitivity` is recall, `precision` undefined where no row is called positive, `youden` is
    sensitivity + specificity - 1. `ties` are thresholds that are as good by the rule that chose this one. Where the
    threshold was chosen on these rows, the rates are too good and their intervals know nothing of it.
    """

    threshold: float
    true_positives: int
    false_positives: int
    true_negatives: int
    false_negatives: int
    sensitivity: Estimate
    specificity: Estimate
    precision: Estimate
    accuracy: Estimate
    youden: float | None
    n: int
    higher_is_positive: bool = True
    ties: tuple[float, ...] = ()


def operating_point(
    label: ArrayLike, score: ArrayLike, threshold: float, *, higher_is_positive: bool = True, level: float = 0.95
) -> OperatingPoint:
    """Return what `threshold` makes of score (n,), any finite numbers, for label (n,). Raises BadSample for bad arrays.

    >>> point = operating_point([0, 0, 1, 1], [0.1, 0.6, 0.4, 0.8], 0.5)
    >>> point.sensitivity.value, point.specificity.value, point.precision.value
    (0.5, 0.5, 0.5)
    """
    labels, scores = labelled(label, score, probability=False)
    (at,) = as_numbers([threshold], "threshold")
    called = scores >= at if higher_is_positive else scores <= at
    hits = int(labels[called].sum())
    alarms = int(called.sum()) - hits
    return _point(float(at), hits, alarms, labels, higher_is_positive=higher_is_positive, level=level)


def youden_threshold(
    label: ArrayLike,
    score: ArrayLike,
    *,
    higher_is_positive: bool = True,
    method: Literal["youden", "closest_topleft"] = "youden",
    cost: float = 1.0,
    prevalence: float = 0.5,
    level: float = 0.95,
) -> OperatingPoint:
    """Return the threshold of the largest sensitivity + specificity, with both (Youden 1950, Cancer 3:32).

    Conventions of pROC's `coords(x, "best")`: thresholds lie midway between neighbouring distinct scores; "youden"
    maximises sensitivity + r × specificity, "closest_topleft" minimises (1 - sensitivity)² + r (1 - specificity)², with
    r = (1 - prevalence) / (cost × prevalence), `cost` that of a false negative against a false positive. Of equally
    good thresholds the lowest is returned and the others are `ties`. Chosen on the rows that it is told of, so the
    rates are too good. Raises BadSample for bad arrays or weights, Undefined with one class or a constant score.

    >>> best = youden_threshold([0, 0, 1, 0, 1, 1], [0.1, 0.2, 0.3, 0.4, 0.5, 0.6])
    >>> best.threshold, round(best.sensitivity.value, 3), round(best.specificity.value, 3), best.ties
    (0.25, 1.0, 0.667, (0.45,))
    """
    labels, scores = labelled(label, score, probability=False)
    if method not in ("youden", "closest_topleft"):
        raise BadSample(f"there is no method {method!r}", expected="youden or closest_topleft")
    if not (cost > 0 and 0 < prevalence < 1 and np.isfinite(cost)):
        raise BadSample(f"cost {cost} and prevalence {prevalence} are no weights", expected="cost > 0, 0 < share < 1")
    counts = _counts_of_two(labels, scores if higher_is_positive else -scores)
    if counts.score.size < 2:
        raise Undefined("the score is the same in every row, so no threshold tells rows apart")
    hits, alarms = (side[1:-1] for side in counts.called_positive)
    sensitivity, specificity = hits / labels.sum(), 1 - alarms / (labels.size - labels.sum())
    r = (1 - prevalence) / (cost * prevalence)
    if method == "youden":
        goodness = sensitivity + r * specificity
    else:
        goodness = -((1 - sensitivity) ** 2) - r * (1 - specificity) ** 2
    places = np.flatnonzero(goodness >= goodness.max() - 1e-12)
    middles = (counts.score[:-1] + counts.score[1:])[places] / 2
    if not higher_is_positive:
        middles, places = -middles[::-1], places[::-1]
    return _point(
        float(middles[0]),
        int(hits[places[0]]),
        int(alarms[places[0]]),
        labels,
        higher_is_positive=higher_is_positive,
        level=level,
        ties=tuple(float(middle) for middle in middles[1:]),
    )


def threshold_at_precision(
    label: ArrayLike, score: ArrayLike, minimum: float, *, level: float = 0.95
) -> OperatingPoint:
    """Return the lowest score whose precision is at least `minimum`, as a threshold: the most recall there is for it.

    Raises BadSample for a minimum outside (0, 1] or bad arrays, Undefined with one class or where none reaches it.

    >>> threshold_at_precision([0, 1, 0, 1], [0.1, 0.4, 0.6, 0.8], 0.6).threshold
    0.4
    """
    labels, counts = _wished(label, score, minimum, "precision")
    hits, alarms = (side[:-1] for side in counts.called_positive)
    return _first(labels, counts, hits / (hits + alarms) >= minimum, f"a precision of {minimum:g}", level)


def threshold_at_recall(label: ArrayLike, score: ArrayLike, minimum: float, *, level: float = 0.95) -> OperatingPoint:
    """Return the highest score whose recall is at least `minimum`, as a threshold: the fewest rows called positive.

    Raises BadSample for a minimum outside (0, 1] or bad arrays, Undefined with one class.

    >>> threshold_at_recall([0, 1, 0, 1], [0.1, 0.4, 0.6, 0.8], 0.5).threshold
    0.8
    """
    labels, counts = _wished(label, score, minimum, "recall")
    hits, _ = counts.called_positive
    good = hits[:-1] / labels.sum() >= minimum
    last = np.zeros_like(good)
    last[np.flatnonzero(good)[-1:]] = True
    return _first(labels, counts, last, f"a recall of {minimum:g}", level)


def threshold_at_false_positive_rate(
    label: ArrayLike, score: ArrayLike, maximum: float, *, level: float = 0.95
) -> OperatingPoint:
    """Return the lowest score whose false positive rate is at most `maximum`, as a threshold: the most recall for it.

    Raises BadSample for a maximum outside [0, 1] or bad arrays, Undefined with one class or where even the highest
    score has more false positives.

    >>> threshold_at_false_positive_rate([0, 1, 0, 1], [0.1, 0.4, 0.6, 0.8], 0.0).threshold
    0.8
    """
    if not 0 <= checked_number(maximum, "maximum") <= 1:
        raise BadSample(f"{maximum} is no false positive rate", expected="a number in [0, 1]")
    labels, counts = _wished(label, score, 1.0, "recall")
    _, alarms = counts.called_positive
    good = alarms[:-1] / (labels.size - labels.sum()) <= maximum
    return _first(labels, counts, good, f"a false positive rate of {maximum:g}", level)


def _wished(label: ArrayLike, score: ArrayLike, share: float, what: str) -> tuple[Floats, ScoreCounts]:
    if not 0 < checked_number(share, what) <= 1:
        raise BadSample(f"{share} is no {what} to ask for", expected="a number in (0, 1]")
    labels, scores = labelled(label, score, probability=False)
    return labels, _counts_of_two(labels, scores)


def _counts_of_two(labels: Floats, scores: Floats) -> ScoreCounts:
    if labels.min() == labels.max():
        raise Undefined(f"all {labels.size} rows are of one class")
    return score_counts(labels, scores)


def _first(labels: Floats, counts: ScoreCounts, good: np.ndarray, wish: str, level: float) -> OperatingPoint:
    places = np.flatnonzero(good)
    if not places.size:
        raise Undefined(f"no threshold has {wish} on these rows")
    hits, alarms = (side[places[0]] for side in counts.called_positive)
    return _point(float(counts.score[places[0]]), int(hits), int(alarms), labels, higher_is_positive=True, level=level)


def _point(
    threshold: float,
    hits: int,
    alarms: int,
    labels: Floats,
    *,
    higher_is_positive: bool,
    level: float,
    ties: tuple[float, ...] = (),
) -> OperatingPoint:
    n, positives = labels.size, int(labels.sum())
    negatives = n - positives
    both = positives and negatives
    return OperatingPoint(
        threshold=threshold,
        true_positives=hits,
        false_positives=alarms,
        true_negatives=negatives - alarms,
        false_negatives=positives - hits,
        sensitivity=wilson(hits, positives, level),
        specificity=wilson(negatives - alarms, negatives, level),
        precision=wilson(hits, hits + alarms, level),
        accuracy=wilson(hits + negatives - alarms, n, level),
        youden=hits / positives - alarms / negatives if both else None,
        n=n,
        higher_is_positive=higher_is_positive,
        ties=ties,
    )
