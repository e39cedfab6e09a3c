"""Where a mock is: what has been said, folded from its transcript, so that a killed mock goes on where it was."""

from collections.abc import Sequence
from dataclasses import dataclass

from heldout.practice.mock.script import Phase, Script
from heldout.practice.mock.transcript import Event

__all__ = ["Place", "State", "state_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """How far a turn has come: its answers and the points that were probed; `stuck` counts nudges."""

    answers: tuple[Event, ...] = ()
    probed: tuple[str, ...] = ()
    stuck: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Phase and turn, the seconds, what was asked, and what is still waited for.

    `silence` is the longest time, in seconds, before a first key; `hints` counts nudges. `work` counts topics of the
    work phase that were asked; `moments` those that were said. `waits` is the event whose answer is missing.
    """

    phase: Phase
    turn: str
    elapsed: float
    asked: tuple[str, ...]
    work: int
    hints: int
    silence: float
    moments: frozenset[str]
    waits: Event | None
    place: Place
    has_ended: bool


def state_of(script: Script, events: Sequence[Event], elapsed: float) -> State:
    """Return the state after some events, at `elapsed` seconds."""
    said = [one for one in events if one.who == "interviewer"]
    asked = tuple(one.turn for one in said if one.what == "asks")
    turn = asked[-1] if asked else ""
    here = [one for one in events if one.turn == turn]
    last = next((one for one in reversed(events) if one.waits or one.what == "answers"), None)
    stuck = sum(one.what == "nudges" for one in here)
    is_stuck = last is not None and last.what == "nudges"
    return State(
        phase=Phase.STUCK if is_stuck else script.turn(turn).phase if turn else Phase.BRIEF,
        turn=turn,
        elapsed=elapsed,
        asked=asked,
        work=sum(script.turn(name).phase is Phase.WORK for name in asked),
        hints=sum(one.what == "nudges" for one in said),
        silence=max((one.first_key for one in events if one.what == "answers"), default=0.0),
        moments=frozenset(one.aim for one in said if one.what == "tells"),
        waits=last if last is not None and last.waits else None,
        place=Place(
            answers=tuple(one for one in here if one.what == "answers"),
            probed=tuple(one.aim for one in here if one.what == "probes"),
            stuck=stuck,
        ),
        has_ended=any(one.what == "ends" for one in events),
    )
