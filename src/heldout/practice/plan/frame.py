"""The frame of a fortnight: what is on which day whoever the learner is, and how long each thing takes."""

import math
from enum import StrEnum
from functools import cache
from itertools import pairwise

from heldout.practice.attempt import Round
from heldout.practice.learner.revisits import AFTER

__all__ = [
    "BREAK",
    "DAYS",
    "DEEP_WORK",
    "MILESTONES",
    "MINUTES",
    "MOCKS",
    "REST",
    "REVISITS",
    "Level",
    "difficulty_of",
    "milestone_minutes",
    "mock_minutes",
    "openings",
]


class Level(StrEnum):
    """The level that is prepared for."""

    JUNIOR = "junior"
    MID = "mid"
    SENIOR = "senior"
    STAFF = "staff"


DAYS = 14
MILESTONES = (3, 5, 7, 10, 12, 14)
MOCKS = {4: 25, 8: 35, 11: 45}
"""Minutes of each mock by its day: being watched costs performance, so it is raised step by step."""
REST = frozenset({6, 13})
REVISITS = frozenset({5, 7, 9, 12})
"""Two days a week on which what went wrong comes first."""
MINUTES = {Round.SPEED: 6, Round.EXPLANATION: 8, Round.BLANK_FILE: 15}
DEEP_WORK = 50
"""Minutes of one block of work, at most."""
BREAK = 10
"""Minutes between two blocks; they are not counted into the hours."""
SHORT_DAY = 60
LATE = 1
"""Working days by which a round may be put off where its day is full."""


def difficulty_of(level: Level, is_first: bool = False) -> int:
    """Return how hard the drills of a level are, 1 to 3; the first one of a family that is not known is a step easier.

    >>> difficulty_of(Level.STAFF), difficulty_of(Level.STAFF, is_first=True)
    (3, 2)
    """
    base = {Level.JUNIOR: 1, Level.MID: 2, Level.SENIOR: 2, Level.STAFF: 3}[level]
    return max(1, base - is_first)


def milestone_minutes(level: Level, day_minutes: int) -> int:
    """Return the time of a milestone: the call is made faster at a higher level, and is shorter on short days."""
    if day_minutes < SHORT_DAY:
        return 15
    return {Level.JUNIOR: 25, Level.MID: 20, Level.SENIOR: 20, Level.STAFF: 15}[level]


def mock_minutes(number: int, day_minutes: int) -> int:
    """Return the time of the first, second or third mock (`number` from 0), never more than the day has."""
    return min(list(MOCKS.values())[number], day_minutes)


@cache
def openings(level: Level, day_minutes: int) -> tuple[int, ...]:
    """Return how many faults are opened on each of the fourteen days, so that their later rounds fit.

    A fault is opened only where its explanation finds room two days later and its blank file five days later, or on
    the working day after; from a day of an hour on a quarter of the drill time is kept for mixed drills. No day opens
    more than it could carry through all three rounds: what is learned on the first days shall steer what is opened.
    """
    free = {day: _free(level, day_minutes, day) for day in range(1, DAYS + 1)}
    opened = [0] * DAYS
    for day in range(1, DAYS + 1):
        most = math.ceil(free[day] / sum(MINUTES.values()))
        while opened[day - 1] < most and _booked(free, day):
            opened[day - 1] += 1
    return tuple(opened)


def _free(level: Level, day_minutes: int, day: int) -> float:
    if day in REST:
        return 0.0
    left = day_minutes - (milestone_minutes(level, day_minutes) if day in MILESTONES else 0)
    if day in MOCKS:
        left -= mock_minutes(list(MOCKS).index(day), left)
    return left * (0.75 if day_minutes >= SHORT_DAY else 1.0)


def _booked(free: dict[int, float], day: int) -> bool:
    """Book the three rounds of one fault, where they fit; returns whether they do."""
    days = [day]
    for done, after in list(AFTER.items())[1:]:
        working = [one for one in range(day + after, DAYS + 1) if one not in REST][: LATE + 1]
        fits = [one for one in working if free[one] >= MINUTES[done]]
        days += fits[:1]
    if len(days) < len(AFTER) or free[day] < MINUTES[Round.SPEED] or any(b <= a for a, b in pairwise(days)):
        return False
    for one, done in zip(days, AFTER, strict=True):
        free[one] -= MINUTES[done]
    return True
