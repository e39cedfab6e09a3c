"""Metrics of rows that may be of several classes at once: label and prediction are (n, k) of 0 and 1, or scores."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from heldout.core.estimate import Estimate, undefined
from heldout.stats.influence import method_of
from heldout.stats.metrics.averages import Average, Missing, averaged, check_choice, shares
from heldout.stats.metrics.cells import Ratio, ratio_named
from heldout.stats.metrics.class_rows import CountedRows
from heldout.stats.metrics.metric import Linearised, Metric
from heldout.stats.metrics.pr_auc import PR_AUC
from heldout.stats.metrics.roc_auc import ROC_AUC
from heldout.stats.metrics.row_means import linearised_mean
from heldout.stats.sample import BadSample, Floats, Undefined, as_numbers

__all__ = ["hamming_loss", "multilabel_average", "multilabel_ranking", "subset_accuracy"]

Bools = NDArray[np.bool_]
RANKINGS: dict[str, Metric] = {"roc_auc": ROC_AUC, "pr_auc": PR_AUC}


def multilabel_average(
    metric: str,
    label: ArrayLike,
    predicted: ArrayLike,
    average: Average | Literal["samples"] = "macro",
    *,
    missing: Missing = "undefined",
    names: Sequence[str] | None = None,
    cluster: ArrayLike | None = None,
    weight: ArrayLike | None = None,
    level: float = 0.95,
) -> Estimate:
    """Return the average of "precision", "recall", "f1", "f_beta:2", "jaccard", ... over the k classes or the n rows.

    label and predicted are (n, k) of 0 and 1. `average` "macro" counts every class alike, "weighted" by its rows,
    "micro" pools all cells, "samples" is the mean over rows of each row's own. What has no value makes it undefined and
    says which; `missing` "skip" leaves it out, "zero" counts it as 0 (scikit-learn's `zero_division=0`). `names` are
    the classes' for messages. Interval: influence functions over rows or clusters, logit scale. Raises BadSample.

    >>> label, predicted = [[1, 0, 1], [0, 1, 0]], [[1, 0, 0], [0, 1, 1]]
    >>> multilabel_average("f1", label, predicted, "micro").value
    0.6666666666666666
    """
    check_choice(average, Literal["macro", "weighted", "micro", "samples"], "average")
    check_choice(missing, Missing, "missing")
    ratio = ratio_named(metric)
    truth, calls, rows = _checked(label, predicted, cluster, weight)
    of = f"{average} average"
    try:
        if average == "samples":
            scored = _over_samples(ratio, truth, calls, rows, missing)
        else:
            called = _named(names, truth.shape[1])
            scored = _over_classes(ratio, truth, calls, rows, names=called, average=average, missing=missing)
    except Undefined as reason:
        return undefined(str(reason), n=len(truth), method=method_of(rows.clusters, of), level=level)
    return rows.estimate(scored, highest=1.0, level=level, of=of)


def multilabel_ranking(
    metric: Literal["roc_auc", "pr_auc"],
    label: ArrayLike,
    score: ArrayLike,
    average: Average = "macro",
    *,
    missing: Literal["undefined", "skip"] = "undefined",
    names: Sequence[str] | None = None,
    cluster: ArrayLike | None = None,
    weight: ArrayLike | None = None,
    level: float = 0.95,
) -> Estimate:
    """Return the average over k classes of the "roc_auc" or "pr_auc" of score (n, k) for label (n, k) of 0 and 1.

    "macro", "weighted" by positive rows, or "micro" over all n · k scores. A class with rows of one kind has no value:
    undefined, unless `missing` is "skip". The interval is undefined below 20 rows of either kind in a class.
    Raises BadSample for bad arrays or names.

    >>> multilabel_ranking("roc_auc", [[1, 0], [0, 1], [0, 0]], [[0.9, 0.1], [0.2, 0.6], [0.1, 0.7]]).value
    0.75
    """
    check_choice(average, Average, "average")
    check_choice(missing, Literal["undefined", "skip"], "missing")
    if metric not in RANKINGS:
        raise BadSample(f"there is no metric {metric!r} of rankings", expected=" or ".join(RANKINGS))
    truth, scores, rows = _checked(label, score, cluster, weight, scores=True)
    chosen, of = RANKINGS[metric], f"{average} average"
    called = _named(names, truth.shape[1])
    try:
        scored = _ranked(chosen, truth, scores, rows, names=called, average=average, missing=missing)
    except Undefined as reason:
        return undefined(str(reason), n=len(truth), method=method_of(rows.clusters, of), level=level)
    positives = truth.sum(axis=0)
    rarer = np.minimum(positives, len(truth) - positives)
    rarest = int(np.argmin(np.where(rarer > 0, rarer, len(truth))))
    if rarer[rarest] < chosen.fewest_per_class:
        too_few = (
            f"class {called[rarest]} has {rarer[rarest]} rows of one kind, and {chosen.fewest_per_class} are needed"
        )
        return undefined(too_few, n=len(truth), method=method_of(rows.clusters, of), value=scored.value, level=level)
    return rows.estimate(scored, highest=1.0, level=level, of=of)


def hamming_loss(
    label: ArrayLike,
    predicted: ArrayLike,
    *,
    cluster: ArrayLike | None = None,
    weight: ArrayLike | None = None,
    level: float = 0.95,
) -> Estimate:
    """Return the share of the n · k cells of predicted that are not those of label, both (n, k) of 0 and 1.

    Raises BadSample for bad arrays.

    >>> hamming_loss([[1, 0], [0, 1]], [[1, 1], [0, 1]]).value
    0.25
    """
    truth, calls, rows = _checked(label, predicted, cluster, weight)
    scored = linearised_mean((truth != calls).mean(axis=1), rows.weight)
    return rows.estimate(scored, highest=1.0, level=level, of="")


def subset_accuracy(
    label: ArrayLike,
    predicted: ArrayLike,
    *,
    cluster: ArrayLike | None = None,
    weight: ArrayLike | None = None,
    level: float = 0.95,
) -> Estimate:
    """Return the share of rows of which every one of the k cells is predicted right, label and predicted (n, k).

    Raises BadSample for bad arrays.

    >>> subset_accuracy([[1, 0], [0, 1]], [[1, 1], [0, 1]]).value
    0.5
    """
    truth, calls, rows = _checked(label, predicted, cluster, weight)
    right = (truth == calls).all(axis=1)
    scored = linearised_mean(right.astype(np.float64), rows.weight)
    return rows.share(scored, int(np.count_nonzero(right)), right.size, level=level)


def _checked(
    label: ArrayLike, other: ArrayLike, cluster: ArrayLike | None, weight: ArrayLike | None, *, scores: bool = False
) -> tuple[Bools, NDArray[np.float64], CountedRows]:
    name = "score" if scores else "predicted"
    truth, given = as_numbers(label, "label", dimensions=2), as_numbers(other, name, dimensions=2)
    if truth.shape != given.shape or not truth.size:
        raise BadSample(f"label has shape {truth.shape} and {name} {given.shape}", expected="(n, k) both, n and k ≥ 1")
    for numbers, what in ((truth, "label"), (given, name)):
        wrong = (numbers != 0) & (numbers != 1)
        if wrong.any() and not (scores and what == name):
            row, column = (int(place) for place in np.argwhere(wrong)[0])
            where = f"row {row}, column {column}"
            raise BadSample(f"the {what} {numbers[row, column]:g} is neither 0 nor 1", where=where, expected="0 or 1")
    rows = CountedRows.of(len(truth), cluster, weight)
    return rows.pick(truth) == 1, rows.pick(given), rows


def _named(names: Sequence[str] | None, k: int) -> list[str]:
    if names is not None and len(names) != k:
        raise BadSample(f"{len(names)} names and {k} classes", expected="a name for each class")
    return [str(name) for name in (range(k) if names is None else names)]


def _over_classes(
    ratio: Ratio,
    truth: Bools,
    calls: Floats,
    rows: CountedRows,
    *,
    names: Sequence[str],
    average: Average,
    missing: Missing,
) -> Linearised:
    cell = 2 * truth + (calls == 1)
    of_row = rows.weighed(np.full(len(truth), rows.units_per_weight))
    cells = np.stack([of_row @ (cell == place) for place in range(4)], axis=1)
    value, gradient, alike = averaged(ratio, cells, names, average, missing)
    influence = np.zeros(len(truth))
    for place, by_cell in enumerate(gradient):
        influence += by_cell[cell[:, place]]
    return Linearised(value=value, influence=influence * of_row, unseen=alike)


def _over_samples(ratio: Ratio, truth: Bools, calls: Floats, rows: CountedRows, missing: Missing) -> Linearised:
    cell = 2 * truth + (calls == 1)
    cells = np.stack([(cell == place).sum(axis=1) for place in range(4)], axis=1).astype(np.float64)
    values, _ = ratio.of(cells)
    absent = np.isnan(values)
    if missing == "undefined" and absent.any():
        what = ratio.missing.replace("row", "class").format(it="true")
        raise Undefined(f"row {int(np.argmax(absent))}: {what}")
    if missing != "skip" or not absent.any():
        return linearised_mean(np.where(absent, 0.0, values), rows.weight)
    if absent.all():
        raise Undefined("no row has a value")
    influence = np.zeros(len(truth))
    kept = linearised_mean(values[~absent], None if rows.weight is None else rows.weight[~absent])
    influence[~absent] = kept.influence
    return Linearised(value=kept.value, influence=influence)


def _ranked(
    metric: Metric,
    truth: Bools,
    scores: Floats,
    rows: CountedRows,
    *,
    names: Sequence[str],
    average: Average,
    missing: Literal["undefined", "skip"],
) -> Linearised:
    n, k = truth.shape
    if average == "micro":
        weight = None if rows.weight is None else np.repeat(rows.weight, k)
        pooled = metric.kernel(truth.ravel(), scores.ravel(), weight)
        return Linearised(value=pooled.value, influence=pooled.influence.reshape(n, k).sum(axis=1))
    one_kind = truth.all(axis=0) == truth.any(axis=0)
    reasons = [f"all rows are alike in class {name}, and a ranking tells two kinds apart" for name in names]
    share = shares(one_kind, np.ones(k), reasons, missing)
    weighed = (np.ones(n) if rows.weight is None else rows.weight) @ truth
    if average == "weighted":
        share = weighed * (share > 0) / (weighed @ (share > 0))
    influence, values = np.zeros(n), np.zeros(k)
    for place in np.flatnonzero(share):
        one = metric.kernel(truth[:, place], scores[:, place], rows.weight)
        values[place] = one.value
        influence += share[place] * one.influence
    value = float(share @ values)
    if average == "weighted":
        by_class = (values - value) * (share > 0) / (weighed @ (share > 0))
        influence += rows.weighed(truth @ by_class)
    return Linearised(value=value, influence=influence)
