"""The evidence of an audit on time, texts and runs of an estimator."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heldout.app.asked import Asked
from heldout.app.audited import Audited
from heldout.core.profile import LabelKind
from heldout.core.runs_evidence import BatchRun, CorpusOverlap, Evaluations, EventTimes, Neighbours, ShuffledRuns
from heldout.tables import groups_of
from heldout.tables.corpus_overlap import corpus_overlap_of, text_columns
from heldout.tables.event_times import event_times_of
from heldout.tables.matrix import matrix_of
from heldout.tables.neighbours import neighbours_of
from heldout.tables.sampling import sample_of

__all__ = ["RUNS_EVIDENCE", "runs_evidence"]

FITTED_ROWS = 4_000
"""An estimator is fitted again and again on a sample of so many rows, or on those where it has fewer."""


def runs_evidence(audited: Audited, asked: Asked, names: Iterable[str] | None = None) -> Mapping[str, object]:
    """Return the evidence by the name under which checks ask for it; None where the input gives none.

    `names` are those to make, all of them for None.
    """
    wanted = set(RUNS_EVIDENCE if names is None else names)
    made: dict[str, object] = {name: MAKERS[name](audited, asked) for name in sorted(wanted & MAKERS.keys())}
    runs = wanted & FITTED.keys()
    if runs:
        rows = None if asked.estimator is None else _FittedRows.of(audited, asked)
        made |= {name: None if rows is None else FITTED[name](rows) for name in sorted(runs)}
    return made


def _neighbours(audited: Audited, asked: Asked) -> Neighbours:
    return neighbours_of(
        audited.train,
        audited.label,
        [name for name in audited.features if name not in (asked.row_id, asked.fold)],
        time=asked.time,
        entity=asked.entity,
        horizon=asked.horizon,
        seed=asked.seed,
    )


def _event_times(audited: Audited, asked: Asked) -> EventTimes | None:
    """Compare the times of the train rows; columns that are declared as known in time are not doubted."""
    if asked.time is None:
        return None
    known = asked.known or frozenset()
    return event_times_of(audited.train, asked.time, tuple(name for name in audited.features if name not in known))


def _evaluations(audited: Audited, asked: Asked) -> Evaluations | None:
    if asked.evaluations is None:
        return None
    label = audited.test_label if audited.test is not None else audited.label
    if label is None:
        return Evaluations(
            count=asked.evaluations, rows=0 if audited.test is None else audited.test.rows, positives=None
        )
    positives = int((label.codes == 1).sum()) if label.kind is LabelKind.BINARY else None
    return Evaluations(count=asked.evaluations, rows=int(label.known.sum()), positives=positives)


def _corpus_overlap(audited: Audited, asked: Asked) -> CorpusOverlap | None:
    if not asked.corpus:
        return None
    table = audited.train if audited.test is None else audited.test
    columns = text_columns(table, [name for name in audited.features if name in table.columns])
    return corpus_overlap_of(table, columns, asked.corpus, seed=asked.seed)


@dataclass(frozen=True, slots=True, kw_only=True)
class _FittedRows:
    """The rows on which the user's estimator is fitted, as numbers."""

    estimator: object
    values: NDArray[np.float64]
    label: NDArray[np.float64]
    kind: LabelKind
    group: NDArray[np.int64]
    seed: int

    @classmethod
    def of(cls, audited: Audited, asked: Asked) -> "_FittedRows":
        """Draw the rows, and put the median where a value is missing, as not every estimator takes gaps."""
        rows, label = sample_of(audited.train, audited.label, rows=FITTED_ROWS, seed=asked.seed)
        label = audited.label if label is None else label
        left_out = {asked.time, asked.entity, asked.row_id, asked.fold, *label.columns}
        values = matrix_of(rows, [name for name in audited.features if name not in left_out]).values
        group = np.arange(rows.rows)
        if asked.entity is not None:
            group = groups_of(rows.column(asked.entity))
            group = np.where(group < 0, group.max() + 1, group)
        is_regression = label.kind is LabelKind.REGRESSION
        return cls(
            estimator=asked.estimator,
            values=_filled(values),
            label=label.values if is_regression else label.codes.astype(np.float64),
            kind=label.kind,
            group=group,
            seed=asked.seed,
        )


def _filled(values: NDArray[np.float64]) -> NDArray[np.float64]:
    filled = values.copy()
    for place in range(values.shape[1]):
        column = filled[:, place]
        gaps = ~np.isfinite(column)
        column[gaps] = 0.0 if gaps.all() else np.median(column[~gaps])
    return filled


def _shuffled_runs(rows: _FittedRows) -> ShuffledRuns:
    from heldout.engine.shuffled import shuffled_runs  # scikit-learn takes a second to import

    return shuffled_runs(rows.estimator, rows.values, rows.label, rows.kind, group=rows.group, seed=rows.seed)


def _batch_run(rows: _FittedRows) -> BatchRun:
    from heldout.engine.batch import batch_run  # as above

    return batch_run(rows.estimator, rows.values, rows.label, rows.kind, seed=rows.seed)


MAKERS: Mapping[str, Callable[[Audited, Asked], object]] = {
    "neighbours": _neighbours,
    "event_times": _event_times,
    "evaluations": _evaluations,
    "corpus_overlap": _corpus_overlap,
}
FITTED: Mapping[str, Callable[[_FittedRows], object]] = {"shuffled_runs": _shuffled_runs, "batch_run": _batch_run}

RUNS_EVIDENCE: frozenset[str] = frozenset({*MAKERS, *FITTED})
"""The names of the evidence that `runs_evidence` can give."""
