"""What each point of a mock earned, with the words that earned it: a pure function of transcript and subject."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from heldout.practice.answers import Standing
from heldout.practice.answers.anchors import find
from heldout.practice.answers.text import tokens
from heldout.practice.mark import share_of
from heldout.practice.mock.aim import Aim, Dimension, Stage
from heldout.practice.mock.interviewer import Reader, heard
from heldout.practice.mock.script import Phase, Script, Turn
from heldout.practice.mock.transcript import Event
from heldout.practice.session.typed import LETTERS, Unread, read_answer

__all__ = ["Made", "Marked", "Quote", "marks_of"]

FEWEST_WORDS = 3
"""Of a clarifying question."""


class Made(StrEnum):
    """How a point was made."""

    ALONE = "unprompted"
    HELPED = "after a probe"
    PARTLY = "partly"
    WRONG = "contradicted"
    UNCLEAR = "unclear"
    MISSING = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Who said what, `at` so many seconds after the start."""

    at: float
    who: str
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A point with how it was made; `share` is what a structured answer earned, in [0, 1], or 1 for others made."""

    turn: str
    aim: str
    says: str
    stage: Stage
    dimension: Dimension
    made: Made
    share: float
    evidence: tuple[Quote, ...]


def marks_of(script: Script, events: Sequence[Event], reader: Reader) -> tuple[Marked, ...]:
    """Return the marks of all points of all turns that got an answer, in the order in which they were asked."""
    found: list[Marked] = []
    for name in dict.fromkeys(one.turn for one in events if one.what == "asks"):
        turn = script.turn(name)
        answers = [one for one in events if one.turn == name and one.what == "answers"]
        if answers:
            found += _of_turn(script, turn, answers, reader)
    return tuple(found)


def _of_turn(script: Script, turn: Turn, answers: Sequence[Event], reader: Reader) -> Iterator[Marked]:
    for aim in turn.aims:
        if turn.question is not None:
            yield _structured(turn, aim, answers)
        elif turn.phase is Phase.CLARIFY:
            yield _mentioned(turn, aim, answers)
        else:
            yield _open(script, turn, aim, answers, reader)


def _mark(turn: Turn, aim: Aim, made: Made, *evidence: Quote, share: float = 0.0) -> Marked:
    return Marked(
        turn=turn.name,
        aim=aim.name,
        says=aim.points[0].says,
        stage=aim.stage,
        dimension=aim.dimension,
        made=made,
        share=1.0 if made in (Made.ALONE, Made.HELPED) and not share else round(share, 4),
        evidence=evidence,
    )


def _quote(event: Event, said: str = "") -> Quote:
    return Quote(at=event.at, who=event.who, said=said or event.text)


def _structured(turn: Turn, aim: Aim, answers: Sequence[Event]) -> Marked:
    """Return the mark of a structured question: its first answer, or a better second one as a helped one."""
    assert turn.question is not None
    assert turn.key is not None
    tried: list[tuple[Event, float]] = []
    for one in answers:
        try:
            tried.append((one, share_of(turn.question, turn.key, read_answer(turn.question, one.text))))
        except Unread:
            continue
    if not tried:
        return _mark(turn, aim, Made.MISSING, *map(_quote, answers[:1]))
    (first, share), (last, second) = tried[0], tried[-1]
    if math.isclose(share, 1.0):
        return _mark(turn, aim, Made.ALONE, _quote(first))
    if math.isclose(second, 1.0):
        return _mark(turn, aim, Made.HELPED, _quote(first), _quote(last))
    if max(share, second) > 0:
        return _mark(turn, aim, Made.PARTLY, _quote(first), share=max(share, second))
    return _mark(turn, aim, Made.MISSING, _quote(first))


def _mentioned(turn: Turn, aim: Aim, answers: Sequence[Event]) -> Marked:
    """Return whether one of the candidate's questions was about the point."""
    for one in answers:
        words = tokens(one.text)
        if len(words) >= FEWEST_WORDS and any(
            all(find(group, words) for group in point.anchors) for point in aim.points
        ):
            return _mark(turn, aim, Made.ALONE, _quote(one))
    return _mark(turn, aim, Made.MISSING)


def _open(script: Script, turn: Turn, aim: Aim, answers: Sequence[Event], reader: Reader) -> Marked:
    spoken = [one for one in answers if one.to != "probes"]
    stands, said = heard(reader, "\n".join(one.text for one in spoken), aim)
    alone = heard(reader, spoken[0].text, aim)[0] if spoken and spoken[0].to == "asks" else Standing.MISSING
    quotes = tuple(_quote(_source(one, spoken), one) for one in said)
    if stands is Standing.CONTRADICTED:
        return _mark(turn, aim, Made.WRONG, *quotes)
    if stands is Standing.COVERED:
        return _mark(turn, aim, Made.ALONE if alone is Standing.COVERED else Made.HELPED, *quotes)
    probed = next((one for one in answers if one.to == "probes" and one.aim == aim.name), None)
    if probed is not None:
        probe = script.probe(turn.name, aim)
        letter = probed.text.strip().lower().strip("().")
        is_right = letter == LETTERS[probe.right]
        said_so = (
            f"{letter}) {probe.options[LETTERS.index(letter)]}" if letter in _letters(probe.options) else probed.text
        )
        return _mark(turn, aim, Made.HELPED if is_right else Made.MISSING, *quotes, _quote(probed, said_so))
    return _mark(turn, aim, Made.UNCLEAR if stands is Standing.UNCLEAR else Made.MISSING, *quotes)


def _letters(options: Sequence[str]) -> tuple[str, ...]:
    return tuple(LETTERS[: len(options)])


def _source(said: str, spoken: Sequence[Event]) -> Event:
    """Return the answer that a quoted sentence stands in."""
    part = said.rstrip("…")
    return next((one for one in spoken if part in one.text), spoken[0])
