"""Places rows in train, test and folds by one of four rules; arrays in, masks out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from heldout.splits.deal import deal
from heldout.splits.forward import Cut, best_cut, blocks, cut_rows
from heldout.splits.units import per_unit

__all__ = ["Kind", "Placed", "ToPlace", "place"]

Kind = Literal["random", "group", "forward", "forward_group"]
Codes = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToPlace:
    """What is known of n rows: `strata` to keep the shares of, `unit` that is dealt whole, times, entities, copies.

    `unit` is for the rules without time, `times` for those with it; `copy` numbers equal rows where a cut could part
    them. All of shape (n,), numbered by content.
    """

    strata: Codes
    unit: Codes | None = None
    times: NDArray[np.float64] | None = None
    entity: Codes | None = None
    copy: Codes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Masks (n,): `train` and `test` (none in test where only folds were asked for); `fold` from 1, 0 for none.

    `chain` are the folds of a forward chain, which overlap; `dropped` the rows in no part by reason.
    """

    train: Mask
    test: Mask
    fold: Codes | None
    chain: tuple[Cut, ...]
    cut: Cut | None
    dropped: Mapping[str, Mask]


def place(
    rows: ToPlace,
    kind: Kind,
    *,
    test: float | None,
    folds: int | None,
    seed: int,
    gap: float = 0.0,
    entity_rule: str = "new",
) -> Placed:
    """Place every row. With `test` and `folds` the folds are those of the train part.

    Raises BadSample where the moments are too few.
    """
    if kind in ("forward", "forward_group"):
        return _forward(rows, test=test, folds=folds, gap=gap, entity_rule=entity_rule)
    return _dealt(rows, test=test, folds=folds, seed=seed)


def _dealt(rows: ToPlace, *, test: float | None, folds: int | None, seed: int) -> Placed:
    assert rows.unit is not None
    n = len(rows.unit)
    in_test, fold = np.zeros(n, np.bool_), None
    if test is not None:
        in_test = deal(per_unit(rows.unit, rows.strata), np.array([1 - test, test]), seed)[rows.unit] == 1
    if folds is not None:
        fold = np.zeros(n, np.int64)
        unit = np.unique(rows.unit[~in_test], return_inverse=True)[1].astype(np.int64).ravel()
        counts = per_unit(unit, rows.strata[~in_test])
        fold[~in_test] = 1 + deal(counts, np.full(folds, 1 / folds), seed + 1)[unit]
    return Placed(train=~in_test, test=in_test, fold=fold, chain=(), cut=None, dropped={})


def _forward(rows: ToPlace, *, test: float | None, folds: int | None, gap: float, entity_rule: str) -> Placed:
    times = rows.times
    assert times is not None
    train, in_test = np.ones(len(times), np.bool_), np.zeros(len(times), np.bool_)
    cut, dropped = None, dict[str, Mask]()
    if test is not None:
        start = best_cut(times, test, gap=gap, entity=rows.entity, entity_rule=entity_rule)
        cut = cut_rows(times, start, gap=gap, entity=rows.entity, entity_rule=entity_rule)
        train, in_test = cut.train, cut.test
        dropped = {"gap": cut.in_gap, "straddling_entity": cut.straddling}
        if rows.copy is not None:
            copied = train & np.isin(rows.copy, rows.copy[in_test])
            train, dropped["copy_of_test"] = train & ~copied, copied
    chain = () if folds is None else _chain(rows, train, folds, gap=gap, entity_rule=entity_rule)
    return Placed(train=train, test=in_test, fold=None, chain=chain, cut=cut, dropped=dropped)


def _chain(rows: ToPlace, within: Mask, folds: int, *, gap: float, entity_rule: str) -> tuple[Cut, ...]:
    """Cut the rows `within` forward, fold by fold, as masks over all rows."""
    times, entity = rows.times, rows.entity
    assert times is not None
    inside = times[within]
    entities = None if entity is None else entity[within]

    def spread(mask: Mask) -> Mask:
        wide = np.zeros(len(within), np.bool_)
        wide[within] = mask
        return wide

    cuts = []
    for start, end in blocks(inside, folds) if len(inside) else []:
        found = cut_rows(inside, start, end, gap=gap, entity=entities, entity_rule=entity_rule)
        masks = {name: spread(getattr(found, name)) for name in ("train", "test", "in_gap", "straddling")}
        if rows.copy is not None:
            masks["train"] &= ~np.isin(rows.copy, rows.copy[masks["test"]])
        cuts.append(Cut(start=start, end=end, **masks))
    return tuple(cuts)
