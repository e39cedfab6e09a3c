"""Cuts in time: which rows are before, which after, and which are left out between them or because of their entity."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heldout.splits.deal import deal
from heldout.splits.units import per_unit
from heldout.stats.sample import BadSample

__all__ = ["ENTITY_RULES", "Cut", "blocks", "chain_of", "cut_at_share", "cut_rows"]

ENTITY_RULES = ("new", "purge", "deal")
"""Of entities on both sides of a cut: `new` leaves them out of test, `purge` out of train; `deal` draws a side for
each entity beforehand, and leaves out its rows on the other."""

Times = NDArray[np.float64]
Codes = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """One cut: masks of shape (n,). Every row is in exactly one of them, or after the end of test."""

    train: Mask
    test: Mask
    in_gap: Mask
    straddling: Mask

    @property
    def is_whole(self) -> bool:
        """True when there are rows on both sides."""
        return bool(self.train.any() and self.test.any())

    @property
    def kept(self) -> int:
        """The rows on either side."""
        return int(self.train.sum() + self.test.sum())


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Entities to hold to one side: the `entity` of each row, and under the rule `deal` whether it is one to test."""

    entity: Codes
    rule: str
    dealt: Mask | None = None


def cut_rows(times: Times, start: float, end: float = np.inf, *, gap: float = 0.0, held: Held | None = None) -> Cut:
    """Test on the rows with start ≤ time < end, train on those that end `gap` or more before `start`.

    Purging and embargo are López de Prado's (2018, Advances in Financial Machine Learning, ch. 7), with the gap the
    sum of both; where it is 0 equal times still stand on one side.
    """
    before = times < start
    train = before & (times <= start - gap)
    test = (times >= start) & (times < end)
    in_gap = before & ~train
    out = np.zeros(len(times), np.bool_)
    if held is not None and held.dealt is not None:
        out = np.where(held.dealt, train, test)
    elif held is not None:
        # an entity met in the gap is no new one either
        left, other = (test, before) if held.rule == "new" else (train, test)
        met = np.zeros(int(held.entity.max(initial=0)) + 1, np.bool_)
        met[held.entity[other]] = True
        out = left & met[held.entity]
    return Cut(train=train & ~out, test=test & ~out, in_gap=in_gap, straddling=out)


def cut_at_share(
    times: Times, share: float, *, gap: float, entity: Codes | None, strata: Codes, rule: str, seed: int
) -> Cut:
    """Cut where the test part is nearest to `share`: of all rows, under the rules `new` and `deal` of those that stay.

    Raises BadSample where all rows happened at one moment.
    """
    starts = np.unique(times)[1:]
    if not len(starts):
        raise BadSample(
            "all rows happened at one moment", expected="two moments at least", mend="name another time column"
        )
    held = None if entity is None else Held(entity=entity, rule=rule)
    if entity is not None and rule == "deal":
        # the least is left out where as large a share of the entities as of the moments is for test
        part = 1 / (1 + np.sqrt((1 - share) / share))
        side = deal(per_unit(entity, strata), np.array([1 - part, part]), seed)
        held = Held(entity=entity, rule=rule, dealt=side[entity] == 1)
    test, train = _counts(times, starts, gap, held)
    whole = float(len(times)) if held is None or rule == "purge" else np.maximum(test + train, 1)
    start = float(starts[int(np.argmin(np.abs(test / whole - share)))])
    return cut_rows(times, start, gap=gap, held=held)


def _counts(times: Times, starts: Times, gap: float, held: Held | None) -> tuple[Codes, Codes]:
    """Count the rows of test and train for each start; of train too many under `purge`, which does not ask."""
    early = late = times
    if held is not None and held.dealt is not None:
        early, late = times[~held.dealt], times[held.dealt]
    elif held is not None and held.rule == "new":
        begins = np.full(int(held.entity.max()) + 1, np.inf)
        np.minimum.at(begins, held.entity, times)
        late = begins[held.entity]
    until, side = (starts - gap, True) if gap > 0 else (starts, False)
    train = np.searchsorted(np.sort(early), until, side="right" if side else "left")
    return len(late) - np.searchsorted(np.sort(late), starts), train


def chain_of(
    times: Times, folds: int, *, gap: float, entity: Codes | None, strata: Codes, rule: str, seed: int
) -> tuple[Cut, ...]:
    """Cut forward `folds` times, each block of test rows after all before it; under `deal` each with its entities.

    Raises BadSample where there are too few moments.
    """
    side = None
    if entity is not None and rule == "deal":
        side = deal(per_unit(entity, strata), np.full(folds, 1 / folds), seed)[entity]
    cuts = []
    for fold, (start, end) in enumerate(blocks(times, folds)):
        held = None
        if entity is not None:
            held = Held(entity=entity, rule=rule, dealt=None if side is None else side == fold)
        cuts.append(cut_rows(times, start, end, gap=gap, held=held))
    return tuple(cuts)


def blocks(times: Times, count: int) -> list[tuple[float, float]]:
    """Return start and end of `count` blocks of test rows that follow one another, as many rows before the first.

    Raises BadSample where there are too few moments.

    >>> blocks(np.arange(8.0), 3)
    [(2.0, 4.0), (4.0, 6.0), (6.0, inf)]
    """
    ordered = np.sort(times)
    moments = np.unique(ordered)
    starts = np.unique(ordered[[round(len(ordered) * i / (count + 1)) for i in range(1, count + 1)]])
    starts = starts[starts > moments[0]]
    if len(starts) < count:
        raise BadSample(
            f"{len(moments):,} different moments make no {count} blocks of test rows that follow one another",
            expected=f"about {count + 1} moments or more, none of which holds most rows",
            mend="ask for fewer folds",
        )
    return list(zip(starts.tolist(), [*starts[1:].tolist(), np.inf], strict=True))
