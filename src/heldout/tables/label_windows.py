"""The time between a row and the moment its label is known: across the split, and among the rows of one series."""

import numpy as np
from numpy.typing import NDArray

from heldout.core.split_evidence import LabelGap, LabelWindows
from heldout.tables.durations import parse_duration, shown_duration
from heldout.tables.key_codes import key_codes
from heldout.tables.order import moments_of
from heldout.tables.table import Table

__all__ = ["label_gap_of", "label_windows_of"]

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

ROWS_PER_MOMENT = 1.5
"""A table without an entity is one series when its moments hold this many rows at most on average."""


def label_gap_of(train: Table, test: Table, *, time: str, horizon: str | None, embargo: str | None) -> LabelGap:
    """Measure the gap between train and test against horizon and embargo; rows without a time count nowhere.

    Raises BadInput for a duration that cannot be read.
    """
    (before, is_time), (after, _) = moments_of(train, time), moments_of(test, time)
    before, after = before[~np.isnan(before)], after[~np.isnan(after)]
    known_after = 0.0 if horizon is None else parse_duration(horizon, is_time=is_time, called="horizon")
    kept_apart = 0.0 if embargo is None else parse_duration(embargo, is_time=is_time, called="embargo")
    last = float(before.max())
    is_after = after > last
    first = float(after[is_after].min()) if is_after.any() else last
    inside = is_after & (after < last + known_after)
    embargoed = is_after & ~inside & (after < last + known_after + kept_apart)
    return LabelGap(
        column=time,
        horizon=shown_duration(known_after, is_time=is_time),
        embargo=shown_duration(kept_apart, is_time=is_time) if embargo is not None else "",
        gap=shown_duration(first - last, is_time=is_time),
        needed=shown_duration(known_after + kept_apart, is_time=is_time),
        test_rows=len(after),
        not_after=int((~is_after).sum()),
        inside=int(inside.sum()),
        embargoed=int(embargoed.sum()),
        train_rows=len(before),
        unknown=int((before + known_after > first).sum()) if known_after else 0,
    )


def label_windows_of(
    train: Table, test: Table | None, *, time: str, horizon: str, entity: str | None
) -> LabelWindows | None:
    """Count the rows whose label window shares time with that of another row of their series.

    None where no entity is declared and the rows are no single series. Raises BadInput as `label_gap_of` does.
    """
    moments, is_time = moments_of(train, time)
    length = parse_duration(horizon, is_time=is_time, called="horizon")
    other = None if test is None else moments_of(test, time)[0]
    series, other_series = _series(train, test, entity)
    used = ~np.isnan(moments) & (series >= 0)
    if length <= 0 or not used.any():
        return None
    if entity is None and used.sum() > ROWS_PER_MOMENT * len(np.unique(moments[used])):
        return None
    start, last = float(moments[used].min()), float(moments[used].max())
    lows = [start] if other is None or np.isnan(other).all() else [start, float(np.nanmin(other))]
    highs = [last] if other is None or np.isnan(other).all() else [last, float(np.nanmax(other))]
    span = (max(highs) - min(lows)) / length + 3  # in horizons: series lie further apart than any window reaches
    begins = np.sort((moments[used] - min(lows)) / length + series[used] * span)
    close = np.diff(begins) < 1 - 1e-9
    overlapping = np.append(close, False) | np.append(False, close)
    asked, inside, early = 0, 0, 0
    if other is not None and other_series is not None:
        there = ~np.isnan(other)
        early = int((other[there] <= last).sum())
        known = there & (other_series >= 0) & _is_known(series[used], other_series)
        at = (other[known] - min(lows)) / length + other_series[known] * span
        asked, inside = len(at), int(_is_near(begins, at).sum())
    return LabelWindows(
        column=time,
        entity=entity or "",
        horizon=shown_duration(length, is_time=is_time),
        rows=len(begins),
        overlapping=int(overlapping.sum()),
        effective_rows=_uniqueness(begins),
        has_test=test is not None,
        test_rows=asked,
        test_inside=inside,
        not_after=early,
    )


def _series(train: Table, test: Table | None, entity: str | None) -> tuple[Codes, Codes | None]:
    """Number the series of each row alike in both tables, -1 for rows without one."""
    tables = [train] if test is None else [train, test]
    if entity is None:
        return np.zeros(train.rows, np.int64), None if test is None else np.zeros(test.rows, np.int64)
    keys = [table.column(entity, called="entity column") for table in tables]
    numbers = key_codes(*keys)
    return numbers[0], None if test is None else numbers[1]


def _is_known(series: Codes, other: Codes) -> NDArray[np.bool_]:
    known = np.zeros(max(int(series.max(initial=0)), int(other.max(initial=0))) + 2, np.bool_)
    known[series] = True
    return known[other]


def _is_near(begins: Floats, at: Floats) -> NDArray[np.bool_]:
    """Tell which moments lie less than one horizon from one of the sorted `begins`."""
    place = np.searchsorted(begins, at)
    before = np.abs(at - begins[np.maximum(place - 1, 0)])
    after = np.abs(begins[np.minimum(place, len(begins) - 1)] - at)
    near: NDArray[np.bool_] = np.minimum(before, after) < 1 - 1e-9
    return near


def _uniqueness(begins: Floats) -> float:
    """Return the sum over rows of the average uniqueness of windows [begin, begin + 1), `begins` sorted.

    López de Prado 2018, Advances in Financial Machine Learning, ch. 4.2: the mean over a window of one over the number
    of windows that are open.
    """
    edges = np.concatenate([begins, begins + 1])
    order = np.argsort(edges, kind="stable")
    opens = np.where(order < len(begins), 1, -1)
    at, opened = edges[order], np.cumsum(opens)
    widths = np.diff(at)
    shares = np.divide(widths, opened[:-1], out=np.zeros_like(widths), where=opened[:-1] > 0)
    total = np.append(0.0, np.cumsum(shares))
    place = np.empty(len(edges), np.int64)
    place[order] = np.arange(len(edges))
    return float((total[place[len(begins) :]] - total[place[: len(begins)]]).sum())
