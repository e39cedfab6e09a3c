"""The plan as an iCalendar file (RFC 5545): one event for each block of deep work, and one for each day of rest."""

import datetime as dt
from collections.abc import Iterator
from itertools import groupby

from heldout.practice.plan.fortnight import Block, Day, Plan
from heldout.practice.plan.said import said_of_item

__all__ = ["as_calendar"]

MOST_OCTETS = 75
"""RFC 5545, 3.1: longer lines are folded."""
ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": ""})


def as_calendar(plan: Plan) -> str:
    """Return the days from today on as iCalendar text, its lines ended by CRLF.

    Times are in UTC, so that no reader has to know the zone's changes. An event keeps its UID when the plan is made
    again, and its SEQUENCE goes up by the day, so that a calendar that is given the file again moves its events.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Heldout//practice//EN", "CALSCALE:GREGORIAN"]
    for day in plan.days:
        if not day.is_past:
            lines += _resting(plan, day) if day.is_rest else _working(plan, day)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _working(plan: Plan, day: Day) -> Iterator[str]:
    for part, group in groupby(day.blocks, key=lambda block: block.part):
        blocks = list(group)
        what = "\n".join(said_of_item(block.item) for block in blocks)
        yield from _event(
            plan,
            uid=f"{_name(plan, day)}-block-{part}",
            when=(f"DTSTART:{_utc(blocks[0].begins)}", f"DTEND:{_utc(blocks[-1].ends)}"),
            summary=f"Practice, day {day.number}: {_summary(blocks)}",
            more=(f"DESCRIPTION:{_text(what)}",),
        )


def _resting(plan: Plan, day: Day) -> Iterator[str]:
    ends = day.date + dt.timedelta(days=1)
    yield from _event(
        plan,
        uid=f"{_name(plan, day)}-rest",
        when=(f"DTSTART;VALUE=DATE:{day.date:%Y%m%d}", f"DTEND;VALUE=DATE:{ends:%Y%m%d}"),
        summary=f"Practice, day {day.number}: rest",
        more=("TRANSP:TRANSPARENT",),
    )


def _event(plan: Plan, *, uid: str, when: tuple[str, str], summary: str, more: tuple[str, ...]) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{uid}@practice.heldout"
    yield f"DTSTAMP:{plan.today:%Y%m%d}T000000Z"
    yield f"SEQUENCE:{max((plan.today - plan.terms.start).days, 0)}"
    yield from when
    yield f"SUMMARY:{_text(summary)}"
    yield from more
    yield "END:VEVENT"


def _summary(blocks: list[Block]) -> str:
    sittings = [block.item.work.value for block in blocks if not block.item.kind]
    drills = sum(bool(block.item.kind) for block in blocks)
    counted = [f"{drills} drill{'s' if drills > 1 else ''}"] if drills else []
    return ", ".join(sittings + counted)


def _name(plan: Plan, day: Day) -> str:
    return f"{plan.terms.start:%Y%m%d}-day-{day.number}"


def _utc(at: dt.datetime) -> str:
    return f"{at.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    return text.translate(ESCAPES)


def _folded(line: str) -> Iterator[str]:
    """Yield a line in pieces of at most 75 octets, those after the first led by a blank; no character is cut."""
    piece, octets = "", 0
    for character in line:
        size = len(character.encode())
        if octets + size > MOST_OCTETS:
            yield piece
            piece, octets = " ", 1
        piece, octets = piece + character, octets + size
    yield piece
