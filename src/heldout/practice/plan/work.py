"""Lays out one day: what is due first, new faults where the need is, and never more than the day's minutes."""

import datetime as dt
import zlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from heldout.practice.attempt import Round
from heldout.practice.learner.revisits import due_of
from heldout.practice.plan.frame import (
    DAYS,
    MILESTONES,
    MINUTES,
    MOCKS,
    REST,
    REVISITS,
    difficulty_of,
    milestone_minutes,
    mock_minutes,
    openings,
)
from heldout.practice.plan.record import Record
from heldout.practice.plan.terms import Terms

__all__ = ["Item", "Work", "is_planted", "work_of_day"]

Kinds = Mapping[str, tuple[str, ...]]
MOST_A_DAY = 2
"""Meetings with one kind in a day, by new seeds: more would be massed practice."""
KNOWN = 0.5
"""A chance from which the first drill of a family is as hard as the level's."""
EXPLAINED = 2
"""Days by which a round may be late in a plan that is followed."""


class Work(StrEnum):
    """What an item of a day is."""

    NEW = "new fault"
    DUE = "due round"
    REVISIT = "revisit"
    MIXED = "mixed drill"
    MILESTONE = "milestone"
    MOCK = "mock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing to do. A drill has kind, round, difficulty and seed; a milestone or mock its `number`."""

    work: Work
    minutes: int
    why: str
    kind: str = ""
    round: Round | None = None
    difficulty: int = 0
    seed: int = 0
    number: int = 0

    @property
    def family(self) -> str:
        """Return the family of a drill, "" for a sitting."""
        return self.kind.partition("/")[0]


def is_planted(seed: int) -> bool:
    """Return whether the drill of this seed holds the fault: seven of ten do, so "clean" is to be expected."""
    return zlib.crc32(f"planted {seed}".encode()) % 10 < 7


def work_of_day(
    terms: Terms, record: Record, number: int, day: dt.date, *, kinds: Kinds, need: Mapping[str, float] | None
) -> tuple[Item, ...]:
    """Return the items of a day (`number` from 1), and count them as done in `record`.

    `need` holds the share of time that each family asks for; None is the fixed rotation that knows nothing of results.
    """
    if number in REST:
        return ()
    laid = _Day(terms, record, number, day, kinds=kinds, need=need)
    laid.sittings()
    if number in REVISITS and need is not None:
        laid.revisits()
    is_behind = laid.due_rounds()
    if not is_behind:
        laid.new_faults()
    laid.mixed_drills()
    return _interleaved(laid.items)


class _Day:
    def __init__(
        self,
        terms: Terms,
        record: Record,
        number: int,
        day: dt.date,
        *,
        kinds: Kinds,
        need: Mapping[str, float] | None,
    ) -> None:
        self.terms, self.record, self.number, self.day, self.kinds = terms, record, number, day, kinds
        self.need = need or dict.fromkeys(kinds, 1.0)
        self.left = terms.day_minutes
        self.items: list[Item] = []
        self.met: Counter[str] = Counter()

    def sittings(self) -> None:
        """Put the milestone and the mock of the day; a missed one takes a later day, and no more than half of it."""
        pending = [one for one in MILESTONES if one <= self.number and one not in self.record.milestones]
        if self.number in pending:
            self._milestone(self.number, "ship or don't ship")
        self._mock()
        minutes = milestone_minutes(self.terms.level, self.terms.day_minutes)
        if pending and self.number not in pending and minutes <= self.left / 2:
            self._milestone(pending[0], f"ship or don't ship, missed on day {pending[0]}")

    def _milestone(self, number: int, why: str) -> None:
        minutes = milestone_minutes(self.terms.level, self.terms.day_minutes)
        self._put(Item(work=Work.MILESTONE, minutes=minutes, number=number, why=why))
        self.record.milestones.add(number)

    def _mock(self) -> None:
        mock = self.record.mocks
        if mock < len(MOCKS) and self.number >= list(MOCKS)[mock] and self.number < DAYS:
            minutes = mock_minutes(mock, self.terms.day_minutes)
            if minutes <= self.left:
                why = "three mocks make a readiness statement"
                self._put(Item(work=Work.MOCK, minutes=minutes, number=mock + 1, why=why))
                self.record.mocks += 1

    def revisits(self) -> None:
        """Put what went wrong the last time, the least known family first, into a third of what is left."""
        room = max(self.left / 3, MINUTES[Round.SPEED])
        wrong = [kind for kind in self.record.wrong if self.record.last[kind] < self.day]
        for kind in sorted(wrong, key=lambda kind: (-self._need(kind), self.record.last[kind], kind)):
            if room < MINUTES[Round.SPEED] or not self._drill(Work.REVISIT, kind, Round.SPEED, "it went wrong"):
                break
            self.record.wrong.discard(kind)
            room -= MINUTES[Round.SPEED]

    def due_rounds(self) -> bool:
        """Put the rounds that are due; returns whether some found no room.

        They come in the order in which their faults were opened, for which the frame kept room; once one is later than
        a full day and a day of rest explain, the least known family comes first.
        """
        due = [(kind, due_of(chain)) for kind, chain in self.record.chains.items()]
        due = [(kind, one) for kind, one in due if one.day <= self.day and one.round is not Round.SPEED]
        is_late = any((self.day - one.day).days > EXPLAINED for _, one in due)
        due.sort(key=lambda pair: self.record.chains[pair[0]].opened)
        due.sort(key=lambda pair: -self._need(pair[0]) if is_late else 0.0)
        is_behind = False
        for kind, one in due:
            why = f"opened {(self.day - self.record.chains[kind].opened).days} days ago"
            is_behind |= not self._drill(Work.DUE, kind, one.round, why)
        return is_behind

    def new_faults(self) -> None:
        """Open as many faults as the frame has rounds for."""
        for _ in range(openings(self.terms.level, self.terms.day_minutes)[self.number - 1]):
            room = {
                family: [kind for kind in kinds if kind not in self.record.chains and not self.met[kind]]
                for family, kinds in self.kinds.items()
            }
            family = self._neediest(room)
            if family is None:
                return
            kind = min(room[family], key=self._staleness)
            if not self._drill(Work.NEW, kind, Round.SPEED, self._why(family)):
                return

    def mixed_drills(self) -> None:
        """Fill the day with drills of what is asked for most, the kind that was met the longest ago."""
        while self.left >= MINUTES[Round.SPEED]:
            room = {
                family: [kind for kind in kinds if self.met[kind] < MOST_A_DAY] for family, kinds in self.kinds.items()
            }
            family = self._neediest(room)
            if family is None:
                return
            kind = min(room[family], key=self._staleness)
            self._drill(Work.MIXED, kind, Round.SPEED, self._why(family))

    def _staleness(self, kind: str) -> tuple[int, dt.date, str]:
        return self.record.tried[kind], self.record.last.get(kind, dt.date.min), kind

    def _need(self, kind: str) -> float:
        return self.need[kind.partition("/")[0]]

    def _why(self, family: str) -> str:
        known = self.record.known.get(family)
        return "not seen yet" if known is None else f"known with a chance of {known:.0%}"

    def _neediest(self, room: Mapping[str, list[str]]) -> str | None:
        """Return the family whose time is furthest behind the share it asks for, of those with a kind left today."""
        behind = {
            family: (self.record.spent.get(family, 0.0) + MINUTES[Round.SPEED]) / self.need[family]
            for family, free in room.items()
            if free
        }
        return min(behind, key=lambda family: behind[family]) if behind else None

    def _drill(self, work: Work, kind: str, done: Round, why: str) -> bool:
        """Put a drill where it fits; returns whether it did."""
        if MINUTES[done] > self.left:
            return False
        record, family = self.record, kind.partition("/")[0]
        is_first = family not in record.spent and record.known.get(family, 0.0) < KNOWN
        item = Item(
            work=work,
            minutes=MINUTES[done],
            why=why,
            kind=kind,
            round=done,
            difficulty=difficulty_of(self.terms.level, is_first),
            seed=zlib.crc32(f"{kind} {done} {self.number} {record.tried[kind]}".encode()),
        )
        self.met[kind] += 1
        record.note(kind, done, self.day, opens=work is Work.NEW)
        self._put(item)
        return True

    def _put(self, item: Item) -> None:
        self.items.append(item)
        self.left -= item.minutes


def _interleaved(items: list[Item]) -> tuple[Item, ...]:
    """Return sittings first, and then the drills in their order, but no family twice in a row where that can be."""
    waiting = [item for item in items if item.kind]
    mixed = [item for item in items if not item.kind]
    while waiting:
        before = mixed[-1].family if mixed else ""
        place = next((number for number, item in enumerate(waiting) if item.family != before), 0)
        mixed.append(waiting.pop(place))
    return tuple(mixed)
