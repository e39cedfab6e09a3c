"""The label of each row: its kind, its classes in order, and the codes or numbers that the kernel counts."""

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from heldout.core.errors import BadInput
from heldout.core.profile import ColumnKind, LabelKind
from heldout.tables.arrays import from_numpy
from heldout.tables.names import shortened
from heldout.tables.shown import shown_number
from heldout.tables.table import codes, kind_of, numbers

__all__ = ["MOST_CLASSES", "Label", "label_of"]

MOST_CLASSES = 20
"""A target with more different whole numbers is a regression; one with more different texts is refused."""

BLOCK = 2**16

YES = ("1", "true", "yes", "y", "t", "positive", "pos", "up", "good", "success", "won", "win")


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """The label of n rows.

    `codes` (n,) is the class of each row as an index into `classes`, -1 where it is missing; all 0 for a regression,
    -1 where missing. `values` (n,) is the label as a number, NaN where there is none: the target itself for a
    regression and for classes that are numbers, 0 or 1 for two other classes, NaN for more.
    """

    name: str
    kind: LabelKind
    classes: tuple[str, ...]
    columns: tuple[str, ...]
    codes: NDArray[np.int64]
    values: NDArray[np.float64]

    @property
    def known(self) -> NDArray[np.bool_]:
        """Where the label is there, shape (n,)."""
        return self.codes >= 0

    @property
    def missing(self) -> int:
        """The number of rows without a label."""
        return int((self.codes < 0).sum())

    def rows(self, which: NDArray[np.bool_] | NDArray[np.int64]) -> "Label":
        """Return the label of these rows."""
        if which.dtype == np.bool_ and which.all():
            return self
        return replace(self, codes=self.codes[which], values=self.values[which])


def label_of(
    array: pa.Array,
    name: str,
    columns: tuple[str, ...],
    where: str,
    *,
    positive: str | None = None,
    kind: LabelKind | None = None,
    classes: tuple[str, ...] | None = None,
) -> Label:
    """Turn a normalised column into a label; see `heldout.tables.target.read_label` for the parameters."""
    levels, level_codes, level_values = _levels(array, name, where)
    kind = kind or _kind(levels, level_values)
    if kind is LabelKind.REGRESSION:
        if positive is not None:
            raise BadInput(f"a regression has no positive class, {positive!r} was given", where=where)
        return _regression(array, name, columns, where)
    if classes is None:
        classes = _ordered(levels, level_values, positive, name, where)
    kind = LabelKind.BINARY if len(classes) == 2 else LabelKind.MULTICLASS
    unknown = [level for level in levels if level not in classes]
    if unknown:
        raise BadInput(
            f"the target {name!r} has classes that the training table lacks: {shortened(unknown)}",
            where=where,
            expected=f"one of {shortened(classes)}",
            mend=f"spell them alike, or compare: --target '{columns[0]} contains \"{classes[-1]}\"'",
        )
    index = np.array([classes.index(level) for level in levels] + [-1], np.int64)
    row_codes = index[level_codes]
    if kind is LabelKind.BINARY and np.isnan(level_values).any():
        level_values = index[:-1].astype(np.float64)
    values = np.append(level_values, np.nan)[level_codes]
    return Label(name=name, kind=kind, classes=classes, columns=columns, codes=row_codes, values=values)


def _levels(array: pa.Array, name: str, where: str) -> tuple[list[str], NDArray[np.int32], NDArray[np.float64]]:
    """Return the different values as texts, each row's index into them (-1 is null), and the values as numbers."""
    kind = kind_of(array)
    if kind is ColumnKind.TIME:
        raise BadInput(
            f"the target {name!r} is a time",
            where=where,
            expected="classes or numbers",
            mend=f"compare it with a moment: --target '{name} >= 2020-01-01'",
        )
    if kind is ColumnKind.TEXT:
        used = np.unique(codes(array)[codes(array) >= 0])
        place = np.full(len(array.dictionary) + 1, -1, np.int32)
        place[used] = np.arange(len(used))
        texts = array.dictionary.take(from_numpy(used)).to_pylist()
        return texts, place[codes(array)], np.full(len(used), np.nan)
    values = numbers(array)
    unique = _different(values)
    placed = np.zeros(len(values), np.int32)  # of more values than classes the places are not asked for
    if len(unique) <= MOST_CLASSES:
        placed = np.searchsorted(unique, values).astype(np.int32)
    placed[np.isnan(values)] = -1
    if kind is ColumnKind.BOOLEAN:
        return [("false", "true")[int(value)] for value in unique], placed, unique
    shown = [shown_number(value) for value in unique[: MOST_CLASSES + 1]]
    return shown + [""] * (len(unique) - len(shown)), placed, unique


def _different(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the different values in order, NaN left out; where they are few, without sorting all of them at once."""
    known = np.zeros(0)
    for start in range(0, len(values), BLOCK):
        known = np.unique(np.concatenate([known, values[start : start + BLOCK]]))
        if len(known) > MOST_CLASSES + 1:
            known = np.unique(values)
            break
    return known[~np.isnan(known)]


def _kind(levels: list[str], values: NDArray[np.float64]) -> LabelKind:
    if len(levels) <= 2:
        return LabelKind.BINARY
    is_whole = bool((values == np.floor(values)).all())
    if not np.isnan(values).all() and not (is_whole and len(levels) <= MOST_CLASSES):
        return LabelKind.REGRESSION
    return LabelKind.MULTICLASS


def _regression(array: pa.Array, name: str, columns: tuple[str, ...], where: str) -> Label:
    if kind_of(array) not in (ColumnKind.NUMERIC, ColumnKind.BOOLEAN):
        raise BadInput(f"the target {name!r} holds no numbers", where=where, expected="numbers for a regression")
    values = numbers(array)
    there = values[~np.isnan(values)]
    if not np.isfinite(there).all():
        raise BadInput(
            f"the target {name!r} holds infinite values",
            where=f"{where}, row {int(np.flatnonzero(np.isinf(values))[0]):,} (the first is 0)",
            expected="finite numbers",
            mend="leave these rows out, or make them missing",
        )
    if len(np.unique(there)) < 2:
        raise _constant(name, shown_number(there[0]), where)
    row_codes = np.where(np.isnan(values), -1, 0).astype(np.int64)
    return Label(name=name, kind=LabelKind.REGRESSION, classes=(), columns=columns, codes=row_codes, values=values)


def _ordered(
    levels: list[str], values: NDArray[np.float64], positive: str | None, name: str, where: str
) -> tuple[str, ...]:
    """Put the classes in order, the positive one last where there are two."""
    if len(levels) < 2:
        raise _constant(name, levels[0], where)
    if len(levels) > MOST_CLASSES:
        raise BadInput(
            f"the target {name!r} has {len(levels):,} classes",
            where=where,
            expected=f"at most {MOST_CLASSES}",
            mend="choose another column, or compare it with a value: --target 'column == \"value\"'",
        )
    ordered = levels if not np.isnan(values).all() else sorted(levels)
    if len(levels) > 2:
        if positive is not None:
            raise BadInput(
                f"the target {name!r} has {len(levels)} classes, so none is the positive one",
                where=where,
                expected="two classes where --positive is given",
                mend=f"compare instead: --target '{name} == \"{positive}\"'",
            )
        return tuple(ordered)
    if positive is None:
        positive = next((level for level in ordered if level.lower() in YES), ordered[-1])
    if positive not in ordered:
        raise BadInput(
            f"the target {name!r} has no class {positive!r}",
            where=where,
            expected=f"one of {shortened(ordered)}",
            mend="name one of them with --positive",
        )
    return (*(level for level in ordered if level != positive), positive)


def _constant(name: str, value: str, where: str) -> BadInput:
    return BadInput(
        f"the target {name!r} is {shortened([value])} in every row that has it",
        where=where,
        expected="at least two different values",
        mend="choose another target, or give rows of every class",
    )
