"""A mergeable summary of a table: what checks look at instead of rows.

A profile is made against a layout (bins, levels, classes) that is fixed before the counting pass, so that the profiles
of two parts of a table add up to the profile of the whole, in any order.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

__all__ = ["FOLDS", "ColumnKind", "ColumnProfile", "LabelKind", "LabelProfile", "Mass", "Profile"]

FOLDS = 5
"""Rows are dealt to this many folds by the hash of their content, so that equal rows share a fold."""


class ColumnKind(StrEnum):
    """What a column holds, as a person would say."""

    NUMERIC = "numeric"
    BOOLEAN = "boolean"
    TEXT = "text"
    TIME = "time"
    EMPTY = "empty"


class LabelKind(StrEnum):
    """What kind of question the target makes."""

    BINARY = "binary"
    MULTICLASS = "multiclass"
    REGRESSION = "regression"


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelProfile:
    """The target: its kind, the text of each class in order (empty for regression), rows per class, rows without it.

    For a binary label the positive class is the last one. `name` is the target as the user wrote it; `columns` are
    the columns that it is made of, which are no features.
    """

    name: str
    kind: LabelKind
    classes: tuple[str, ...]
    counts: tuple[int, ...]
    missing: int
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mass:
    """A set of rows that share one value or state of a column: `null`, `not null`, `zero`, `not zero`, or a level.

    `counts` are its rows per class of the label.
    """

    column: str
    state: str
    is_structural: bool
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnProfile:
    """One column, and its counts joint with the label.

    `joint` has shape (FOLDS, bins + 1, classes): rows per fold, bin and class; the last bin is null. `bins` names the
    others: upper edges of order-preserving numeric bins as text, or levels (the last of them may be "(other)").
    `bin_is_value` tells that each bin holds exactly one value of the column.
    For regression `joint` has shape (FOLDS, bins + 1, 3): rows, sum of y, sum of y².
    `distinct` counts values (exact while `distinct_is_exact`). `equal_to_label` counts the rows whose value equals a
    numeric label, over the rows where both are there.
    """

    name: str
    kind: ColumnKind
    rows: int
    nulls: int
    distinct: int
    distinct_is_exact: bool
    minimum: str
    maximum: str
    bins: tuple[str, ...]
    bin_is_value: bool
    joint: NDArray[np.float64]
    equal_to_label: int
    masses: tuple[Mass, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A table: rows, columns by name in the table's order (the label's own columns left out), the label."""

    source: str
    rows: int
    columns: Mapping[str, ColumnProfile]
    label: LabelProfile | None
