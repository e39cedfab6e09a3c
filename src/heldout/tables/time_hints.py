"""Columns that say when a row happened."""

import re
from collections.abc import Collection, Iterable

from heldout.core.profile import ColumnKind
from heldout.tables.label import Label
from heldout.tables.table import Table

__all__ = ["date_parts", "time_hints"]

TIME_NAME = re.compile(
    r"^(year|month|day|hour|week|date|ts|time|period|quarter)$|(^|_)(date|datetime|year|timestamp|epoch)(_|$)|_(at|ts)$",
    re.IGNORECASE,
)

ATTRIBUTE_NAME = re.compile(r"birth|born|(^|_)dob(_|$)|built|found(ed|ation)|hired|member_since", re.IGNORECASE)
"""Times that describe whom a row is about, and not when it happened."""

LATER_NAME = re.compile(
    r"status|outcome|clos|end|finish|complet|resol|cancel|paid|updat|modif|drop_?off|arrived|deliver|return|resign",
    re.IGNORECASE,
)
"""Times that are written when a row is done with: they come last, as a split needs the moment of the question."""


PART = re.compile(r"^(.*?)(?:(?<=_)|^)(year|month|day)(?:_|$)", re.IGNORECASE)
"""A part of a date, and what stands before it: arrival_date_ of arrival_date_day_of_month."""


def date_parts(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names of a year, its month and its day in this order; none without a year and one of the others.

    >>> date_parts(["arrival_week", "arrival_month", "arrival_year", "due_day"])
    ('arrival_year', 'arrival_month')
    >>> date_parts(["year", "country"])
    ()
    """
    dates: dict[str, dict[str, str]] = {}
    for name in names:
        match = None if ATTRIBUTE_NAME.search(name) or LATER_NAME.search(name) else PART.match(name)
        if match is not None:
            dates.setdefault(match[1].lower(), {}).setdefault(match[2].lower(), name)
    whole = next((parts for parts in dates.values() if "year" in parts and len(parts) > 1), {})
    return tuple(whole[part] for part in ("year", "month", "day") if part in whole)


def time_hints(table: Table, label: Label, ignored: Collection[str] = ()) -> tuple[str, ...]:
    """Return the columns that hold times, then those whose names say so, then those written when a row is done with."""
    left_out = {*label.columns, *ignored}
    names = [name for name in table.columns if name not in left_out and not ATTRIBUTE_NAME.search(name)]
    times = [name for name in names if table.kind(name) is ColumnKind.TIME]
    parts = [
        name
        for name in names
        if name not in times and TIME_NAME.search(name) and table.kind(name) is not ColumnKind.BOOLEAN
    ]
    return tuple(sorted([*times, *parts], key=lambda name: bool(LATER_NAME.search(name))))
