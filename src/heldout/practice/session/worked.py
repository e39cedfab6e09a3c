"""A worked audit: one clean drill, solved step by step, before the first one that the learner solves."""

from rich.markdown import Markdown
from rich.padding import Padding
from rich.text import Text

from heldout.practice.session.dealt import Dealt
from heldout.practice.session.desk import Desk
from heldout.practice.session.telling import right_answer, set_out
from heldout.practice.session.view import hung

__all__ = ["worked_audit"]

INTRO = (
    "Before the first drill, one that is solved. A team reports something; you look at the evidence, and say with "
    "numbers what it supports. In this one nothing is wrong: that is an answer too, and drills without a fault come "
    "again, unannounced."
)


def worked_audit(dealt: Dealt, desk: Desk) -> None:
    """Show a drill with the answers and their reasons; returns when the learner has read it. Raises Left."""
    drill = dealt.drill()
    desk.show(Markdown(INTRO))
    set_out(desk, dealt, drill, "Worked audit")
    for number, question in enumerate(drill.shown.questions, start=1):
        right = right_answer(drill, question)
        answer = f"{right}{'' if right.endswith(chr(10)) else ' '}{drill.keys[question.name].because}"
        ask = hung(Text(f"{number} ", style="bold"), Text(question.ask, style="bold"))
        desk.show(ask, Padding(Text(answer), (0, 0, 0, 3)))
    said = " ".join(point.says for point in drill.points)
    desk.show(Markdown(f"**In one breath:** {said}"))
    desk.ask("Enter goes on >")
