import datetime as dt
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from heldout.core.errors import BadInput
from heldout.practice.dayof import day_of, now_in, sections

MONDAY = dt.datetime(2026, 1, 5, 9, tzinfo=ZoneInfo("Europe/Berlin"))


def lengths(day) -> float:
    return sum((one.end.astimezone(dt.UTC) - one.start.astimezone(dt.UTC)).total_seconds() for one in day.boxes) / 3600


@pytest.mark.parametrize("hours", [1, 4, 8, 8.5, 15, 16, 24, 48, 72, 240])
@pytest.mark.parametrize("start", [0, 6.5, 9, 22.75, 23.5])
def test_the_boxes_fill_the_time_without_a_gap(hours: float, start: float) -> None:
    begun = MONDAY.replace(hour=0) + dt.timedelta(hours=start)
    day = day_of(begun, hours, 10)

    assert day.boxes[0].start == begun
    assert (day.end.astimezone(dt.UTC) - begun.astimezone(dt.UTC)).total_seconds() == hours * 3600
    assert all(one.end == two.start and one.end > one.start for one, two in pairwise(day.boxes))
    assert lengths(day) == pytest.approx(hours)
    assert sum(one.compute_hours or 0 for one in day.boxes) == pytest.approx(10, abs=0.06)


def test_a_long_day_keeps_its_nights_and_a_short_one_has_none() -> None:
    nights = [one for one in day_of(MONDAY, 48).boxes if one.is_rest]
    assert [(one.start.hour, one.end.hour) for one in nights] == [(23, 6), (23, 6)]
    assert not [one for one in day_of(MONDAY, 4).boxes if one.is_rest]
    assert not [one for one in day_of(MONDAY.replace(hour=22), 8).boxes if one.is_rest]


@pytest.mark.parametrize(("date", "ends"), [((2026, 3, 28), 7), ((2026, 10, 24), 5)])
def test_a_night_in_which_the_clock_changes_is_as_long_as_others(date: tuple[int, int, int], ends: int) -> None:
    start = dt.datetime(*date, 9, tzinfo=ZoneInfo("Europe/Berlin"))
    day = day_of(start, 48)

    assert lengths(day) == 48
    assert (day.end.astimezone(dt.UTC) - start.astimezone(dt.UTC)) == dt.timedelta(hours=48)
    night = next(one for one in day.boxes if one.is_rest)
    assert (night.start.hour, night.end.hour) == (23, ends)
    assert night.end.astimezone(dt.UTC) - night.start.astimezone(dt.UTC) == dt.timedelta(hours=7)


def test_the_baseline_is_handed_in_before_half_of_the_work_is_done() -> None:
    for hours in (4, 48):
        work = [one for one in day_of(MONDAY, hours).boxes if not one.is_rest]
        names = [one.name for one in work]
        place = names.index("A baseline, end to end")
        spent = sum((one.end - one.start).total_seconds() for one in work[: place + 1])
        assert spent <= sum((one.end - one.start).total_seconds() for one in work) / 2


def test_now_says_the_box_what_is_left_and_what_is_next() -> None:
    day = day_of(MONDAY, 4)
    first, second = day.boxes[:2]

    early = now_in(day, MONDAY - dt.timedelta(minutes=5))
    assert (early.box, early.following, early.left) == (None, first, 4 * 3600)
    inside = now_in(day, first.start.astimezone(dt.UTC) + dt.timedelta(minutes=1))
    assert (inside.box, inside.following) == (first, second)
    assert inside.left_in_box == (first.end - first.start).total_seconds() - 60
    assert now_in(day, first.end).box == second
    over = now_in(day, day.end)
    assert (over.box, over.is_over, over.left, over.following) == (None, True, 0.0, None)


def test_bad_numbers_are_refused() -> None:
    for arguments, expected in (((MONDAY, 0.5), "0.5 hours"), ((MONDAY, 241), "241"), ((MONDAY, float("nan")), "nan")):
        with pytest.raises(BadInput, match=expected):
            day_of(*arguments)
    for budget in (0, -1, float("nan"), float("inf")):
        with pytest.raises(BadInput, match="budget"):
            day_of(MONDAY, 4, budget)
    with pytest.raises(BadInput, match="offset"):
        day_of(MONDAY.replace(tzinfo=None), 4)


def test_the_sections_are_there_in_the_order_of_the_day() -> None:
    assert [one.name for one in sections()] == [
        "The first five minutes",
        "Questions of scope",
        "Lines to recover with",
        "Answers about rolling back",
        "How to close",
    ]
    assert [first for first, _ in sections()[0].lines] == [
        "Decision",
        "Metric",
        "Unit of split",
        "Baseline",
        "Cost of errors",
    ]
