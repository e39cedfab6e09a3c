"""The agenda of a mock: its turns in their order and its interruptions with their places, drawn by the seed."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import numpy as np

from heldout.core.errors import BadInput
from heldout.practice.mock.aim import Aim, Level
from heldout.practice.mock.stored import aim_of, stored, stored_aims
from heldout.practice.mock.subject import Subject, Topic
from heldout.practice.point import Probe
from heldout.practice.question import Key, Question

__all__ = ["LONGEST", "SHORTEST", "Phase", "Script", "Turn", "script_of"]

SHORTEST, LONGEST = 3, 180
"""Minutes that a mock may take."""
KINDS = ("confident wrong claim", "time check", "why that split", "changed constraint", "surprise in the data")
"""In the order in which a longer mock has more of them."""
MINUTES_OF_A_TOPIC = 5
FEWEST_TOPICS = 3
WRAP_SHARE, QUESTIONS_SHARE = 0.15, 0.05
"""What is kept of the time for the wrap and what follows, and for the questions."""


class Phase(StrEnum):
    """Where a mock is. Being interrupted and being stuck are phases that end where they began."""

    BRIEF = "brief"
    CLARIFY = "clarify"
    PLAN = "plan"
    WORK = "work"
    INTERRUPT = "interrupt"
    STUCK = "stuck"
    WRAP = "wrap"
    QUESTIONS = "questions"


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Something that the interviewer asks.

    An interruption has a `kind`, and comes `due` so many seconds after the start, or after `place` topics of the work
    where these went by faster.
    """

    name: str
    phase: Phase
    says: str
    aims: tuple[Aim, ...]
    question: Question | None = None
    key: Key | None = None
    kind: str = ""
    due: float = 0.0
    place: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """All turns; `seconds` is the length of the mock, `wrap_at` and `questions_at` when it turns to its end."""

    level: Level
    seed: int
    seconds: float
    wrap_at: float
    questions_at: float
    turns: tuple[Turn, ...]
    interruptions: tuple[Turn, ...]
    subject: Subject

    def turn(self, name: str) -> Turn:
        """Return a turn by its name; raises KeyError."""
        return {one.name: one for one in (*self.turns, *self.interruptions)}[name]

    def probe(self, turn: str, aim: Aim) -> Probe:
        """Return the probe of an aim, its options shuffled by the seed, so that their order tells nothing."""
        probe = aim.points[0].probe
        order = _generator(self.seed, turn, aim.name).permutation(len(probe.options))
        options = tuple(probe.options[place] for place in order)
        return replace(probe, options=options, right=int(np.flatnonzero(order == probe.right)[0]))


def script_of(subject: Subject, *, seed: int, level: Level, minutes: float) -> Script:
    """Return the script; the same arguments give the same. Raises BadInput for a length that is out of bounds."""
    if not SHORTEST <= minutes <= LONGEST:
        raise BadInput(f"a mock of {minutes:g} minutes", where="--minutes", expected=f"{SHORTEST} to {LONGEST} minutes")
    seconds = minutes * 60.0
    topics = _topics(subject.topics, max(round(minutes / MINUTES_OF_A_TOPIC), FEWEST_TOPICS))
    return Script(
        level=level,
        seed=seed,
        seconds=seconds,
        wrap_at=seconds * (1 - WRAP_SHARE),
        questions_at=seconds * (1 - QUESTIONS_SHARE),
        turns=(*_opening(), *map(_work, topics), *_closing()),
        interruptions=_interruptions(topics, seed, minutes),
        subject=subject,
    )


def _topics(topics: Sequence[Topic], most: int) -> list[Topic]:
    spare = max(most - sum(one.is_kept for one in topics), 1)
    kept = {one.name for one in [one for one in topics if not one.is_kept][:spare]}
    return [one for one in topics if one.is_kept or one.name in kept]


def _work(topic: Topic) -> Turn:
    return Turn(
        name=f"work: {topic.name}",
        phase=Phase.WORK,
        says=topic.ask,
        aims=topic.aims,
        question=topic.question,
        key=topic.key,
    )


def _opening() -> tuple[Turn, ...]:
    framing = {aim.name: aim for aim in stored_aims("framing")}
    return (
        Turn(
            name="brief",
            phase=Phase.BRIEF,
            says="Before anything else, in your own words: what is to be decided here, and by which metric would you "
            "judge it?",
            aims=(framing["decision"], framing["metric"]),
        ),
        Turn(
            name="clarify",
            phase=Phase.CLARIFY,
            says="What do you need to know from me before you begin? One question a line; an empty line goes on.",
            aims=(framing["unit"], framing["baseline"], framing["costs"]),
        ),
        Turn(
            name="plan",
            phase=Phase.PLAN,
            says="What is your plan: what comes first, how long does each part take, and what do you leave out?",
            aims=stored_aims("plan"),
        ),
    )


def _closing() -> tuple[Turn, ...]:
    return (
        Turn(
            name="wrap",
            phase=Phase.WRAP,
            says="Please close, in about a minute: your recommendation, the number that it rests on, the largest risk, "
            "and what you would do next.",
            aims=stored_aims("wrap"),
        ),
        Turn(
            name="questions",
            phase=Phase.QUESTIONS,
            says="What would you like to ask us?",
            aims=(),
        ),
    )


def _interruptions(topics: Sequence[Topic], seed: int, minutes: float) -> tuple[Turn, ...]:
    """Return one interruption of each kind that there is time for, by the moment at which it is due."""
    rng = _generator(seed, "interruptions")
    chosen = []
    for kind in KINDS[: 2 + sum(minutes >= least for least in (10, 20, 35))]:
        several = [one for one in stored("interruptions")["interruption"] if one["kind"] == kind]
        chosen.append(_interruption(several[rng.integers(len(several))], topics, rng, minutes))
    return tuple(sorted(chosen, key=lambda one: one.due))


def _interruption(data: Mapping[str, Any], topics: Sequence[Topic], rng: np.random.Generator, minutes: float) -> Turn:
    share = rng.uniform(*data["when"])
    says, aims = data["says"], [aim_of(one) for one in data.get("expects", ())]
    aims += [aim for group in data.get("aims", ()) for aim in stored_aims(group)]
    claims = [one for one in topics if one.claim]
    if "{claim}" in says and claims:
        topic = claims[rng.integers(len(claims))]
        says = says.replace("{claim}", topic.claim)
        aims += [one for one in topic.aims if one.can_be_contradicted][:1]
    if "draws" in data:
        says = says.replace("{a}", data["draws"][rng.integers(len(data["draws"]))])
    return Turn(
        name=f"interrupt: {data['name']}",
        phase=Phase.INTERRUPT,
        says=says,
        aims=tuple(aims),
        kind=data["kind"],
        due=round(share * minutes * 60, 1),
        place=1 + int(share * len(topics)),
    )


def _generator(seed: int, *names: str) -> np.random.Generator:
    digest = hashlib.sha256("\0".join(names).encode()).digest()
    return np.random.default_rng([seed, int.from_bytes(digest[:8], "big")])
