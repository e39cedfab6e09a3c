"""Dates as people write them: day, month and year in either order, where the values themselves settle it."""

import itertools

import pyarrow as pa
import pyarrow.compute as pc

from heldout.tables.arrays import null_mask, raw_values

__all__ = ["as_dates"]

WRITTEN = (
    r"^(\d{1,2}[-/]\d{1,2}[-/]\d{2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}|\d{4}[/.]\d{1,2}[/.]\d{1,2})"
    r"([ T]\d{1,2}:\d{2}(:\d{2})?)?$"
)
SHORT_YEAR = r"^\d{1,2}[-/]\d{1,2}[-/]\d{2}(\D|$)"
CLOCKS = ("", " %H:%M", " %H:%M:%S")
UNSETTLED = "is text: its dates could have the day or the month first; write them as 2013-06-30"


def as_dates(levels: pa.LargeStringArray) -> tuple[pa.Array | None, str]:
    """Return texts as times, or None; with a note where they are dates of which day and month cannot be told apart."""
    if not raw_values(pc.match_substring_regex(levels, WRITTEN)).all():
        return None, ""
    plain = pc.replace_substring_regex(levels, "[/.]", "-")
    plain = pc.replace_substring(plain, "T", " ")
    is_short = raw_values(pc.match_substring_regex(levels, SHORT_YEAR)).all()
    dates = ("%d-%m-%y", "%m-%d-%y") if is_short else ("%d-%m-%Y", "%m-%d-%Y", "%Y-%m-%d")
    found = [
        times
        for date, clock in itertools.product(dates, CLOCKS)
        if not null_mask(times := pc.strptime(plain, date + clock, "us", error_is_null=True)).any()
    ]
    if len(found) > 1 and not all(times.equals(found[0]) for times in found):
        return None, UNSETTLED
    return (found[0], "") if found else (None, "")
