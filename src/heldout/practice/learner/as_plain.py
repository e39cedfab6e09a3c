"""An attempt as plain data, and back."""

import datetime as dt
import math
from collections.abc import Mapping
from typing import Any

from heldout.practice.attempt import Attempt, Place, Round
from heldout.practice.question import Answer

__all__ = ["attempt_of", "plain_attempt"]

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
    for name, low, high in (("seconds", 0, math.inf), ("score", 0, 100), ("confidence", 0, 1), ("difficulty", 1, 3)):
        value = known.get(name)
        if value is not None and not (low <= value <= high and math.isfinite(value)):
            raise ValueError(f'"{name}" is {value}, and goes from {low} to {high}')
    if known["round"] not in {one.value for one in Round}:
        raise ValueError(f'"round" is {known["round"]!r}, and is one of {", ".join(Round)}')
    if dt.datetime.fromisoformat(known["at"]).tzinfo is None:
        raise ValueError('"at" has no offset')


def _place(plain: Any) -> Place:
    try:
        numbers = (float(plain["first_key"]), float(plain["answered"]), float(plain["points"]))
        return Place(first_key=numbers[0], answered=numbers[1], points=numbers[2], worth=int(plain["worth"]))
    except (KeyError, TypeError, ValueError):
        raise ValueError('"places" holds what is no place') from None


def _answer(plain: Any) -> Answer:
    if isinstance(plain, list) and all(isinstance(one, int) for one in plain):
        return tuple(plain)
    if isinstance(plain, REAL):
        return plain
    raise ValueError('"answers" holds what is no answer')
