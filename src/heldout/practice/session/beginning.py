"""The first start: three short questions, each with a default, from which the plan follows."""

import datetime as dt
import os
from pathlib import Path

from rich.text import Text

from heldout.core.errors import BadInput
from heldout.core.time_zone import zone_named
from heldout.practice.plan import Level, Terms
from heldout.practice.session.desk import Desk

__all__ = ["FORTNIGHT", "asked_terms", "default_terms", "local_zone"]

FORTNIGHT = dt.timedelta(days=14)
HOURS = 1.5
WELCOME = (
    "This prepares you for an ML eval: drills in which a result is reported and something may be wrong with it, "
    "milestones, mock interviews. All of it stays on this machine. Three questions first; Enter takes what stands in "
    "brackets."
)


def default_terms(today: dt.date, zone: str) -> Terms:
    """Return the terms of who answers nothing: a fortnight from today, senior, an hour and a half a day."""
    return Terms(start=today, level=Level.SENIOR, hours=HOURS, zone=zone)


def asked_terms(desk: Desk, today: dt.date, zone: str) -> Terms:
    """Ask for the day, the level and the hours, and return the terms. Raises Left."""
    desk.show(Text(WELCOME))
    start = _start(desk, today)
    level = _level(desk)
    return _with_hours(desk, start, level, zone)


def _start(desk: Desk, today: dt.date) -> dt.date:
    """Ask for the day; the fortnight ends on the eve, or begins today where fewer days are left."""
    usual = today + FORTNIGHT
    while True:
        said = desk.ask(f"Which day do you prepare for? [{usual.isoformat()}]").text.strip()
        try:
            day = dt.date.fromisoformat(said) if said else usual
        except ValueError:
            desk.show(Text("Please type a date as 2026-11-30, or nothing."))
            continue
        if day <= today:
            desk.show(Text("Please type a day that is still to come, or nothing."))
            continue
        if day < usual:
            left = (day - today).days
            desk.show(Text(f"{left} of the plan's 14 days are left until then; the plan starts today."))
        elif day > usual:
            desk.show(Text(f"The fortnight before it starts on {(day - FORTNIGHT).isoformat()}."))
        return max(today, day - FORTNIGHT)


def _level(desk: Desk) -> Level:
    names = ", ".join(Level)
    while True:
        said = desk.ask(f"For which level ({names})? [{Level.SENIOR}]").text.strip().lower()
        found = [level for level in Level if said and level.value.startswith(said)]
        if not said:
            return Level.SENIOR
        if len(found) == 1:
            return found[0]
        desk.show(Text(f"Please type one of {names}, or nothing."))


def _with_hours(desk: Desk, start: dt.date, level: Level, zone: str) -> Terms:
    while True:
        said = desk.ask(f"How many hours a day? [{HOURS:g}]").text.strip()
        try:
            return Terms(start=start, level=level, hours=float(said) if said else HOURS, zone=zone)
        except BadInput as error:
            desk.show(Text(f"{error.what}; please type {error.expected}."))
        except ValueError:
            desk.show(Text("Please type a number such as 1.5, or nothing."))


def local_zone() -> str:
    """Return the name of this machine's time zone; UTC where it has none that the IANA data know."""
    link = Path("/etc/localtime")
    named = os.environ.get("TZ", "").removeprefix(":")
    linked = str(link.readlink()).partition("zoneinfo/")[2] if link.is_symlink() else ""
    for name in (named, linked):
        if name:
            try:
                zone_named(name)
            except BadInput:
                continue
            return name
    return "UTC"
