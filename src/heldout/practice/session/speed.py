"""The speed round: a drill's questions against the clock, then what the evidence says."""

import datetime as dt
from collections.abc import Callable

from rich.padding import Padding
from rich.text import Text

from heldout.practice.attempt import Attempt, Place, Round
from heldout.practice.drill import Drill
from heldout.practice.question import Answer, Question
from heldout.practice.session.dealt import Dealt
from heldout.practice.session.desk import Desk, Typed
from heldout.practice.session.telling import (
    HELP,
    HINT_COSTS,
    Asking,
    confidence_of,
    hint_of,
    right_answer,
    set_out,
    tell_why,
    total,
    typed_answer,
)
from heldout.practice.session.typed import Unread, read_answer
from heldout.practice.session.view import asked, hung

__all__ = ["speed_round"]


def speed_round(dealt: Dealt, desk: Desk, *, now: Callable[[], dt.datetime]) -> Attempt:
    """Ask a drill's questions and return the attempt; raises Left where the learner leaves."""
    drill = dealt.drill()
    set_out(desk, dealt, drill, "Speed round")
    desk.show(Text(HELP, style="dim"))
    confidence = confidence_of(desk)
    asking = Asking(desk=desk, hint=hint_of(dealt), again=lambda: set_out(desk, dealt, drill, "Again"))
    answers: dict[str, Answer] = {}
    times: dict[str, Typed] = {}
    for number, question in enumerate(drill.shown.questions, start=1):
        asking.put(asked(question, number, len(drill.shown.questions)))
        found = _answer(asking, question, f"{number} >")
        if found is None:
            break
        answers[question.name], times[question.name] = found
    mark = drill.mark(answers)
    attempt = Attempt(
        kind=dealt.name,
        seed=dealt.seed,
        difficulty=int(dealt.difficulty),
        planted=dealt.planted,
        round=Round.SPEED,
        at=now().isoformat(timespec="seconds"),
        seconds=round(sum(one.seconds for one in times.values()), 1),
        score=total(mark.total, asking),
        confidence=confidence,
        hints=asking.hints,
        revealed=asking.revealed,
        places={
            one.name: Place(
                first_key=round(times[one.name].first_key, 1),
                answered=round(times[one.name].seconds, 1),
                points=round(mark.points[one.name], 2),
                worth=one.worth,
            )
            for one in drill.shown.questions
            if one.name in times
        },
        answers=answers,
    )
    _tell(desk, drill, attempt)
    return attempt


def _answer(asking: Asking, question: Question, prompt: str) -> tuple[Answer, Typed] | None:
    """Ask until there is an answer; None when the learner wants to see the answers instead."""
    first_key, seconds = None, 0.0
    while True:
        typed = asking.line(prompt)
        if typed is None:
            return None
        first_key = typed.first_key if first_key is None else first_key
        seconds += typed.seconds
        try:
            return read_answer(question, typed.text), Typed(text=typed.text, first_key=first_key, seconds=seconds)
        except Unread as unread:
            asking.desk.show(Text(str(unread)))


def _tell(desk: Desk, drill: Drill, attempt: Attempt) -> None:
    for question in drill.shown.questions:
        place = attempt.places.get(question.name)
        earned = f"{place.points:.0f} of {place.worth}" if place and not attempt.revealed else f"0 of {question.worth}"
        key = drill.keys[question.name]
        desk.show(hung(Text(f"{earned:>9} ", style="bold"), Text(question.ask, style="dim")))
        if place and place.points < place.worth:
            yours = typed_answer(question, attempt.answers[question.name])
            desk.show(Padding(Text(f"You: {yours}"), (0, 0, 0, 11)))
        right = right_answer(drill, question)
        desk.show(Padding(Text(f"{right}{'' if right.endswith(chr(10)) else ' '}{key.because}"), (0, 0, 0, 11)))
    cost = f", {HINT_COSTS:.0f} less for the hint" if attempt.hints else ""
    shown = ", as the answers were shown" if attempt.revealed else ""
    desk.show(Text(f"{attempt.score:.0f} of 100 points in {attempt.seconds:.0f} s{cost}{shown}.", style="bold"))
    tell_why(desk, drill)
