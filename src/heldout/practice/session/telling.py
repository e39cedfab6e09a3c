"""What all rounds of a drill say and ask: the situation with its evidence, the confidence, and what follows a mark."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from rich.console import RenderableType
from rich.markdown import Markdown
from rich.panel import Panel
from rich.text import Text

from heldout.practice.attempt import FULL
from heldout.practice.drill import Drill
from heldout.practice.question import Answer, Form, Question
from heldout.practice.session.dealt import Dealt
from heldout.practice.session.desk import Desk, Typed
from heldout.practice.session.typed import LETTERS, how_to
from heldout.practice.session.view import drawn

__all__ = [
    "HELP",
    "HINT_COSTS",
    "Asking",
    "confidence_of",
    "hint_of",
    "right_answer",
    "set_out",
    "tell_why",
    "total",
    "typed_answer",
]

HINT_COSTS = 10.0
"""Points of 100 that a hint takes."""
HELP = "? gives a hint (10 points less), . shows the evidence again, ! the answers (0 points then), Ctrl-D stops here."


@dataclass(slots=True)
class Asking:
    """Asks for a line and does what ?, . and ! ask for; counts hints and time over all lines of one place.

    There is one hint in a round: it costs once, however often it is read. `asked` is what the line answers.
    """

    desk: Desk
    hint: str
    again: Callable[[], None]
    hints: int = 0
    hinted: bool = False
    revealed: bool = False
    asked: tuple[RenderableType, ...] = ()

    def put(self, *things: RenderableType) -> None:
        """Show what is asked now, and again below the evidence wherever that is shown again."""
        self.asked = things
        self.desk.show(*things)

    def line(self, prompt: str) -> Typed | None:
        """Return the line, with the time since the first asking; None when the learner wants to see the answers."""
        first_key, seconds = None, 0.0
        while True:
            typed = self.desk.ask(prompt)
            first_key = seconds + typed.first_key if first_key is None else first_key
            seconds += typed.seconds
            said = typed.text.strip()
            if said == "!":
                self.revealed = True
                return None
            if said == "?":
                self.hints += not self.hinted
                self.hinted = True
                self.desk.show(Text(self.hint))
            elif said == ".":
                self.again()
                self.desk.show(*self.asked)
            else:
                return Typed(text=said, first_key=first_key, seconds=seconds)


def set_out(desk: Desk, dealt: Dealt, drill: Drill, heading: str) -> None:
    """Show the situation and the evidence."""
    title = Text(f"{heading}: {dealt.kind.title}")
    desk.show(Panel(Text(drill.shown.situation), title=title, title_align="left"), *map(drawn, drill.shown.exhibits))


def hint_of(dealt: Dealt) -> str:
    """Return the hint: it names the fault, and not whether it is there."""
    return f"Hint: look whether this holds here; it may or may not. {dealt.kind.fault}"


def confidence_of(desk: Desk) -> float | None:
    """Ask for the chance, in percent, of earning FULL points, and return it in [0, 1]; None where none is given."""
    while True:
        said = desk.ask(f"How sure are you to earn {FULL:.0f} of 100 points, in percent? Enter skips:").text
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


def total(points: float, asking: Asking) -> float:
    """Return the points of a round after its hints; a reveal leaves none."""
    return 0.0 if asking.revealed else round(max(points - HINT_COSTS * asking.hints, 0.0), 2)


def tell_why(desk: Desk, drill: Drill) -> None:
    """Say what the evidence was, what the fault costs, and where to read on."""
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
            return "\n".join(f"{LETTERS[place]}) {question.options[place]}" for place in key.order) + "\n"


def typed_answer(question: Question, answer: Answer) -> str:
    """Return an answer as it is shown beside the right one."""
    match question.form:
        case Form.CHOICE:
            return f"{LETTERS[answer]}) {question.options[answer]}" if isinstance(answer, int) else ""
        case Form.NUMBER:
            return "" if isinstance(answer, tuple) else f"{answer:.6g}"
        case Form.PICK:
            return (" ".join(map(str, answer)) or "none") if isinstance(answer, tuple) else ""
        case Form.ORDER:
            return " ".join(LETTERS[place] for place in answer) if isinstance(answer, tuple) else ""
