"""Selection rates of groups, as plain data."""

from dataclasses import dataclass

from heldout.core.estimate import Estimate

__all__ = ["LEAST", "GroupRate", "GroupRates"]

LEAST = 5
"""A group of fewer people is not shown: a cell of so few tells of single persons."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRate:
    """One group: n, selected, the rate with its interval, ratio and difference to the group with the highest rate.

    All are None where the group is too small to be shown, or could be worked out from the others; `says` then says so.
    `is_highest` where it is the group that the others are compared with; several can be. `is_below` tells whether the
    ratio is below four fifths: a display, and no finding.
    """

    group: str
    n: int | None
    selected: int | None
    rate: Estimate | None
    ratio: Estimate | None
    difference: Estimate | None
    is_highest: bool
    is_below: bool | None
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRates:
    """The groups of one column, or of two columns crossed, with the people and the selected of all groups together."""

    column: str
    groups: tuple[GroupRate, ...]
    n: int
    selected: int
