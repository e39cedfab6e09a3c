"""An attempt as plain data, and back."""

import datetime as dt
import math
from collections.abc import Mapping
from typing import Any

from heldout.practice.attempt import Attempt, Place, Round
from heldout.practice.question import Answer

__all__ = ["attempt_of", "checked_instant", "checked_sitting", "plain_attempt"]

REAL = (int, float)
TYPES: Mapping[str, type | tuple[type, ...]] = {
    "kind": str,
    "seed": int,
    "difficulty": int,
    "planted": bool,
    "round": str,
    "at": str,
    "seconds": REAL,
    "score": REAL,
    "confidence": (*REAL, type(None)),
    "hints": int,
    "revealed": bool,
    "places": dict,
    "answers": dict,
    "typed": str,
}
SITTINGS: Mapping[str, Mapping[str, type | tuple[type, ...]]] = {
    "milestones": {
        "at": str,
        "day": int,
        **dict.fromkeys(("decides", "signs", "covers"), bool),
        **dict.fromkeys(("width", "interval_score", "best", "points"), REAL),
    },
    "mocks": {"at": str, "level": str, "rubric": int, "subject": str, "overall": REAL, "points": int},
}
LATEST = 1e9
"""Seconds: no answer takes so long."""
YEARS = range(2, 9999)
"""Of these every time zone has all instants."""
BOUNDS = (("seconds", 0, LATEST), ("score", 0, 100), ("confidence", 0, 1), ("difficulty", 1, 3), ("hints", 0, LATEST))
OPTIONAL = {"confidence", "hints", "revealed", "places", "answers", "typed"}


def plain_attempt(attempt: Attempt) -> dict[str, Any]:
    """Return an attempt as JSON can hold it."""
    plain = {name: getattr(attempt, name) for name in TYPES}
    plain["round"] = attempt.round.value
    plain["answers"] = dict(attempt.answers)
    plain["places"] = {
        name: {"first_key": one.first_key, "answered": one.answered, "points": one.points, "worth": one.worth}
        for name, one in attempt.places.items()
    }
    return plain


def attempt_of(plain: Mapping[str, Any]) -> Attempt:
    """Return the attempt that plain data hold; names it does not know are left. Raises ValueError saying what is wrong.

    >>> attempt_of({"kind": "metric/a"})
    Traceback (most recent call last):
    ValueError: "seed" is missing
    """
    known: dict[str, Any] = {}
    for name, types in TYPES.items():
        if name not in plain:
            if name in OPTIONAL:
                continue
            raise ValueError(f'"{name}" is missing')
        value = plain[name]
        if not isinstance(value, types) or (isinstance(value, bool) and types is not bool):
            raise ValueError(f'"{name}" is of the wrong type')
        known[name] = value
    _checked(known)
    known["round"] = Round(known["round"])
    known["places"] = {name: _place(one) for name, one in known.get("places", {}).items()}
    known["answers"] = {name: _answer(one) for name, one in known.get("answers", {}).items()}
    return Attempt(**known)


def _checked(known: Mapping[str, Any]) -> None:
    for name, low, high in BOUNDS:
        value = known.get(name)
        if value is not None and not low <= value <= high:
            raise ValueError(f'"{name}" is {value}, and goes from {low} to {high}')
    if known["round"] not in {one.value for one in Round}:
        raise ValueError(f'"round" is {known["round"]!r}, and is one of {", ".join(Round)}')
    checked_instant(known["at"])


def checked_sitting(what: str, plain: Mapping[str, Any]) -> None:
    """Raise ValueError saying what is wrong with a line of the log "milestones" or "mocks"."""
    for name, types in SITTINGS.get(what, {}).items():
        value = plain.get(name)
        if not isinstance(value, types) or (isinstance(value, bool) and types is not bool):
            raise ValueError(f'"{name}" is missing, or of the wrong type')
        if (isinstance(value, float) and not math.isfinite(value)) or (isinstance(value, int) and abs(value) > LATEST):
            raise ValueError(f'"{name}" is a number that cannot be')
    checked_instant(plain["at"])


def checked_instant(at: str) -> None:
    """Raise ValueError for what is no ISO instant with its offset that every time zone has."""
    instant = dt.datetime.fromisoformat(at)
    if instant.tzinfo is None:
        raise ValueError('"at" has no offset')
    if instant.year not in YEARS:
        raise ValueError(f'"at" is in the year {instant.year}')


def _place(plain: Any) -> Place:
    try:
        numbers = (float(plain["first_key"]), float(plain["answered"]), float(plain["points"]))
        place = Place(first_key=numbers[0], answered=numbers[1], points=numbers[2], worth=int(plain["worth"]))
    except (KeyError, OverflowError, TypeError, ValueError):
        raise ValueError('"places" holds what is no place') from None
    if not all(abs(one) <= LATEST for one in (*numbers, place.worth)):
        raise ValueError('"places" holds a number that cannot be')
    return place


def _answer(plain: Any) -> Answer:
    if isinstance(plain, list) and all(isinstance(one, int) for one in plain):
        return tuple(plain)
    if isinstance(plain, int) or (isinstance(plain, float) and math.isfinite(plain)):
        return plain
    raise ValueError('"answers" holds what is no answer')
