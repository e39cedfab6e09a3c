"""Test rows that lie as close to a train row as rows of train hardly do, by their numbers or by their texts."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from heldout.core.profile import ColumnKind
from heldout.core.split_evidence import NearCopies, NearCopiesOf
from heldout.tables.entity_hints import KEY_NAME
from heldout.tables.label import Label
from heldout.tables.near_texts import near_texts_of
from heldout.tables.overlap import row_ids
from heldout.tables.sampling import sample_of
from heldout.tables.table import Table, kind_of, numbers
from heldout.tables.time_hints import time_hints

__all__ = ["near_copies_of"]

TRAIN_ROWS = 50_000
ASKED_ROWS = 2_000
"""So many test rows are held against train, and as many train rows against the other ones: drawn ones, and those
nearest to the test rows, as a test that lies where train is dense or thin has another chance level."""

CLOSE = 0.1
"""Of the distance from the nearest train row to its fifth neighbour: closer is near, whatever the density there."""

FIFTH = 5
FEWEST_COLUMNS = 4
"""In fewer dimensions neighbours come close by chance."""

FEWEST_VALUES = 30
MOST_DIMENSIONS = 6
CANDIDATES = 12
EXAMPLES = 5

Floats = NDArray[np.float64]


def near_copies_of(
    train: Table, test: Table, label: Label, *, ignored: Collection[str], train_rows: int = 0, seed: int = 0
) -> NearCopies:
    """Look for near copies in samples of train and test rows, among the numbers and in each column of long texts.

    `train_rows` are all rows of train where `train` is a sample already.
    """
    rows = max(train_rows, train.rows)
    before, _ = sample_of(train, None, rows=TRAIN_ROWS, seed=seed)
    asked = _chosen(test.rows, seed)
    left_out = {*ignored, *label.columns, *time_hints(before, label), *row_ids(before)}
    left_out |= {name for name in before.columns if KEY_NAME.search(name)}
    names = [name for name in before.columns if name in test.columns and name not in left_out]
    found = [_near_numbers(before, test, asked, names)]
    found += [near_texts_of(name, before.columns[name], test.columns[name], asked) for name in names]
    return NearCopies(found=tuple(replace(one, train_rows=rows) for one in found if one is not None))


def _chosen(rows: int, seed: int) -> NDArray[np.int64]:
    if rows <= ASKED_ROWS:
        return np.arange(rows)
    return np.sort(np.random.default_rng(seed).choice(rows, ASKED_ROWS, replace=False))


def _near_numbers(before: Table, test: Table, asked: NDArray[np.int64], compared: Sequence[str]) -> NearCopiesOf | None:
    names = [
        name
        for name in compared
        if kind_of(before.columns[name]) is ColumnKind.NUMERIC
        and len(before.columns[name].slice(0, 5000).unique()) >= FEWEST_VALUES
    ]
    if len(names) < FEWEST_COLUMNS or before.rows < 10 * FIFTH or not len(asked):
        return None
    columns = [_standard(numbers(before.columns[name]), numbers(test.columns[name])[asked]) for name in names]
    rows, points = np.stack([one for one, _ in columns], axis=1), np.stack([other for _, other in columns], axis=1)
    space = _Space(rows)
    drawn = np.sort(np.random.default_rng(1).permutation(before.rows)[:ASKED_ROWS])
    ours, neighbours = space.near(points, None)
    elsewhere, _ = space.near(rows[drawn], drawn)
    around = neighbours[np.arange(len(asked)), 1 + np.arange(len(asked)) % (FIFTH - 1)]  # the nearest lie apart
    beside, _ = space.near(rows[around], around)
    different = len(np.unique(around))  # one train row beside many test rows is one
    chances = [(elsewhere.share, elsewhere.asked), (beside.share, min(beside.asked, different))]
    share, reference_rows = max(chances)
    return NearCopiesOf(
        what="numbers",
        columns=tuple(names),
        closeness=f"{CLOSE:g} of the way to that row's fifth neighbour",
        test_rows=ours.asked,
        near=int(ours.near.sum()),
        reference_rows=reference_rows,
        reference_near=round(share * reference_rows),
        train_rows=before.rows,
        looked_at=before.rows,
        examples=tuple(int(asked[row]) for row in np.flatnonzero(ours.near)[:EXAMPLES]),
    )


def _standard(train: Floats, test: Floats) -> tuple[Floats, Floats]:
    """Return a column by the standard deviation of its middle 90 %, cut at 10, with the median where nothing is."""
    there = train[~np.isnan(train)]
    if not len(there):
        return np.zeros(len(train)), np.zeros(len(test))
    low, middle, high = np.quantile(there, [0.05, 0.5, 0.95])
    spread = float(there[(there >= low) & (there <= high)].std()) or float(there.std()) or 1.0
    first, second = (np.clip((np.where(np.isnan(x), middle, x) - middle) / spread, -10, 10) for x in (train, test))
    return first, second


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """Which rows are near (n,), and how many were asked: those that equal no other one."""

    near: NDArray[np.bool_]
    asked: int

    @property
    def share(self) -> float:
        """The share of those asked that are near."""
        return float(self.near.sum()) / max(self.asked, 1)


class _Space:
    """Train rows as points, found by a tree in the directions of largest variance and measured in all of them.

    A projection brings no two points further apart, so what is close in all directions is close in the tree.
    """

    def __init__(self, rows: Floats) -> None:
        self.rows = rows
        centred = rows - rows.mean(axis=0)
        _, directions = np.linalg.eigh(centred.T @ centred)
        self.directions = directions[:, ::-1][:, :MOST_DIMENSIONS]
        from scipy.spatial import KDTree  # takes a tenth of a second to load

        self.tree = KDTree(rows @ self.directions)

    def near(self, points: Floats, own: NDArray[np.int64] | None) -> tuple[_Found, NDArray[np.int64]]:
        """Tell which points are near a train row, and their neighbours; `own` are the points' own row numbers."""
        distance, row = self._nearest(points, own, None)
        nearest, closest = row[:, 0], distance[:, 0]
        around, _ = self._nearest(self.rows[nearest], nearest, own)
        is_copy = closest == 0
        is_near = ~is_copy & (closest <= CLOSE * around[:, FIFTH - 1])
        return _Found(near=is_near, asked=int((~is_copy).sum())), row

    def _nearest(
        self, points: Floats, own: NDArray[np.int64] | None, other: NDArray[np.int64] | None
    ) -> tuple[Floats, NDArray[np.int64]]:
        """Return the nearest train rows of each point in order, without the rows numbered `own` and `other`."""
        _, row = self.tree.query(points @ self.directions, k=min(CANDIDATES, len(self.rows)))
        distance = np.sqrt(((self.rows[row] - points[:, None, :]) ** 2).sum(axis=2))
        for left_out in (own, other):
            if left_out is not None:
                distance[row == left_out[:, None]] = np.inf
        order = np.argsort(distance, axis=1, kind="stable")
        return np.take_along_axis(distance, order, axis=1), np.take_along_axis(row, order, axis=1)
