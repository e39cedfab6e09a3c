"""Rows of several classes, checked: labels and calls as codes, or scores of every class, with weights and clusters."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from heldout.core.estimate import Estimate
from heldout.stats.clusters import Clusters
from heldout.stats.influence import influence_estimate, where_all_fare_alike
from heldout.stats.metrics.intake import checked_weight
from heldout.stats.metrics.metric import Linearised
from heldout.stats.sample import BadSample, Floats, as_array, as_numbers

__all__ = ["Codes", "CountedRows", "class_names", "coded", "coded_with_scores"]

Codes = NDArray[np.intp]
"""The place of each row's class among the classes, (n,)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedRows:
    """The rows that count: `kept` (n,) picks them of those given, `weight` is theirs or None, `clusters` theirs."""

    kept: NDArray[np.bool_] | None
    weight: Floats | None
    clusters: Clusters

    @staticmethod
    def of(n: int, cluster: ArrayLike | None, weight: ArrayLike | None) -> "CountedRows":
        """Check weights and clusters of n rows, and leave out rows of weight 0.

        >>> CountedRows.of(3, None, [1, 0, 2]).clusters.count
        2
        """
        weights, clusters = checked_weight(weight, n), Clusters.of(cluster, n)
        if weights is None or weights.all():
            return CountedRows(kept=None, weight=weights, clusters=clusters)
        kept = weights > 0
        keys = None if clusters.codes is None else clusters.codes[kept]
        return CountedRows(kept=kept, weight=weights[kept], clusters=Clusters.of(keys, int(kept.sum())))

    def pick(self, rows: NDArray[Any]) -> NDArray[Any]:
        """Return those of rows (n, ...) that count."""
        return rows if self.kept is None else rows[self.kept]

    @property
    def units_per_weight(self) -> float:
        """What turns sums of weights into independent units: clusters, or Kish's effective rows."""
        total = self.clusters.rows if self.weight is None else float(self.weight.sum())
        if self.weight is None or self.clusters.codes is not None:
            return self.clusters.count / total
        return total / float(self.weight @ self.weight)

    def weighed(self, influence: Floats) -> Floats:
        """Return the influence (n,) of rows that weigh what they do from that of rows of weight 1."""
        return influence if self.weight is None else influence * self.weight

    def share(self, metric: Linearised, hits: int, rows: int, *, level: float, of: str = "") -> Estimate:
        """Return a share of rows as `estimate` does, and by Wilson's method where independent rows all fare alike."""
        estimate = self.estimate(metric, highest=1.0, level=level, of=of)
        independent = self.weight is None and self.clusters.codes is None and self.clusters.count > 1
        return where_all_fare_alike(estimate, hits, rows) if independent else estimate

    def estimate(self, metric: Linearised, *, highest: float, lowest: float = 0.0, level: float, of: str) -> Estimate:
        """Return a metric of these rows with its interval; its unseen variance is in units, `of` names it."""
        return influence_estimate(
            metric.value,
            metric.influence,
            self.clusters,
            lowest=lowest,
            highest=highest,
            level=level,
            of=of,
            seed_parts=((metric.unseen, self.clusters.count - 1),) if metric.unseen else (),
        )


def coded(
    label: ArrayLike, predicted: ArrayLike, classes: Sequence[Any] | None, rows: CountedRows
) -> tuple[NDArray[Any], Codes, Codes]:
    """Return the classes (k,), and the codes of labels and calls of the rows that count.

    Classes are those given, in their order, or all that are seen, sorted. Raises BadSample for arrays of other shapes,
    missing values, classes given twice, and labels or calls that are none of those given.

    >>> coded(["b", "a"], ["a", "a"], None, CountedRows.of(2, None, None))[1:]
    (array([1, 0]), array([0, 0]))
    """
    labels, calls = (rows.pick(_keys(given, name)) for given, name in ((label, "label"), (predicted, "predicted")))
    both = _together(labels, calls)
    known = _classes(classes, both)
    codes = _codes(known, both, labels.size)
    return known, codes[: labels.size], codes[labels.size :]


def coded_with_scores(
    label: ArrayLike, score: ArrayLike, classes: Sequence[Any] | None, rows: CountedRows
) -> tuple[NDArray[Any], Codes, Floats]:
    """Return the classes (k,), label codes and scores (n, k) of the rows that count; columns in the order of classes.

    Without `classes` they are the labels seen, sorted, which must be as many as the columns. Raises BadSample.

    >>> coded_with_scores([5, 3], [[0.1, 0.9], [0.6, 0.4]], None, CountedRows.of(2, None, None))[1]
    array([1, 0])
    """
    scores = as_numbers(score, "score", dimensions=2)
    labels = _keys(label, "label")
    if len(scores) != labels.size:
        raise BadSample(f"{labels.size} labels and {len(scores)} rows of scores", expected="a row of scores for each")
    labels, scores = rows.pick(labels), rows.pick(scores)
    known = _classes(classes, labels)
    if known.size != scores.shape[1]:
        raise BadSample(
            f"there are {known.size} classes and {scores.shape[1]} columns of scores",
            expected="a column for each class",
            mend="give `classes` in the order of the columns, those without a row too",
        )
    return known, _codes(known, labels, labels.size), scores


def class_names(classes: NDArray[Any]) -> list[str]:
    """Return what messages call the classes (k,): whole numbers are called so, whatever their type.

    >>> class_names(np.array([0.0, 1.0])), class_names(np.array([0.5, 1.0]))
    (['0', '1'], ['0.5', '1.0'])
    """
    whole = classes.dtype.kind == "f" and bool((np.isfinite(classes) & (classes == np.floor(classes))).all())
    return [str(int(name)) if whole else str(name) for name in classes]


def _keys(values: ArrayLike, name: str) -> NDArray[Any]:
    keys = as_array(values, name)
    if keys.ndim != 1 or not keys.size:
        raise BadSample(f"{name} has shape {keys.shape}", expected="one class for each of n ≥ 1 rows")
    missing = np.asarray(keys != keys, dtype=bool)  # noqa: PLR0124  # NaN and NaT differ from themselves
    if keys.dtype == object:
        missing = missing | np.array([key is None for key in keys])
    if missing.any():
        raise BadSample(f"a {name} is missing", where=f"row {int(np.argmax(missing))}", expected="a class for each row")
    return keys


def _together(labels: NDArray[Any], calls: NDArray[Any]) -> NDArray[Any]:
    if labels.size != calls.size:
        raise BadSample(f"{labels.size} labels and {calls.size} predictions", expected="as many of each")
    if (labels.dtype.kind in "US") != (calls.dtype.kind in "US") and object not in (labels.dtype, calls.dtype):
        raise BadSample(f"labels are {labels.dtype} and predictions {calls.dtype}", expected="classes of one type")
    try:
        return np.concatenate((labels, calls))
    except TypeError as error:
        told = f"labels are {labels.dtype} and predictions {calls.dtype}"
        raise BadSample(told, expected="classes of one type") from error


def _classes(given: Sequence[Any] | None, seen: NDArray[Any]) -> NDArray[Any]:
    try:
        known = np.unique(seen) if given is None else as_array(given, "classes")
        distinct = np.unique(known).size
    except TypeError as error:
        raise BadSample("classes of different kinds cannot be told apart", expected="classes of one type") from error
    if known.ndim != 1 or not known.size or distinct != known.size:
        raise BadSample("classes are not told apart", expected="each class once, in one list")
    return known


def _codes(known: NDArray[Any], seen: NDArray[Any], labels: int) -> Codes:
    order = np.argsort(known, kind="stable")
    try:
        place = np.minimum(np.searchsorted(known, seen, sorter=order), known.size - 1)
    except TypeError as error:
        raise BadSample(f"classes are {known.dtype} and rows {seen.dtype}", expected="classes of one type") from error
    codes: Codes = order[place]
    strange = known[codes] != seen
    if strange.any():
        at = int(np.argmax(strange))
        what, row = ("label", at) if at < labels else ("prediction", at - labels)
        names, (given,) = ", ".join(class_names(known[:10])), class_names(seen[at : at + 1])
        raise BadSample(f"the {what} {given} is none of the classes", where=f"row {row}", expected=f"of {names}")
    return codes
