"""The evidence of an audit on how the rows were split."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from heldout.app.asked import Asked
from heldout.app.audited import Audited
from heldout.core.profile import LabelKind
from heldout.core.split_evidence import (
    CovariateShift,
    FoldColumn,
    HiddenKeys,
    LabelGap,
    LabelShift,
    LabelWindows,
    NearCopies,
    RowDependence,
    SharedPlaces,
    TestSize,
)
from heldout.tables import Label, Table
from heldout.tables.folds import fold_column, folds_of
from heldout.tables.hidden_keys import hidden_keys_of
from heldout.tables.key_codes import key_codes
from heldout.tables.label_windows import label_gap_of, label_windows_of
from heldout.tables.near_copies import near_copies_of
from heldout.tables.row_dependence import found_time, row_dependence_of
from heldout.tables.sampling import sample_of
from heldout.tables.shared_places import shared_places_of
from heldout.tables.shift import covariate_shift_of, label_shift_of

__all__ = ["SPLIT_EVIDENCE", "split_evidence"]

SHIFT_ROWS = 100_000


def split_evidence(audited: Audited, asked: Asked, names: Iterable[str] | None = None) -> Mapping[str, object]:
    """Return the evidence by the name under which checks ask for it; None where the input gives none.

    `names` are those to make, all of them for None.
    """
    rows = _Rows(audited, asked)
    return {name: MAKERS[name](rows) for name in (MAKERS if names is None else names)}


class _Rows:
    """The rows of one audit, and the samples of them that several pieces of evidence look at."""

    def __init__(self, audited: Audited, asked: Asked) -> None:
        self.audited, self.asked = audited, asked

    @cached_property
    def small(self) -> tuple[Table, Label]:
        """A smaller sample of the train rows than that of the audit."""
        table, label = sample_of(*self.audited.sample, rows=SHIFT_ROWS, seed=self.asked.seed)
        return table, label or self.audited.label

    @cached_property
    def test_rows(self) -> NDArray[np.int64]:
        """The numbers of the test rows in the sample of them."""
        rows = 0 if self.audited.test is None else self.audited.test.rows
        if rows <= SHIFT_ROWS:
            return np.arange(rows)
        return np.sort(np.random.default_rng(self.asked.seed).choice(rows, SHIFT_ROWS, replace=False))

    @cached_property
    def small_test(self) -> Table | None:
        """A sample of the test rows."""
        test = self.audited.test
        return test if test is None or len(self.test_rows) == test.rows else test.take(self.test_rows)

    @cached_property
    def time(self) -> str | None:
        """The declared time, else a column that holds times."""
        return self.asked.time or found_time(*self.small)


def _label_gap(rows: _Rows) -> LabelGap | None:
    test, asked = rows.audited.test, rows.asked
    if test is None or asked.time is None or (asked.horizon is None and asked.embargo is None):
        return None
    return label_gap_of(rows.audited.train, test, time=asked.time, horizon=asked.horizon, embargo=asked.embargo)


def _label_windows(rows: _Rows) -> LabelWindows | None:
    asked = rows.asked
    if asked.time is None or asked.horizon is None:
        return None
    return label_windows_of(
        rows.audited.train, rows.audited.test, time=asked.time, horizon=asked.horizon, entity=asked.entity
    )


def _hidden_keys(rows: _Rows) -> HiddenKeys:
    return hidden_keys_of(
        *rows.audited.sample,
        rows.audited.train,
        rows.audited.test,
        declared=rows.asked.entity,
        ignored=rows.asked.not_features,
    )


def _near_copies(rows: _Rows) -> NearCopies | None:
    if rows.small_test is None:
        return None
    table, label = rows.audited.sample
    found = near_copies_of(
        table,
        rows.small_test,
        label,
        ignored=rows.asked.not_features,
        train_rows=rows.audited.train.rows,
        seed=rows.asked.seed,
    )
    numbered = rows.test_rows
    named = (replace(one, examples=tuple(int(numbered[row]) for row in one.examples)) for one in found.found)
    return NearCopies(found=tuple(named))


def _label_shift(rows: _Rows) -> LabelShift | None:
    label, test_label = rows.audited.label, rows.audited.test_label
    if test_label is None or not test_label.known.any():
        return None
    entity = rows.asked.entity
    tables = rows.audited.train, rows.audited.test
    train, test = (_clusters(table, entity) for table in tables)
    return label_shift_of(label, test_label, (train, test))


def _covariate_shift(rows: _Rows) -> CovariateShift | None:
    if rows.small_test is None:
        return None
    train, label = rows.small
    return covariate_shift_of(
        train,
        rows.small_test,
        label,
        time=rows.time,
        entity=rows.asked.entity,
        ignored=rows.asked.not_features,
        seed=rows.asked.seed,
    )


def _test_size(rows: _Rows) -> TestSize | None:
    label, test = rows.audited.test_label, rows.audited.test
    if label is None or test is None:
        return None
    clusters = _clusters(test, rows.asked.entity)
    is_regression = label.kind is LabelKind.REGRESSION
    return TestSize(
        rows=int(label.known.sum()),
        kind=label.kind,
        per_class=() if is_regression else _per_class(label),
        clusters=None if clusters is None else int((np.bincount(clusters[label.known]) > 0).sum()),
    )


def _folds(rows: _Rows) -> FoldColumn | None:
    train, asked = rows.audited.train, rows.asked
    column = fold_column(train, rows.audited.label, asked.fold)
    if column is None:
        return None
    is_declared = asked.fold is not None
    return folds_of(train, column, is_declared=is_declared, entity=asked.entity, time=asked.time)


def _row_dependence(rows: _Rows) -> RowDependence:
    audited, asked = rows.audited, rows.asked
    return row_dependence_of(
        audited.train,
        audited.label,
        audited.test,
        audited.test_label,
        time=rows.time,
        is_declared=asked.time is not None,
        entity=asked.entity,
    )


def _shared_places(rows: _Rows) -> SharedPlaces:
    test_label = rows.audited.test_label
    return shared_places_of(
        *rows.audited.sample,
        rows.audited.train,
        rows.audited.test,
        test_known=None if test_label is None else test_label.known,
        ignored=rows.asked.not_features,
    )


def _per_class(label: Label) -> tuple[int, ...]:
    return tuple(np.bincount(label.codes[label.known], minlength=len(label.classes)).tolist())


def _clusters(table: Table | None, entity: str | None) -> NDArray[np.int64] | None:
    """Number the entity of each row; a row without one is on its own. None where no entity is declared."""
    if table is None or entity is None:
        return None
    (group,) = key_codes(table.column(entity, called="entity column"))
    alone = group < 0
    group[alone] = group.max(initial=0) + 1 + np.arange(int(alone.sum()))
    return group


MAKERS: Mapping[str, Callable[[_Rows], object]] = {
    "label_gap": _label_gap,
    "hidden_keys": _hidden_keys,
    "near_copies": _near_copies,
    "label_shift": _label_shift,
    "covariate_shift": _covariate_shift,
    "test_size": _test_size,
    "label_windows": _label_windows,
    "folds": _folds,
    "row_dependence": _row_dependence,
    "shared_places": _shared_places,
}

SPLIT_EVIDENCE: frozenset[str] = frozenset(MAKERS)
"""The names of the evidence that `split_evidence` can give."""
