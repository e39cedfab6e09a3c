import pytest

from heldout.core.errors import BadInput
from heldout.tables.durations import parse_duration, rounded_duration, shown_duration

HOUR = 3600e6


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("7d", 168),
        ("12h", 12),
        ("30min", 0.5),
        ("90s", 0.025),
        ("2w", 336),
        ("1d 12h", 36),
        (" 1.5 days ", 36),
        ("0d", 0),
    ],
)
def test_durations_are_read_as_people_write_them(text, hours):
    assert parse_duration(text, is_time=True, called="horizon") == pytest.approx(hours * HOUR)


@pytest.mark.parametrize("text", ["7", "", "d", "-7d", "7x", "seven days", "7d and more", "1mo", "1y", "5m", "1e400d"])
def test_what_is_no_duration_is_refused_by_its_name(text):
    with pytest.raises(BadInput, match="horizon"):
        parse_duration(text, is_time=True, called="horizon")


def test_a_number_without_a_unit_is_told_how_to_be_one():
    with pytest.raises(BadInput, match="7d"):
        parse_duration("7", is_time=True, called="horizon")


def test_m_is_refused_as_it_could_be_minutes_or_months():
    with pytest.raises(BadInput, match="minutes"):
        parse_duration("5m", is_time=True, called="gap")


def test_where_time_is_a_number_a_duration_is_one_too():
    assert parse_duration(" 7.5 ", is_time=False, called="horizon") == 7.5
    for text in ("7d", "-1", "nan", "inf", "1e999"):
        with pytest.raises(BadInput, match="embargo"):
            parse_duration(text, is_time=False, called="embargo")


@pytest.mark.parametrize("text", ["2w", "8d", "36h", "90min", "1s", "20us", "0s"])
def test_what_is_shown_is_read_back(text):
    length = parse_duration(text, is_time=True, called="horizon")
    assert shown_duration(length, is_time=True) == text


@pytest.mark.parametrize(
    ("seconds", "said"), [(3, "3 seconds"), (90, "1.5 minutes"), (5400, "1.5 hours"), (14 * 86_400, "14 days")]
)
def test_a_rounded_duration_is_in_the_largest_unit_that_it_fills(seconds, said):
    assert rounded_duration(seconds * 1e6) == said
