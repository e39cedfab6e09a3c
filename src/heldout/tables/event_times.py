"""Which other times of a table's rows come after the time at which they are predicted."""

import re

import numpy as np
from numpy.typing import NDArray

from heldout.core.profile import ColumnKind
from heldout.core.runs_evidence import EventColumn, EventTimes
from heldout.tables.durations import rounded_duration
from heldout.tables.order import DAY, moments_of
from heldout.tables.table import Table, kind_of, numbers

__all__ = ["event_times_of"]

Floats = NDArray[np.float64]

PLANNED_NAME = re.compile(
    r"plan|sched|due|expir|expect|estimat|(^|_)eta(_|$)|deadline|appoint|valid|until|promis|target|matur|renew|next"
    r"|forecast|booked_for|slot",
    re.IGNORECASE,
)
"""Times that are set beforehand, and lie in the future by design."""

EVENT_NAME = re.compile(
    r"closed|finished|complet|resol|cancel|paid|payment|updat|modif|changed|drop_?off|arrived|delivered|returned"
    r"|resigned|ended|status|outcome|decision|decided|result|discharge|settled|churn|death|died",
    re.IGNORECASE,
)
"""Times that are written when a row is done with. A bare noun (end, return, delivery) may be a plan as well."""

SECOND = 1_000_000.0
TOLERANCE = 60 * SECOND
"""Two clocks, or the steps of one write, may differ by so much."""

FEW_OFFSETS = 3
"""A time that always lies one of so many spans after another was computed from it, or is it in another time zone."""

ODD_CLOCK = 0.5
"""People plan for round minutes: where more times than this show seconds, or minutes off the fives, it was recorded."""

EXAMPLES = 3


def event_times_of(table: Table, time: str, columns: tuple[str, ...]) -> EventTimes:
    """Compare each of `columns` that holds times with `time`, row by row; none where `time` is a number."""
    moments, is_time = moments_of(table, time)
    if not is_time:
        return EventTimes(time=time, columns=())
    found = [
        _compared(name, numbers(array), moments)
        for name in columns
        if name != time and kind_of(array := table.column(name)) is ColumnKind.TIME
    ]
    return EventTimes(time=time, columns=tuple(found))


def _compared(name: str, other: Floats, moments: Floats) -> EventColumn:
    both = np.flatnonzero(~np.isnan(other) & ~np.isnan(moments))
    event, asked = other[both], moments[both]
    later = _later(event, asked)
    gaps = (event - asked)[later]
    kind, why = _kind(name, event[later], gaps)
    return EventColumn(
        column=name,
        kind=kind,
        why=why,
        rows=len(both),
        later=len(gaps),
        delay=rounded_duration(float(np.median(gaps))) if len(gaps) else "",
        examples=tuple(int(row) for row in both[later][:EXAMPLES]),
    )


def _later(event: Floats, asked: Floats) -> NDArray[np.bool_]:
    """Tell which events are later, at the coarser of the two resolutions: a date is not after a moment of its day."""
    if not len(event):
        return np.zeros(0, np.bool_)
    coarse = max((_resolution(event), _resolution(asked)), key=RESOLUTIONS.index)
    after = event > asked + TOLERANCE
    if coarse in ("M", "Y"):
        months = [x.astype(np.int64).astype("M8[us]").astype(f"M8[{coarse}]") for x in (event, asked)]
        return after & (months[0] > months[1])
    unit = UNITS[coarse]
    return after & (np.floor(event / unit) > np.floor(asked / unit))


RESOLUTIONS = ("s", "h", "D", "M", "Y")
UNITS = {"s": SECOND, "h": 3600 * SECOND, "D": float(DAY)}


def _resolution(moments: Floats) -> str:
    """Return the coarsest calendar unit of which all moments are whole."""
    for unit in ("h", "D"):
        if (moments % UNITS[unit] != 0).any():
            return RESOLUTIONS[RESOLUTIONS.index(unit) - 1]
    days = np.unique(moments).astype(np.int64).astype("M8[us]").astype("M8[D]")
    if len(days) < 2:
        return "D"
    coarse = [unit for unit in ("M", "Y") if (days == days.astype(f"M8[{unit}]").astype("M8[D]")).all()]
    return coarse[-1] if coarse else "D"


def _kind(name: str, event: Floats, gaps: Floats) -> tuple[str, str]:
    if not len(event):
        return "date", ""
    if len(gaps) > FEW_OFFSETS and len(np.unique(gaps)) <= FEW_OFFSETS:
        return "offset", "always the same span after it"
    if PLANNED_NAME.search(name):
        return "plan", "its name speaks of a plan"
    if EVENT_NAME.search(name):
        return "event", "its name speaks of what is written when a row is done with"
    if (event % (300 * SECOND) != 0).mean() > ODD_CLOCK:
        return "event", "its odd minutes and seconds are those of something recorded"
    return "date", "it may be planned"
