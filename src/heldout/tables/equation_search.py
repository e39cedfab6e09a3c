"""What equations are searched on: a sample of the columns as numbers, and the whole of a few columns to confirm."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heldout.core.leakage_evidence import Identity
from heldout.core.outcome_words import planned_of
from heldout.core.profile import ColumnKind
from heldout.tables.label import Label
from heldout.tables.table import Table, kind_of, numbers

__all__ = ["CONFIRMED", "Search", "blamed", "by_strength", "is_held", "search_on"]

Floats = NDArray[np.float64]

MOST_COLUMNS = 400
"""Columns that pairs are made of; of more, those that follow the label most."""

CONFIRMED = 0.999
"""Share of all rows on which what was found on the sample must hold."""
LARGEST_CHANCE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """A sample as numbers `x` (n, k) under `names`, of which `times` are times; the label as numbers; the whole table.

    `y` (n,) is the label's value, of a comparison the column compared, NaN where neither is a number.
    """

    table: Table
    label: Label
    names: tuple[str, ...]
    times: frozenset[str]
    x: Floats
    y: Floats
    sample: Label

    def columns(self, names: Sequence[str]) -> Floats:
        """Load a few columns whole, shape (rows, len(names)); rows without a label count nowhere and are NaN."""
        whole = np.column_stack([numbers(self.table.column(name)) for name in names])
        whole[~self.label.known] = np.nan
        return whole

    @property
    def target(self) -> Floats:
        """The label's value in every row."""
        return _values(self.table, self.label)

    @property
    def result(self) -> str:
        """The name of what equations of the label make."""
        return self.label.columns[0]


def search_on(table: Table, label: Label, few: Table, few_label: Label) -> Search:
    """Return the numeric and time columns of the sample `few` that vary, beside the table that it was drawn from."""
    kinds = {name: kind_of(array) for name, array in few.columns.items() if name not in label.columns}
    names = [name for name, kind in kinds.items() if kind in (ColumnKind.NUMERIC, ColumnKind.TIME)]
    columns = {name: numbers(few.columns[name]) for name in names}
    names = [name for name in names if np.nanmin(columns[name]) < np.nanmax(columns[name])]
    x = np.column_stack([columns[name] for name in names]) if names else np.zeros((few.rows, 0))
    y = _values(few, few_label)
    if len(names) > MOST_COLUMNS:
        kept = np.sort(by_strength(x, y if np.isfinite(y).any() else few_label.codes.astype(np.float64))[:MOST_COLUMNS])
        names, x = [names[j] for j in kept], x[:, kept]
    times = frozenset(name for name in names if kinds[name] is ColumnKind.TIME)
    return Search(table=table, label=label, names=tuple(names), times=times, x=x, y=y, sample=few_label)


def is_held(identity: Identity) -> bool:
    """Tell whether an equation holds on nearly all rows, and chance does not explain it."""
    is_explained = identity.kind != "comparison" and identity.chance > LARGEST_CHANCE
    return identity.rows > 0 and identity.agreed >= CONFIRMED * identity.rows and not is_explained


def blamed(names: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Part the columns of a difference into those not known before and those that are: plans, if not all are."""
    plans = tuple(name for name in names if planned_of(name) is not None)
    plans = () if len(plans) == len(names) else plans
    return tuple(name for name in names if name not in plans), plans


def by_strength(x: Floats, y: Floats) -> NDArray[np.int64]:
    """Return the places of the columns of x in the order in which they follow y by rank, gaps in the middle."""
    target = _ranks(y)
    strength = []
    for j in range(x.shape[1]):
        column = _ranks(x[:, j])
        strength.append(abs(float(column @ target)) / (np.linalg.norm(column) * np.linalg.norm(target) + 1e-12))
    return np.argsort(-np.array(strength), kind="stable")


def _ranks(values: Floats) -> Floats:
    known = values[np.isfinite(values)]
    middle = float(np.median(known)) if len(known) else 0.0
    ranks: Floats = np.unique(np.nan_to_num(values, nan=middle), return_inverse=True)[1].astype(np.float64)
    ranks -= ranks.mean()
    return ranks


def _values(table: Table, label: Label) -> Floats:
    if len(label.columns) == 1 and label.columns[0] in table.columns:
        own = table.columns[label.columns[0]]
        if kind_of(own) is ColumnKind.NUMERIC:
            return numbers(own)
    return label.values
