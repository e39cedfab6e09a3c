"""Exhibits drawn at any width."""

import io

import pytest
from rich.console import Console

from heldout.practice.exhibit import Curves, Lines, Rows
from heldout.practice.session.view import column_texts, drawn

CURVES = Curves(
    name="two hours",
    x=tuple(range(121)),
    x_label="minute",
    y_label="share of requests",
    series={"route_error_ratio": (0.00221,) * 60 + (0.0859,) * 61, "flat": (0.5,) * 121},
)
CODE = Lines(name="train.py", text="import os\n" + "x = 1  # a long line\n" * 12, language="python")
TABLE = Rows(name="t", columns=("a", "much longer name"), rows=((1, None), (123456, 0.123456789)))


def printed(exhibit: Curves | Lines | Rows, width: int) -> list[str]:
    console = Console(file=io.StringIO(), width=width)
    console.print(drawn(exhibit))
    return console.file.getvalue().splitlines()


@pytest.mark.parametrize("width", [60, 80, 120, 200])
@pytest.mark.parametrize("exhibit", [CURVES, CODE, TABLE], ids=["curves", "lines", "rows"])
def test_an_exhibit_fits_its_width(exhibit: Curves | Lines | Rows, width: int) -> None:
    assert max(map(len, printed(exhibit, width))) <= width


@pytest.mark.parametrize("width", [80, 120, 200])
def test_a_curve_stays_on_one_line(width: int) -> None:
    lines = [line for line in printed(CURVES, width) if "▁" in line or "█" in line]
    assert len(lines) == len(CURVES.series)


def test_rows_and_lines_are_numbered_from_one() -> None:
    assert any(line.split()[:2] == ["1", "1"] for line in printed(TABLE, 80))
    assert any("1 import os" in line for line in printed(CODE, 80))


def test_cells_are_short_and_an_empty_one_is_empty() -> None:
    assert column_texts([None, 0.123456789, 12345, True, "x"]) == ["", "0.123457", "12,345", "True", "x"]
    assert column_texts([7822, 22381, None]) == ["7,822", "22,381", ""]
    assert column_texts([5.6, 5.08, -0.2]) == ["5.60", "5.08", "-0.20"]
    assert column_texts([5000.0, 0.0123]) == ["5,000", "0.0123"]
    assert column_texts([0.5, float("nan"), 1.25]) == ["0.5", "nan", "1.25"]
    assert column_texts([1e-9, 2.5]) == ["1e-09", "2.5"]


def test_the_name_of_a_narrow_table_stays_on_one_line() -> None:
    rows = Rows(name="memory every four hours", columns=("hour",), rows=((1,), (2,)))
    assert printed(rows, 80)[0].rstrip() == "memory every four hours"
