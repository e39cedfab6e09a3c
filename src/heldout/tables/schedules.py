"""Plans beside what became of them: columns whose names say so, and their difference."""

import numpy as np
from numpy.typing import NDArray

from heldout.core.column_names import words_of
from heldout.core.leakage_evidence import ScheduledPair, Schedules
from heldout.core.outcome_words import ACTUAL, planned_of
from heldout.core.profile import ColumnKind
from heldout.tables.arrays import from_numpy
from heldout.tables.clock import clock_between, clocks_of
from heldout.tables.label import Label
from heldout.tables.profiling import profile_of
from heldout.tables.sampling import sample_of
from heldout.tables.table import Table, kind_of, numbers

__all__ = ["schedules_of"]

MOST_PAIRS = 10


def schedules_of(table: Table, label: Label, *, sample: tuple[Table, Label | None] | None = None) -> Schedules:
    """Return the pairs of a plan and what became of it, profiled on a sample of rows with their difference."""
    rows, rows_label = sample or sample_of(table, label)
    pairs = _named_pairs(rows, label)[:MOST_PAIRS]
    return Schedules(pairs=tuple(_pair(rows, rows_label, planned, actual) for planned, actual in pairs))


def _named_pairs(table: Table, label: Label) -> list[tuple[str, str]]:
    kinds = {name: kind_of(array) for name, array in table.columns.items() if name not in label.columns}
    usable = [name for name, kind in kinds.items() if kind in (ColumnKind.NUMERIC, ColumnKind.TIME)]
    plans = {name: words for name in usable if (words := planned_of(name)) is not None}
    became = {tuple(w for w in words_of(name) if w not in ACTUAL): name for name in usable if name not in plans}
    found = [(plan, became[words]) for plan, words in plans.items() if words in became]
    return [(plan, actual) for plan, actual in found if kinds[plan] is kinds[actual]]


def _pair(table: Table, label: Label | None, planned: str, actual: str) -> ScheduledPair:
    before, after = numbers(table.columns[planned]), numbers(table.columns[actual])
    names = {"difference": _difference(before, after), planned: before, actual: after}
    columns = {name: from_numpy(values, np.isnan(values)) for name, values in names.items()}
    profile = profile_of(Table(source=table.source, columns=columns, rows=table.rows), label)
    return ScheduledPair(
        planned=profile.columns[planned],
        actual=profile.columns[actual],
        difference=profile.columns["difference"],
    )


def _difference(before: NDArray[np.float64], after: NDArray[np.float64]) -> NDArray[np.float64]:
    both = np.column_stack([before, after])
    return clock_between(after, before) if len(clocks_of(("", ""), both)) == 2 else after - before
