"""The parts of a placed split: what each holds, which rows are in none, and which splits are refused."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from heldout.app.split_look import Looked
from heldout.core.errors import BadInput
from heldout.core.profile import LabelKind
from heldout.core.split_manifest import DroppedRows, SplitPart, SplitRequest, SplitRule, TimedFold
from heldout.splits import Placed
from heldout.tables import shortened
from heldout.tables.split_parts import PartRows
from heldout.tables.to_split import SplitSource

__all__ = ["PlacedPart", "dropped_of", "folds_of", "part_of", "parts_of", "refuse_parts"]

TOLERANCE = 0.25
"""How far a part may be from the size asked for, as a share of it, where whole units or moments allow no better."""

FOLD_COLUMNS = ("fold", "heldout_fold")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedPart:
    """One part: a mask over the rows that were looked at, whose numbers in the table are `at`."""

    name: str
    rows: NDArray[np.bool_]
    at: NDArray[np.int64]
    fold: NDArray[np.int64] | None = None
    fold_column: str = FOLD_COLUMNS[0]

    def spread(self, rows: int) -> PartRows:
        """Return the part over all rows of the table."""
        wide = np.zeros(rows, np.bool_)
        wide[self.at] = self.rows
        fold = None
        if self.fold is not None:
            fold = np.zeros(rows, np.int64)
            fold[self.at] = self.fold
        return PartRows(rows=wide, fold=fold, fold_column=self.fold_column)


def parts_of(placed: Placed, looked: Looked, source: SplitSource) -> tuple[PlacedPart, ...]:
    """Return train and test, or the folds; folds of a forward chain each as two parts, since their rows overlap."""
    parts = []
    column = next((name for name in FOLD_COLUMNS if name not in source.names), None)
    if placed.fold is not None and column is None:
        raise BadInput(
            f"the table has columns called {' and '.join(FOLD_COLUMNS)} already",
            where=source.shown,
            expected="one of these names free for the numbers of folds",
            mend="rename one of them",
        )
    has_test = bool(placed.test.any())
    if has_test or placed.fold is not None:
        name = "train" if has_test else "folds"
        parts.append(
            PlacedPart(
                name=name, rows=placed.train, at=looked.at, fold=placed.fold, fold_column=column or FOLD_COLUMNS[0]
            )
        )
    if has_test:
        # where train numbers folds, test has that column too (0: in none), so that both have the same columns
        parts.append(replace(parts[0], name="test", rows=placed.test))
    for number, cut in enumerate(placed.chain, start=1):
        parts.append(PlacedPart(name=f"fold-{number}/train", rows=cut.train, at=looked.at))
        parts.append(PlacedPart(name=f"fold-{number}/test", rows=cut.test, at=looked.at))
    return tuple(parts)


def part_of(part: PlacedPart, looked: Looked) -> SplitPart:
    """Describe what a part holds."""
    label, times, chosen = looked.label, looked.times, part.rows
    counts = np.bincount(label.codes[chosen], minlength=len(label.classes))
    folds = {} if part.fold is None else dict(enumerate(np.bincount(part.fold[chosen]).tolist()))
    return SplitPart(
        name=part.name,
        file=None,
        sha256=None,
        rows=int(chosen.sum()),
        classes={name: int(counts[code]) for code, name in enumerate(label.classes)},
        entities=None if looked.entity is None else len(np.unique(looked.entity[chosen])),
        first=None if times is None else looked.moment(float(times[chosen].min())),
        last=None if times is None else looked.moment(float(times[chosen].max())),
        fold_column=None if part.fold is None else part.fold_column,
        folds={str(number): rows for number, rows in folds.items() if number},
    )


def folds_of(placed: Placed, looked: Looked) -> tuple[TimedFold, ...]:
    """Describe the folds of a forward chain."""
    times = looked.times
    if times is None:
        return ()
    return tuple(
        TimedFold(
            fold=number,
            train_until=looked.moment(float(times[cut.train].max())),
            test_from=looked.moment(float(times[cut.test].min())),
            test_until=looked.moment(float(times[cut.test].max())),
            train_rows=int(cut.train.sum()),
            test_rows=int(cut.test.sum()),
        )
        for number, cut in enumerate(placed.chain, start=1)
    )


def dropped_of(placed: Placed, rule: SplitRule) -> tuple[DroppedRows, ...]:
    """Tell the rows that a cut in time leaves out."""
    why = {
        "gap": "their label window or the embargo reaches into test",
        "straddling_entity": f"their {rule.entity} is on the other side too",
        "copy_of_test": "they equal a test row",
    }
    return tuple(
        DroppedRows(reason=reason, rows=int(rows.sum()), why=why[reason])
        for reason, rows in placed.dropped.items()
        if rows.any()
    )


def refuse_parts(placed: Placed, looked: Looked, asked: SplitRequest, rule: SplitRule, where: str) -> None:
    """Raise BadInput for a split that is not what was asked for: an empty side, another size, a class on one side."""
    sides = [(cut.train, cut.test) for cut in placed.chain] + ([(placed.train, placed.test)] if asked.test else [])
    for train, test in sides:
        if not train.any() or not test.any():
            raise _empty("train" if not train.any() else "test", rule, where)
    if asked.test is not None:
        whole = len(looked.at)
        if rule.kind == "forward_group" and rule.entity_rule != "purge":
            whole = int(placed.train.sum() + placed.test.sum())
        _refuse_size(int(placed.test.sum()) / whole, asked.test, "the test part", looked, rule=rule, where=where)
    if placed.fold is not None and asked.folds:
        sizes = np.bincount(placed.fold[placed.train], minlength=asked.folds + 1)[1:] / placed.train.sum()
        worst = sizes[np.argmax(np.abs(sizes - 1 / asked.folds))]
        _refuse_size(float(worst), 1 / asked.folds, "a fold", looked, rule=rule, where=where)
        sides += [
            (placed.train & (placed.fold != fold), placed.train & (placed.fold == fold))
            for fold in range(1, asked.folds + 1)
        ]
    if rule.time is None or looked.label.kind is LabelKind.BINARY:
        _refuse_missing_classes(sides, looked, rule, where)


def _empty(side: str, rule: SplitRule, where: str) -> BadInput:
    straddle = rule.kind == "forward_group"
    if rule.time is None:
        kept = f"each {rule.entity}" if rule.entity else "what is equal in every column but row numbers"
        return BadInput(
            f"no row is left for {side}: {kept} stays on one side",
            where=where,
            expected="enough rows that may be parted for the shares asked for",
            mend="ask for another --test or fewer --folds, or "
            + ("declare a finer column" if rule.entity else "--no-keep-copies-together"),
        )
    return BadInput(
        f"no row is left for {side}",
        where=where,
        expected="rows on both sides of horizon and embargo" + (f", of different {rule.entity}" if straddle else ""),
        mend="ask for a smaller part, fewer folds or a smaller gap"
        + ("; or another --entity-rule, or declare either time or entity" if straddle else ""),
    )


def _refuse_size(got: float, asked: float, called: str, looked: Looked, *, rule: SplitRule, where: str) -> None:
    if abs(got - asked) <= TOLERANCE * asked:
        return
    if rule.kind == "group":
        assert looked.to_place.unit is not None
        largest = int(np.bincount(looked.to_place.unit).max()) / len(looked.at)
        why = f"one {rule.entity} holds {largest:.0%} of the rows, and stays whole"
    elif rule.time is not None:
        why = f"rows of one {rule.time} stay on one side" + (
            f", and {rule.entity} that straddle the cut are left out" if rule.entity else ""
        )
    else:
        why = "equal rows stay on one side"
    straddle = rule.kind == "forward_group"
    raise BadInput(
        f"{called} would hold {got:.1%} of the rows, {asked:.1%} were asked for: {why}",
        where=where,
        expected=f"a size within {TOLERANCE:.0%} of what is asked for",
        mend=(f"ask for --test {got:.1%}".replace(".0%", "%") if called == "the test part" else "ask for fewer folds")
        + (", or try another --entity-rule" if straddle else ", or declare a finer column")
        + ("; --at-random goes past what the table shows" if rule.followed else ""),
    )


def _refuse_missing_classes(
    sides: Sequence[tuple[NDArray[np.bool_], NDArray[np.bool_]]], looked: Looked, rule: SplitRule, where: str
) -> None:
    label = looked.label
    for train, test in sides if label.classes else ():
        for side, rows in (("train", train), ("test", test)):
            there = np.bincount(label.codes[rows], minlength=len(label.classes))
            if (there == 0).any():
                missing = [name for name, count in zip(label.classes, there, strict=True) if not count]
                tied = rule.entity or rule.time
                raise BadInput(
                    f"a {side} part holds no row of the class {shortened(missing)}",
                    where=where,
                    expected="each class on both sides" + (f"; its rows share few values of {tied}" if tied else ""),
                    mend="ask for a larger part or fewer folds, or leave the class out",
                )
