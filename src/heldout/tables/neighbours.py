"""Which columns hold the label of a neighbouring row, or a mean over a window with the row's own label in it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from heldout.core.profile import ColumnKind, LabelKind
from heldout.core.runs_evidence import NeighbourMatch, Neighbours
from heldout.tables.arrays import from_numpy
from heldout.tables.contiguous import Contiguous, contiguous_rows
from heldout.tables.durations import parse_duration
from heldout.tables.label import Label
from heldout.tables.relations import Relation, constant_share, past_share, relations, shifted
from heldout.tables.table import Table, codes, kind_of, numbers

__all__ = ["neighbours_of"]

Floats = NDArray[np.float64]

PROBE = 2_000
"""Rows on which most columns are dismissed: a relation that holds on fewer than LIKELY of them is not looked at."""

LIKELY = 0.8
MOST_LEVELS = 10
"""A column of more values stands for no class of a neighbour."""

CLEARLY = 0.02
"""An innocent relation is believed unless another holds on so much more of its rows."""

MOST_DECIMALS = 6
LEAST_COMPARED = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class _Labelled:
    """The chosen rows, their label in that order, its usual step, and what it could have been turned into."""

    chosen: Contiguous
    values: Floats
    is_classes: bool
    step: float
    relations: tuple[Relation, ...]
    horizon: float | None


def neighbours_of(
    table: Table,
    label: Label,
    columns: Sequence[str],
    *,
    time: str | None,
    entity: str | None,
    horizon: str | None = None,
    seed: int = 0,
) -> Neighbours:
    """Compare columns, one at a time, with the labels around their rows, on a seeded choice of contiguous rows."""
    chosen = contiguous_rows(table, time=time, entity=entity, seed=seed)
    is_classes = label.kind is not LabelKind.REGRESSION
    row_codes = label.codes[chosen.rows]
    values = np.where(row_codes < 0, np.nan, row_codes) if is_classes else label.values[chosen.rows]
    steps = np.abs(np.diff(values))
    steps = steps[steps > 0]
    span = None
    if horizon is not None and chosen.moment is not None:
        span = parse_duration(horizon, is_time=chosen.is_time, called="horizon")
    has_windows = label.kind is not LabelKind.MULTICLASS
    labelled = _Labelled(
        chosen=chosen,
        values=values,
        is_classes=is_classes,
        step=float(np.median(steps)) if len(steps) else 0.0,
        relations=tuple(relations(values, chosen, windows=has_windows)),
        horizon=span,
    )
    order = from_numpy(chosen.rows)
    names = [name for name in columns if name not in (time, entity)]
    found = [_best(name, table.column(name).take(order), labelled) for name in names]
    return Neighbours(
        label=label.name,
        order=chosen.order,
        is_declared=chosen.is_declared,
        horizon=horizon or "",
        rows=len(chosen.rows),
        examined=len(names) * len(labelled.relations),
        matches=tuple(match for match in found if match is not None),
    )


def _best(name: str, array: pa.Array, labelled: _Labelled) -> NeighbourMatch | None:
    """Return the relation that a column fits best, if it fits any on LIKELY of its telling rows."""
    best: tuple[float, Relation, int, int] | None = None
    as_numbers = _numeric(array)
    levels = _few_levels(array, as_numbers) if labelled.is_classes else None
    for relation in labelled.relations:
        if relation.is_label and labelled.is_classes:
            rows, equal = (0, 0) if levels is None else _agreed(levels, relation)
        else:
            rows, equal = (0, 0) if as_numbers is None else _equal(as_numbers, relation, labelled.step)
        if rows < LEAST_COMPARED * len(relation.telling) or equal < LIKELY * rows or not rows:
            continue
        if best is None or equal / rows > best[0] + CLEARLY:
            best = (equal / rows, relation, rows, equal)
    if best is None:
        return None
    _, relation, rows, equal = best
    dated, late = _late(relation, labelled) if relation.reach == "behind" else (0, 0)
    return NeighbourMatch(
        column=name,
        holds=relation.holds,
        reach=relation.reach,
        telling=rows,
        equal=equal,
        chance=max(past_share(relation, labelled.chosen.run), constant_share(relation)),
        dated=dated,
        late=late,
    )


def _numeric(array: pa.Array) -> Floats | None:
    return numbers(array) if kind_of(array) in (ColumnKind.NUMERIC, ColumnKind.BOOLEAN) else None


def _few_levels(array: pa.Array, as_numbers: Floats | None) -> NDArray[np.int64] | None:
    """Number the values of a column of few, -1 where there is none; None for one of more."""
    if kind_of(array) is ColumnKind.TEXT:
        values: NDArray[np.generic] = codes(array)
        there = codes(array) >= 0
    elif as_numbers is not None:
        values, there = as_numbers, ~np.isnan(as_numbers)
    else:
        return None
    if len(np.unique(values[there][:PROBE])) > MOST_LEVELS:
        return None
    different, level = np.unique(values[there], return_inverse=True)
    if len(different) > MOST_LEVELS:
        return None
    numbered = np.full(len(values), -1, np.int64)
    numbered[there] = level
    return numbered


def _agreed(levels: NDArray[np.int64], relation: Relation) -> tuple[int, int]:
    """Return the telling rows with a level, and on how many of them the class that the level stands for is the other's.

    What a level stands for is read off the rows whose own and other label are the same: on telling rows alone a copy
    of a row's own label would stand for the opposite of its neighbour's.
    """
    at = relation.telling[levels[relation.telling] >= 0]
    alike = relation.alike[levels[relation.alike] >= 0]
    if not len(at) or not len(alike):
        return 0, 0
    width = int(np.nanmax(relation.series)) + 1
    cell = levels[alike] * width + relation.series[alike].astype(np.int64)
    cells = np.bincount(cell, minlength=MOST_LEVELS * width).reshape(-1, width)
    stands_for = np.where(cells.max(axis=1) > 0, cells.argmax(axis=1), -1)
    return len(at), int((stands_for[levels[at]] == relation.series[at]).sum())


def _equal(values: Floats, relation: Relation, step: float) -> tuple[int, int]:
    """Return the telling rows with a value, and on how many it equals the series, at the column's own decimals."""
    few = relation.telling[:: max(len(relation.telling) // PROBE, 1)]
    slack = 0.0 if relation.is_label else min(0.05, 0.05 * step)  # the most that a rounding may give
    at = few[~np.isnan(values[few])]
    away = np.abs(values[at] - relation.series[at])
    if not len(at) or np.mean(away <= slack + 1e-9 * (1 + np.abs(relation.series[at]))) < LIKELY:
        return len(at), 0
    slack = 0.0 if relation.is_label else _rounding(values[few], step)
    for looked in (few, relation.telling):
        at = looked[~np.isnan(values[looked])]
        if not len(at):
            return 0, 0
        same = np.abs(values[at] - relation.series[at]) <= slack + 1e-9 * (1 + np.abs(relation.series[at]))
        if same.mean() < LIKELY:
            return len(at), int(same.sum())
    return len(at), int(same.sum())


def _rounding(values: Floats, step: float) -> float:
    """Return half of a column's last decimal, where it was rounded to few and that is small beside a label's step."""
    values = values[~np.isnan(values)]
    for decimals in range(1, MOST_DECIMALS + 1):
        half = 0.5 * 10.0**-decimals
        if half > 0.05 * step:
            continue
        with np.errstate(over="ignore", invalid="ignore"):  # numbers near the largest one, which have no decimals
            is_rounded = np.all(np.abs(np.round(values, decimals) - values) <= 1e-9)
        if is_rounded:
            return half
    return 0.0


def _late(relation: Relation, labelled: _Labelled) -> tuple[int, int]:
    """Return the telling pairs with a horizon, and how many of their earlier labels are not known at the later row."""
    chosen = labelled.chosen
    if labelled.horizon is None or chosen.moment is None:
        return 0, 0
    earlier = shifted(chosen.moment, relation.step, chosen.run)[relation.telling]
    return len(earlier), int((earlier + labelled.horizon > chosen.moment[relation.telling]).sum())
