"""What several mocks say of the next one: nothing before three, then their mean with its interval.

The statement is about the mean score, with Student's t over mocks. A Beta interval of the share that passed would throw
away how far each lay from the bar: of three mocks that all pass it can say no more than a chance of 0.44 and up, where
three scores near one another are told from the bar (docs/design; tests/slow simulate both the coverage and the errors).
"""

import contextlib
import datetime as dt
import math
import statistics
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from heldout.core.estimate import Estimate, undefined
from heldout.practice.mock.aim import Level
from heldout.practice.mock.score import MockScore
from heldout.stats.t_interval import t_estimate

__all__ = ["BAR", "FEWEST", "Outcome", "Readiness", "comparable", "outcome_of", "outcomes_in", "readiness", "ready_by"]

FEWEST = 3
"""Mocks before anything is said: about a quarter of people perform alike from one to the next (reference: practice)."""
BAR = 70.0
"""Points of 100 that a mock should reach on average."""
METHOD = "Student's t over mocks"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What is kept of a finished mock in the learner's record: `at` is the ISO instant at which it began."""

    at: str
    level: Level
    rubric: int
    subject: str
    overall: float


def outcome_of(score: MockScore) -> Outcome | None:
    """Return what is kept of a mock; None where it was not finished, or nothing was answered."""
    if not score.is_finished or score.overall is None:
        return None
    return Outcome(at=score.at, level=score.level, rubric=score.rubric, subject=score.subject, overall=score.overall)


def outcomes_in(lines: Iterable[Mapping[str, Any]]) -> Iterator[Outcome]:
    """Yield the outcomes among the lines of the learner's record; a line that is none is left out."""
    for line in lines:
        with contextlib.suppress(KeyError, ValueError, TypeError):
            yield Outcome(
                at=str(line["at"]),
                level=Level(line["level"]),
                rubric=int(line["rubric"]),
                subject=str(line["subject"]),
                overall=float(line["overall"]),
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """The mean score of mocks at a level, of 100, with its interval, and what follows in a sentence.

    `is_ready` is None where the interval holds the bar, or is undefined.
    """

    level: Level
    bar: float
    mean: Estimate
    is_ready: bool | None
    statement: str


def readiness(outcomes: Iterable[Outcome], level: Level) -> Readiness:
    """Return what the comparable mocks at a level say."""
    return ready_by([one.overall for one in comparable(outcomes, level)], level)


def comparable(outcomes: Iterable[Outcome], level: Level) -> list[Outcome]:
    """Return the mocks of a level by the newest rubric; of each subject the first alone.

    Whoever meets a subject again knows its answers.
    """
    own = sorted((one for one in outcomes if one.level is level), key=lambda one: dt.datetime.fromisoformat(one.at))
    newest = max((one.rubric for one in own), default=0)
    first: dict[str, Outcome] = {}
    for one in own:
        if one.rubric == newest:
            first.setdefault(one.subject, one)
    return list(first.values())


def ready_by(overall: Sequence[float], level: Level) -> Readiness:
    """Return what scores of 100 say; undefined before three, and where they do not vary."""
    mean = _mean(overall)
    ready = None
    if mean.low is not None and mean.high is not None:
        ready = True if mean.low >= BAR else False if mean.high < BAR else None
    return Readiness(level=level, bar=BAR, mean=mean, is_ready=ready, statement=_statement(mean, ready, level))


def _mean(overall: Sequence[float]) -> Estimate:
    n = len(overall)
    if n < FEWEST:
        more = FEWEST - n
        reason = f"at least {FEWEST} mocks on different subjects are needed: {more} more"
        return undefined(reason, n=n, method=METHOD)
    error = statistics.stdev(overall) / math.sqrt(n)
    found = t_estimate(statistics.fmean(overall), error, n - 1, n=n, method=METHOD, scale=100.0)
    if found.low is None or found.high is None:
        return found
    return Estimate(
        value=found.value, low=max(found.low, 0.0), high=min(found.high, 100.0), n=n, method=METHOD, level=found.level
    )


def _statement(mean: Estimate, ready: bool | None, level: Level) -> str:
    if mean.value is None:
        return f"Nothing is said yet of readiness at level {level}: {mean.undefined_because}."
    if mean.low is None:
        said = f"The mean of {mean.n} mocks at level {level} is {mean.value:.0f} of 100"
        return f"{said}, without an interval: {mean.undefined_because}."
    said = f"The mean of {mean.n} mocks at level {level} is {mean.value:.0f} [{mean.low:.0f}, {mean.high:.0f}] of 100"
    if ready is None:
        return f"{said}. That cannot be told from the bar of {BAR:.0f} yet; another mock would narrow it."
    return f"{said}, {'at or above' if ready else 'below'} the bar of {BAR:.0f}."
