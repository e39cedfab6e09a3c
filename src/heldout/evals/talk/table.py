"""Reads rows of Markdown tables, within bounds."""

from collections.abc import Callable, Iterable, Iterator, Sequence

__all__ = ["MOST_CELLS", "cells_of", "column_names", "is_rule", "rows_of"]

MOST_CELLS = 100


def cells_of(line: str) -> list[str] | None:
    r"""Return the cells of a row, `\|` in them as a bar; None for a line that is no row of a table."""
    stripped = line.strip()
    if not stripped.startswith("|"):
        return None
    cells = [cell.replace("\0", "|").strip() for cell in stripped.replace("\\|", "\0").split("|", MOST_CELLS)[1:]]
    return cells[:-1] if cells and not cells[-1] else cells


def is_rule(cells: Sequence[str]) -> bool:
    """Tell whether these are the cells of the line below a table's head."""
    return bool(cells) and all(cell and not cell.strip(":-") for cell in cells)


def column_names(cells: Sequence[str]) -> list[str]:
    """Return the cells of a table's head as names: in lower case, without marks."""
    return [" ".join(cell.lower().replace("_", " ").strip("*` ").split()) for cell in cells]


def rows_of(
    lines: Iterable[str], columns_of: Callable[[Sequence[str], int], Sequence[str]]
) -> Iterator[tuple[int, Sequence[str], Sequence[str]]]:
    """Yield number, column names and cells of each row of the tables that `columns_of` makes columns of.

    It is asked with the cells and the number of each table's first row, and returns none for a table of other things.
    """
    columns: Sequence[str] | None = None
    for number, line in enumerate(lines, start=1):
        cells = cells_of(line)
        if cells is None:
            columns = None
        elif columns is None:
            columns = columns_of(cells, number)
        elif columns and not is_rule(cells):
            yield number, columns, cells
