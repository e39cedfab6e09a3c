"""Days and instants of a time zone: a date that a zone left out is no day, and a clock that changes moves no block."""

import datetime as dt
from collections.abc import Iterator

__all__ = ["days_from", "instant", "is_day", "local_date"]

NOON = dt.time(12)


def is_day(day: dt.date, zone: dt.tzinfo) -> bool:
    """Return whether a zone has this date: Apia had no 30 December 2011.

    >>> is_day(dt.date(2011, 12, 30), ZoneInfo("Pacific/Apia"))
    False
    """
    noon = dt.datetime.combine(day, NOON, zone)
    return noon.astimezone(dt.UTC).astimezone(zone).date() == day


def days_from(start: dt.date, zone: dt.tzinfo) -> Iterator[dt.date]:
    """Yield the dates of a zone from `start` on, to the last one that Python can write."""
    day = start
    while True:
        if is_day(day, zone):
            yield day
        day += dt.timedelta(days=1)


def instant(day: dt.date, at: dt.time, zone: dt.tzinfo) -> dt.datetime:
    """Return when the clocks of a zone show a time on a day, in UTC.

    A time that the clocks leave out is as much later as they are put forward; of one that they show twice it is the
    first.

    >>> instant(dt.date(2026, 3, 29), dt.time(2, 30), ZoneInfo("Europe/Berlin")).isoformat()
    '2026-03-29T01:30:00+00:00'
    """
    return dt.datetime.combine(day, at, zone).astimezone(dt.UTC)


def local_date(at: str, zone: dt.tzinfo) -> dt.date:
    """Return the date that a zone's clocks show at an ISO instant with its offset."""
    return dt.datetime.fromisoformat(at).astimezone(zone).date()
