"""Exhibits as a solver reads them."""

import pytest

from heldout.practice.drill import Shown
from heldout.practice.exhibit import Lines, Rows
from heldout.practice.programs import first_line, lines_with
from heldout.practice.reading import lines_of, numbers, table, words

PROGRAM = "a = load()\n# scaler.fit(a)\nscaler.fit(a)\nb = split(a)\n"
SHOWN = Shown(
    situation="",
    exhibits=(Rows(name="counts", columns=("who", "n"), rows=(("x", 1), ("y", 2))), Lines(name="code", text=PROGRAM)),
    questions=(),
)


def test_columns_are_read_as_numbers_and_as_words() -> None:
    assert numbers(table(SHOWN, "counts"), "n") == [1.0, 2.0]
    assert words(table(SHOWN, "counts"), "who") == ["x", "y"]


def test_an_exhibit_of_another_form_is_refused() -> None:
    with pytest.raises(TypeError, match="no table"):
        table(SHOWN, "code")
    with pytest.raises(TypeError, match="no text"):
        lines_of(SHOWN, "counts")


def test_lines_are_found_by_their_marks_and_not_in_comments() -> None:
    lines = lines_of(SHOWN, "code")
    assert lines_with(lines, ".fit(") == (3,)
    assert first_line(lines, "split(") == 4
    with pytest.raises(IndexError, match="no line holds"):
        first_line(lines, "predict(")
