"""The clock of an eval: when a window ends, what is left, how late a receipt is, and waking hours without an update.

Receipts decide, never dates in commits. Hours count as agreed: what an accommodation or an extension adds is free.
"""

import datetime as dt
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from heldout.core.errors import BadInput
from heldout.core.time_zone import zone_named
from heldout.evals.brief import Brief
from heldout.evals.record.kinds import Kind
from heldout.evals.record.ledger import Event

__all__ = ["Clock", "Gap", "Standing", "clock_of", "gaps", "silences", "waking_hours"]

WAKING = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")
HOUR = dt.timedelta(hours=1)
MOST_HOURS = 24 * 366 * 10.0
ENDS = {Kind.SUBMITTED: "submitted", Kind.CANCELLED: "cancelled", Kind.CLOSED: "closed"}
Span = tuple[dt.datetime, dt.datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a receipt stands: `minutes_late` after the end, and what becomes of it.

    `becomes` is "in time", "grace" (later, and counted as in time), "late" (graded, with the delay on the card) or
    "refused".
    """

    minutes_late: float
    becomes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """The clock of one candidate at `now`.

    Hours are those of a clock on the wall. `state` is "running", "over", "submitted", "cancelled" or "closed"; `left`
    the hours until `ends`, 0 after it. `cost` is what extensions were said to cost, 0 where nobody said so.
    `accommodated_hours` and what follows from it are for the organiser and the candidate alone.
    """

    started: dt.datetime
    agreed_hours: float
    paused_hours: float
    extended_hours: float
    accommodated_hours: float
    cost: float
    ends: dt.datetime
    now: dt.datetime
    left: float
    state: str
    time_zone: str
    waking: str
    grace_minutes: float
    late: str
    notes: tuple[str, ...]

    def standing(self, at: dt.datetime) -> Standing:
        """Return where a receipt of this time stands."""
        late = max(0.0, (at - self.ends) / dt.timedelta(minutes=1))
        if late == 0:
            return Standing(minutes_late=0.0, becomes="in time")
        if late <= self.grace_minutes:
            return Standing(minutes_late=late, becomes="grace")
        return Standing(minutes_late=late, becomes="refused" if self.late == "refused" else "late")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A time without an update, and the waking hours in it that were agreed to count."""

    begins: dt.datetime
    ends: dt.datetime
    waking_hours: float


def clock_of(brief: Brief, events: Iterable[Event], now: dt.datetime) -> Clock:
    """Return the clock at `now`. `brief` is the one in force.

    A clock that ran back is not believed: `now` is at least the time of the last event. Agreed pauses (`agreed.pauses`,
    pairs of ISO times) that begin before the end put it off by their length. Raises BadInput where the eval was not
    opened, or where what was agreed cannot be read.
    """
    known = list(events)
    opened = _opened(known)
    agreed = _agreed(opened, brief)
    last = max(event.at for event in known)
    notes = () if now >= last else ("The clock of this machine is behind the last event; the event's time is taken.",)
    now = max(now, last)
    hours = _hours_agreed(known, agreed)
    extended = _sum(known, Kind.EXTENDED, "hours")
    accommodated = _sum(known, Kind.ACCOMMODATED, "hours")
    given = hours + extended + accommodated
    if not 0 <= given <= MOST_HOURS:
        raise BadInput(f"the window has {given:g} hours", expected=f"0 to {MOST_HOURS:,.0f}", mend="amend the window")
    ends = bare_end = opened.at + given * HOUR
    for begins, until in _pauses(agreed):
        paused = until - max(begins, opened.at)
        if begins < ends and paused > dt.timedelta():
            ends += paused
    left = max(0.0, (ends - now) / HOUR)
    over = next((ENDS[event.kind] for event in reversed(known) if event.kind in ENDS), "")
    return Clock(
        started=opened.at,
        agreed_hours=hours,
        paused_hours=(ends - bare_end) / HOUR,
        extended_hours=extended,
        accommodated_hours=accommodated,
        cost=_sum(known, Kind.EXTENDED, "cost"),
        ends=ends,
        now=now,
        left=left,
        state=over or ("running" if left > 0 else "over"),
        time_zone=agreed["time_zone"],
        waking=agreed["waking"],
        grace_minutes=brief.window.grace_minutes,
        late=brief.window.late,
        notes=notes,
    )


def silences(brief: Brief, events: Iterable[Event], until: dt.datetime) -> tuple[Gap, ...]:
    """Return the times between updates, from the start to what was handed in, to the end or to `until`.

    Their waking hours are those of the agreed time zone, without agreed pauses. An event that replaces an older update
    is none. Raises as `clock_of` does.
    """
    known = list(events)
    clock = clock_of(brief, known, until)
    over = [event.at for event in known if event.kind in ENDS]
    until = min([clock.ends, max(until, clock.started), *over])
    updates = [event.at for event in known if event.kind is Kind.UPDATE and "replaces" not in (event.payload or {})]
    marks = [clock.started, *(at for at in updates if clock.started < at < until), until]
    pauses = _pauses(_agreed(_opened(known), brief))
    return tuple(
        Gap(begins=begins, ends=ends, waking_hours=waking_hours(begins, ends, clock.time_zone, clock.waking, pauses))
        for begins, ends in itertools.pairwise(marks)
    )


def gaps(brief: Brief, events: Iterable[Event], until: dt.datetime) -> tuple[Gap, ...]:
    """Return the times without an update that are longer, in waking hours, than the brief's cadence."""
    return tuple(gap for gap in silences(brief, events, until) if gap.waking_hours > brief.cadence.hours)


def waking_hours(
    begins: dt.datetime, ends: dt.datetime, time_zone: str, waking: str, pauses: Sequence[Span] = ()
) -> float:
    """Return the hours between two times that lie in the waking hours of a time zone and in no pause.

    Hours are those that pass: a day on which the clocks change has one less or one more where it is among them.
    `waking` may go over midnight ("20:00-04:00"); equal ends are the whole day. Raises BadInput for what is no zone.

    >>> at = dt.datetime(2026, 3, 2, 21, 0, tzinfo=dt.UTC)
    >>> waking_hours(at, at + dt.timedelta(hours=14), "UTC", "08:00-22:00")
    4.0
    """
    total = dt.timedelta()
    for start, end in _waking_spans(begins, ends, zone_named(time_zone), waking):
        first, last = max(start, begins), min(end, ends)
        if last > first:
            total += (last - first) - _paused(first, last, pauses)
    return total / HOUR


def _waking_spans(begins: dt.datetime, ends: dt.datetime, zone: ZoneInfo, waking: str) -> Iterator[Span]:
    found = WAKING.fullmatch(waking)
    if found is None:
        raise BadInput(f"waking hours are {waking!r}", expected="HH:MM-HH:MM", mend="for example 08:00-22:00")
    first, last = (dt.time(int(found[at]), int(found[at + 1])) for at in (1, 3))
    day = begins.astimezone(zone).date() - dt.timedelta(days=1)  # a span over midnight began the day before
    while day <= ends.astimezone(zone).date():
        tomorrow = day + dt.timedelta(days=1)
        end_day = day if last > first else tomorrow
        # in UTC, since differences of one zone's local times leave out its changes
        yield (
            dt.datetime.combine(day, first, zone).astimezone(dt.UTC),
            dt.datetime.combine(end_day, last, zone).astimezone(dt.UTC),
        )
        day = tomorrow


def _paused(begins: dt.datetime, ends: dt.datetime, pauses: Sequence[Span]) -> dt.timedelta:
    inside = (min(ends, until) - max(begins, start) for start, until in pauses)
    return sum((length for length in inside if length > dt.timedelta()), dt.timedelta())


def _opened(events: Sequence[Event]) -> Event:
    opened = next((event for event in events if event.kind is Kind.OPENED), None)
    if opened is None:
        raise BadInput(
            "the eval of this candidate was not opened", expected="a started clock", mend="heldout eval open starts it"
        )
    return opened


def _agreed(opened: Event, brief: Brief) -> Mapping[str, Any]:
    """Return what was agreed at the opening; what was not, or was forgotten, is the brief's, in UTC."""
    defaults = {"time_zone": "UTC", "waking": brief.cadence.waking, "hours": brief.window.hours, "pauses": []}
    return {**defaults, **((opened.payload or {}).get("agreed") or {})}


def _hours_agreed(events: Sequence[Event], agreed: Mapping[str, Any]) -> float:
    """Return the window's hours: those agreed, or those of the last accepted scope that changed them."""
    amended = [
        event.payload["hours"]
        for event in events
        if event.kind is Kind.RESCOPE_ANSWERED and event.payload and event.payload.get("hours") is not None
    ]
    return float(amended[-1] if amended else agreed["hours"])


def _sum(events: Iterable[Event], kind: Kind, key: str) -> float:
    return float(sum((event.payload or {}).get(key) or 0 for event in events if event.kind is kind))


def _pauses(agreed: Mapping[str, Any]) -> tuple[Span, ...]:
    """Return the agreed pauses in order, those that overlap as one."""
    try:
        found = sorted(
            (dt.datetime.fromisoformat(begins).astimezone(dt.UTC), dt.datetime.fromisoformat(ends).astimezone(dt.UTC))
            for begins, ends in agreed["pauses"]
        )
    except (TypeError, ValueError):
        raise BadInput("the agreed pauses cannot be read", expected="pairs of ISO times with their offset") from None
    merged: list[Span] = []
    for begins, ends in found:
        if merged and begins <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(ends, merged[-1][1]))
        else:
            merged.append((begins, ends))
    return tuple(merged)
