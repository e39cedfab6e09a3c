"""The speed round: a drill's questions against the clock, then what the evidence says."""

import datetime as dt
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from rich.markdown import Markdown
from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text

from heldout.practice.attempt import FULL, Attempt, Place, Round
from heldout.practice.drill import Difficulty, Drill, Kind
from heldout.practice.question import Answer, Form, Question
from heldout.practice.session.desk import Desk, Typed
from heldout.practice.session.typed import LETTERS, Unread, how_to, read_answer
from heldout.practice.session.view import asked, drawn

__all__ = ["HINT_COSTS", "Dealt", "confidence_of", "speed_round"]

HINT_COSTS = 10.0
"""Points of 100 that a hint takes."""
HELP = "Type ? for a hint (it costs 10 points), ! to see the answers (nothing is earned then), Ctrl-D to stop here."


@dataclass(frozen=True, slots=True, kw_only=True)
class Dealt:
    """A drill with what it takes to deal it again."""

    kind: Kind
    seed: int
    difficulty: Difficulty
    planted: bool

    def drill(self) -> Drill:
        """Return the drill itself."""
        return self.kind.build(self.seed, self.difficulty, self.planted)

    @property
    def name(self) -> str:
        """Return the kind's name, `family/name`."""
        return f"{self.kind.family}/{self.kind.name}"


@dataclass(slots=True)
class _Run:
    """What has been answered so far."""

    desk: Desk
    keep: Callable[[str, str], None]
    drafts: Mapping[str, str]
    hints: int = 0
    revealed: bool = False
    answers: dict[str, Answer] = field(default_factory=dict)
    times: dict[str, Typed] = field(default_factory=dict)


def speed_round(
    dealt: Dealt,
    desk: Desk,
    now: Callable[[], dt.datetime],
    *,
    keep: Callable[[str, str], None] = lambda *_: None,
    drafts: Mapping[str, str] | None = None,
) -> Attempt:
    """Ask a drill's questions and return the attempt; raises Left where the learner leaves before the last answer.

    `keep(question, text)` is called at each change of a line, and `drafts` holds what an interrupted round had kept.
    """
    drill, run = dealt.drill(), _Run(desk=desk, keep=keep, drafts=drafts or {})
    desk.show(Panel(Text(drill.shown.situation), title=Text(dealt.kind.title)), *map(drawn, drill.shown.exhibits))
    desk.show(Text(HELP, style="dim"))
    confidence = confidence_of(desk)
    for number, question in enumerate(drill.shown.questions, start=1):
        desk.show(asked(question, number, len(drill.shown.questions)))
        if not _answered(run, question, dealt.kind):
            run.revealed = True
            break
    mark = drill.mark(run.answers)
    score = 0.0 if run.revealed else max(mark.total - HINT_COSTS * run.hints, 0.0)
    attempt = Attempt(
        kind=dealt.name,
        seed=dealt.seed,
        difficulty=int(dealt.difficulty),
        planted=dealt.planted,
        round=Round.SPEED,
        at=now().isoformat(timespec="seconds"),
        seconds=round(sum(one.seconds for one in run.times.values()), 1),
        score=round(score, 2),
        confidence=confidence,
        hints=run.hints,
        revealed=run.revealed,
        places={
            one.name: Place(
                first_key=round(run.times[one.name].first_key, 1),
                answered=round(run.times[one.name].seconds, 1),
                points=round(mark.points[one.name], 2),
                worth=one.worth,
            )
            for one in drill.shown.questions
            if one.name in run.times
        },
        answers=run.answers,
    )
    _tell(desk, drill, attempt)
    return attempt


def confidence_of(desk: Desk) -> float | None:
    """Ask for the chance, in percent, of earning FULL points, and return it in [0, 1]; None where none is given."""
    while True:
        said = desk.ask(f"How sure are you to earn {FULL:.0f} of 100 points? Percent, or Enter to pass:").text
        said = said.strip().removesuffix("%").strip()
        if not said:
            return None
        try:
            percent = float(said)
        except ValueError:
            percent = math.nan
        if 0 <= percent <= 100:
            return percent / 100
        desk.show(Text("Please type a number from 0 to 100, or nothing."))


def _answered(run: _Run, question: Question, kind: Kind) -> bool:
    """Ask until there is an answer and say true, or false when the learner wants to see the answers instead."""
    first_key, seconds = None, 0.0
    draft = run.drafts.get(question.name, "")
    while True:
        typed = run.desk.ask(">", draft=draft, keep=lambda text: run.keep(question.name, text))
        first_key = seconds + typed.first_key if first_key is None else first_key
        seconds += typed.seconds
        draft = ""
        said = typed.text.strip()
        if said == "!":
            return False
        if said == "?":
            run.hints += 1
            run.desk.show(Text(f"A fault that is known in this place, and may be here or not: {kind.fault}"))
            continue
        try:
            run.answers[question.name] = read_answer(question, said)
        except Unread as unread:
            run.desk.show(Text(str(unread)))
            continue
        run.times[question.name] = Typed(text=said, first_key=first_key, seconds=seconds)
        return True


def _tell(desk: Desk, drill: Drill, attempt: Attempt) -> None:
    for question in drill.shown.questions:
        place = attempt.places.get(question.name)
        earned = f"{place.points:.0f} of {place.worth}" if place and not attempt.revealed else f"0 of {question.worth}"
        key = drill.keys[question.name]
        line = Text(f"{earned:>9}  ", style="bold").append(question.ask, style="dim")
        desk.show(line, Padding(Text(f"{right_answer(drill, question)} {key.because}"), (0, 0, 0, 11)))
    cost = f", {attempt.hints} x {HINT_COSTS:.0f} for hints" if attempt.hints else ""
    shown = ", as the answers were shown" if attempt.revealed else ""
    desk.show(Text(f"{attempt.score:.0f} of 100 points in {attempt.seconds:.0f} s{cost}{shown}.", style="bold"))
    more = f"\n\nMore: `heldout explain {drill.feedback.page}`" if drill.feedback.page else ""
    desk.show(Markdown(f"**The evidence.** {drill.feedback.evidence}\n\n**The price.** {drill.feedback.price}{more}"))


def right_answer(drill: Drill, question: Question) -> str:
    """Return the right answer to a question as a learner would read it."""
    key = drill.keys[question.name]
    match question.form:
        case Form.CHOICE:
            best = max(range(len(key.credit)), key=key.credit.__getitem__)
            option = question.options[best]
            return f"{LETTERS[best]}) {option}" + ("" if option.endswith((".", "?", "!")) else ".")
        case Form.NUMBER:
            return f"{key.number.value:.4g}." if key.number else how_to(question)
        case Form.PICK:
            return f"{' '.join(map(str, sorted(key.places or ()))) or 'none'}."
        case Form.ORDER:
            return f"{' '.join(LETTERS[place] for place in key.order)}."
