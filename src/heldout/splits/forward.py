"""Cuts in time: which rows are before, which after, and which are left out between them or because of their entity."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heldout.stats.sample import BadSample

__all__ = ["ENTITY_RULES", "Cut", "best_cut", "blocks", "cut_rows"]

ENTITY_RULES = ("new", "purge")
"""Of entities on both sides of a cut: `new` leaves them out of test, `purge` out of train."""

Times = NDArray[np.float64]
Codes = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """One cut: masks of shape (n,). Every row is in exactly one of them, or after the end of test."""

    start: float
    end: float
    train: Mask
    test: Mask
    in_gap: Mask
    straddling: Mask


def cut_rows(
    times: Times,
    start: float,
    end: float = np.inf,
    *,
    gap: float = 0.0,
    entity: Codes | None = None,
    entity_rule: str = "new",
) -> Cut:
    """Test on the rows with start ≤ time < end, train on those that end `gap` or more before `start`.

    Purging and embargo are López de Prado's (2018, Advances in Financial Machine Learning, ch. 7), with the gap the
    sum of both; where it is 0 equal times still stand on one side. Of an entity with rows on both sides one side is
    left out by `entity_rule`.
    """
    train = times <= start - gap if gap > 0 else times < start
    test = (times >= start) & (times < end)
    in_gap = (times < start) & ~train
    straddling = np.zeros(len(times), np.bool_)
    if entity is not None:
        left_out, other = (test, train) if entity_rule == "new" else (train, test)
        if entity_rule == "new":
            other = times < start  # an entity met in the gap is no new one either
        met = np.zeros(int(entity.max(initial=0)) + 1, np.bool_)
        met[entity[other]] = True
        straddling = left_out & met[entity]
        left_out &= ~straddling
    return Cut(start=start, end=end, train=train, test=test, in_gap=in_gap, straddling=straddling)


def best_cut(
    times: Times, share: float, *, gap: float = 0.0, entity: Codes | None = None, entity_rule: str = "new"
) -> float:
    """Return the moment to cut at so that the test part is nearest to `share`.

    It is a share of all rows; under the rule `new`, of the rows that stay. Raises BadSample where all rows happened at
    one moment.
    """
    moments = np.unique(times)
    if len(moments) < 2:
        raise BadSample("all rows happened at one moment", expected="two moments at least")
    starts = moments[1:]
    ordered = np.sort(times)
    test = len(times) - np.searchsorted(ordered, starts)
    whole = np.full(len(starts), float(len(times)))
    if entity is not None and entity_rule == "new":
        begins = np.full(int(entity.max()) + 1, np.inf)
        np.minimum.at(begins, entity, times)
        test = len(times) - np.searchsorted(np.sort(begins[entity]), starts)
        whole = test + np.searchsorted(ordered, starts - gap, side="right" if gap > 0 else "left")
    off = np.abs(test / np.maximum(whole, 1) - share)
    return float(starts[int(np.argmin(off))])


def blocks(times: Times, count: int) -> list[tuple[float, float]]:
    """Return start and end of `count` blocks of test rows that follow one another, as many rows before the first.

    Raises BadSample where there are too few moments.
    """
    ordered = np.sort(times)
    at = [ordered[round(len(ordered) * i / (count + 1))] for i in range(1, count + 1)]
    moments = np.unique(ordered)
    starts = np.unique([moments[np.searchsorted(moments, moment)] for moment in at])
    starts = starts[starts > moments[0]]
    if len(starts) < count:
        raise BadSample(
            f"{len(moments):,} different moments make no {count} blocks of test rows that follow one another",
            expected=f"about {count + 1} moments or more, none of which holds most rows",
            mend="ask for fewer folds",
        )
    return list(zip(starts.tolist(), [*starts[1:].tolist(), np.inf], strict=True))
