"""How a reference solution reads a drill: tables and lines by name, options by their text."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from heldout.core.estimate import Estimate
from heldout.practice.drill import Shown
from heldout.practice.exhibit import Curves, Lines, Rows

__all__ = ["curves_of", "ends", "lines_of", "numbers", "option", "order_of", "places_where", "rows_of", "texts"]


def rows_of(shown: Shown, name: str) -> Rows:
    """Return a table by its name; raises TypeError where the exhibit is none."""
    found = shown.exhibit(name)
    if not isinstance(found, Rows):
        raise TypeError(f"{name} is no table")
    return found


def lines_of(shown: Shown, name: str) -> list[str]:
    """Return the lines of a text by its name; raises TypeError where the exhibit is none."""
    found = shown.exhibit(name)
    if not isinstance(found, Lines):
        raise TypeError(f"{name} is no text")
    return found.text.splitlines()


def curves_of(shown: Shown, name: str) -> Curves:
    """Return a panel by its name; raises TypeError where the exhibit is none."""
    found = shown.exhibit(name)
    if not isinstance(found, Curves):
        raise TypeError(f"{name} is no panel")
    return found


def numbers(rows: Rows, column: str) -> NDArray[np.float64]:
    """Return a column as numbers (rows,), NaN for an empty cell."""
    return np.array([np.nan if cell is None else float(cell) for cell in rows.column(column)])


def texts(rows: Rows, column: str) -> NDArray[np.str_]:
    """Return a column as texts (rows,)."""
    return np.array([str(cell) for cell in rows.column(column)])


def places_where(holds: Sequence[bool] | NDArray[np.bool_]) -> tuple[int, ...]:
    """Return the numbers, from 1, of the rows or lines that hold."""
    return tuple(int(place) + 1 for place in np.flatnonzero(np.asarray(holds)))


def option(shown: Shown, question: str, text: str) -> int:
    """Return the place of an option by its text; raises ValueError where it is not offered."""
    return _options(shown, question).index(text)


def order_of(shown: Shown, question: str, steps: Sequence[str]) -> tuple[int, ...]:
    """Return the places of `steps` among the question's options."""
    options = _options(shown, question)
    return tuple(options.index(step) for step in steps)


def _options(shown: Shown, question: str) -> tuple[str, ...]:
    return next(one.options for one in shown.questions if one.name == question)


def ends(estimate: Estimate) -> tuple[float, float]:
    """Return both ends of an interval; raises ValueError where there is none."""
    if estimate.low is None or estimate.high is None:
        raise ValueError(f"there is no interval: {estimate.undefined_because}")
    return estimate.low, estimate.high
