"""The evidence of the checks that ask how rows were split, beside entity overlap, copies and time order."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heldout.core.profile import LabelKind

__all__ = [
    "ColumnShift",
    "CovariateShift",
    "FoldColumn",
    "HiddenKey",
    "HiddenKeys",
    "LabelGap",
    "LabelShift",
    "LabelWindows",
    "NearCopies",
    "NearCopiesOf",
    "RowDependence",
    "SharedPlace",
    "SharedPlaces",
    "TestSize",
    "TwoShares",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelGap:
    """How far the first test row lies behind the last train row, against how long a label takes to be known.

    `gap` and `needed` (horizon plus embargo) are texts, and `needed` is one that the gap of a mend can be. Of
    `test_rows`, `not_after` come no later than the last train row and are left out of `gap`; `inside` happen before
    the label of every train row was known, `embargoed` after that and before the embargo is over. `unknown` of
    `train_rows` had no known label at the first test row.
    """

    column: str
    horizon: str
    embargo: str
    gap: str
    needed: str
    test_rows: int
    not_after: int
    inside: int
    embargoed: int
    train_rows: int
    unknown: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HiddenKey:
    """A key that was not declared, found among the columns, and how it meets the split.

    `is_beginning` tells that the key is the text of `column` without its last part. `names_a_person` and `is_named`
    say what the column's name speaks for: somebody (patient, customer), or at least a key. `groups` hold `rows` rows.
    `codes` (n,) number the group of each sampled train row and `label` (n,) is its class, or a number. Of `test_rows`
    with a key, `shared_rows` have one that train has; both 0 where there is no test table. `examples` are keys of both
    tables, of train without a test table.
    """

    column: str
    is_beginning: bool
    names_a_person: bool
    is_named: bool
    groups: int
    rows: int
    codes: NDArray[np.int64]
    label: NDArray[np.float64]
    test_rows: int
    shared_rows: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HiddenKeys:
    """The keys found, the likeliest first; `declared` is the entity column that the user named, or empty."""

    keys: tuple[HiddenKey, ...]
    declared: str
    kind: LabelKind
    has_test: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NearCopiesOf:
    """How many sampled test rows lie as close to a train row as rows of train hardly do.

    `what` is "numbers" or "texts", `columns` what was compared, `closeness` what near means, as a phrase.
    `reference_near` of `reference_rows` train rows lie as close to another train row: drawn ones, or those next to the
    test rows, whichever share is larger. Rows that equal one in all these columns count nowhere. `looked_at` of
    `train_rows` train rows were compared with. `examples` are test row numbers, first is 0.
    """

    what: str
    columns: tuple[str, ...]
    closeness: str
    test_rows: int
    near: int
    reference_rows: int
    reference_near: int
    train_rows: int
    looked_at: int
    examples: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NearCopies:
    """Near copies among numbers and among each column of texts, as far as the tables hold such columns."""

    found: tuple[NearCopiesOf, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoShares:
    """The share of rows with some property among `train_n` and `test_n` rows.

    The counts are of independent rows: where rows come in clusters they are divided by the design effect.
    """

    train_hits: int
    train_n: int
    test_hits: int
    test_n: int

    @property
    def difference(self) -> float:
        """Test's share less train's; 0 where a table has no row."""
        if not self.train_n or not self.test_n:
            return 0.0
        return self.test_hits / self.test_n - self.train_hits / self.train_n


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelShift:
    """The label in train and in test: `shares` per class; for a regression counts (bins,) over train's quantiles.

    `means` and `spread` are train's and test's mean and train's standard deviation, for a regression only.
    """

    name: str
    kind: LabelKind
    classes: tuple[str, ...]
    shares: tuple[TwoShares, ...]
    train_counts: NDArray[np.int64]
    test_counts: NDArray[np.int64]
    means: tuple[float, float] | None
    spread: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnShift:
    """How one column differs between train and test.

    `values` is about the values that grew (`grown`, a phrase), chosen on a third of the rows and counted on the
    others; `nulls` about rows without a value, None where there is none. `values_before` and `nulls_before` are the
    same one step earlier, for a split forward in time: the end of train, as long as test, against what came before.
    """

    column: str
    grown: str
    values: TwoShares
    nulls: TwoShares | None
    values_before: TwoShares | None
    nulls_before: TwoShares | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CovariateShift:
    """The columns compared and those left out because they are times, keys, or move with them; sampled rows."""

    columns: tuple[ColumnShift, ...]
    left_out: tuple[str, ...]
    train_rows: int
    test_rows: int
    by_time: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TestSize:
    """What the test rows hold: rows with a label, per class (empty for a regression), entities where declared."""

    __test__ = False  # no test of pytest's

    rows: int
    kind: LabelKind
    per_class: tuple[int, ...]
    clusters: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelWindows:
    """The windows [t, t + horizon] that labels look at, per series (`entity`, or the whole table where it is one).

    `overlapping` of `rows` share part of their window with another row of their series; `effective_rows` is the sum of
    average uniqueness. Of `test_rows` whose series is in train, `test_inside` share part of it with a train row;
    `not_after` test rows are not after the last train row. The test counts are 0 without a test table.
    """

    column: str
    entity: str
    horizon: str
    rows: int
    overlapping: int
    effective_rows: float
    has_test: bool
    test_rows: int
    test_inside: int
    not_after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldColumn:
    """A column that numbers folds or marks parts.

    `sizes` are rows per fold, in the order of `names`. `marks_parts` tells that it says train and test. `entity` is the
    declared one, with `straddling` rows of `keyed` whose entity is in another fold too. `copied` of `compared` sampled
    rows equal a row of another fold. `in_order` tells whether folds follow each other in time, None without a time.
    """

    column: str
    is_declared: bool
    marks_parts: bool
    names: tuple[str, ...]
    sizes: tuple[int, ...]
    entity: str
    keyed: int
    straddling: int
    compared: int
    copied: int
    time: str
    in_order: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RowDependence:
    """Labels of neighbours in time: each test row with the train row before it, or each train row with the next.

    `order` is the column that orders the rows, empty for the order of the table; `is_time` tells that it was declared
    or holds times, `is_sorted` that the table stands in the order of its label. `first` and `second` (pairs,) are
    classes or numbers, in order. Of `test_rows`, `between` are not after the last train row.
    """

    order: str
    is_time: bool
    is_declared: bool
    is_sorted: bool
    entity: str
    kind: LabelKind
    first: NDArray[np.float64]
    second: NDArray[np.float64]
    has_test: bool
    test_rows: int
    between: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedPlace:
    """A column of places, batches or households: its codes (n,) and the labels (n,) of sampled train rows.

    `test_codes` are those of the test rows that have a label, in their order; empty without a test table. Of
    `test_rows` with a place, `shared_rows` have one that train has.
    """

    column: str
    groups: int
    codes: NDArray[np.int64]
    label: NDArray[np.float64]
    test_codes: NDArray[np.int64]
    test_rows: int
    shared_rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedPlaces:
    """The columns of places that the names of the columns speak for, but for the declared entity."""

    places: tuple[SharedPlace, ...]
    kind: LabelKind
    has_test: bool
