"""Reads rows of Markdown tables, within bounds."""

from collections.abc import Sequence

__all__ = ["MOST_CELLS", "cells_of", "column_names", "is_rule"]

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
