"""What a drill shows: tables, numbered lines and curves, as plain data that a terminal and a page can draw."""

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["Cell", "Curves", "Exhibit", "Lines", "Rows"]

Cell = str | int | float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """A table of at most some 40 rows; row 1 is the first of `rows`, and a pick names rows by this number."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def column(self, name: str) -> list[Cell]:
        """Return the cells of a column; raises ValueError for a name that is not there."""
        place = self.columns.index(name)
        return [row[place] for row in self.rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """A text of numbered lines, from 1: code, a log, alert rules, a tree of files. `language` names its syntax."""

    name: str
    text: str
    language: str = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Curves:
    """A dashboard's panel: one or several series over common places, all of the same length, with their units."""

    name: str
    x: tuple[float, ...]
    x_label: str
    y_label: str
    series: Mapping[str, tuple[float, ...]]


Exhibit = Rows | Lines | Curves
