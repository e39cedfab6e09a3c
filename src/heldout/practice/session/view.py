"""Draws exhibits and questions for a terminal, at any width from 40 characters."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich import box
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.panel import Panel
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from heldout.practice.exhibit import Cell, Curves, Exhibit, Lines, Rows
from heldout.practice.question import Question
from heldout.practice.session.typed import LETTERS, how_to

__all__ = ["asked", "column_texts", "drawn", "hung"]

BARS = "▁▂▃▄▅▆▇█"
DIGITS, PARTED = 6, 10_000
NARROWEST_CURVE, WIDEST_CURVE, GAPS = 16, 100, 14
"""Characters of a curve at least and at most, and the blanks between five columns."""


def drawn(exhibit: Exhibit) -> RenderableType:
    """Return an exhibit as something that rich prints."""
    match exhibit:
        case Rows():
            return _table(exhibit)
        case Lines():
            return _text(exhibit)
        case Curves():
            return _Drawn(exhibit)


def asked(question: Question, number: int, total: int) -> RenderableType:
    """Return a question with its options and how to answer it."""
    head = Text(f"{number}/{total}  ", style="bold").append(question.ask, style="bold")
    head.append(f"  ({question.worth} points; {how_to(question)})", style="dim")
    options = Table.grid(padding=(0, 1))
    for letter, option in zip(LETTERS, question.options, strict=False):
        options.add_row(f"  {letter})", Text(option))
    return Group(head, options) if question.options else head


def column_texts(cells: Sequence[Cell]) -> list[str]:
    """Return a column's cells as they are printed: nothing for an empty one, numbers so that their digits line up.

    A number has at most six digits. Fractions of one column have the same decimals, where no cell takes more than six
    digits by it. Thousands are parted where a count of the column has five digits.
    """
    counts = [cell for cell in cells if type(cell) is int]
    parted = "," if any(abs(count) >= PARTED for count in counts) else ""
    fractions = [f"{cell:,.6g}" for cell in cells if isinstance(cell, float)]
    decimals = max((len(text.partition(".")[2]) for text in fractions), default=0)
    whole = max((sum(map(str.isdigit, text.partition(".")[0])) for text in fractions), default=0)
    is_lined = not counts and whole + decimals <= DIGITS and not any("e" in text or "n" in text for text in fractions)

    def told(cell: Cell) -> str:
        if isinstance(cell, float):
            return f"{cell:,.{decimals}f}" if is_lined else f"{cell:,.6g}"
        return "" if cell is None else f"{cell:{parted}}" if type(cell) is int else str(cell)

    return [told(cell) for cell in cells]


def hung(mark: Text, said: Text) -> RenderableType:
    """Return a text whose further lines begin where its first one does, right of a mark."""
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_row(mark, said)
    return grid


def _table(rows: Rows) -> RenderableType:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("#", justify="right", style="dim")
    for place, name in enumerate(rows.columns):
        is_number = all(isinstance(row[place], int | float) or row[place] is None for row in rows.rows)
        table.add_column(Text(name), justify="right" if is_number else "left", overflow="fold")
    columns = (column_texts([row[place] for row in rows.rows]) for place in range(len(rows.columns)))
    for number, texts in enumerate(zip(*columns, strict=True), start=1):
        table.add_row(str(number), *map(Text, texts))
    return Group(Text(rows.name, style="italic"), table)


def _text(lines: Lines) -> RenderableType:
    text = lines.text.rstrip("\n")
    body = Syntax(text, lines.language, line_numbers=True, word_wrap=True, background_color="default")
    return Panel(body, title=Text(lines.name), title_align="left", box=box.SQUARE, padding=(0, 1))


@dataclass(frozen=True, slots=True)
class _Drawn:
    """Curves as rows of bars, as wide as there is room."""

    curves: Curves

    def __rich_console__(self, _: Console, options: ConsoleOptions) -> RenderResult:
        curves, values = self.curves, [one for series in self.curves.series.values() for one in series]
        ends = {
            name: tuple(f"{one:,.4g}" for one in (min(series), max(series), series[-1]))
            for name, series in curves.series.items()
        }
        beside = max(len("series"), *map(len, ends)) + sum(
            max(len("least"), *map(len, column)) for column in zip(*ends.values(), strict=True)
        )
        room = max(NARROWEST_CURVE, min(WIDEST_CURVE, options.max_width - beside - GAPS))
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        over = f"{curves.x_label}, {curves.x[0]:g} to {curves.x[-1]:g}"
        for name in ("series", over, "least", "most", "last"):
            table.add_column(name, justify="left" if name in ("series", over) else "right", overflow="fold")
        for name, series in curves.series.items():
            bars = "".join(_bars(series, min(values), max(values), room))
            table.add_row(Text(name), bars, *ends[name])
        yield Text(f"{curves.name}: {curves.y_label}", style="italic")
        yield table


def _bars(values: Sequence[float], low: float, high: float, room: int) -> Iterator[str]:
    """Yield a bar for each of at most `room` stretches: the mean of its values on the scale of all series."""
    count = min(len(values), room)
    for place in range(count):
        part = values[place * len(values) // count : (place + 1) * len(values) // count]
        share = (sum(part) / len(part) - low) / (high - low) if high > low else 0.5
        yield BARS[min(int(share * len(BARS)), len(BARS) - 1)]
