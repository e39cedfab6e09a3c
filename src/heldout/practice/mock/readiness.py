"""What several mocks say of the next one: nothing before three, then their mean with its interval.

The statement is about the mean score, not about the chance of passing: a Beta interval of the share that passed throws
away how far each lay from the bar, and after three passes of three says no more than 0.46 and up. Scores are bounded
and lean towards their ends, where Student's t on the plain scale covers only 0.89; it is taken on the log-odds of the
mean, with a spread between mocks that is at least the one that chance makes among so many points.
"""

import contextlib
import datetime as dt
import math
import statistics
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scipy import special

from heldout.core.estimate import Estimate, undefined
from heldout.practice.mock.aim import Level
from heldout.practice.mock.score import MockScore

__all__ = ["BAR", "FEWEST", "Outcome", "Readiness", "comparable", "outcome_of", "outcomes_in", "readiness", "ready_by"]

FEWEST = 3
"""Mocks before anything is said: about a quarter of people perform alike from one to the next (reference: practice)."""
BAR = 70.0
"""Points of 100 that a mock should reach on average."""
METHOD = "Student's t over mocks, on the log-odds of the mean"
LEVEL = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What is kept of a finished mock in the learner's record.

    `at` is the ISO instant at which it began, `points` how many points its score is a share of.
    """

    at: str
    level: Level
    rubric: int
    subject: str
    overall: float
    points: int


def outcome_of(score: MockScore) -> Outcome | None:
    """Return what is kept of a mock; None where it was not finished, or not a word was typed."""
    if not score.is_finished or score.overall is None or not score.facts.words:
        return None
    return Outcome(
        at=score.at,
        level=score.level,
        rubric=score.rubric,
        subject=score.subject,
        overall=score.overall,
        points=sum(one.n for one in score.dimensions),
    )


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
                points=int(line["points"]),
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
    kept = comparable(outcomes, level)
    return ready_by([one.overall for one in kept], level, points=min((one.points for one in kept), default=1))


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


def ready_by(overall: Sequence[float], level: Level, *, points: int) -> Readiness:
    """Return what scores of 100 say, each a share of `points` points at least; undefined before three."""
    mean = _mean(overall, max(points, 1))
    ready = None
    if mean.low is not None and mean.high is not None:
        ready = True if mean.low >= BAR else False if mean.high < BAR else None
    return Readiness(level=level, bar=BAR, mean=mean, is_ready=ready, statement=_statement(mean, ready, level))


def _mean(overall: Sequence[float], points: int) -> Estimate:
    """Return the mean; its interval by the delta method on log-odds, with one point added to each side."""
    n = len(overall)
    if n < FEWEST:
        reason = f"at least {FEWEST} mocks on different subjects are needed: {FEWEST - n} more"
        return undefined(reason, n=n, method=METHOD, level=LEVEL)
    value = statistics.fmean(overall)
    share = (value / 100 * points * n + 1) / (points * n + 2)
    variance = share * (1 - share)
    spread = max(statistics.stdev(overall) / 100, math.sqrt(variance / points))
    half = float(special.stdtrit(n - 1, (1 + LEVEL) / 2)) * spread / math.sqrt(n) / variance
    odds = math.log(share / (1 - share))
    low, high = (100 * float(special.expit(odds + sign * half)) for sign in (-1, 1))
    return Estimate(value=value, low=min(low, value), high=max(high, value), n=n, method=METHOD, level=LEVEL)


def _statement(mean: Estimate, ready: bool | None, level: Level) -> str:
    if mean.value is None or mean.low is None or mean.high is None:
        return f"Nothing is said yet of readiness at level {level}: {mean.undefined_because}."
    said = f"The mean of {mean.n} mocks at level {level} is {mean.value:.0f} [{mean.low:.0f}, {mean.high:.0f}] of 100"
    if ready is None:
        return f"{said}. That cannot be told from the bar of {BAR:.0f} yet; another mock would narrow it."
    return f"{said}, {'at or above' if ready else 'below'} the bar of {BAR:.0f}."
