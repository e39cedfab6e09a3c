"""Learners with planted weaknesses, who practise for a fortnight by the plan's own days.

The model, which no plan knows: each family has a skill on the log-odds scale. A round is solved with chance
guess + (1 - guess - slip) × expit(skill - hardness of its difficulty and round). Each six minutes of practice take the
skill `rate` of the way to the ceiling (diminishing returns), right or wrong; a night takes `forgets` of what was gained
over the first day's skill. What the learner says of their chance is the true one, moved by `bias` in log-odds.
"""

import datetime as dt
import math
from collections import Counter
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np

from heldout.core.time_zone import zone_named
from heldout.practice.attempt import FULL, Attempt, Round
from heldout.practice.drill import Family
from heldout.practice.learner.readiness import current_chance
from heldout.practice.plan.days import days_from
from heldout.practice.plan.frame import DAYS, Level, difficulty_of
from heldout.practice.plan.record import Sat, need_of, record_of
from heldout.practice.plan.terms import Terms
from heldout.practice.plan.work import Item, Work, work_of_day

__all__ = ["FIRST_SEED", "LEARNERS", "Learner", "Played", "Pupil", "Tally", "pair", "played", "tally"]

FIRST_SEED = 1000
"""The constants of the plan were chosen on seeds below this."""
FAMILIES = tuple(family.value for family in Family)
KINDS = {family: tuple(f"{family}/kind-{number}" for number in range(6)) for family in FAMILIES}
START = dt.date(2026, 3, 16)
HARDER = {1: -0.7, 2: 0.0, 3: 0.7}
HARDER_ROUND = {Round.SPEED: 0.0, Round.EXPLANATION: 0.3, Round.BLANK_FILE: 0.6}
OPEN_GUESS = {Round.SPEED: 1.0, Round.EXPLANATION: 0.4, Round.BLANK_FILE: 0.1}
"""The share of the guesses that a round leaves."""
SLIP = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Learner:
    """What kind of learner it is; `spread` varies rate, ceiling and forgetting between runs (log-normal)."""

    name: str
    rate: float = 0.06
    guess: float = 0.2
    forgets: float = 0.03
    bias: float = 0.0
    ceiling: float = 2.5
    spread: float = 0.25


LEARNERS = (
    Learner(name="fast", rate=0.12),
    Learner(name="slow", rate=0.03),
    Learner(name="guessing", guess=0.4),
    Learner(name="forgetting", forgets=0.08),
    Learner(name="over-confident", bias=1.2),
    Learner(name="under-confident", bias=-1.2),
)


@dataclass(slots=True)
class Pupil:
    """One learner in one run: their skills now and on the first day, and where the weakness was planted."""

    kind: Learner
    skill: dict[str, float]
    first: dict[str, float]
    weak: tuple[str, ...]
    rng: np.random.Generator

    def chance(self, family: str, difficulty: int, done: Round = Round.SPEED) -> float:
        guess = self.kind.guess * OPEN_GUESS[done]
        odds = self.skill[family] - HARDER[difficulty] - HARDER_ROUND[done]
        return guess + (1 - guess - SLIP) / (1 + math.exp(-odds))

    def practise(self, family: str, minutes: float) -> None:
        left = (1 - self.kind.rate) ** (minutes / 6)
        self.skill[family] = self.kind.ceiling - (self.kind.ceiling - self.skill[family]) * left

    def sleep(self) -> None:
        for family, first in self.first.items():
            self.skill[family] -= self.kind.forgets * max(self.skill[family] - first, 0.0)

    def accuracy(self, difficulty: int) -> float:
        return sum(self.chance(family, difficulty) for family in self.skill) / len(self.skill)


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """A fortnight: `before` and `after` are true mean chances; `share` the drill time in the weak families."""

    before: float
    after: float
    share: float
    even_share: float
    minutes: int
    ready: tuple[float, float] | None
    confidence: float


def pupil_of(learner: Learner, seed: int) -> Pupil:
    rng = np.random.default_rng([seed, sum(learner.name.encode())])
    vary = rng.lognormal(0.0, learner.spread, 3)
    kind = replace(
        learner,
        rate=min(learner.rate * vary[0], 0.5),
        forgets=min(learner.forgets * vary[1], 0.5),
        ceiling=learner.ceiling * vary[2] ** 0.5,
    )
    weak = tuple(str(one) for one in rng.choice(FAMILIES, size=1 + seed % 2, replace=False))
    skill = {one: float(rng.normal(-1.2, 0.3) if one in weak else rng.normal(1.2, 0.4)) for one in FAMILIES}
    skill = {one: min(value, kind.ceiling) for one, value in skill.items()}
    return Pupil(kind=kind, skill=dict(skill), first=skill, weak=weak, rng=rng)


def played(
    learner: Learner, seed: int, hours: float, *, adapts: bool, asked: int = 0, level: Level = Level.SENIOR
) -> Played:
    """Practise for fourteen days after a placement of `asked` drills a family.

    Without `adapts` it is by the fixed rotation, in the same frame and hours.
    """
    pupil, difficulty = pupil_of(learner, seed), difficulty_of(level)
    placement = {family: (_rights(pupil, family, difficulty, asked), asked) for family in FAMILIES if asked}
    terms = Terms(start=START, level=level, hours=hours, zone="UTC", placement=placement)
    dates = tuple(islice(days_from(START, zone_named("UTC")), DAYS))
    dated: list[tuple[dt.date, Attempt]] = []
    milestones: dict[int, dt.date] = {}
    mocks: list[dt.date] = []
    spent: Counter[str] = Counter()
    before = pupil.accuracy(difficulty)
    for number, day in enumerate(dates, start=1):
        sat = Sat(milestones=milestones, mocks=tuple(mocks))
        record = record_of(terms, dated, sat, dates, day)
        need = need_of(record, KINDS) if adapts else None
        for item in work_of_day(terms, record, number, day, kinds=KINDS, need=need):
            if item.work is Work.MILESTONE:
                milestones[item.number] = day
            elif item.work is Work.MOCK:
                mocks.append(day)
            else:
                dated.append((day, _attempt(pupil, item, day)))
                pupil.practise(item.family, item.minutes)
                spent[item.family] += item.minutes
        if number < DAYS:
            pupil.sleep()
    ready = current_chance([one for _, one in dated], FAMILIES, difficulty=difficulty)
    total = sum(spent.values())
    return Played(
        before=before,
        after=pupil.accuracy(difficulty),
        share=sum(spent[family] for family in pupil.weak) / total,
        even_share=len(pupil.weak) / len(FAMILIES),
        minutes=total,
        ready=(ready.low, ready.high) if ready.is_defined else None,
        confidence=float(np.mean([one.confidence - one.is_right for _, one in dated])),
    )


def pair(learner: Learner, seed: int, hours: float, asked: int = 0) -> tuple[Played, Played]:
    """Return the fortnight by the plan and by the rotation, of the same pupil."""
    by_plan = played(learner, seed, hours, adapts=True, asked=asked)
    return by_plan, played(learner, seed, hours, adapts=False, asked=asked)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Fortnights of one learner: means, and counts of what is asked of them.

    `wins` are runs in which the plan ends with the higher true chance; `focused` those that spent more on the weak
    families, for each of them, than on the others; `covered` of `stated` readiness intervals hold the true chance.
    """

    runs: int
    before: float
    plan: float
    rotation: float
    wins: int
    focus: float
    focused: int
    covered: int
    stated: int
    width: float
    confidence: float


def tally(learner: Learner, runs: int, hours: float, asked: int) -> Tally:
    """Play `runs` pairs and count."""
    pairs = [pair(learner, FIRST_SEED + number, hours, asked) for number in range(runs)]
    plans, rotations = zip(*pairs, strict=True)
    stated = [(one.ready[0], one.after, one.ready[1]) for one in plans if one.ready is not None]
    return Tally(
        runs=runs,
        before=float(np.mean([one.before for one in plans])),
        plan=float(np.mean([one.after for one in plans])),
        rotation=float(np.mean([one.after for one in rotations])),
        wins=sum(one.after > other.after for one, other in pairs),
        focus=float(np.mean([one.share / one.even_share for one in plans])),
        focused=sum(one.share > one.even_share for one in plans),
        covered=sum(low <= after <= high for low, after, high in stated),
        stated=len(stated),
        width=float(np.mean([high - low for low, _, high in stated])) if stated else 0.0,
        confidence=float(np.mean([one.confidence for one in plans])),
    )


def _rights(pupil: Pupil, family: str, difficulty: int, asked: int) -> int:
    return int(pupil.rng.binomial(asked, pupil.chance(family, difficulty)))


def _attempt(pupil: Pupil, item: Item, day: dt.date) -> Attempt:
    chance = pupil.chance(item.family, item.difficulty, item.round)
    is_right = pupil.rng.random() < chance
    odds = math.log(chance / (1 - chance)) + pupil.kind.bias + pupil.rng.normal(0, 0.3)
    return Attempt(
        kind=item.kind,
        seed=item.seed,
        difficulty=item.difficulty,
        planted=True,
        round=item.round,
        at=f"{day.isoformat()}T18:00:00+00:00",
        seconds=60.0 * item.minutes,
        score=FULL + 10 if is_right else FULL - 40,
        confidence=1 / (1 + math.exp(-odds)),
    )
