"""Metrics of scores of several classes, each with a clustered interval: AUC, log loss, Brier, top-k accuracy."""

from collections.abc import Callable, Sequence
from itertools import combinations, permutations
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from heldout.core.estimate import Estimate, undefined
from heldout.stats.influence import method_of
from heldout.stats.metrics.averages import Average, check_choice, shares
from heldout.stats.metrics.class_rows import Codes, CountedRows, class_names, coded_with_scores
from heldout.stats.metrics.metric import Linearised
from heldout.stats.metrics.roc_auc import ROC_AUC
from heldout.stats.metrics.row_means import linearised_mean
from heldout.stats.sample import BadSample, Floats, Undefined, as_array, checked_level, whole_number

__all__ = ["multiclass_auc", "multiclass_brier", "multiclass_log_loss", "top_k_accuracy"]

Comparison = Literal["one_vs_rest", "one_vs_one"]
Absent = Literal["undefined", "skip"]

SUM_TOLERANCE = 1e-3
"""How far the probabilities of a row may be from 1 in sum: they may be written with three digits."""


def multiclass_auc(
    label: ArrayLike,
    score: ArrayLike,
    comparison: Comparison = "one_vs_rest",
    average: Average = "macro",
    *,
    missing: Absent = "undefined",
    classes: Sequence[Any] | None = None,
    cluster: ArrayLike | None = None,
    weight: ArrayLike | None = None,
    level: float = 0.95,
) -> Estimate:
    """Return the AUC over classes of label (n,) from score (n, k), columns in the order of the sorted classes.

    "one_vs_rest" averages each class's AUC against all others: "macro", "weighted" by rows, or "micro" over all n · k
    scores. "one_vs_one" averages the AUC of each pair of classes on their rows alone (Hand & Till 2001, Mach. Learn.
    45:171): "macro" is their M, "weighted" weighs a pair by its rows. A class without rows makes it undefined, unless
    `missing` is "skip"; name such classes in `classes`, in the order of the columns. The interval is that of the
    influence functions on the logit scale, and undefined where a class has fewer than 20 rows. Scores need not be
    probabilities, but micro and one-vs-rest compare them over rows. Raises BadSample for bad arrays.

    >>> score = [[0.7, 0.2, 0.1], [0.2, 0.5, 0.3], [0.3, 0.4, 0.3], [0.1, 0.2, 0.7]]
    >>> multiclass_auc(["a", "b", "c", "c"], score).value
    0.9583333333333333
    """
    for given, choices, name in (
        (comparison, Comparison, "comparison"),
        (average, Average, "average"),
        (missing, Absent, "missing"),
    ):
        check_choice(given, choices, name)
    checked_level(level)
    rows = CountedRows.of(as_array(label, "label").size, cluster, weight)
    known, truth, scores = coded_with_scores(label, score, classes, rows)
    names, of = class_names(known), f"{comparison.replace('_', '-')}, {average} average"
    try:
        if average == "micro":
            scored = _micro(truth, scores, rows, comparison)
        else:
            average_over = _one_vs_rest if comparison == "one_vs_rest" else _one_vs_one
            scored = average_over(truth, scores, rows, names, by_rows=average == "weighted", missing=missing)
    except Undefined as reason:
        return undefined(str(reason), n=truth.size, method=method_of(rows.clusters, of), level=level)
    counts = np.bincount(truth, minlength=known.size)
    rarest = int(np.argmin(np.where(counts > 0, counts, truth.size)))
    if counts[rarest] < ROC_AUC.fewest_per_class:
        too_few = f"class {names[rarest]} has {counts[rarest]} rows, and {ROC_AUC.fewest_per_class} are needed"
        return undefined(too_few, n=truth.size, method=method_of(rows.clusters, of), value=scored.value, level=level)
    return rows.estimate(scored, highest=1.0, level=level, of=of)


def multiclass_log_loss(
    label: ArrayLike,
    score: ArrayLike,
    *,
    classes: Sequence[Any] | None = None,
    cluster: ArrayLike | None = None,
    weight: ArrayLike | None = None,
    level: float = 0.95,
) -> Estimate:
    """Return the mean of -log of the probability (n, k) of each row's class, natural logarithm, as scikit-learn's.

    Columns are in the order of the sorted classes, or of `classes`. 0 and 1 are moved in by one machine epsilon.
    Raises BadSample for bad arrays, and for rows that are no probabilities or do not sum to 1.

    >>> multiclass_log_loss(["spam", "ham"], [[0.1, 0.9], [0.9, 0.1]]).value
    0.10536051565782628
    """
    narrow = getattr(score, "dtype", None) == np.float32
    tiny = float(np.finfo(np.float32 if narrow else np.float64).eps)

    def of_rows(truth: Codes, scores: Floats) -> Floats:
        _check_probabilities(scores)
        losses: Floats = -np.log(np.clip(_of_class(truth, scores), tiny, 1 - tiny))
        return losses

    return _mean(label, score, of_rows, classes=classes, cluster=cluster, weight=weight, level=level, highest=np.inf)


def multiclass_brier(
    label: ArrayLike,
    score: ArrayLike,
    *,
    scale_by_half: bool = False,
    classes: Sequence[Any] | None = None,
    cluster: ArrayLike | None = None,
    weight: ArrayLike | None = None,
    level: float = 0.95,
) -> Estimate:
    """Return the mean over rows of Σ over classes (probability - is of the class)², in [0, 2].

    Brier 1950, Monthly Weather Review 78:1. Half of it, `scale_by_half`, is for two classes what is now called the
    Brier score. Raises BadSample as `multiclass_log_loss` does.

    >>> round(multiclass_brier(["spam", "ham"], [[0.1, 0.9], [0.9, 0.1]]).value, 4)
    0.02
    """
    scale = 0.5 if scale_by_half else 1.0

    def of_rows(truth: Codes, scores: Floats) -> Floats:
        _check_probabilities(scores)
        of_class = _of_class(truth, scores)
        losses: Floats = scale * (np.square(scores).sum(axis=1) + 1 - 2 * of_class)
        return losses

    return _mean(label, score, of_rows, classes=classes, cluster=cluster, weight=weight, level=level, highest=2 * scale)


def top_k_accuracy(
    label: ArrayLike,
    score: ArrayLike,
    k: int = 2,
    *,
    classes: Sequence[Any] | None = None,
    cluster: ArrayLike | None = None,
    weight: ArrayLike | None = None,
    level: float = 0.95,
) -> Estimate:
    """Return the share of rows whose class is among the k highest of score (n, classes).

    Ties across the k-th place count by the chance that the class is drawn among them, so that equal scores are worth
    k / classes and not a hit. Raises BadSample for bad arrays or a k that is not 1 to classes - 1.

    >>> top_k_accuracy([0, 1, 2], [[0.5, 0.2, 0.3], [0.3, 0.4, 0.3], [0.7, 0.2, 0.1]], k=2).value
    0.6666666666666666
    """
    most = whole_number(k, "k", least=1)

    def of_rows(truth: Codes, scores: Floats) -> Floats:
        if most >= scores.shape[1]:
            raise BadSample(f"there is no top {k} of {scores.shape[1]} classes", expected="1 or more, not all classes")
        own = _of_class(truth, scores)[:, np.newaxis]
        above, tied = (scores > own).sum(axis=1), (scores == own).sum(axis=1)
        hits: Floats = np.clip((most - above) / tied, 0.0, 1.0)
        return hits

    checked_level(level)
    rows = CountedRows.of(as_array(label, "label").size, cluster, weight)
    _, truth, scores = coded_with_scores(label, score, classes, rows)
    hits = of_rows(truth, scores)
    full = float(hits.sum())
    scored = linearised_mean(hits, rows.weight)
    return rows.share(scored, int(full) if full in (0, truth.size) else 1, truth.size, level=level)


def _one_vs_rest(
    truth: Codes, scores: Floats, rows: CountedRows, names: Sequence[str], *, by_rows: bool, missing: Absent
) -> Linearised:
    weighed = np.bincount(truth, rows.weight, minlength=len(names)).astype(np.float64)
    share = _shares(weighed, names, by_rows=by_rows, missing=missing)
    value, influence, of_class = 0.0, np.zeros(truth.size), np.zeros(len(names))
    for place in np.flatnonzero(share):
        one = ROC_AUC.kernel(truth == place, scores[:, place], rows.weight)
        value, of_class[place] = value + share[place] * one.value, one.value
        influence += share[place] * one.influence
    if by_rows:
        influence += rows.weighed((of_class - value)[truth] / weighed.sum())
    return Linearised(value=float(value), influence=influence)


def _one_vs_one(
    truth: Codes, scores: Floats, rows: CountedRows, names: Sequence[str], *, by_rows: bool, missing: Absent
) -> Linearised:
    weighed = np.bincount(truth, rows.weight, minlength=len(names)).astype(np.float64)
    present = np.flatnonzero(_shares(weighed, names, by_rows=False, missing=missing))
    pairs, total = present.size * (present.size - 1) / 2, weighed.sum() * (present.size - 1)
    value, influence, by_class = 0.0, np.zeros(truth.size), np.zeros(len(names))
    for one, other in combinations(present, 2):
        among = np.flatnonzero((truth == one) | (truth == other))
        share = (weighed[one] + weighed[other]) / total if by_rows else 1 / pairs
        of_pair = 0.0
        for place, _ in permutations((one, other)):
            weight = None if rows.weight is None else rows.weight[among]
            half = ROC_AUC.kernel(truth[among] == place, scores[among, place], weight)
            influence[among] += share * half.influence / 2
            of_pair += half.value / 2
        value += share * of_pair
        by_class[[one, other]] += of_pair / total
    if by_rows:
        influence += rows.weighed((by_class - value / weighed.sum())[truth])
    return Linearised(value=float(value), influence=influence)


def _micro(truth: Codes, scores: Floats, rows: CountedRows, comparison: Comparison) -> Linearised:
    if comparison == "one_vs_one":
        raise BadSample("pairs of classes have no micro average", expected="macro or weighted")
    is_class = truth[:, np.newaxis] == np.arange(scores.shape[1])
    weight = None if rows.weight is None else np.repeat(rows.weight, scores.shape[1])
    pooled = ROC_AUC.kernel(is_class.ravel(), scores.ravel(), weight)
    return Linearised(value=pooled.value, influence=pooled.influence.reshape(scores.shape).sum(axis=1))


def _shares(weighed: Floats, names: Sequence[str], *, by_rows: bool, missing: Absent) -> Floats:
    if np.count_nonzero(weighed) < 2:
        raise Undefined("all rows are of one class, and AUC compares two")
    reasons = [f"no row is of class {name}" for name in names]
    share = shares(weighed == 0, np.ones(len(names)), reasons, missing)
    return weighed / weighed.sum() if by_rows else share


def _of_class(truth: Codes, scores: Floats) -> Floats:
    own: Floats = np.take_along_axis(scores, truth[:, np.newaxis], axis=1)[:, 0]
    return own


def _mean(
    label: ArrayLike,
    score: ArrayLike,
    of_rows: Callable[[Codes, Floats], Floats],
    *,
    classes: Sequence[Any] | None,
    cluster: ArrayLike | None,
    weight: ArrayLike | None,
    level: float,
    highest: float,
) -> Estimate:
    rows = CountedRows.of(as_array(label, "label").size, cluster, weight)
    _, truth, scores = coded_with_scores(label, score, classes, rows)
    scored = linearised_mean(of_rows(truth, scores), rows.weight)
    return rows.estimate(scored, highest=highest, level=level, of="")


def _check_probabilities(scores: Floats) -> None:
    for wrong, what in (
        (((scores < 0) | (scores > 1)).any(axis=1), "scores that are no probabilities"),
        (np.abs(scores.sum(axis=1) - 1) > SUM_TOLERANCE, "probabilities that do not sum to 1"),
    ):
        if wrong.any():
            row = int(np.argmax(wrong))
            given = ", ".join(f"{value:g}" for value in scores[row][:10])
            raise BadSample(f"{what}: {given}", where=f"row {row}", expected="numbers in [0, 1] with sum 1")
