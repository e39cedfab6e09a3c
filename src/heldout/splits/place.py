"""Places rows in train, test and folds by one of four rules; arrays in, masks out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from heldout.splits.deal import deal
from heldout.splits.forward import ENTITY_RULES, Cut, chain_of, cut_at_share
from heldout.splits.units import per_unit

__all__ = ["FEWEST", "Kind", "Placed", "ToPlace", "place"]

Kind = Literal["random", "group", "forward", "forward_group"]
Codes = NDArray[np.int64]
Mask = NDArray[np.bool_]

FEWEST = "fewest"
"""The entity rule that takes, of all, the one that leaves out the fewest rows."""


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

    `chain` are the folds of a forward chain, which overlap; `dropped` the rows in no part by reason; `entity_rule` the
    rule followed where entities could straddle a cut, and `costs` the rows that each rule would leave out.
    """

    train: Mask
    test: Mask
    fold: Codes | None = None
    chain: tuple[Cut, ...] = ()
    dropped: Mapping[str, Mask] = field(default_factory=dict)
    entity_rule: str | None = None
    costs: Mapping[str, int] = field(default_factory=dict)


def place(
    rows: ToPlace,
    kind: Kind,
    *,
    test: float | None,
    folds: int | None,
    seed: int,
    gap: float = 0.0,
    entity_rule: str = FEWEST,
) -> Placed:
    """Place every row. With `test` and `folds` the folds are those of the train part.

    Raises BadSample where the moments are too few.
    """
    if kind not in ("forward", "forward_group"):
        return _dealt(rows, test=test, folds=folds, seed=seed)
    rules = ENTITY_RULES if entity_rule == FEWEST and kind == "forward_group" else (entity_rule,)
    placed = {rule: _forward(rows, test=test, folds=folds, gap=gap, rule=rule, seed=seed) for rule in rules}
    whole = {rule: one for rule, one in placed.items() if _is_whole(one, test)} or placed
    costs = {rule: _left_out(one, test) for rule, one in placed.items()}
    best = min(whole, key=lambda rule: costs[rule])
    chosen = placed[best]
    if kind == "forward":
        return chosen
    return Placed(
        train=chosen.train,
        test=chosen.test,
        chain=chosen.chain,
        dropped=chosen.dropped,
        entity_rule=best,
        costs=costs,
    )


def _is_whole(placed: Placed, test: float | None) -> bool:
    has_test = test is None or bool(placed.train.any() and placed.test.any())
    return has_test and all(cut.is_whole for cut in placed.chain)


def _left_out(placed: Placed, test: float | None) -> int:
    """Count the rows in no part; of a chain alone, those that each fold leaves out of its rows."""
    if test is None:
        return int(sum(cut.in_gap.sum() + cut.straddling.sum() for cut in placed.chain))
    return int(len(placed.train) - placed.train.sum() - placed.test.sum())


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
    return Placed(train=~in_test, test=in_test, fold=fold)


def _forward(rows: ToPlace, *, test: float | None, folds: int | None, gap: float, rule: str, seed: int) -> Placed:
    times = rows.times
    assert times is not None
    train, in_test = np.ones(len(times), np.bool_), np.zeros(len(times), np.bool_)
    dropped = dict[str, Mask]()
    if test is not None:
        cut = cut_at_share(times, test, gap=gap, entity=rows.entity, strata=rows.strata, rule=rule, seed=seed)
        train, in_test = cut.train, cut.test
        dropped = {"gap": cut.in_gap, "straddling_entity": cut.straddling}
        if rows.copy is not None:
            copied = train & np.isin(rows.copy, rows.copy[in_test])
            train, dropped["copy_of_test"] = train & ~copied, copied
    chain = () if folds is None or not train.any() else _chain(rows, train, folds, gap=gap, rule=rule, seed=seed)
    return Placed(train=train, test=in_test, chain=chain, dropped=dropped)


def _chain(rows: ToPlace, within: Mask, folds: int, *, gap: float, rule: str, seed: int) -> tuple[Cut, ...]:
    """Cut the rows `within` forward, fold by fold, as masks over all rows."""
    times, entity = rows.times, rows.entity
    assert times is not None
    own = None if entity is None else np.unique(entity[within], return_inverse=True)[1].astype(np.int64).ravel()
    found = chain_of(times[within], folds, gap=gap, entity=own, strata=rows.strata[within], rule=rule, seed=seed)

    def spread(mask: Mask) -> Mask:
        wide = np.zeros(len(within), np.bool_)
        wide[within] = mask
        return wide

    cuts = []
    for one in found:
        masks = {name: spread(getattr(one, name)) for name in ("train", "test", "in_gap", "straddling")}
        if rows.copy is not None:
            masks["train"] &= ~np.isin(rows.copy, rows.copy[masks["test"]])
        cuts.append(Cut(**masks))
    return tuple(cuts)
