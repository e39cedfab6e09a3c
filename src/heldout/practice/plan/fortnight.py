"""The plan of a fortnight: a pure function of terms, attempts and today."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from zoneinfo import ZoneInfo

from heldout.core.time_zone import zone_named
from heldout.practice.attempt import Attempt
from heldout.practice.learner.revisits import due_of
from heldout.practice.plan.days import days_from, instant, local_date
from heldout.practice.plan.frame import BREAK, DAYS, DEEP_WORK, MILESTONES, MOCKS, REST, Level
from heldout.practice.plan.record import Record, Sat, need_of, record_of
from heldout.practice.plan.syllabus import syllabus
from heldout.practice.plan.terms import Terms
from heldout.practice.plan.work import Item, Kinds, work_of_day

__all__ = ["Block", "Day", "Plan", "plan", "plan_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """An item of a day: when it `begins`, in UTC, in which `part` (block of deep work), and whether it is done."""

    item: Item
    begins: dt.datetime
    part: int
    done: bool = False

    @property
    def ends(self) -> dt.datetime:
        """Return when it ends, in UTC."""
        return self.begins + dt.timedelta(minutes=self.item.minutes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One of the fourteen days. A day that is past has no blocks, but `did`: what was done on it, by family."""

    number: int
    date: dt.date
    blocks: tuple[Block, ...]
    did: Mapping[str, int]
    is_rest: bool
    is_past: bool

    @property
    def minutes(self) -> int:
        """Return the minutes of work that are laid out."""
        return sum(block.item.minutes for block in self.blocks)

    @property
    def is_missed(self) -> bool:
        """Return whether it is past, no day of rest, and nothing was done on it."""
        return self.is_past and not self.is_rest and not self.did


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Fourteen days, as seen on `today`.

    `need` is the share of the time that each family asks for, and `known` the chance that it is known, where anything
    is known of it. `left_out` says in sentences what no longer fits.
    """

    terms: Terms
    today: dt.date
    days: tuple[Day, ...]
    need: Mapping[str, float]
    known: Mapping[str, float]
    left_out: tuple[str, ...]

    def on(self, date: dt.date) -> Day | None:
        """Return the day of a date; None outside the fortnight."""
        return next((day for day in self.days if day.date == date), None)


def plan(
    start: dt.date,
    level: Level,
    hours: float,
    *,
    placement: Mapping[str, tuple[int, int]],
    attempts: Iterable[Attempt],
    today: dt.date,
    zone: str,
    begins: dt.time = dt.time(18),
    sat: Sat | None = None,
    kinds: Kinds | None = None,
) -> Plan:
    """Return the plan for these terms; see `plan_of`. Raises BadInput for terms that cannot be kept."""
    terms = Terms(start=start, level=level, hours=hours, zone=zone, begins=begins, placement=placement)
    return plan_of(terms, attempts, today, sat=sat, kinds=kinds)


def plan_of(
    terms: Terms, attempts: Iterable[Attempt], today: dt.date, *, sat: Sat | None = None, kinds: Kinds | None = None
) -> Plan:
    """Return the fortnight as it stands on `today`, a date of the plan's zone.

    The days from today on are laid out anew from what was done before today, so that today's work stays as it is while
    it is done. A missed day moves nothing onto a full one: each day holds at most its hours, what is due comes first,
    the weakest of it before the rest, and what finds no room until the end is named in `left_out`.
    """
    sat, kinds, zone = sat or Sat(), syllabus() if kinds is None else kinds, zone_named(terms.zone)
    dates = tuple(islice(days_from(terms.start, zone), DAYS))
    dated = [(local_date(one.at, zone), one) for one in attempts]
    begin = max(today, terms.start)
    record = record_of(terms, dated, sat, dates, begin)
    need, known = need_of(record, kinds), dict(record.known)
    did = _did(dated, sat)
    days = []
    for number, date in enumerate(dates, start=1):
        items = work_of_day(terms, record, number, date, kinds=kinds, need=need) if date >= begin else ()
        blocks = _placed(items, date, terms, zone)
        days.append(
            Day(
                number=number,
                date=date,
                blocks=_ticked(blocks, dated, sat, today) if date == today else blocks,
                did=did.get(date, {}),
                is_rest=number in REST,
                is_past=date < today,
            )
        )
    total = sum(need.values())
    shares = {family: share / total for family, share in need.items()}
    return Plan(
        terms=terms, today=today, days=tuple(days), need=shares, known=known, left_out=_left_out(record, dates[-1])
    )


def _placed(items: tuple[Item, ...], date: dt.date, terms: Terms, zone: ZoneInfo) -> tuple[Block, ...]:
    """Return the items in blocks of deep work with breaks between them; minutes pass in UTC, whatever clocks do."""
    at, part, filled, blocks = instant(date, terms.begins, zone), 1, 0, []
    for item in items:
        if filled and filled + item.minutes > DEEP_WORK:
            at, part, filled = at + dt.timedelta(minutes=BREAK), part + 1, 0
        blocks.append(Block(item=item, begins=at, part=part))
        at, filled = at + dt.timedelta(minutes=item.minutes), filled + item.minutes
    return tuple(blocks)


def _ticked(
    blocks: tuple[Block, ...], dated: list[tuple[dt.date, Attempt]], sat: Sat, today: dt.date
) -> tuple[Block, ...]:
    done = Counter((one.kind, one.round) for day, one in dated if day == today)
    mocks = sum(day == today for day in sat.mocks)
    ticked = []
    for block in blocks:
        item = block.item
        if item.round is not None:
            is_done = done[item.kind, item.round] > 0
            done[item.kind, item.round] -= is_done
        elif item.work.value == "mock":
            is_done = mocks > 0
        else:
            is_done = sat.milestones.get(item.number) == today
        ticked.append(replace(block, done=is_done))
    return tuple(ticked)


def _did(dated: list[tuple[dt.date, Attempt]], sat: Sat) -> dict[dt.date, Counter[str]]:
    did: dict[dt.date, Counter[str]] = {}
    found = [(day, one.family) for day, one in dated]
    found += [(day, "milestone") for day in sat.milestones.values()] + [(day, "mock") for day in sat.mocks]
    for day, what in found:
        did.setdefault(day, Counter())[what] += 1
    return did


def _left_out(record: Record, last: dt.date) -> tuple[str, ...]:
    said = [f"The milestone of day {number} finds no day." for number in MILESTONES if number not in record.milestones]
    if record.mocks < len(MOCKS):
        said.append(
            f"Only {record.mocks} of {len(MOCKS)} mocks find a day before the last: a readiness statement needs them."
        )
    over = [(kind, due_of(chain)) for kind, chain in record.chains.items()]
    late = Counter(
        f"{kind.partition('/')[0].replace('_', ' ')} ({due.round})"
        for kind, due in over
        if due.day <= last and record.chains[kind].coded is None
    )
    if late:
        drills = ", ".join(f"{count} of {what}" for what, count in sorted(late.items()))
        said.append(f"Due, and without room until the end: {drills}.")
    return tuple(said)
