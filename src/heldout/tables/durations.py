"""Spans of time as people write them: 7d, 12h, 30min."""

import re

from heldout.core.errors import BadInput

__all__ = ["parse_duration"]

MICROSECONDS = {
    "us": 1,
    "ms": 1_000,
    "s": 1_000_000,
    "min": 60_000_000,
    "h": 3_600_000_000,
    "d": 86_400_000_000,
    "w": 604_800_000_000,
}
WORDS = {"m": "min", "sec": "s", "second": "s", "minute": "min", "hour": "h", "day": "d", "week": "w"}
SPAN = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([a-zA-Z]*)\s*")


def parse_duration(text: str, *, is_time: bool, called: str) -> float:
    """Return a span as microseconds where `is_time`, else as the number that it is; `called` says what it is for.

    Raises BadInput for anything else, and for a unit beside a time column that holds numbers, or none beside times.

    >>> parse_duration("7d", is_time=True, called="horizon"), parse_duration("7", is_time=False, called="horizon")
    (604800000000.0, 7.0)
    """
    match = SPAN.fullmatch(text)
    number, word = (match[1], match[2].lower()) if match else ("", "")
    unit = WORDS.get(word.removesuffix("s") if word not in MICROSECONDS else word, word)
    if match and is_time and unit in MICROSECONDS:
        return float(number) * MICROSECONDS[unit]
    if match and not word and (not is_time or float(number) == 0):
        return float(number)
    said = "times" if is_time else "numbers"
    raise BadInput(
        f"the {called} {text!r} is no span of the time column, which holds {said}",
        where=f"--{called}",
        expected="a number with w, d, h, min or s, such as 7d" if is_time else "a number in the column's own unit",
        mend=f"for instance: --{called} {'7d' if is_time else '7'}",
    )
