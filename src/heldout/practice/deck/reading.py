"""Reads what is shown: the columns of a table as numbers or texts, the lines of a text, the values of a panel."""

from collections.abc import Iterable
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from heldout.core.estimate import Estimate
from heldout.practice.drill import Shown
from heldout.practice.exhibit import Curves, Lines, Rows

__all__ = ["curve", "ends", "labels", "lines", "numbers", "panel", "places", "table", "text", "texts", "values"]

One = TypeVar("One", Rows, Lines, Curves)


def table(shown: Shown, name: str) -> Rows:
    """Return the table of that name; raises KeyError, and TypeError for another exhibit."""
    return _as(Rows, shown, name)


def numbers(rows: Rows, column: str) -> list[float]:
    """Return a table's column as numbers, NaN for an empty cell; raises ValueError for a text that is none."""
    return [float("nan") if cell is None else float(cell) for cell in rows.column(column)]


def values(rows: Rows, column: str) -> NDArray[np.float64]:
    """Return a column as `numbers` does, as an array (rows,)."""
    return np.array(numbers(rows, column))


def texts(rows: Rows, column: str) -> list[str]:
    """Return a table's column as texts."""
    return [str(cell) for cell in rows.column(column)]


def labels(rows: Rows, column: str) -> NDArray[np.str_]:
    """Return a column as texts, as an array (rows,)."""
    return np.array(texts(rows, column))


def text(shown: Shown, name: str) -> str:
    """Return the whole text of an exhibit of lines; raises as `table`."""
    return _as(Lines, shown, name).text


def lines(shown: Shown, name: str) -> list[str]:
    """Return the lines of an exhibit, of which a pick's number 1 is the first; raises as `table`."""
    return text(shown, name).splitlines()


def panel(shown: Shown, name: str) -> Curves:
    """Return the panel of that name; raises as `table`."""
    return _as(Curves, shown, name)


def curve(shown: Shown, name: str, series: str) -> list[float]:
    """Return one series of a panel."""
    return list(panel(shown, name).series[series])


def places(truths: Iterable[object]) -> tuple[int, ...]:
    """Return the numbers, from 1, of the rows or lines that are true."""
    return tuple(place for place, truth in enumerate(truths, start=1) if truth)


def ends(estimate: Estimate) -> tuple[float, float]:
    """Return both ends of an interval; raises ValueError where there is none."""
    if estimate.low is None or estimate.high is None:
        raise ValueError(f"there is no interval: {estimate.undefined_because}")
    return estimate.low, estimate.high


def _as(kind: type[One], shown: Shown, name: str) -> One:
    found = shown.exhibit(name)
    if not isinstance(found, kind):
        raise TypeError(f"{name} is no {kind.__name__}")
    return found
