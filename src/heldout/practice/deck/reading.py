"""Reads what is shown: the cells of a table as numbers or texts, the lines of a text, the values of a curve."""

from collections.abc import Sequence
from typing import TypeVar

from heldout.practice.drill import Shown
from heldout.practice.exhibit import Cell, Curves, Lines, Rows

__all__ = ["curve", "lines", "numbers", "panel", "places", "table", "text", "texts"]


One = TypeVar("One", Rows, Lines, Curves)


def table(shown: Shown, name: str) -> Rows:
    """Return the table of that name; raises KeyError, and TypeError for another exhibit."""
    return _as(Rows, shown, name)


def numbers(shown: Shown, name: str, column: str) -> list[float]:
    """Return a table's column as numbers; raises ValueError and TypeError for cells that are none."""
    return [_number(cell) for cell in table(shown, name).column(column)]


def texts(shown: Shown, name: str, column: str) -> list[str]:
    """Return a table's column as texts."""
    return [str(cell) for cell in table(shown, name).column(column)]


def text(shown: Shown, name: str) -> str:
    """Return the whole text of an exhibit of lines."""
    return _as(Lines, shown, name).text


def lines(shown: Shown, name: str) -> list[str]:
    """Return the lines of an exhibit; line 1 is the first."""
    return text(shown, name).splitlines()


def panel(shown: Shown, name: str) -> Curves:
    """Return the panel of that name."""
    return _as(Curves, shown, name)


def curve(shown: Shown, name: str, series: str) -> list[float]:
    """Return one series of a panel."""
    return list(panel(shown, name).series[series])


def places(truths: Sequence[bool]) -> tuple[int, ...]:
    """Return the numbers, from 1, of the rows or lines that are true."""
    return tuple(place for place, truth in enumerate(truths, start=1) if truth)


def _as(kind: type[One], shown: Shown, name: str) -> One:
    found = shown.exhibit(name)
    if not isinstance(found, kind):
        raise TypeError(f"{name} is no {kind.__name__}")
    return found


def _number(cell: Cell) -> float:
    if cell is None:
        raise TypeError("an empty cell is no number")
    return float(cell)
