"""How long something takes, as people write it: "7d", "12h", "1d 12h"; plain numbers where time is a number."""

import math
import re

from heldout.core.errors import BadInput
from heldout.tables.shown import shown_number

__all__ = ["parse_duration", "rounded_duration", "shown_duration"]

SECOND = 1_000_000.0
"""Microseconds."""
UNITS = {
    "w": 604_800 * SECOND,
    "d": 86_400 * SECOND,
    "h": 3600 * SECOND,
    "min": 60 * SECOND,
    "s": SECOND,
    "ms": SECOND / 1000,
    "us": 1.0,
}
WORDS = {
    "weeks": "w",
    "week": "w",
    "days": "d",
    "day": "d",
    "hours": "h",
    "hour": "h",
    "hr": "h",
    "hrs": "h",
    "minutes": "min",
    "minute": "min",
    "mins": "min",
    "seconds": "s",
    "second": "s",
    "sec": "s",
    "secs": "s",
    "µs": "us",
}
NO_LENGTH = {"m": "minutes (min) or months", "mo": "", "month": "", "months": "", "y": "", "year": "", "years": ""}
PART = re.compile(r"\s*(\d+(?:\.\d*)?|\.\d+)\s*([a-zµ]+)\s*", re.IGNORECASE)
NUMBER = re.compile(r"\s*[+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?\s*")


def parse_duration(text: str, *, is_time: bool, called: str) -> float:
    """Return a duration in microseconds where `is_time`, else the number that it is; 0 or more.

    Parts add up: "1d 12h". Months and years have no fixed length and are refused. `called` names the duration in the
    message. Raises BadInput for anything else.

    >>> parse_duration("36h", is_time=True, called="horizon") == parse_duration("1d 12h", is_time=True, called="gap")
    True
    >>> parse_duration("7", is_time=False, called="horizon")
    7.0
    """
    found = _microseconds(text, called) if is_time else _number(text, called)
    if not math.isfinite(found):
        raise BadInput(f"the {called} {text!r} is beyond all bounds", expected="a duration such as 7d")
    return found


def shown_duration(length: float, *, is_time: bool) -> str:
    """Return a duration in the largest unit that says it exactly, as `parse_duration` reads it.

    >>> shown_duration(36 * 3600e6, is_time=True), shown_duration(2.0, is_time=False)
    ('36h', '2')
    """
    if not is_time:
        return shown_number(length)
    for unit, size in UNITS.items():
        if length >= size and (length / size).is_integer():
            return f"{shown_number(length / size)}{unit}"
    return f"{shown_number(length)}us" if length else "0s"


def rounded_duration(microseconds: float) -> str:
    """Return a duration in words, to three digits, in the largest unit that it fills.

    >>> rounded_duration(5.4e9), rounded_duration(3e6)
    ('1.5 hours', '3 seconds')
    """
    names = {"d": "days", "h": "hours", "min": "minutes"}
    unit = next((unit for unit in names if microseconds >= UNITS[unit]), "s")
    return f"{microseconds / UNITS[unit]:.3g} {names.get(unit, 'seconds')}"


def _number(text: str, called: str) -> float:
    if not NUMBER.fullmatch(text):
        raise BadInput(
            f"the {called} {text!r} is no number, and the time column holds numbers",
            expected="a number in the unit of the time column, such as 7",
            mend="write it without a unit, or the time column as times",
        )
    return float(text)


def _microseconds(text: str, called: str) -> float:
    parts = PART.findall(text)
    if not parts or PART.sub("", text):
        raise BadInput(
            f"the {called} {text!r} is no duration",
            expected="a number with its unit: 2w, 7d, 12h, 30min or 90s",
            mend="write 7d for seven days" if not NUMBER.fullmatch(text) else f"say the unit: {text.strip()}d",
        )
    return sum(float(number) * _unit(word.lower(), text, called) for number, word in parts)


def _unit(word: str, text: str, called: str) -> float:
    if word in NO_LENGTH:
        why = f"could be {NO_LENGTH[word]}" if NO_LENGTH[word] else "has no fixed length"
        raise BadInput(
            f"the {called} {text!r} {why}",
            expected="weeks (w), days (d), hours (h), minutes (min) or seconds (s)",
            mend="write a month as 30d or 31d, a year as 365d",
        )
    unit = WORDS.get(word, word)
    if unit not in UNITS:
        raise BadInput(
            f"the {called} {text!r} has a unit that is not known: {word}",
            expected="weeks (w), days (d), hours (h), minutes (min) or seconds (s)",
        )
    return UNITS[unit]
