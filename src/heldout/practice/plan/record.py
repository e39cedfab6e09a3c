"""What has been done until a day, as far as the plan needs it."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from heldout.practice.attempt import Attempt, Round
from heldout.practice.learner.revisits import Chain, moved_on
from heldout.practice.learner.tracing import PRIOR, faded, known_by_family
from heldout.practice.plan.frame import MINUTES, openings
from heldout.practice.plan.terms import Terms

__all__ = ["Record", "Sat", "need_of", "record_of"]

FLOOR = 0.2
"""The share that is asked for even of what is known: it would fade."""
KEPT = 0.5
"""What a minute still counts a day later: a weakness that is mended gets its share again, not the bill for it."""
MASTERED = 0.9
"""Above this chance families are treated alike: what is left of the difference is mostly luck."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sat:
    """The milestones that were decided, by their day's number, and the mocks that were sat, with their dates."""

    milestones: Mapping[int, dt.date] = field(default_factory=lambda: MappingProxyType({}))
    mocks: tuple[dt.date, ...] = ()


@dataclass(slots=True, kw_only=True)
class Record:
    """What was done: minutes by family as they count on `day`, how well each is known, and what is open of each fault.

    It is moved on by `note` as days are laid out ahead; then a planned round counts as done, and teaches nothing.
    """

    spent: dict[str, float]
    day: dt.date
    known: dict[str, float]
    chains: dict[str, Chain]
    tried: Counter[str]
    last: dict[str, dt.date]
    wrong: set[str]
    milestones: set[int]
    mocks: int

    def note(self, kind: str, done: Round, day: dt.date, *, opens: bool) -> None:
        """Count one round of a kind."""
        family = kind.partition("/")[0]
        if day > self.day:
            kept = KEPT ** (day - self.day).days
            self.spent = {one: minutes * kept for one, minutes in self.spent.items()}
            self.day = day
        self.spent[family] = self.spent.get(family, 0.0) + MINUTES[done]
        self.tried[kind] += 1
        self.last[kind] = day
        chain = self.chains.get(kind)
        if chain is not None or opens:
            moved = moved_on(chain, done, day)
            if moved is not None:
                self.chains[kind] = moved


def record_of(
    terms: Terms, attempts: Iterable[tuple[dt.date, Attempt]], sat: Sat, days: tuple[dt.date, ...], before: dt.date
) -> Record:
    """Return the record of what was done before a day.

    `attempts` are in their order, each with its local date. The first speed rounds of a day, as many as the frame
    opens on it, open faults; a speed round after those is a mixed drill.
    """
    record = Record(
        spent={},
        day=terms.start,
        known={},
        chains={},
        tried=Counter(),
        last={},
        wrong=set(),
        milestones={number for number, day in sat.milestones.items() if day < before},
        mocks=sum(day < before for day in sat.mocks),
    )
    places = {day: number for number, day in enumerate(days)}
    quota = openings(terms.level, terms.day_minutes)
    opened: Counter[dt.date] = Counter()
    counted = []
    touched: dict[str, dt.date] = {}
    for day, one in attempts:
        if day >= before:
            continue
        counted.append(one)
        touched[one.family] = day
        is_new = one.round is Round.SPEED and one.kind not in record.chains
        opens = is_new and opened[day] < (quota[places[day]] if day in places else 0)
        opened[day] += opens
        record.note(one.kind, one.round, day, opens=opens)
        (record.wrong.discard if one.is_right else record.wrong.add)(one.kind)
    known = known_by_family(counted, terms.placement)
    for family, chance in known.items():
        record.known[family] = faded(chance, (before - touched.get(family, terms.start)).days)
    return record


def need_of(record: Record, families: Iterable[str]) -> dict[str, float]:
    """Return how much of its time each family asks for: what is not known of it, above a floor."""
    return {family: FLOOR + 1 - min(record.known.get(family, PRIOR), MASTERED) for family in families}
