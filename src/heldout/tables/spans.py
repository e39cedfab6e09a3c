"""Spans of time as people write them: 7d, 12h, 30min; plain numbers where time is a number."""

import re

from heldout.core.errors import BadInput

__all__ = ["said_span", "span_of"]

UNITS = {"w": 7 * 86_400, "d": 86_400, "h": 3_600, "min": 60, "s": 1}
"""Seconds."""

WRITTEN = re.compile(r"(\d+(?:\.\d+)?)\s*(w|d|h|min|s)?")
MICRO = 1_000_000


def span_of(text: str, *, is_time: bool, called: str) -> float:
    """Return a span in the units of `moments_of`: microseconds, or as it stands where time is a number.

    Raises BadInput for a text that is no span, or lacks its unit; `called` says what it is for.

    >>> span_of("1.5h", is_time=True, called="horizon") / 1e6
    5400.0
    """
    match = WRITTEN.fullmatch(text.strip().lower())
    if match is None or (match[2] is None) == is_time:
        raise BadInput(
            f"the {called} is {text!r}",
            expected="a span with its unit (7d, 12h, 30min, 2w)" if is_time else "a number, as the time column holds",
            mend="write the number and, where time is a date or timestamp, one of w, d, h, min, s",
        )
    return float(match[1]) * (UNITS[match[2]] * MICRO if match[2] else 1)


def said_span(microseconds: float) -> str:
    """Return a span in words, in its largest whole unit.

    >>> said_span(5.4e9), said_span(3e6)
    ('1.5 hours', '3 seconds')
    """
    seconds = microseconds / MICRO
    names = {"w": "weeks", "d": "days", "h": "hours", "min": "minutes", "s": "seconds"}
    unit = next((unit for unit in ("d", "h", "min") if seconds >= UNITS[unit]), "s")
    return f"{seconds / UNITS[unit]:.3g} {names[unit]}"
