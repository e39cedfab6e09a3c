"""The boxes of a day: what is done from when to when, and where one is now, as instants that no clock change moves."""

import datetime as dt
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from heldout.core.errors import BadInput

__all__ = ["LONGEST_HOURS", "SHORTEST_HOURS", "Box", "Day", "Now", "day_of", "now_in"]

SHORTEST_HOURS, LONGEST_HOURS = 1.0, 240.0
YEARS = range(2, 9999)
"""Of these every time zone has all days."""
SHORTEST_WITH_NIGHTS = 16.0
"""Hours by the clock from which the nights that lie within are kept for sleep."""
Stretch = tuple[dt.datetime, dt.datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A stretch of the day with what is done in it and what it has to end with ("" where a night cuts it in two).

    `start` and `end` are instants with an offset; `compute_hours` is what it may use of the compute budget, None where
    no budget was named.
    """

    name: str
    start: dt.datetime
    end: dt.datetime
    does: str
    ends_with: str
    is_rest: bool
    compute_hours: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """All boxes of an eval, one after the other, without a gap."""

    start: dt.datetime
    hours: float
    compute_hours: float | None
    boxes: tuple[Box, ...]

    @property
    def end(self) -> dt.datetime:
        """Return the instant at which it is handed in."""
        return self.boxes[-1].end


@dataclass(frozen=True, slots=True, kw_only=True)
class Now:
    """Where one is: the box (None before and after the day), the seconds left in it and in all, and what is next."""

    at: dt.datetime
    box: Box | None
    left_in_box: float
    left: float
    following: Box | None
    is_over: bool


def day_of(start: dt.datetime, hours: float, compute_hours: float | None = None) -> Day:
    """Return the boxes of an eval of so many hours by the clock; up to eight the short day's, else the long one's.

    Raises BadInput for a start without an offset, and for numbers that are out of bounds.
    """
    if start.tzinfo is None:
        raise BadInput("the start has no offset", where="--start", expected="an instant as 2026-01-05T09:00+01:00")
    if not SHORTEST_HOURS <= hours <= LONGEST_HOURS:
        expected = f"{SHORTEST_HOURS:.0f} to {LONGEST_HOURS:.0f} hours"
        raise BadInput(f"an eval of {hours:g} hours", where="--hours", expected=expected)
    if compute_hours is not None and not 0 < compute_hours < 1e6:
        raise BadInput(f"a budget of {compute_hours:g} hours", where="--budget", expected="hours of compute above 0")
    if start.year not in YEARS:
        raise BadInput(
            f"a start in the year {start.year}", where="--start", expected=f"a year of {YEARS[0]} to {YEARS[-1]}"
        )
    kind = "short" if hours <= _stored()["short"]["up_to_hours"] else "long"
    end = start.astimezone(dt.UTC) + dt.timedelta(hours=hours)
    nights = _nights(start, end) if hours >= SHORTEST_WITH_NIGHTS else []
    boxes = _laid_out(_stored()[kind]["box"], _awake(start.astimezone(dt.UTC), end, nights), compute_hours)
    boxes += [_night(one) for one in nights]
    zone = start.tzinfo
    return Day(
        start=start,
        hours=hours,
        compute_hours=compute_hours,
        boxes=tuple(
            replace(one, start=one.start.astimezone(zone), end=one.end.astimezone(zone))
            for one in sorted(boxes, key=lambda one: one.start)
        ),
    )


def _nights(start: dt.datetime, end: dt.datetime) -> list[Stretch]:
    """Return the nights by the wall clock of the start's zone, as far as they lie within; the last hour is no night."""
    data, found = _stored()["long"], []
    evening = dt.timedelta(hours=data["night_from"])
    for day in range(-1, int((end - start).total_seconds() // 86_400) + 2):
        midnight = dt.datetime.combine(start.date() + dt.timedelta(days=day), dt.time(), start.tzinfo)
        begins = (midnight + evening).astimezone(dt.UTC)
        first = max(begins, start.astimezone(dt.UTC))
        last = min(begins + dt.timedelta(hours=data["night_hours"]), end - dt.timedelta(hours=1))
        if last - first >= dt.timedelta(hours=1) and first > start.astimezone(dt.UTC):
            found.append((first, last))
    return found


def _awake(start: dt.datetime, end: dt.datetime, nights: Sequence[Stretch]) -> list[Stretch]:
    edges = [start, *(edge for night in nights for edge in night), end]
    return [(first, last) for first, last in zip(edges[::2], edges[1::2], strict=True) if last > first]


def _laid_out(rows: Sequence[Mapping[str, Any]], awake: Sequence[Stretch], compute_hours: float | None) -> list[Box]:
    """Return the boxes one after the other over the stretches awake; one that a night cuts goes on after it."""
    worked = sum((last - first for first, last in awake), dt.timedelta())
    total, compute = (sum(one[name] for one in rows) for name in ("share", "compute"))
    boxes, done = [], 0.0
    for row in rows:
        begun, done = done, done + row["share"]
        parts = [*_within(awake, _minutes(worked * (begun / total)), _minutes(worked * (done / total)))]
        length = sum((last - first for first, last in parts), dt.timedelta())
        for place, (first, last) in enumerate(parts):
            share = row["compute"] / compute * ((last - first) / length)
            boxes.append(
                Box(
                    name=row["name"] if place == 0 else f"{row['name']} (goes on)",
                    start=first,
                    end=last,
                    does=row["does"] if place == 0 else "",
                    ends_with=row["ends_with"] if place == len(parts) - 1 else "",
                    is_rest=False,
                    compute_hours=None if compute_hours is None else round(compute_hours * share, 2),
                )
            )
    return boxes


def _within(awake: Sequence[Stretch], begun: dt.timedelta, done: dt.timedelta) -> Iterator[Stretch]:
    """Yield the stretches between two amounts of work."""
    before = dt.timedelta()
    for first, last in awake:
        low, high = max(begun - before, dt.timedelta()), min(done - before, last - first)
        if high > low:
            yield first + low, first + high
        before += last - first


def _night(night: Stretch) -> Box:
    data = _stored()["long"]
    return Box(
        name=data["night"],
        start=night[0],
        end=night[1],
        does=data["night_does"],
        ends_with=data["night_ends_with"],
        is_rest=True,
        compute_hours=None,
    )


def _minutes(amount: dt.timedelta) -> dt.timedelta:
    return dt.timedelta(minutes=round(amount.total_seconds() / 60))


def now_in(day: Day, now: dt.datetime) -> Now:
    """Return where `now`, an instant with an offset, lies in a day."""
    box = next((one for one in day.boxes if one.start <= now < one.end), None)
    later = [one for one in day.boxes if one.start > now]
    return Now(
        at=now,
        box=box,
        left_in_box=0.0 if box is None else (box.end - now).total_seconds(),
        left=max((day.end - max(now, day.start)).total_seconds(), 0.0),
        following=later[0] if later else None,
        is_over=now >= day.end,
    )


@cache
def _stored() -> Mapping[str, Any]:
    return tomllib.loads(files(__package__).joinpath("boxes.toml").read_text(encoding="utf-8"))
