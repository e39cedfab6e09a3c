"""A world of days for a drift detector: days as they are, and days of which one column was moved by a known amount."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from scipy.special import ndtr

from heldout.core.errors import BadInput

__all__ = ["EPISODES", "EPISODE_DAYS", "Day", "Days", "days_of"]

SIZES = (1.0, 2.0, 4.0, 8.0)
"""Sizes of drift, in units of the smallest that is asked for."""

EPISODES, EPISODE_DAYS = 16, 5
"""Episodes of each size, and the drifted days of each."""

KEPT = 0.8
"""A day is so much of a day's rows, drawn without replacement: a day that is used again is not the same table."""

FEWEST_DAYS, FEWEST_ROWS = 10, 20
MOST_ROWS, MOST_REFERENCE = 2_000, 100_000
FEW_VALUES = 10
"""A whole number with at most so many values is taken for categories."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day: its table; size and kind of its drift (0 and "none" without), its episode and its place in that."""

    name: str
    table: pa.Table
    size: float = 0.0
    kind: str = "none"
    episode: int = -1
    place: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """The rows that a detector compares with, and the days, in an order that tells nothing."""

    reference: pa.Table
    days: tuple[Day, ...]


def days_of(table: pa.Table, time: pa.ChunkedArray | None, *, clean_days: int, smallest: float, seed: int) -> Days:
    """Make days out of the features of a table.

    Half of the days that are in it, drawn at random, are the reference; the others are the days to be judged, so that
    clean days differ from the reference as days differ, without any trend. Where there is no `time`, or too few days in
    it, rows are dealt into days. Raises BadInput for a table with too few rows, or without a column that can be moved.
    """
    rng = np.random.default_rng(seed)
    groups = _groups(time, table.num_rows, rng)
    if len(groups) < 2 * FEWEST_DAYS:
        raise BadInput(
            f"the training table makes {len(groups)} days",
            expected=f"at least {2 * FEWEST_DAYS} days of {FEWEST_ROWS} rows for a trial of drift detectors",
        )
    order = rng.permutation(len(groups))
    half = len(groups) // 2
    rows = np.concatenate([groups[place] for place in order[:half]])
    reference = table.take(pa.array(np.sort(rng.permutation(rows)[:MOST_REFERENCE])))
    pool = [groups[place] for place in order[half:]]
    movers = _movers(reference)
    if not movers:
        raise BadInput("no column of the training table can be moved", expected="a number or categories")
    drawn = [_day(table, pool[number % len(pool)], rng) for number in range(clean_days)]
    days = [Day(name="", table=one) for one in drawn]
    for size in SIZES:
        for episode in range(EPISODES):
            kind = ("shift", "categories", "missing")[episode % 3]
            able = [one for one in movers if kind in one.kinds] or movers
            mover = able[rng.integers(len(able))]
            kind = kind if kind in mover.kinds else mover.kinds[0]
            change = _Change(kind=kind, size=size * smallest, sign=float(rng.choice([-1.0, 1.0])), aim=rng.random())
            for place in range(EPISODE_DAYS):
                one = _day(table, pool[rng.integers(len(pool))], rng)
                moved = mover.moved(one, change, rng)
                days.append(Day(name="", table=moved, size=size * smallest, kind=kind, episode=episode, place=place))
    shuffled = [days[place] for place in rng.permutation(len(days))]
    return Days(
        reference=plain(reference),
        days=tuple(
            Day(
                name=f"day-{number:04}",
                table=plain(one.table),
                size=one.size,
                kind=one.kind,
                episode=one.episode,
                place=one.place,
            )
            for number, one in enumerate(shuffled)
        ),
    )


def plain(table: pa.Table) -> pa.Table:
    """Return a table whose columns are nullable only where something is missing."""
    fields = [field.with_nullable(table[field.name].null_count > 0) for field in table.schema]
    return table.cast(pa.schema(fields))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """A drift: its kind, its size in standard deviations, its direction, and which category it aims at (0 to 1)."""

    kind: str
    size: float
    sign: float
    aim: float

    @property
    def share(self) -> float:
        """The probability that a shift of this size moves: the total variation of two normal distributions."""
        return float(2 * ndtr(self.size / 2) - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mover:
    """A column that can be moved, in which ways, with what is known of it in the reference."""

    column: str
    kinds: tuple[str, ...]
    deviation: float = 0.0
    categories: tuple[tuple[object, float], ...] = ()
    missing: float = 0.0

    def moved(self, table: pa.Table, change: _Change, rng: np.random.Generator) -> pa.Table:
        """Return `table` with this column moved."""
        place = table.schema.get_field_index(self.column)
        values = table.column(place).combine_chunks()
        if change.kind == "shift":
            new = _shifted(values, change.sign * change.size * self.deviation, rng)
        elif change.kind == "categories":
            aim, held = self.categories[int(change.aim * len(self.categories))]
            chosen = rng.random(len(values)) < min(1.0, change.share / (1 - held))
            new = pc.if_else(pa.array(chosen), pa.scalar(aim, values.type), values)
        else:
            chosen = rng.random(len(values)) < min(1.0, change.share / (1 - self.missing))
            new = pc.if_else(pa.array(chosen), pa.scalar(None, values.type), values)
        return table.set_column(place, pa.field(self.column, values.type), new)


def _shifted(values: pa.Array, by: float, rng: np.random.Generator) -> pa.Array:
    """Add `by`; whole numbers are rounded at random, so that the mean moves by as much."""
    numbers = pc.cast(values, pa.float64())
    moved = pc.add(numbers, by)
    if pa.types.is_integer(values.type):
        moved = pc.floor(pc.add(moved, pa.array(rng.random(len(values)))))
    return pc.cast(moved, values.type, safe=False)


def _movers(reference: pa.Table) -> list[_Mover]:
    found = []
    for field in reference.schema:
        values = reference[field.name].combine_chunks()
        missing = values.null_count / max(len(values), 1)
        kinds: list[str] = ["missing"] if missing < 0.9 else []
        deviation = 0.0
        categories: tuple[tuple[object, float], ...] = ()
        counted = pc.value_counts(values.drop_null()) if _is_category(values) else None
        if counted is not None:
            shares = [(one["values"].as_py(), one["counts"].as_py() / len(values)) for one in counted]
            categories = tuple(
                sorted((one for one in shares if 0 < one[1] < 0.5), key=lambda one: (-one[1], str(one[0])))
            )
            kinds = ["categories", *kinds] if categories else kinds
        elif _is_number(values.type):
            numbers = pc.cast(values, pa.float64()).drop_null().to_numpy(zero_copy_only=False)
            deviation = float(np.std(numbers[np.isfinite(numbers)])) if np.isfinite(numbers).any() else 0.0
            kinds = ["shift", *kinds] if deviation > 0 and math.isfinite(deviation) else kinds
        if kinds and kinds != ["missing"]:
            found.append(
                _Mover(
                    column=field.name, kinds=tuple(kinds), deviation=deviation, categories=categories, missing=missing
                )
            )
    return found


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind))


def _is_category(values: pa.Array) -> bool:
    kind = values.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_boolean(kind):
        return True
    return bool(pa.types.is_integer(kind) and pc.count_distinct(values).as_py() <= FEW_VALUES)


def _day(table: pa.Table, rows: NDArray[np.int64], rng: np.random.Generator) -> pa.Table:
    kept = rng.permutation(rows)[: min(max(int(KEPT * len(rows)), 1), MOST_ROWS)]
    return table.take(pa.array(kept))


def _groups(time: pa.ChunkedArray | None, rows: int, rng: np.random.Generator) -> Sequence[NDArray[np.int64]]:
    """Return the rows of each day."""
    if time is not None:
        codes = _codes(time)
        sizes = np.bincount(codes)
        if (sizes >= FEWEST_ROWS).sum() >= 2 * FEWEST_DAYS:
            ordered = np.split(np.argsort(codes, kind="stable"), np.cumsum(sizes)[:-1])
            return [group for group in ordered if len(group) >= FEWEST_ROWS]
        placed = np.argsort(codes, kind="stable")  # no days in it, but an order: rows next to one another are alike
    else:
        placed = rng.permutation(rows)
    count = max(1, min(rows // FEWEST_ROWS, 120))
    return np.array_split(placed, count)


def _codes(time: pa.ChunkedArray) -> NDArray[np.int64]:
    """Return which day each row belongs to: the date of a time, else each value of its own."""
    values = time.combine_chunks()
    if pa.types.is_timestamp(values.type):
        values = pc.floor_temporal(values, unit="day")
    codes = pc.rank(values, sort_keys="ascending", tiebreaker="dense")
    return np.asarray(codes.to_numpy(zero_copy_only=False), dtype=np.int64) - 1
