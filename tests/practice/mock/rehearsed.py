"""Plays mocks without anybody there: a clock that only an answer moves, and a candidate who is a function."""

from collections.abc import Callable, Iterator
from pathlib import Path

from rich.console import Console

from heldout.practice.deck import kind_named
from heldout.practice.drill import Difficulty, Drill, Kind
from heldout.practice.mock.aim import Dimension, Level
from heldout.practice.mock.of_drill import subject_of_drill
from heldout.practice.mock.rubric import RUBRIC
from heldout.practice.mock.script import Script, script_of
from heldout.practice.mock.sitting import Sitting
from heldout.practice.mock.subject import Subject, subject_hash
from heldout.practice.mock.transcript import SCHEMA, Event, Header, Transcript
from heldout.practice.question import Form
from heldout.practice.session.desk import PipeDesk
from heldout.practice.session.typed import LETTERS

__all__ = ["Candidate", "Clock", "drill_of", "header_of", "play", "subject_of", "typed"]

Candidate = Callable[[Script, Event], str | tuple[float, str]]
KIND = "metric/accuracy-on-a-rare-class"


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def drill_of(*, planted: bool = True, seed: int = 7, name: str = KIND) -> tuple[Kind, Drill]:
    kind = kind_named(name)
    return kind, kind.build(seed, Difficulty.EASY, planted)


def subject_of(*, planted: bool = True, seed: int = 7, name: str = KIND) -> Subject:
    kind, drill = drill_of(planted=planted, seed=seed, name=name)
    return subject_of_drill(kind, drill, planted=planted, origin="a test")


def header_of(subject: Subject, script: Script, minutes: float) -> Header:
    return Header(
        schema=SCHEMA,
        rubric=RUBRIC,
        seed=script.seed,
        level=script.level,
        minutes=minutes,
        subject=subject_hash(subject),
        title=subject.title,
        at="2026-01-05T09:00:00+01:00",
    )


def play(
    subject: Subject,
    candidate: Candidate,
    path: Path,
    *,
    seed: int = 1,
    level: Level = Level.SENIOR,
    minutes: float = 30,
    self_score: str = "50",
) -> tuple[Header, tuple[Event, ...]]:
    """Play a mock to its end; `candidate` returns what is typed, or the seconds that pass and what is typed."""
    script, clock = script_of(subject, seed=seed, level=level, minutes=minutes), Clock()
    header = header_of(subject, script, minutes)
    transcript = Transcript.begin(path, header)
    desk = PipeDesk(_lines(script, transcript, candidate, clock, self_score), Console(quiet=True), clock)
    Sitting(script=script, transcript=transcript, desk=desk, clock=clock).play()
    transcript.close()
    assert len([one for one in transcript.events if one.what == "self-score"]) == len(Dimension)
    return header, transcript.events


def _lines(
    script: Script, transcript: Transcript, candidate: Candidate, clock: Clock, self_score: str
) -> Iterator[str]:
    while True:
        last = transcript.events[-1]
        if not last.waits:
            yield self_score
            continue
        said = candidate(script, last)
        seconds, text = said if isinstance(said, tuple) else (10.0, said)
        clock.now += seconds
        yield text


def typed(kind: Kind, drill: Drill, name: str) -> str:
    """Return the reference solution's answer to a question, as it is typed."""
    question = next(one for one in drill.shown.questions if one.name == name)
    answer = kind.solve(drill.shown)[name]
    if question.form is Form.NUMBER:
        assert not isinstance(answer, tuple)
        return f"{answer:.10g}"
    if question.form is Form.PICK:
        assert isinstance(answer, tuple)
        return " ".join(map(str, answer)) or "none"
    places = answer if isinstance(answer, tuple) else (int(answer),)
    return " ".join(LETTERS[place] for place in places)
