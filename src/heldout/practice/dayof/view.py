"""A day as terminal text, Markdown and JSON."""

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from heldout.practice.dayof.boxes import Box, Day, Now
from heldout.practice.dayof.lines import Section

__all__ = ["clock_line", "day_json", "day_markdown", "day_view", "span"]

HOUR = 3600
SCHEMA = "heldout.dayof.v1"


def span(seconds: float) -> str:
    """Return a stretch of time in hours and minutes.

    >>> span(3900), span(59)
    ('1 h 05 min', '0 min')
    """
    minutes = int(seconds // 60)
    return f"{minutes // 60} h {minutes % 60:02d} min" if minutes >= 60 else f"{minutes} min"


def clock_line(now: Now) -> str:
    """Return in a line where one is and what is next."""
    if now.is_over:
        return "The time is over: what was tagged is handed in."
    following = f" Next: {now.following.name}." if now.following else " It is the last box."
    if now.box is None:
        return f"Not begun.{following}"
    return f"Now: {now.box.name}, {span(now.left_in_box)} left of it, {span(now.left)} in all.{following}"


def day_view(day: Day, now: Now, texts: Sequence[Section]) -> RenderableType:
    """Return the day for a terminal: the clock, the boxes, the words."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("from", "for", "box", *(["compute"] if day.compute_hours is not None else [])):
        table.add_column(name, justify="right" if name in ("for", "compute") else "left", overflow="fold")
    for one in day.boxes:
        what = Text(one.name, style="bold")
        what.append(f"\n{one.does}" if one.does else "", style="default")
        what.append(f"\nEnds with: {one.ends_with}" if one.ends_with else "", style="dim")
        row: list[RenderableType] = [_when(one.start), span(_seconds(one)), what]
        if day.compute_hours is not None:
            row.append(f"{one.compute_hours:g} h" if one.compute_hours else "")
        table.add_row(*row, style="reverse" if one == now.box else None)
    parts: list[RenderableType] = [Text(clock_line(now), style="bold"), table]
    for section in texts:
        parts += [Text(f"\n{section.name}", style="bold"), Text(section.about, style="dim"), _lines(section)]
    return Group(*parts)


def _lines(section: Section) -> RenderableType:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(width=22, overflow="fold")
    grid.add_column(overflow="fold")
    for first, then in section.lines:
        grid.add_row(Text(first, style="cyan"), Text(then))
    return grid


def day_markdown(day: Day, texts: Sequence[Section]) -> str:
    """Return the day as Markdown, to print or to keep beside the work."""
    budget = "" if day.compute_hours is None else f", {day.compute_hours:g} h of compute"
    lines = [f"# The day: {day.hours:g} hours{budget}", "", f"From {_when(day.start)} to {_when(day.end)}.", ""]
    for one in day.boxes:
        compute = "" if not one.compute_hours else f", compute {one.compute_hours:g} h"
        lines += [f"- [ ] **{_when(one.start)}, {span(_seconds(one))}{compute}: {one.name}.** {one.does}".rstrip()]
        lines += [f"  Ends with: {one.ends_with}"] if one.ends_with else []
    for section in texts:
        lines += ["", f"## {section.name}", "", section.about, ""]
        lines += [f"- **{first}**: {then}" for first, then in section.lines]
    return "\n".join(lines) + "\n"


def day_json(day: Day, now: Now, texts: Sequence[Section]) -> str:
    """Return the day, where one is in it, and the words, as JSON; instants carry their offset."""
    data = {
        "schema": SCHEMA,
        "start": day.start.isoformat(),
        "end": day.end.isoformat(),
        "hours": day.hours,
        "compute_hours": day.compute_hours,
        "boxes": [_box(one) for one in day.boxes],
        "now": {
            "at": now.at.isoformat(),
            "box": now.box.name if now.box else None,
            "seconds_left_in_box": now.left_in_box,
            "seconds_left": now.left,
            "next": now.following.name if now.following else None,
            "is_over": now.is_over,
        },
        "sections": [
            {"name": one.name, "about": one.about, "lines": [list(line) for line in one.lines]} for one in texts
        ],
    }
    return json.dumps(data, indent=2) + "\n"


def _box(one: Box) -> dict[str, Any]:
    return {
        "name": one.name,
        "start": one.start.isoformat(),
        "end": one.end.isoformat(),
        "does": one.does,
        "ends_with": one.ends_with,
        "is_rest": one.is_rest,
        "compute_hours": one.compute_hours,
    }


def _when(at: dt.datetime) -> str:
    return at.strftime("%a %d %b %H:%M")


def _seconds(one: Box) -> float:
    return (one.end.astimezone(dt.UTC) - one.start.astimezone(dt.UTC)).total_seconds()
