"""What became of the planted leaks of a rescue eval, as counts: places of the key would tell other candidates."""

from dataclasses import dataclass

__all__ = ["MOST_PLACES", "TOLERANCE", "Rescue"]

TOLERANCE = 2
"""Lines between a planted place and a row that still names it."""

MOST_PLACES = 20
"""A list of more places than these names nothing: it could be one of every line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescue:
    """How many of the `planted` leaks FINDINGS.md names, and what became of them in the submitted code.

    `named` is None where nothing could be counted, and `uncounted` says why. `rows` are those of FINDINGS.md that name
    a place, `unplaced` those that name none; `others` of the rows stand near no planted leak. Each planted leak is
    `mended`, `left` as it was, or `unknown`.
    """

    planted: int
    named: int | None
    uncounted: str
    rows: int
    unplaced: int
    others: int
    mended: int
    left: int
    unknown: int

    def __post_init__(self) -> None:
        if (self.named is None) != bool(self.uncounted):
            raise ValueError("what was not counted says why, and nothing else does")
        if self.mended + self.left + self.unknown != self.planted or not 0 <= (self.named or 0) <= self.planted:
            raise ValueError("each planted leak has one fate, and is named once at most")
