"""How label and columns differ between train and test, as shares of rows with a property chosen on other rows."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from heldout.core.profile import ColumnKind, LabelKind
from heldout.core.split_evidence import ColumnShift, CovariateShift, LabelShift, TwoShares
from heldout.stats.ranks import midranks
from heldout.stats.within_groups import of_independent_rows
from heldout.tables.arrays import null_mask
from heldout.tables.entity_hints import KEY_NAME
from heldout.tables.key_codes import key_codes
from heldout.tables.label import Label
from heldout.tables.order import moments_of
from heldout.tables.overlap import row_ids
from heldout.tables.table import Table, kind_of, numbers
from heldout.tables.time_hints import time_hints
from heldout.tables.value_bins import Bins, value_bins

__all__ = ["covariate_shift_of", "label_shift_of"]

CHOOSING = 3
"""One row (or cluster) in so many chooses the values to look at; the others count them."""

LABEL_BINS = 50
LOOK_ROWS = 5000
MOST_PLACES = 50
"""A column named as a key (store, site) with more values than that is one: others are met again."""

WITH_TIME = 0.9
"""From this rank correlation with time or the order of the rows on a column is a clock."""

SLOW = 0.01
"""A column that changes from fewer rows than this share to the next, in order of time, says when a row happened."""

FEWEST_IN_WINDOW = 200
Codes = NDArray[np.int64]
Marks = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sides:
    """Train and test rows, which of them choose, their clusters, and the two parts of train to compare, early and late.

    Arrays are of shape (train rows,) and (test rows,); `windows` marks train rows.
    """

    choosing: tuple[Marks, Marks]
    cluster: tuple[Codes | None, Codes | None]
    windows: tuple[Marks, Marks] | None


def label_shift_of(label: Label, test_label: Label, cluster: tuple[Codes | None, Codes | None]) -> LabelShift:
    """Compare the labels of two tables; `cluster` numbers what belongs together in each, None for rows."""
    sides = [(one, group) for one, group in zip((label, test_label), cluster, strict=True)]
    parts = [
        (one.rows(one.known), group if group is None or not one.missing else group[one.known]) for one, group in sides
    ]
    (first, groups), (second, other_groups) = parts
    empty = np.zeros(0, np.int64)
    if label.kind is not LabelKind.REGRESSION:
        shares = tuple(
            _two(first.codes == code, groups, second.codes == code, other_groups) for code in range(len(label.classes))
        )
        return LabelShift(
            name=label.name,
            kind=label.kind,
            classes=label.classes,
            shares=shares,
            train_counts=empty,
            test_counts=empty,
            means=None,
            spread=None,
        )
    edges = np.unique(np.quantile(first.values, np.arange(1, LABEL_BINS) / LABEL_BINS))
    counts = [np.bincount(np.searchsorted(edges, one.values), minlength=len(edges) + 1) for one in (first, second)]
    above = [of_independent_rows(one.values > np.median(first.values), group) for one, group in parts]
    fewer = [rows / max(len(one.values), 1) for (_, rows), (one, _) in zip(above, parts, strict=True)]
    return LabelShift(
        name=label.name,
        kind=label.kind,
        classes=(),
        shares=(),
        train_counts=_shrunk(counts[0], fewer[0]),
        test_counts=_shrunk(counts[1], fewer[1]),
        means=(float(first.values.mean()), float(second.values.mean())),
        spread=float(first.values.std()),
    )


def _shrunk(counts: Codes, share: float) -> Codes:
    """Return whole counts whose sums up to each bin are this share of what they were.

    >>> _shrunk(np.array([1, 1, 1, 1]), 0.5)
    array([0, 1, 0, 1])
    """
    sums = np.floor(np.cumsum(counts) * share + 1e-9)
    shrunk: Codes = np.diff(sums.astype(np.int64), prepend=0)
    return shrunk


def covariate_shift_of(
    train: Table,
    test: Table,
    label: Label,
    *,
    time: str | None,
    entity: str | None,
    ignored: Collection[str],
    seed: int,
) -> CovariateShift:
    """Compare the columns of samples of train and test; see CovariateShift.

    `time` is the column that orders rows, if there is one, `entity` the one whose rows belong together. Left out are
    the target's columns, the `ignored` ones, times, keys, and what moves with time or with the order of the rows.
    """
    left_out = _left_out(train, test, label, time, {*ignored, *({entity} if entity else ())})
    sides = _sides(train, test, time=time, entity=entity, seed=seed)
    names = [name for name in train.columns if name in test.columns and name not in {*label.columns, *left_out}]
    shifts = [_column(name, train.columns[name], test.columns[name], sides) for name in names]
    return CovariateShift(
        columns=tuple(shift for shift in shifts if shift is not None),
        left_out=tuple(sorted(left_out)),
        train_rows=train.rows,
        test_rows=test.rows,
        by_time=time if time is not None and sides.windows is not None else "",
    )


def _left_out(train: Table, test: Table, label: Label, time: str | None, ignored: set[str]) -> set[str]:
    """Return the columns that differ by design."""
    found = {name for name in ignored if name in train.columns} | {*time_hints(train, label), *row_ids(train, test)}
    found |= {name for name, array in train.columns.items() if _is_key(name, array)}
    clocks = [np.arange(train.rows, dtype=np.float64)]
    clocks += [moments_of(train, time)[0]] if time is not None else []
    rows = np.unique(np.linspace(0, train.rows - 1, LOOK_ROWS).astype(np.int64))
    for name, array in train.columns.items():
        if name in found or name in label.columns or kind_of(array) is not ColumnKind.NUMERIC:
            continue
        values = numbers(array)
        if any(_moves_with(values[rows], clock[rows]) for clock in clocks) or _is_slow(values, clocks[-1]):
            found.add(name)
    return found - set(label.columns)


def _is_key(name: str, array: pa.Array) -> bool:
    is_named = bool(KEY_NAME.search(name)) and len(array.slice(0, LOOK_ROWS).unique()) > MOST_PLACES
    return is_named or kind_of(array) is ColumnKind.TIME


def _moves_with(values: NDArray[np.float64], clock: NDArray[np.float64]) -> bool:
    there = ~np.isnan(values) & ~np.isnan(clock)
    values, clock = values[there], clock[there]
    if len(values) < 3 or np.ptp(values) == 0 or np.ptp(clock) == 0:
        return False
    spearman = np.corrcoef(midranks(values), midranks(clock))[0, 1]
    return abs(float(spearman)) >= WITH_TIME


def _is_slow(values: NDArray[np.float64], clock: NDArray[np.float64]) -> bool:
    """Tell whether a column hardly changes from row to row in time, as months and seasons do."""
    order = np.arange(len(clock)) if (np.diff(clock) >= 0).all() else np.argsort(clock, kind="stable")
    ordered = values[order][~np.isnan(values[order])]
    changes = int((ordered[1:] != ordered[:-1]).sum())
    return changes > 0 and changes < SLOW * len(ordered)


def _sides(train: Table, test: Table, *, time: str | None, entity: str | None, seed: int) -> _Sides:
    rng = np.random.default_rng(seed)
    cluster: tuple[Codes | None, Codes | None] = None, None
    if entity is None:
        choosing = tuple(rng.integers(0, CHOOSING, table.rows) == 0 for table in (train, test))
    else:
        keys = [table.column(entity, called="entity column") for table in (train, test)]
        groups = key_codes(*keys)
        for group in groups:  # rows without a key are on their own
            alone = group < 0
            group[alone] = train.rows + test.rows + np.arange(int(alone.sum()))
        chosen = rng.integers(0, CHOOSING, int(max(group.max() for group in groups)) + 1) == 0
        choosing = tuple(chosen[group] for group in groups)
        cluster = groups[0], groups[1]
    windows = None if time is None else _windows(moments_of(train, time)[0], moments_of(test, time)[0])
    return _Sides(choosing=(choosing[0], choosing[1]), cluster=cluster, windows=windows)


def _windows(before: NDArray[np.float64], after: NDArray[np.float64]) -> tuple[Marks, Marks] | None:
    """Mark the end of train, as long as test, and all that came before; None where test is not after train.

    They differ by what train itself does in time: the same comparison one step earlier.
    """
    before, after = np.where(np.isnan(before), -np.inf, before), after[~np.isnan(after)]
    if not len(after) or (after > before.max()).mean() < 0.5:
        return None
    last = before.max()
    length = min(float(after.max()) - last, (last - before[np.isfinite(before)].min()) / 2)
    late, early = before > last - length, (before <= last - length) & np.isfinite(before)
    return (early, late) if min(late.sum(), early.sum()) >= FEWEST_IN_WINDOW else None


def _column(name: str, array: pa.Array, other: pa.Array, sides: _Sides) -> ColumnShift | None:
    first, second = sides.choosing
    binned = value_bins(array, other, first)
    if binned is None:
        return None
    null, other_null = null_mask(array), null_mask(other)
    groups = sides.cluster
    values, grown = _grown(
        binned, (first & ~null, second & ~other_null), (~first & ~null, ~second & ~other_null), groups
    )
    before, nulls_before = None, None
    has_nulls = bool(null.any() or other_null.any())
    if sides.windows is not None:
        inside = Bins(train=binned.train, test=binned.train, names=binned.names, are_ordered=binned.are_ordered)
        early, late = sides.windows
        chosen, counted = (early & first & ~null, late & first & ~null), (early & ~first & ~null, late & ~first & ~null)
        before, _ = _grown(inside, chosen, counted, (groups[0], groups[0]))
        nulls_before = _between(null, null, (early, late), (groups[0], groups[0])) if has_nulls else None
    every = np.ones(len(null), np.bool_), np.ones(len(other_null), np.bool_)
    return ColumnShift(
        column=name,
        grown=grown,
        values=values,
        nulls=_between(null, other_null, every, groups) if has_nulls else None,
        values_before=before,
        nulls_before=nulls_before,
    )


def _grown(
    binned: Bins,
    choosing: tuple[Marks, Marks],
    counting: tuple[Marks, Marks],
    cluster: tuple[Codes | None, Codes | None],
) -> tuple[TwoShares, str]:
    """Choose the bins that grew on some rows, count them on others, and say which they are."""
    chosen = binned.grown(*choosing)
    shares = _between(chosen[binned.train], chosen[binned.test], counting, cluster)
    return shares, binned.said(chosen)


def _between(
    hits: Marks, other: Marks, used: tuple[Marks, Marks], cluster: tuple[Codes | None, Codes | None]
) -> TwoShares:
    groups = [None if group is None else group[rows] for group, rows in zip(cluster, used, strict=True)]
    return _two(hits[used[0]], groups[0], other[used[1]], groups[1])


def _two(hits: Marks, group: Codes | None, other: Marks, other_group: Codes | None) -> TwoShares:
    (train_hits, train_n), (test_hits, test_n) = (
        of_independent_rows(hits, group),
        of_independent_rows(other, other_group),
    )
    return TwoShares(train_hits=train_hits, train_n=train_n, test_hits=test_hits, test_n=test_n)
