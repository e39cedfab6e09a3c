"""Reminders come every eight agreed hours, and a backup plan is more than a heading."""

import datetime as dt

import pytest

from heldout.practice.rehearsal.standing import is_plan, reminders

START = dt.datetime(2026, 3, 28, 20, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


@pytest.mark.parametrize(
    ("after", "due", "following"), [(0, 0, 8), (7.99, 0, 8), (8, 1, 16), (39.5, 4, 40), (40, 5, None), (99, 5, None)]
)
def test_a_reminder_comes_every_eight_hours_and_none_at_the_end(after: float, due: int, following: int | None) -> None:
    said = reminders(START, START + 48 * HOUR, START + after * HOUR, written=0)
    assert (said.due, said.next_at) == (due, None if following is None else START + following * HOUR)


def test_updates_that_were_written_are_no_longer_missing() -> None:
    assert [reminders(START, START + 48 * HOUR, START + 17 * HOUR, written=n).behind for n in (0, 1, 2, 5)] == [
        2,
        1,
        0,
        0,
    ]


def test_a_window_shorter_than_eight_hours_has_no_reminder() -> None:
    assert reminders(START, START + 6 * HOUR, START + 7 * HOUR, written=0).due == 0


def test_a_heading_alone_is_no_plan() -> None:
    assert not is_plan("# What I hand in when something fails, and who decides that, and when, and why not earlier\n")
    assert is_plan(
        "# Plan\nIf the boosted model does not train in time, I hand in the table of rates of commit 1a2b, by hour 40."
    )
