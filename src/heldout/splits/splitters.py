"""Splitters for scikit-learn: each yields train and test row numbers, and works as `cv=` where scikit-learn takes one.

With `test_size` a splitter yields one split of that share, without it `n_splits` of them. Rows may stand in any order:
what a split holds depends on the rows and the seed alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from heldout.splits.deal import deal
from heldout.splits.forward import ENTITY_RULES
from heldout.splits.place import FEWEST, ToPlace, place
from heldout.splits.units import copies, joined, numbered_values, per_unit, strata_of
from heldout.stats.sample import BadSample

__all__ = ["CopiesTogether", "ForwardGroupSplit", "ForwardSplit", "GroupSplit"]

Rows = NDArray[np.int64]
Splits = Iterator[tuple[Rows, Rows]]
Span = float | timedelta | np.timedelta64


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CopiesTogether:
    """At random, stratified by y, equal rows (in X and y) on one side.

    >>> rows = np.repeat(np.arange(50), 2)
    >>> train, test = next(CopiesTogether(test_size=0.2).split(rows[:, None], rows % 2))
    >>> len(test), len(set(rows[train]) & set(rows[test]))
    (20, 0)
    """

    n_splits: int = 5
    test_size: float | None = None
    seed: int = 0

    def get_n_splits(self, X: Any = None, y: Any = None, groups: Any = None) -> int:  # noqa: ARG002, N803 - scikit-learn's signature
        """Return the number of splits."""
        return _count(self.n_splits, self.test_size)

    def split(self, X: Any, y: ArrayLike | None = None, groups: Any = None) -> Splits:  # noqa: ARG002, N803 - as above
        """Yield train and test row numbers."""
        return _dealt(copies(X, y), y, self, called="different rows")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GroupSplit:
    """Each group on one side, sizes and classes of y as even as whole groups allow; `copies_together` ties equal rows.

    >>> users = np.arange(100) // 5
    >>> train, test = next(GroupSplit(test_size=0.2).split(np.zeros((100, 1)), groups=users))
    >>> len(test), len(set(users[train]) & set(users[test]))
    (20, 0)
    """

    n_splits: int = 5
    test_size: float | None = None
    seed: int = 0
    copies_together: bool = False

    def get_n_splits(self, X: Any = None, y: Any = None, groups: Any = None) -> int:  # noqa: ARG002, N803 - as above
        """Return the number of splits."""
        return _count(self.n_splits, self.test_size)

    def split(self, X: Any, y: ArrayLike | None = None, groups: ArrayLike | None = None) -> Splits:  # noqa: N803 - as above
        """Yield train and test row numbers."""
        unit = numbered_values(_given(groups, "groups", "the group of each row, as groups="))
        if self.copies_together:
            unit = joined(unit, copies(X, y))
        return _dealt(unit, y, self, called="groups")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ForwardSplit:
    """Test on later rows than train, `horizon` + `embargo` apart; without `test_size` forward chaining over blocks.

    `time` is an array of one moment per row, the name or number of a column of X, or None: then `groups` are the
    times. `horizon` is how long after its time a row's label is known, `embargo` a further gap, both in units of time
    (a timedelta where times are dates). Equal times stand on one side.

    >>> day = np.arange(100)
    >>> train, test = next(ForwardSplit(test_size=0.2, horizon=7, time=day).split(np.zeros((100, 1))))
    >>> day[train].max().item(), day[test].min().item()
    (73, 80)
    """

    n_splits: int = 5
    test_size: float | None = None
    horizon: Span = 0.0
    embargo: Span = 0.0
    time: Any = None

    def get_n_splits(self, X: Any = None, y: Any = None, groups: Any = None) -> int:  # noqa: ARG002, N803 - as above
        """Return the number of splits."""
        return _count(self.n_splits, self.test_size)

    def split(self, X: Any, y: Any = None, groups: ArrayLike | None = None) -> Splits:  # noqa: ARG002, N803 - as above
        """Yield train and test row numbers."""
        times = _times(X, groups if self.time is None else self.time)
        return _forward(times, self)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ForwardGroupSplit:
    """Test on later rows of groups that train does not hold: `time`, `horizon`, `embargo` as for ForwardSplit.

    Of groups on both sides of a cut, `entity_rule` "new" leaves the rows out of test, "purge" out of train, and "deal"
    draws a side for each group and leaves out its rows on the other; "fewest" takes what leaves out the fewest rows.

    >>> day, user = np.arange(100), np.arange(100) // 4
    >>> X, chosen = np.zeros((100, 1)), ForwardGroupSplit(test_size=0.2, horizon=3, time=day)
    >>> train, test = next(chosen.split(X, groups=user))
    >>> day[train].max().item(), day[test].min().item(), len(set(user[train]) & set(user[test]))
    (77, 80, 0)
    """

    n_splits: int = 5
    test_size: float | None = None
    horizon: Span = 0.0
    embargo: Span = 0.0
    time: Any = None
    entity_rule: str = FEWEST
    seed: int = 0

    def get_n_splits(self, X: Any = None, y: Any = None, groups: Any = None) -> int:  # noqa: ARG002, N803 - as above
        """Return the number of splits."""
        return _count(self.n_splits, self.test_size)

    def split(self, X: Any, y: Any = None, groups: ArrayLike | None = None) -> Splits:  # noqa: N803 - as above
        """Yield train and test row numbers."""
        if self.entity_rule not in (*ENTITY_RULES, FEWEST):
            raise BadSample(f"no entity_rule {self.entity_rule!r}", expected=f"{', '.join(ENTITY_RULES)} or {FEWEST}")
        entity = numbered_values(_given(groups, "groups", "the group of each row, as groups="))
        return _forward(_times(X, self.time), self, entity=entity, strata=strata_of(y, len(entity)))


def _count(n_splits: int, test_size: float | None) -> int:
    if test_size is not None:
        if not 0 < test_size < 1:
            raise BadSample(f"test_size is {test_size}", expected="a share between 0 and 1")
        return 1
    if n_splits < 2:
        raise BadSample(f"n_splits is {n_splits}", expected="2 or more, or a test_size")
    return n_splits


def _given(values: Any, name: str, expected: str) -> Any:
    if values is None:
        raise BadSample(f"{name} are missing", expected=expected)
    return values


def _dealt(unit: Rows, y: Any, asked: CopiesTogether | GroupSplit, *, called: str) -> Splits:
    count = _count(asked.n_splits, asked.test_size)
    shares = np.full(count, 1 / count) if asked.test_size is None else np.array([1 - asked.test_size, asked.test_size])
    if unit.max(initial=-1) + 1 < len(shares):
        raise BadSample(f"{unit.max(initial=-1) + 1} {called}", expected=f"{len(shares)} or more, one for each part")
    part = deal(per_unit(unit, strata_of(y, len(unit))), shares, asked.seed)[unit]
    for fold in range(len(shares)) if asked.test_size is None else (1,):
        yield np.flatnonzero(part != fold), np.flatnonzero(part == fold)


def _forward(
    times: NDArray[np.float64],
    asked: ForwardSplit | ForwardGroupSplit,
    *,
    entity: Rows | None = None,
    strata: Rows | None = None,
) -> Splits:
    count, gap = _count(asked.n_splits, asked.test_size), _span(asked.horizon) + _span(asked.embargo)
    if gap < 0:
        raise BadSample("horizon and embargo add up to less than 0", expected="spans of 0 or more")
    placed = place(
        ToPlace(times=times, entity=entity, strata=strata_of(None, len(times)) if strata is None else strata),
        "forward" if entity is None else "forward_group",
        test=asked.test_size,
        folds=None if asked.test_size is not None else count,
        gap=gap,
        entity_rule=getattr(asked, "entity_rule", FEWEST),
        seed=getattr(asked, "seed", 0),
    )
    for train, test in [(cut.train, cut.test) for cut in placed.chain] or [(placed.train, placed.test)]:
        if not train.any() or not test.any():
            raise BadSample(
                f"a split leaves no row to {'train' if not train.any() else 'test'} on",
                expected="rows on both sides of horizon and embargo, of different groups",
                mend="ask for fewer splits or a smaller gap, or choose another entity_rule",
            )
        yield np.flatnonzero(train), np.flatnonzero(test)


def _times(X: Any, time: Any) -> NDArray[np.float64]:  # noqa: N803 - scikit-learn's name
    """Return moments as floats, dates in microseconds."""
    if isinstance(time, str | int):
        time = X[time] if hasattr(X, "columns") else np.asarray(X)[:, int(time)]
    values = np.asarray(_given(time, "times", "time=, an array or a column of X; or for ForwardSplit groups="))
    if values.dtype == object or values.dtype.kind in "MU":
        naive = [_naive(value) for value in values.tolist()] if values.dtype == object else values
        values = np.array(naive, dtype="datetime64[us]")
        missing, moments = np.isnat(values), values.astype(np.int64).astype(np.float64)
    else:
        moments = values.astype(np.float64)
        missing = np.isnan(moments)
    if missing.any() or moments.ndim != 1 or len(moments) != len(X):
        raise BadSample(
            f"{len(moments):,} times, {int(missing.sum()):,} missing, for {len(X):,} rows",
            expected="one per row; inside another cross-validation name a column of X instead",
        )
    return moments


def _naive(value: Any) -> Any:
    """Return a moment in UTC without its zone, which numpy cannot hold."""
    return value.astimezone(UTC).replace(tzinfo=None) if getattr(value, "tzinfo", None) is not None else value


def _span(span: Span) -> float:
    if isinstance(span, timedelta):
        return span / timedelta(microseconds=1)
    return float(span / np.timedelta64(1, "us")) if isinstance(span, np.timedelta64) else float(span)
