"""The score of a mock: a pure function of its transcript, its subject and the version of the rubric."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from heldout.core.errors import BadInput
from heldout.practice.answers import read
from heldout.practice.mock.aim import Dimension, Level
from heldout.practice.mock.interviewer import Reader
from heldout.practice.mock.marks import Made, Marked, marks_of
from heldout.practice.mock.rubric import DIMENSION_WEIGHTS, GATES, HELPED, PASSING, RUBRIC, STAGE_WEIGHTS, WRONG
from heldout.practice.mock.script import script_of
from heldout.practice.mock.subject import Subject, plain, subject_hash
from heldout.practice.mock.transcript import Event, Header

__all__ = ["DimensionScore", "Facts", "MockScore", "score_of", "score_text"]

PAUSE = 10.0
"""Seconds before a first key that are counted as a pause."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What was timed; none of it is scored. Seconds; `words` are the candidate's.

    What is None is not known: lines from a pipe do not tell when their first key came.
    """

    elapsed: float
    talking: float | None
    longest_pause: float | None
    pauses: int | None
    words: int
    helped: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DimensionScore:
    """One dimension: `points` of 100 and the level that its answers show, None where nothing of it was asked.

    `level` is None too where not even the first level's gate was passed. `self_score` is what the candidate gave before
    seeing any of this, of 100.
    """

    dimension: Dimension
    points: float | None
    level: Level | None
    n: int
    self_score: float | None
    marks: tuple[Marked, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MockScore:
    """The score of one mock. `overall` weighs the dimensions that were asked; None where none was."""

    rubric: int
    title: str
    subject: str
    at: str
    level: Level
    seed: int
    minutes: float
    is_finished: bool
    overall: float | None
    dimensions: tuple[DimensionScore, ...]
    facts: Facts


def score_of(header: Header, events: Sequence[Event], subject: Subject, reader: Reader = read) -> MockScore:
    """Return the score. Raises BadInput where the subject is another, or the rubric of another version."""
    if header.subject != subject_hash(subject):
        raise BadInput(
            "the subject is not the one of this transcript",
            expected=f"a subject of SHA-256 {header.subject[:12]}...",
            mend="keep subject.json beside its transcript, as the mock wrote it",
        )
    if header.rubric != RUBRIC:
        raise BadInput(
            f"the transcript was scored by rubric {header.rubric}, and this is rubric {RUBRIC}",
            expected="a transcript of this rubric: scores of two rubrics cannot be compared",
            mend="use the version of heldout that wrote it",
        )
    script = script_of(subject, seed=header.seed, level=header.level, minutes=header.minutes)
    try:
        marks = marks_of(script, events, reader)
    except KeyError as error:
        raise BadInput(f"the transcript asks {error}, which its script does not have") from error
    dimensions = tuple(_dimension(one, header.level, marks, events) for one in Dimension)
    return MockScore(
        rubric=header.rubric,
        title=header.title,
        subject=header.subject,
        at=header.at,
        level=header.level,
        seed=header.seed,
        minutes=header.minutes,
        is_finished=any(one.what == "ends" for one in events),
        overall=_overall(dimensions, header.level),
        dimensions=dimensions,
        facts=_facts(events),
    )


def score_text(score: MockScore) -> str:
    """Return the score as canonical JSON: ASCII, keys in order, a newline at its end."""
    return json.dumps(plain(score), sort_keys=True, separators=(",", ":"), allow_nan=False) + "\n"


def _dimension(dimension: Dimension, level: Level, marks: Sequence[Marked], events: Sequence[Event]) -> DimensionScore:
    own = tuple(one for one in marks if one.dimension is dimension)
    given = [one.text for one in events if one.what == "self-score" and one.aim == dimension]
    return DimensionScore(
        dimension=dimension,
        points=_points(own, level),
        level=_level(own),
        n=len(own),
        self_score=_given(given[-1]) if given else None,
        marks=own,
    )


def _given(text: str) -> float | None:
    try:
        points = float(text)
    except ValueError:
        return None
    return points if 0 <= points <= 100 else None


def _points(marks: Sequence[Marked], level: Level) -> float | None:
    """Return 100 x the weighted share of the points made, none below 0; None where no point has a weight."""
    weights = [STAGE_WEIGHTS[level][one.stage] for one in marks]
    earned = sum(weight * _earned(one, level) for weight, one in zip(weights, marks, strict=True))
    return round(100 * max(earned, 0.0) / sum(weights), 1) if sum(weights) else None


def _earned(mark: Marked, level: Level) -> float:
    return {Made.ALONE: 1.0, Made.HELPED: HELPED[level], Made.PARTLY: mark.share, Made.WRONG: WRONG}.get(mark.made, 0.0)


def _level(marks: Sequence[Marked]) -> Level | None:
    """Return the highest level whose gate, and those of all levels below, was passed."""
    reached = None
    for level, (stages, with_help) in GATES.items():
        asked = [one for one in marks if one.stage in stages]
        if not asked and level in (Level.JUNIOR, Level.MID):
            asked = list(marks)  # a dimension without a point to find is judged by all that it has
        made = sum(one.made is Made.ALONE or (with_help and one.made is Made.HELPED) for one in asked)
        if not asked or made < PASSING * len(asked) - 1e-9:
            break
        reached = level
    return reached


def _overall(dimensions: Iterable[DimensionScore], level: Level) -> float | None:
    weighed = [(DIMENSION_WEIGHTS[level][one.dimension], one.points) for one in dimensions if one.points is not None]
    total = sum(weight for weight, _ in weighed)
    return round(sum(weight * points for weight, points in weighed) / total, 1) if total else None


def _facts(events: Sequence[Event]) -> Facts:
    answers = [one for one in events if one.what == "answers"]
    is_timed = any(one.first_key < one.seconds for one in answers)
    return Facts(
        elapsed=round(max((one.at for one in events), default=0.0), 1),
        talking=round(sum(max(one.seconds - one.first_key, 0.0) for one in answers), 1) if is_timed else None,
        longest_pause=round(max(one.first_key for one in answers), 1) if is_timed else None,
        pauses=sum(one.first_key >= PAUSE for one in answers) if is_timed else None,
        words=sum(len(one.text.split()) for one in answers),
        helped=sum(one.what in ("nudges", "probes") for one in events),
    )
