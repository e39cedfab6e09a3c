"""A choice of rows that keeps neighbours together: whole entities, or stretches of the time or row order."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heldout.tables.order import moments_of
from heldout.tables.sampling import SAMPLE_ROWS
from heldout.tables.table import Table, groups_of

__all__ = ["Contiguous", "contiguous_rows"]

STRETCHES = 20
"""A large table without entities is seen through this many stretches of its order."""

MOSTLY = 0.5
"""Where fewer neighbours than this have different times, the time puts rows in no order that could be relied on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contiguous:
    """Rows of a table in an order in which equal `run`s stand together: (n,) row numbers, runs, and moments or None.

    `order` says by what they are ordered, `is_declared` that it is by a declared time that tells most neighbours apart.
    """

    rows: NDArray[np.int64]
    run: NDArray[np.int64]
    moment: NDArray[np.float64] | None
    is_time: bool
    order: str
    is_declared: bool


def contiguous_rows(
    table: Table, *, time: str | None, entity: str | None, most: int = SAMPLE_ROWS, seed: int = 0
) -> Contiguous:
    """Choose at most `most` rows, in the order of `time` within each `entity`; without them in the table's order."""
    rng = np.random.default_rng(seed)
    moments, is_time = (None, False) if time is None else moments_of(table, time)
    there = np.ones(table.rows, np.bool_) if moments is None else ~np.isnan(moments)
    group = np.zeros(table.rows, np.int64)
    if entity is not None:
        group = groups_of(table.column(entity, called="entity column"))
        group = _some_entities(group, there, most, rng)
    rows = np.flatnonzero(there & (group >= 0))
    keys = [group[rows]] if moments is None else [moments[rows], group[rows]]
    rows = rows[np.lexsort(keys)] if entity is not None or moments is not None else rows
    run = group[rows]
    if entity is None and len(rows) > most:
        rows, run = _stretches(rows, most, rng)
    elif len(rows) > most:  # a single entity that is too large
        rows, run = rows[:most], run[:most]
    moment = None if moments is None else moments[rows]
    said, is_declared = "the order of the rows as they stand", False
    if moment is not None:
        said, is_declared = f"{time}", _tells_apart(moment, run)
        said += "" if is_declared else ", and the order of the rows where it repeats"
    if entity is not None:
        said += f" within each {entity}"
    return Contiguous(rows=rows, run=run, moment=moment, is_time=is_time, order=said, is_declared=is_declared)


def _some_entities(
    group: NDArray[np.int64], there: NDArray[np.bool_], most: int, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Return the groups with -1 for the rows of those not drawn, so that about `most` rows remain."""
    counts = np.bincount(group[there & (group >= 0)])
    if counts.sum() <= most:
        return group
    drawn = rng.permutation(len(counts))
    fits = np.cumsum(counts[drawn]) <= most
    kept = np.zeros(len(counts) + 1, np.bool_)
    kept[drawn[fits] if fits.any() else drawn[:1]] = True
    return np.where(kept[group], group, -1)


def _stretches(
    rows: NDArray[np.int64], most: int, rng: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    length = most // STRETCHES
    slots = len(rows) // length
    starts = np.sort(rng.choice(slots, STRETCHES, replace=False)) * length
    places = (starts[:, None] + np.arange(length)).ravel()
    return rows[places], np.repeat(np.arange(STRETCHES), length)


def _tells_apart(moment: NDArray[np.float64], run: NDArray[np.int64]) -> bool:
    together = run[1:] == run[:-1]
    return bool(together.any()) and float((moment[1:] > moment[:-1])[together].mean()) >= MOSTLY
