"""What the interviewer says next: a pure function of the script, the transcript and the clock.

The order of things: first what the last answer calls for (a probe, a nudge, a fact), then the moments of the clock,
then an interruption that is due, then the next turn.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from heldout.practice.answers import Explanation, Standing
from heldout.practice.answers.anchors import find
from heldout.practice.answers.claim import Read, partly, reads
from heldout.practice.answers.structure import Structure
from heldout.practice.answers.text import bounded, tokens
from heldout.practice.mark import share_of
from heldout.practice.mock.aim import Aim, Hearing, Stage
from heldout.practice.mock.script import Phase, Script, Turn
from heldout.practice.mock.state import State, state_of
from heldout.practice.mock.transcript import Event
from heldout.practice.point import Point, Probe
from heldout.practice.session.typed import LETTERS, Unread, how_to, read_answer

__all__ = ["PATIENCE", "Reader", "asked_again", "heard", "next_line"]

Reader = Callable[[str, tuple[Point, ...]], Explanation]
"""Reads a typed answer against points; `heldout.practice.answers.read` is one."""

PATIENCE = 90.0
"""Seconds without a key after which the interviewer helps."""
MOST_PROBES = 2
"""Of one turn."""
MOST_STUCK = 2
MOST_QUESTIONS = 6
"""Of the candidate's, in the clarify phase."""
DONE = frozenset({"", "done", "no", "none", "nothing", "that is all", "that's all", "go on", "no more", "next", "ok"})
PASSES = frozenset({"pass", "skip", "next"})
NUDGES = {
    Phase.BRIEF: "Take it in parts: who acts on the result, and what would they do differently?",
    Phase.PLAN: "Begin with the one thing that could overturn the decision. What is it, and how long does it take?",
    Phase.WORK: "Take it in parts: what would you expect to see if all was well, and what do you see?",
    Phase.INTERRUPT: "There is no trap in this. Say the first thing that you would check.",
    Phase.WRAP: "Begin with one sentence: I recommend that we ...",
    Phase.QUESTIONS: "Anything about the work, the team or the data.",
    Phase.CLARIFY: "Ask for one thing that would change what you do.",
}
UNKNOWN = "I do not know that. Make an assumption, and say that you make it."
CLOSING = (Phase.WRAP, Phase.QUESTIONS)
LEFT = "{left}"
"""Stands in a time check for what is left."""
CHEER = "Take your time. "


def next_line(script: Script, events: Sequence[Event], elapsed: float, reader: Reader) -> Event | None:
    """Return what is said next, or None where the mock is at its end."""
    state = state_of(script, events, elapsed)
    if state.has_ended:
        return None
    if state.asked:
        follows = _follow_up(script, state, reader)
        if follows is not None:
            return follows
    return _moment(script, state) or _next_turn(script, state)


def asked_again(turn: Turn) -> str:
    """Return the words after an answer that cannot be read as an answer to a structured question."""
    return f"Please type {how_to(turn.question)}." if turn.question else ""


@lru_cache(maxsize=4096)
def heard(reader: Reader, text: str, aim: Aim) -> tuple[Standing, tuple[str, ...]]:
    """Return how a text stands to an aim, with the sentences that say so: one way that is covered is enough."""
    said = tuple(one for point in aim.points for one in _told_of(text, point, aim.hearing))
    if said:
        return Standing.COVERED, said[:1]
    found = {one.standing: one.evidence for one in reversed(reader(text, aim.points).heard)}
    if Standing.COVERED in found:
        return Standing.COVERED, found[Standing.COVERED]
    if Standing.CONTRADICTED in found and aim.can_be_contradicted:
        quotes = found[Standing.CONTRADICTED]
        alone = [reader(one, aim.points[:1]).heard[0].standing for one in quotes]
        is_both = Standing.COVERED in alone  # whoever says both is asked, not failed
        return (Standing.UNCLEAR if is_both else Standing.CONTRADICTED), quotes
    return (Standing.UNCLEAR, found[Standing.UNCLEAR]) if Standing.UNCLEAR in found else (Standing.MISSING, ())


def _told_of(text: str, point: Point, hearing: Hearing) -> Iterator[str]:
    """Yield the whole sentences that speak of a point, and that a hearing takes without the reader's rules."""
    wanted = len(point.anchors) + (point.number is not None)
    if hearing is Hearing.STRICT or (point.denied and hearing is Hearing.UNLESS_DENIED):
        return
    for one in reads(bounded(text)[0]):
        is_whole = one.structure is Structure.SENTENCE and partly(point, one) == wanted
        if is_whole and (hearing is Hearing.EITHER or _is_plain(one)):
            yield one.sentence.said


def _is_plain(one: Read) -> bool:
    """Return whether nothing in a sentence denies, doubts or reports it."""
    found = one.polarity
    return not (one.retracted or any(found.negations) or any(found.doubtful) or any(found.reported))


def _follow_up(script: Script, state: State, reader: Reader) -> Event | None:
    turn, answers = script.turn(state.turn), state.place.answers
    is_late = state.elapsed >= script.wrap_at and turn.phase not in CLOSING
    if not answers or is_late or state.elapsed >= script.seconds:
        return None
    last = answers[-1]
    said = last.text.strip().lower()
    if turn.phase is Phase.CLARIFY:
        return _reply(script, state, last)
    if said in PASSES or turn.phase is Phase.QUESTIONS:
        return None
    if last.to == "probes":
        return None if turn.question else _probe(script, state, reader)
    if last.silent or said in ("", "?"):
        return _nudge(script, state, turn)
    return _look_again(state, turn) if turn.question else _probe(script, state, reader)


def _reply(script: Script, state: State, last: Event) -> Event | None:
    if last.silent or last.text.strip().lower().strip(".!") in DONE or len(state.place.answers) >= MOST_QUESTIONS:
        return None
    words = tokens(last.text)
    facts = [one.text for one in script.subject.facts if find(one.about, words)]
    return _said(state, "replies", " ".join(facts[:2]) or UNKNOWN, Phase.CLARIFY)


def _nudge(script: Script, state: State, turn: Turn) -> Event | None:
    """Return help for who is stuck: a question that leads on, then the stored probe, then nothing more."""
    if state.place.stuck == 0:
        more = f" ({how_to(turn.question)})" if turn.question else ""
        return _said(state, "nudges", f"{CHEER}{NUDGES[turn.phase]}{more}", Phase.STUCK)
    if state.place.stuck < MOST_STUCK and not turn.question and turn.aims and not state.place.probed:
        return _probing(script, state, turn.aims[0])
    return None


def _look_again(state: State, turn: Turn) -> Event | None:
    """Ask once more where the answer cannot be read or does not earn all: a second try counts as helped."""
    assert turn.question is not None
    assert turn.key is not None
    tries = [one for one in state.place.answers if one.text.strip()]
    if len(tries) > MOST_STUCK:
        return None
    try:
        answer = read_answer(turn.question, tries[-1].text)
    except Unread as unread:
        return _said(state, "nudges", str(unread), Phase.STUCK)
    right = math.isclose(share_of(turn.question, turn.key, answer), 1.0)
    if right or len(tries) >= MOST_STUCK:
        return None
    return _said(state, "nudges", "Look again before we go on, and type your answer once more.", Phase.STUCK)


def _probe(script: Script, state: State, reader: Reader) -> Event | None:
    """Ask the probe of the first point that is unclear, else of the first that was to be found and is missing."""
    if len(state.place.probed) >= MOST_PROBES:
        return None
    turn = script.turn(state.turn)
    text = "\n".join(one.text for one in state.place.answers if one.to != "probes")
    stand = {aim.name: heard(reader, text, aim)[0] for aim in turn.aims if aim.name not in state.place.probed}
    unclear = [aim for aim in turn.aims if stand.get(aim.name) is Standing.UNCLEAR]
    missing = [
        aim for aim in turn.aims if stand.get(aim.name) is Standing.MISSING and aim.stage in (Stage.FINDS, Stage.FIXES)
    ]
    wanted = [*unclear, *(missing if not state.place.probed else [])]
    return _probing(script, state, wanted[0]) if wanted else None


def _probing(script: Script, state: State, aim: Aim) -> Event:
    return _said(
        state, "probes", probe_text(script.probe(state.turn, aim)), script.turn(state.turn).phase, aim=aim.name
    )


def probe_text(probe: Probe) -> str:
    """Return a probe with its options, one a line."""
    return "\n".join([probe.ask, *(f"  {letter}) {one}" for letter, one in zip(LETTERS, probe.options, strict=False))])


def _moment(script: Script, state: State) -> Event | None:
    """Return what the clock makes the interviewer say: the start, the midpoint, the end."""
    minutes = script.seconds / 60
    if "start" not in state.moments:
        text = f"Welcome. We have {minutes:g} minutes, and I may interrupt you. {script.subject.situation}"
        return _told(state, "start", text)
    if state.elapsed >= script.seconds:
        if "end" in state.moments:
            return Event(at=state.elapsed, who="interviewer", what="ends", phase=state.phase)
        return _told(state, "end", "That is our time. Thank you; we stop here.")
    is_half = state.elapsed >= script.seconds / 2 and state.phase not in CLOSING
    if is_half and "midpoint" not in state.moments:
        left = max(round((script.seconds - state.elapsed) / 60), 1)
        return _told(state, "midpoint", f"We are half-way: about {left} minutes are left.")
    return None


def _next_turn(script: Script, state: State) -> Event:
    late = state.elapsed >= script.wrap_at
    if not late:
        for one in script.interruptions:
            due = state.elapsed >= one.due or state.work >= one.place
            if one.name not in state.asked and due and state.work and not _was_interrupted(script, state):
                return _asks(script, state, one)
    for one in script.turns:
        if one.name not in state.asked and (not late or one.phase in CLOSING):
            if one.phase in CLOSING and not late:
                waiting = [each for each in script.interruptions if each.name not in state.asked]
                if waiting:
                    return _asks(script, state, waiting[0])
            return _asks(script, state, one)
    if "end" not in state.moments:
        return _told(state, "end", "That is all from me. Thank you.")
    return Event(at=state.elapsed, who="interviewer", what="ends", phase=state.phase)


def _was_interrupted(script: Script, state: State) -> bool:
    """Return whether the turn before was an interruption: two in a row are a quarrel."""
    return script.turn(state.turn).phase is Phase.INTERRUPT


def _asks(script: Script, state: State, turn: Turn) -> Event:
    left = round((script.seconds - state.elapsed) / 60)
    says = turn.says.replace(LEFT, f"{left} minutes" if left > 1 else "less than two minutes")
    return Event(at=state.elapsed, who="interviewer", what="asks", phase=turn.phase, turn=turn.name, text=says)


def _said(state: State, what: str, text: str, phase: Phase, *, aim: str = "") -> Event:
    return Event(at=state.elapsed, who="interviewer", what=what, phase=phase, turn=state.turn, text=text, aim=aim)


def _told(state: State, moment: str, text: str) -> Event:
    return Event(
        at=state.elapsed, who="interviewer", what="tells", phase=state.phase, turn=state.turn, text=text, aim=moment
    )
