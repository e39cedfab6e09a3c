"""Placement: one question of each family, so that the plan begins where it is needed."""

from dataclasses import replace

from rich.text import Text

from heldout.practice.drill import Difficulty, Drill
from heldout.practice.mark import share_of
from heldout.practice.plan import Terms
from heldout.practice.plan.syllabus import syllabus
from heldout.practice.question import Answer, Form, Question
from heldout.practice.session.dealt import Dealt, deal
from heldout.practice.session.desk import Desk
from heldout.practice.session.playing import Table, keeping
from heldout.practice.session.telling import set_out
from heldout.practice.session.typed import Unread, read_answer
from heldout.practice.session.view import asked

__all__ = ["asked_of", "place"]

INTRO = "Placement: one question of each family. Enter alone says that you do not know, which helps the plan most."
FULL = 0.8
"""Share of a question's points from which it counts as right."""


def place(table: Table, terms: Terms) -> Terms:
    """Ask one question a family and return the terms with (right, asked) of each. Raises Left; what is typed stays."""
    desk = keeping(table, {"placement": terms.start.isoformat()})
    desk.show(Text(INTRO))
    counts: dict[str, tuple[int, int]] = {}
    asking = asked_of(terms)
    for number, (dealt, question) in enumerate(asking, start=1):
        drill = dealt.drill()
        set_out(desk, dealt, drill, f"{number} of {len(asking)}")
        desk.show(asked(question, 1, 1))
        answer = _answer(desk, question, f"{number} >")
        is_right = share_of(question, drill.keys[question.name], answer) >= FULL
        counts[dealt.kind.family.value] = (int(is_right), 1)
        desk.show(Text("Right." if is_right else drill.keys[question.name].because))
    table.store.drop_draft()
    return replace(terms, placement=counts)


def asked_of(terms: Terms) -> list[tuple[Dealt, Question]]:
    """Return the drill of each family and the question that is asked of it."""
    found = []
    for number, kinds in enumerate(syllabus().values(), start=1):
        seed = terms.start.toordinal() + number
        dealt = deal(kinds[seed % len(kinds)], seed, Difficulty.EASY)
        found.append((dealt, _telling(dealt.drill())))
    return found


def _telling(drill: Drill) -> Question:
    """Return the question that tells most: the choice that is worth most, or where there is none any question."""
    choices = [one for one in drill.shown.questions if one.form is Form.CHOICE] or list(drill.shown.questions)
    return max(choices, key=lambda one: one.worth)


def _answer(desk: Desk, question: Question, prompt: str) -> Answer | None:
    while True:
        said = desk.ask(prompt).text.strip()
        if not said:
            return None
        try:
            return read_answer(question, said)
        except Unread as unread:
            desk.show(Text(str(unread)))
