"""What an audit is told of the use of a score: decision, threshold, slices; and the baselines that need no model."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from heldout.app.audited import Audited
from heldout.core.errors import BadInput
from heldout.core.evidence import BaselineScores, DecisionContext, ReportedThreshold, Slices
from heldout.core.profile import LabelKind
from heldout.stats.metrics.named import cut_of
from heldout.tables import Label, Table, groups_of
from heldout.tables.order import moments_of

__all__ = ["decision_of", "persistence_of", "refuse_bad_use", "refuse_capacity", "slices_of", "threshold_of"]

MOST_SLICES = 50
"""A column of more different values names no slices."""


def refuse_bad_use(
    *, capacity: int | None, costs: tuple[float, float] | None, threshold: float | None, chosen_on: str, metric: str
) -> None:
    """Raise BadInput for a capacity, costs or a threshold that are none, and for a place of no threshold.

    `metric` is as it was given; one that names its threshold (precision@0.8) has one.
    """
    if capacity is not None and capacity < 1:
        raise BadInput(f"the capacity is {capacity}", expected="the number of rows that can be acted on, 1 or more")
    if costs is not None and not (np.isfinite(costs).all() and min(costs) > 0):
        raise BadInput(
            f"the costs are {costs[0]:g} and {costs[1]:g}",
            expected="two numbers above 0: what a false positive costs, and a false negative",
            mend="give what a wrong call costs beyond the right one",
        )
    if threshold is not None and not np.isfinite(threshold):
        raise BadInput(f"the threshold is {threshold:g}", expected="a finite number")
    if chosen_on and threshold is None and "@" not in metric:
        raise BadInput("it is said where a threshold was chosen, and no threshold", mend="give it with --threshold")


def refuse_capacity(audited: Audited, capacity: int | None) -> None:
    """Raise BadInput for a capacity of more rows than are scored: those of test with a target, else of the table."""
    if audited.test is None:
        rows, where = int(audited.label.known.sum()), audited.train.source
    else:
        label, where = audited.test_label, audited.test.source
        rows = audited.test.rows if label is None else int(label.known.sum())
    if capacity is not None and capacity > rows:
        raise BadInput(
            f"the capacity is {capacity:,}, of {rows:,} rows",
            where=where,
            expected=f"how many of these rows can be acted on, {rows:,} at most",
            mend="scale what can be acted on to the rows that are scored here; leave it out where all of them can be",
        )


def decision_of(
    metric: str,
    *,
    is_scored: bool,
    capacity: int | None,
    costs: tuple[float, float] | None,
    needs_probability: bool,
) -> DecisionContext | None:
    """Return what the score is for; None where neither a score nor a use was given.

    `costs` are those of a false positive and a false negative; `refuse_bad_use` has looked at the numbers.
    """
    if not (is_scored or capacity or costs or needs_probability):
        return None
    return DecisionContext(
        metric=metric,
        false_positive_cost=None if costs is None else costs[0],
        false_negative_cost=None if costs is None else costs[1],
        capacity=capacity,
        needs_probability=needs_probability,
    )


def threshold_of(value: float | None, chosen_on: str, metric: str) -> ReportedThreshold | None:
    """Return the threshold as evidence: the one given, or named by the metric (f1@0.3); None where there is neither."""
    bare, cut = cut_of(metric)
    if value is None and "@" in metric:
        value = cut
    return None if value is None else ReportedThreshold(value=value, metric=bare, chosen_on=chosen_on)


def slices_of(audited: Audited, columns: Sequence[str]) -> Slices | None:
    """Return the slices of the test rows that have a target, by these columns. Raises BadInput for too many values."""
    test, label = audited.test, audited.test_label
    if not columns or test is None or label is None:
        return None
    codes, names = {}, {}
    for name in columns:
        codes[name], names[name] = _slice(test, name, label.known)
    return Slices(codes=codes, names=names)


def _slice(test: Table, name: str, known: NDArray[np.bool_]) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    array = test.column(name, called="slice column")
    group = groups_of(array)
    different, first = np.unique(group, return_index=True)
    if (different >= 0).sum() > MOST_SLICES:
        raise BadInput(
            f"the slice column {name!r} has {(different >= 0).sum():,} different values",
            where=test.source,
            expected=f"at most {MOST_SLICES}",
            mend="name a column of few values, or put its values into groups first",
        )
    rows = first[different >= 0]
    return group[known], tuple(str(array[int(row)].as_py()) for row in rows)


def persistence_of(audited: Audited, time: str | None, entity: str | None) -> BaselineScores | None:
    """Return what the time before would forecast for a numeric target: the mean of the entity's rows then.

    None unless the target is numeric and the time is declared; for test rows that have a target.
    """
    test, label = audited.test, audited.test_label
    if test is None or label is None or time is None or label.kind is not LabelKind.REGRESSION:
        return None
    moments, _ = moments_of(test, time)
    group = np.zeros(test.rows, np.int64) if entity is None else groups_of(test.column(entity, called="entity column"))
    if np.isnan(moments[label.known]).any():
        return None
    of_whom = "" if entity is None else f" of the same {entity}"
    name = f"the value of the {time} before{of_whom}"
    return BaselineScores(scores={name: _before(moments[label.known], group[label.known], label)})


def _before(moments: NDArray[np.float64], group: NDArray[np.int64], label: Label) -> NDArray[np.float64]:
    """Return for each row the mean label of its group at the moment before.

    The rows of a group's first moment get the mean of its later ones, or of all rows where there are none.
    """
    value = label.values[label.known]
    pairs, code = np.unique(np.column_stack([group, moments]), axis=0, return_inverse=True)
    code = code.reshape(-1)
    rows, total = np.bincount(code).astype(np.float64), np.bincount(code, weights=value)
    starts = np.flatnonzero(np.concatenate([[True], pairs[1:, 0] != pairs[:-1, 0]]))
    later_rows, later_total = (np.add.reduceat(x, starts) - x[starts] for x in (rows, total))
    first = np.where(later_rows > 0, later_total / np.maximum(later_rows, 1), value.mean())
    previous = np.concatenate([[0.0], (total / rows)[:-1]])
    previous[starts] = first
    before: NDArray[np.float64] = previous[code]
    return before
