"""Evidence on columns that give the label away by more than one of them, by a plan, or by the order of the rows."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heldout.core.profile import ColumnProfile

__all__ = ["Identities", "Identity", "RowOrder", "RowRank", "ScheduledPair", "Schedules"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """An equation between columns, and the rows on which it holds.

    `kind` is "sum", "difference", "product", "ratio", "copy", "clock", "elapsed", "comparison", "remainder", or
    "nearly" for a product that follows closely without being exact. `result` is what the others make: the target's own
    column (`is_label`), or one that gives the label away by itself. `columns` are those that make it and are not known
    before it, `beside` those that are (a plan, a start). It holds on `agreed` of `rows` rows; on a share `chance` of
    them it would if one column had the values of other rows, or, of a comparison, if the commonest class were guessed.
    `remainders` is the number of different values of what is left over, 1 where the equation leaves a constant.
    """

    kind: str
    text: str
    result: str
    is_label: bool
    columns: tuple[str, ...]
    beside: tuple[str, ...] = ()
    rows: int
    agreed: int
    chance: float = 0.0
    remainders: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Identities:
    """The equations found among `columns` columns, searched on `rows` rows and confirmed on all."""

    columns: int
    rows: int
    found: tuple[Identity, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduledPair:
    """A plan and what became of it, profiled beside their difference, all three on the same rows."""

    planned: ColumnProfile
    actual: ColumnProfile
    difference: ColumnProfile


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedules:
    """The columns whose names say that one is the plan of the other."""

    pairs: tuple[ScheduledPair, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowRank:
    """An order of the rows: by a key, or as they stand in the file (`column` is empty).

    `joint` is that of `ColumnProfile`, over equal parts of the order. `changes` are the rows whose class differs from
    that of the row before, of `rows`; for a numeric label those on the other side of its median.
    """

    column: str
    rows: int
    changes: int
    joint: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowOrder:
    """The orders looked at: that of the file first, then those by each column that only numbers the rows."""

    ranks: tuple[RowRank, ...]
