"""Reads exhibits as a solver does: a table's columns as numbers or words, a text by its lines."""

from heldout.practice.drill import Shown
from heldout.practice.exhibit import Lines, Rows

__all__ = ["lines_of", "numbers", "table", "words"]


def table(shown: Shown, name: str) -> Rows:
    """Return the table of that name; raises KeyError, and TypeError where the exhibit is none."""
    found = shown.exhibit(name)
    if not isinstance(found, Rows):
        raise TypeError(f"{name} is no table")
    return found


def numbers(rows: Rows, column: str) -> list[float]:
    """Return a column as numbers; raises ValueError for a cell that is none."""
    return [float(cell if cell is not None else "nan") for cell in rows.column(column)]


def words(rows: Rows, column: str) -> list[str]:
    """Return a column as words."""
    return [str(cell) for cell in rows.column(column)]


def lines_of(shown: Shown, name: str) -> list[str]:
    """Return the lines of a text, of which a pick's number 1 is the first; raises KeyError and TypeError as `table`."""
    found = shown.exhibit(name)
    if not isinstance(found, Lines):
        raise TypeError(f"{name} is no text")
    return found.text.splitlines()
