"""Exhibits as a solver reads them."""

import math

import pytest

from heldout.practice.deck.programs import first_line, lines_with
from heldout.practice.deck.reading import curve, labels, lines, numbers, places, table, text, texts, values
from heldout.practice.drill import Shown
from heldout.practice.exhibit import Curves, Lines, Rows

PROGRAM = "a = load()\n# scaler.fit(a)\nscaler.fit(a)\nb = split(a)\n"
SHOWN = Shown(
    situation="",
    exhibits=(
        Rows(name="counts", columns=("who", "n"), rows=(("x", 1), ("y", None))),
        Lines(name="code", text=PROGRAM),
        Curves(name="panel", x=(0.0, 1.0), x_label="day", y_label="lift", series={"lift": (0.5, 0.25)}),
    ),
    questions=(),
)


def test_columns_are_read_as_numbers_and_as_texts() -> None:
    counts = table(SHOWN, "counts")
    assert numbers(counts, "n")[0] == values(counts, "n")[0] == 1.0
    assert math.isnan(numbers(counts, "n")[1])
    assert texts(counts, "who") == labels(counts, "who").tolist() == ["x", "y"]


def test_an_exhibit_of_another_form_is_refused() -> None:
    with pytest.raises(TypeError, match="no Rows"):
        table(SHOWN, "code")
    with pytest.raises(TypeError, match="no Lines"):
        lines(SHOWN, "counts")


def test_a_curve_is_read_by_its_series() -> None:
    assert curve(SHOWN, "panel", "lift") == [0.5, 0.25]


def test_places_count_from_one() -> None:
    assert places([False, True, True]) == (2, 3)


def test_lines_are_found_by_their_marks_and_not_in_comments() -> None:
    code = lines(SHOWN, "code")
    assert text(SHOWN, "code") == PROGRAM
    assert lines_with(code, ".fit(") == (3,)
    assert first_line(code, "split(") == 4
    with pytest.raises(IndexError, match="no line holds"):
        first_line(code, "predict(")
