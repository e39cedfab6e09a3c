"""Brings the scores of several sources to one order of common items, and says what does not fit together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from heldout.core.errors import BadInput
from heldout.core.profile import ColumnKind
from heldout.tables.arrays import null_mask
from heldout.tables.hashing import numbered, value_lanes
from heldout.tables.names import counted, shortened
from heldout.tables.results.columns import Roles
from heldout.tables.results.keys import Sorted, alike, id_text, sorted_by_id
from heldout.tables.table import Table, groups_of, kind_of, numbers

__all__ = ["Groups", "Matched", "Own", "Side", "matched"]

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

SHOWN = 3

MOST_SLICES = 200
"""Values of a column to slice by."""

LARGEST = 1e100
"""A score beyond this has no square, so no variance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One system's results: its table, what each column is, and the column of its scores."""

    name: str
    table: Table
    roles: Roles
    score: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """Items by the values of a column: `codes` (items,), -1 for none, and the text of each code."""

    codes: Rows
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """What one source held before matching; `runs` (S, items) where each item has the same S runs, S > 1.

    `uneven` counts the common items that lack one of its runs.
    """

    rows: int
    items: int
    most_rows: int
    missing: int
    missing_examples: tuple[str, ...]
    scores: Floats
    runs: Floats | None
    uneven: int = 0
    uneven_examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """The common items, in the order of the first source; everything has shape (items,)."""

    items: int
    own: tuple[Own, ...]
    cluster: Rows | None
    label: Floats | None
    slices: Mapping[str, Groups]
    first: Side
    rows: Rows

    def id_of(self, item: int) -> str:
        """Return the id of a common item as text."""
        return id_text(self.first.table, self.first.roles.by, int(self.rows[item]))


def matched(sides: Sequence[Side]) -> Matched:
    """Match the items of all sides by id.

    Several rows of an item are averaged where a repeat column tells them apart. Raises BadInput for ids that stand
    twice otherwise, for scores that are not finite numbers, for no common item, and for items whose label, cluster or
    fingerprint differs between the sides, and for a slice column of too many values.
    """
    scores = [_scores(side) for side in sides]
    ids = sorted_by_id([side.table for side in sides], [side.roles.by for side in sides])
    for side, one in zip(sides, ids, strict=True):
        _refuse_twice(side, one)
    common, places = _common(sides, ids)
    own = tuple(
        _own(side, one, score, place, _left_out(one, place, sides, ids))
        for side, one, score, place in zip(sides, ids, scores, places, strict=True)
    )
    first_rows = [one.first_rows[place] for one, place in zip(ids, places, strict=True)]
    in_order = np.argsort(first_rows[0], kind="stable")
    first_rows = [rows[in_order] for rows in first_rows]
    own = tuple(_reordered(one, in_order) for one in own)
    _refuse_other_items(sides, first_rows)
    return Matched(
        items=common,
        own=own,
        cluster=_cluster(sides, first_rows),
        label=_label(sides, first_rows),
        slices=_slices(sides, first_rows),
        first=sides[0],
        rows=first_rows[0],
    )


def _scores(side: Side) -> Floats:
    array = side.table.column(side.score, called="score column")
    where = f"{side.table.source}, column {side.score!r}"
    if kind_of(array) not in (ColumnKind.NUMERIC, ColumnKind.BOOLEAN):
        example = next((value for value in array[:50].to_pylist() if value is not None), None)
        raise BadInput(
            f"the score is no number: {str(example)[:60]!r}" if example is not None else "no row has a score",
            where=where,
            expected="a number per item: 1 or 0 for right or wrong, or a measure",
            mend="name the column with the numbers with --score",
        )
    values = numbers(array)
    wrong = ~(np.abs(values) <= LARGEST)
    if wrong.any():
        row = int(np.argmax(wrong))
        too_large = " or beyond ±1e100" if np.isfinite(values[wrong]).any() else ""
        raise BadInput(
            f"{counted(int(wrong.sum()), 'score is', 'scores are')} missing, NaN or infinite{too_large}",
            where=f"{where}, first in row {row:,} (from 0), item {id_text(side.table, side.roles.by, row)[:60]}",
            expected="a finite number for every item",
            mend="score every item, an answer that failed as a failure; or leave the item out of this file",
        )
    return values


def _refuse_twice(side: Side, ids: Sorted) -> None:
    if ids.items == side.table.rows:
        return
    repeat = side.roles.repeat
    where = f"{side.table.source}, column {shortened(side.roles.by)}"
    if not repeat:
        twice = ids.first_rows[ids.counts > 1]
        shown = shortened([id_text(side.table, side.roles.by, row) for row in np.sort(twice)[:SHOWN]])
        raise BadInput(
            f"{counted(len(twice), 'id stands', 'ids stand')} more than once: {shown}",
            where=where,
            expected="one row per item, or a column that tells its runs apart",
            mend="name that column with --repeat, add columns to --by, or drop the repeated rows",
        )
    runs = value_lanes(side.table.column(repeat, called="repeat column"))[:, 0]
    item = np.empty(side.table.rows, np.int64)
    item[ids.order] = np.repeat(np.arange(ids.items), ids.counts)
    order = np.lexsort((runs, item))
    again = (np.diff(item[order]) == 0) & (np.diff(runs[order].view(np.int64)) == 0)
    if again.any():
        row = int(order[1:][again].min())
        raise BadInput(
            f"{counted(int(again.sum()), 'run of an item stands', 'runs of an item stand')} more than once: "
            f"{id_text(side.table, (*side.roles.by, repeat), row)}",
            where=f"{where}, and {repeat!r}",
            expected="each run of an item once",
            mend="drop the repeated rows",
        )


def _common(sides: Sequence[Side], ids: Sequence[Sorted]) -> tuple[int, list[Rows]]:
    """Return the number of common items, and for each side their places among its own items, in one order."""
    keys = ids[0].keys
    places = [np.arange(len(keys))]
    for one in ids[1:]:
        if np.array_equal(one.keys, keys):
            places.append(np.arange(len(keys)))
            continue
        place = np.minimum(np.searchsorted(one.keys, keys), one.items - 1)
        met = one.keys[place] == keys
        keys = keys[met]
        places = [*(earlier[met] for earlier in places), place[met]]
    if not len(keys):
        shown = [id_text(side.table, side.roles.by, 0)[:60] for side in sides]
        raise BadInput(
            "no item is in all of the results",
            where="; ".join(f"{side.table.source} by {shortened(side.roles.by)}" for side in sides),
            expected=f"the same ids: they begin with {shortened(map(repr, shown))}",
            mend="name the column of the item's id with --by",
        )
    return len(keys), places


def _left_out(one: Sorted, place: Rows, sides: Sequence[Side], ids: Sequence[Sorted]) -> tuple[int, tuple[str, ...]]:
    """Return how many items of the other sides this one lacks, and a few of them."""
    lacking: dict[str, None] = {}
    keys = []
    for side, other in zip(sides, ids, strict=True):
        if other is one or (len(place) == other.items == one.items):
            continue
        at = np.minimum(np.searchsorted(one.keys, other.keys), one.items - 1)
        is_lacking = one.keys[at] != other.keys
        keys.append(other.keys[is_lacking])
        rows = other.first_rows[is_lacking]
        lacking |= dict.fromkeys(id_text(side.table, side.roles.by, row) for row in np.sort(rows)[:SHOWN])
    count = len(keys[0]) if len(keys) == 1 else len(np.unique(np.concatenate(keys))) if keys else 0
    return count, tuple(lacking)[:SHOWN]


def _own(side: Side, ids: Sorted, scores: Floats, place: Rows, missing: tuple[int, tuple[str, ...]]) -> Own:
    counts = ids.counts
    averaged, runs, uneven = scores[ids.order], None, np.zeros(0, np.int64)
    if ids.items != side.table.rows:
        averaged = np.add.reduceat(averaged, ids.starts) / counts
        runs, uneven = _runs(side, ids, scores, place)
    return Own(
        rows=side.table.rows,
        items=ids.items,
        most_rows=int(counts[place].max()),
        missing=missing[0],
        missing_examples=missing[1],
        scores=averaged[place],
        runs=runs,
        uneven=len(uneven),
        uneven_examples=tuple(id_text(side.table, side.roles.by, row) for row in np.sort(uneven)[:SHOWN]),
    )


def _runs(side: Side, ids: Sorted, scores: Floats, place: Rows) -> tuple[Floats | None, Rows]:
    """Return the scores of each run (S, items) of the common items, or None and the rows of items that lack one."""
    run = groups_of(side.table.column(side.roles.repeat))[ids.order]
    item = np.repeat(np.arange(ids.items), ids.counts)
    is_common = np.zeros(ids.items, np.bool_)
    is_common[place] = True
    kept = is_common[item]
    found, code = np.unique(run[kept], return_inverse=True)
    if len(found) == 1:
        return None, np.zeros(0, np.int64)
    lacking = place[ids.counts[place] != len(found)]
    if len(lacking) or (found < 0).any():
        return None, ids.first_rows[lacking]
    table = np.empty((len(found), ids.items))
    table[code, item[kept]] = scores[ids.order][kept]
    return table[:, place], np.zeros(0, np.int64)


def _reordered(own: Own, order: Rows) -> Own:
    return replace(own, scores=own.scores[order], runs=None if own.runs is None else own.runs[:, order])


def _refuse_other_items(sides: Sequence[Side], rows: Sequence[Rows]) -> None:
    """Hold the fingerprints that the formats give (a document's hash, a target) against each other."""
    told = [(side, row) for side, row in zip(sides, rows, strict=True) if side.roles.same]
    for side, row in told[1:]:
        if side.roles.same != told[0][0].roles.same:
            continue
        _refuse_unlike(
            told[0],
            (side, row),
            side.roles.same,
            ("is another item under the same id", "are other items under the same id"),
            "--by",
        )


def _cluster(sides: Sequence[Side], rows: Sequence[Rows]) -> Rows | None:
    name = sides[0].roles.cluster
    if not name:
        return None
    for side in sides:
        _refuse_absent(side, name, "cluster")
    for side, row in zip(sides[1:], rows[1:], strict=True):
        _refuse_unlike(
            (sides[0], rows[0]),
            (side, row),
            name,
            ("is in different clusters", "are in different clusters"),
            "--cluster",
        )
    return groups_of(sides[0].table.columns[name])[rows[0]]


def _label(sides: Sequence[Side], rows: Sequence[Rows]) -> Floats | None:
    name = sides[0].roles.label
    if not name:
        return None
    for side in sides:
        _refuse_absent(side, name, "label")
        if kind_of(side.table.columns[name]) not in (ColumnKind.NUMERIC, ColumnKind.BOOLEAN):
            raise BadInput(
                "the label is no number",
                where=f"{side.table.source}, column {name!r}",
                expected="0 or 1, or the number to predict",
                mend="write the positive class as 1 and the other as 0",
            )
    for side, row in zip(sides[1:], rows[1:], strict=True):
        _refuse_unlike(
            (sides[0], rows[0]), (side, row), name, ("has different labels", "have different labels"), "--label"
        )
    return numbers(sides[0].table.columns[name])[rows[0]]


def _refuse_absent(side: Side, name: str, called: str) -> None:
    array = side.table.columns[name]
    if array.null_count:
        raise BadInput(
            f"{counted(array.null_count, 'row has', 'rows have')} no {called}",
            where=f"{side.table.source}, column {name!r}, "
            f"first in row {int(np.argmax(null_mask(array))):,} (the first is 0)",
            expected=f"a {called} in every row",
        )


def _refuse_unlike(
    one: tuple[Side, Rows], other: tuple[Side, Rows], name: str, what: tuple[str, str], option: str
) -> None:
    arrays = [side.table.columns[name] for side, _ in (one, other)]
    lanes = [value_lanes(array) for array in alike(arrays)]
    differ = (lanes[0][one[1]] != lanes[1][other[1]]).any(axis=1)
    if not differ.any():
        return
    count = int(differ.sum())
    item = int(np.argmax(differ))
    values = [array[int(rows[item])].as_py() for array, (_, rows) in zip(arrays, (one, other), strict=True)]
    raise BadInput(
        f"{counted(count, 'item', 'items')} {what[count > 1]}: "
        f"{id_text(one[0].table, one[0].roles.by, one[1][item])[:60]} "
        f"has {str(values[0])[:60]!r} and {str(values[1])[:60]!r}",
        where=f"{one[0].table.source} and {other[0].table.source}, column {name!r}",
        expected="the same in both: the systems are compared on the same items",
        mend=f"compare results on the same items, or name another column with {option}",
    )


def _slices(sides: Sequence[Side], rows: Sequence[Rows]) -> Mapping[str, Groups]:
    """Return the groups of each slice column, from the first side that has it; a second one has to agree."""
    slices = {}
    for name in dict.fromkeys(name for side in sides for name in side.roles.slices):
        having = [(side, row) for side, row in zip(sides, rows, strict=True) if name in side.roles.slices]
        for other in having[1:]:
            _refuse_unlike(having[0], other, name, ("is in different slices", "are in different slices"), "--slice")
        side, row = having[0]
        slices[name] = _groups(side.table.columns[name], row)
        if len(slices[name].names) > MOST_SLICES:
            raise BadInput(
                f"the column {name!r} has {len(slices[name].names):,} different values",
                where=side.table.source,
                expected=f"at most {MOST_SLICES} slices",
                mend="slice by a coarser column",
            )
    return slices


def _groups(array: pa.Array, rows: Rows) -> Groups:
    (codes,) = numbered(value_lanes(array)[rows])
    distinct, first = np.unique(codes, return_index=True)
    names = tuple(str(array[int(rows[place])].as_py()) for place in first[:10_000])
    null = null_mask(array)[rows]
    return Groups(codes=np.where(null, -1, codes), names=names + ("",) * (len(distinct) - len(names)))
