"""Spans are read as people write them, in the unit of the time column."""

import pytest

from heldout.core.errors import BadInput
from heldout.tables.durations import parse_duration

DAY = 86_400e6


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7d", 7 * DAY),
        ("12h", DAY / 2),
        ("30min", DAY / 48),
        ("1.5 days", 1.5 * DAY),
        ("2 weeks", 14 * DAY),
        ("0", 0.0),
    ],
)
def test_spans_of_time_come_in_microseconds(text: str, expected: float) -> None:
    assert parse_duration(text, is_time=True, called="horizon") == expected


def test_spans_of_numbers_are_numbers() -> None:
    assert parse_duration("2.5", is_time=False, called="embargo") == 2.5


@pytest.mark.parametrize(("text", "is_time"), [("7", True), ("7d", False), ("-1d", True), ("d", True), ("", True)])
def test_what_is_no_span_of_the_column_is_refused(text: str, is_time: bool) -> None:
    with pytest.raises(BadInput, match="is no span of the time column"):
        parse_duration(text, is_time=is_time, called="horizon")
