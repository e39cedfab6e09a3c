"""Where a rehearsal stands: the clock, reminders, the budget, what is missing; and the words for it."""

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["BACKUP", "EVERY", "HOLDS", "Budget", "Reminders", "Standing", "is_plan", "reminders"]

EVERY = 8.0
"""Agreed hours between two reminders."""

BACKUP = "BACKUP.md"
PLAN_CHARACTERS = 80
HOLDS = (
    "what was finished, with the commit",
    "what comes next, and what was dropped",
    "what was assumed, so that somebody can object in time",
    "the metric on rows that were not used for a choice, with its interval and the commit",
    "the hours so far, and what the compute cost",
)
"""What an update should hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminders:
    """Reminders so far: `due` of them came, `written` updates are in UPDATES.md; the next comes `next_at`, or never."""

    due: int
    written: int
    next_at: dt.datetime | None

    @property
    def behind(self) -> int:
        """How many updates are missing."""
        return max(self.due - self.written, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """The compute so far, as EXPERIMENTS.md states it, beside what one phase of one run may use.

    `seconds` sums the runs that say how long they took, None where none does; `unsaid` counts those that do not.
    """

    runs: int
    seconds: float | None
    longest: float | None
    unsaid: int
    wall_seconds: float
    cpu_seconds: float
    memory_mb: int
    backup_plan: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Everything that `rehearse --status` says."""

    title: str
    folder: str
    state: str
    started: dt.datetime
    ends: dt.datetime
    now: dt.datetime
    left_hours: float
    agreed_hours: float
    waking: str
    time_zone: str
    reminders: Reminders
    budget: Budget
    missing: tuple[str, ...]
    isolation: str
    promtool: str
    commit: str
    band: str


def reminders(started: dt.datetime, ends: dt.datetime, now: dt.datetime, *, written: int) -> Reminders:
    """Return the reminders of a window, one every eight hours of it, none at its end.

    >>> at = dt.datetime(2026, 3, 2, 8, tzinfo=dt.UTC)
    >>> reminders(at, at + dt.timedelta(hours=48), at + dt.timedelta(hours=17), written=1).behind
    1
    """
    every = dt.timedelta(hours=EVERY)
    most = max(math.ceil((ends - started) / every) - 1, 0)
    due = min(max(math.floor((now - started) / every), 0), most)
    following = started + (due + 1) * every
    return Reminders(due=due, written=written, next_at=following if due < most else None)


def is_plan(text: str) -> bool:
    """Tell whether a BACKUP.md says something: 80 characters beyond its headings."""
    lines: Sequence[str] = [line.strip() for line in text.splitlines()]
    return sum(len(line) for line in lines if not line.startswith("#")) >= PLAN_CHARACTERS
