import pytest

from heldout.core.said_rows import SaidRows, rows_said


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("TEST DATA", SaidRows.REPORTED),
        ("held out", SaidRows.REPORTED),
        ("evaluation_set_2", SaidRows.REPORTED),
        ("tset", SaidRows.NEARLY),
        ("test rows of ward A", SaidRows.NEARLY),
        ("latest quarter", SaidRows.UNKNOWN),
        ("all rows", SaidRows.UNKNOWN),
        ("isn't test", SaidRows.UNKNOWN),
        ("dev/test", SaidRows.UNKNOWN),
        ("", SaidRows.UNKNOWN),
        ("validaton", SaidRows.OTHER),
        ("cross validation", SaidRows.OTHER),
    ],
)
def test_a_text_is_read_for_what_it_says(text, rows):
    assert rows_said(text) is rows
