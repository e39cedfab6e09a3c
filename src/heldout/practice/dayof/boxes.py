"""The boxes of a day: what is done from when to when, and where one is now. Instants, so that no clock change moves them."""

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from heldout.core.errors import BadInput

__all__ = ["LONGEST_HOURS", "SHORTEST_HOURS", "Box", "Day", "Now", "day_of", "now_in"]

SHORTEST_HOURS, LONGEST_HOURS = 1.0, 240.0
SLEEP_EVERY = 24.0
"""Hours of a long day after which there is a night; each night's box is as long as the data says, of one such day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A stretch of the day with what is done in it and what it has to end with.

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
    """Where one is: the box (None before the start and after the end), the seconds left in it and in all, what is next."""

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
    kind = "short" if hours <= _stored()["short"]["up_to_hours"] else "long"
    rows = _stored()[kind]["box"]
    total = sum(one["share"] for one in rows)
    compute = sum(one["compute"] for one in rows)
    boxes, done = [], 0.0
    for row in rows:
        begun, done = done, done + row["share"]
        boxes.append(
            Box(
                name=row["name"],
                start=_after(start, hours * begun / total),
                end=_after(start, hours * done / total),
                does=row["does"],
                ends_with=row["ends_with"],
                is_rest=row.get("rest", False),
                compute_hours=None if compute_hours is None else round(compute_hours * row["compute"] / compute, 2),
            )
        )
    return Day(start=start, hours=hours, compute_hours=compute_hours, boxes=tuple(boxes))


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


def _after(start: dt.datetime, hours: float) -> dt.datetime:
    """Return the instant so many hours later, to the minute, in the zone of the start."""
    moved = start.astimezone(dt.UTC) + dt.timedelta(minutes=round(hours * 60))
    return moved.astimezone(start.tzinfo)


@cache
def _stored() -> Mapping[str, Any]:
    return tomllib.loads(files(__package__).joinpath("boxes.toml").read_text(encoding="utf-8"))
