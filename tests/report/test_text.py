import pytest
from hypothesis import given
from hypothesis import strategies as st

from heldout.report.text import clean, clip, cut


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain ≥ text, naïve café", "plain ≥ text, naïve café"),
        ("\x1b[31mred\x1b[0m", "�red�"),
        ("\x1b]8;;http://host.invalid\x07link\x1b]8;;\x1b\\", "�link�"),
        ("\x9b31m", "�31m"),
        ("a\x00b\x07c", "a�b�c"),
        ("dep\u202eyaled", "dep�yaled"),
        ("zero\u200bwidth\ufeff", "zero�width�"),
        ("half \udcff pair", "half � pair"),
        ("two\nlines\tand\r\nmore", "two lines and more"),
        ("line\u2028separator", "line separator"),
    ],
)
def test_what_cannot_be_seen_is_replaced_by_a_mark(text: str, shown: str) -> None:
    assert clean(text) == shown


@given(st.text(st.characters()))
def test_cleaned_text_is_one_printable_line_that_utf_8_can_hold(text: str) -> None:
    shown = clean(text)
    shown.encode()
    assert not any(ord(character) < 32 or 0x7F <= ord(character) < 0xA0 for character in shown)
    assert len(shown.splitlines()) <= 1
    assert clean(shown) == shown


def test_long_text_is_cut_and_its_length_said() -> None:
    assert clip("x" * 10_240, 80) == "x" * 79 + "… (10,240 characters)"
    assert clip("short", 80) == "short"
    assert cut("x" * 100, 10) == "x" * 9 + "…"


def test_an_unfinished_terminal_escape_swallows_no_more_than_its_own_text() -> None:
    assert clean("before \x1b]0;title without end") == "before �"
    assert clean("before \x1b") == "before �"
