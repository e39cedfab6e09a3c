"""What a learner would type who knows the answers: the reference solution as lines, for the demo and for tests."""

from heldout.practice.question import Answer, Form, Question
from heldout.practice.session.dealt import Dealt
from heldout.practice.session.typed import LETTERS

__all__ = ["typed_answer", "typed_answers"]


def typed_answers(dealt: Dealt) -> dict[str, str]:
    """Return the lines of the reference solution by the name of the question."""
    shown = dealt.drill().shown
    answers = dealt.kind.solve(shown)
    return {one.name: typed_answer(one, answers[one.name]) for one in shown.questions}


def typed_answer(question: Question, answer: Answer) -> str:
    """Return an answer as a learner types it."""
    places = answer if isinstance(answer, tuple) else (int(answer),)
    match question.form:
        case Form.NUMBER:
            return f"{answer:.6g}" if not isinstance(answer, tuple) else ""
        case Form.PICK:
            return " ".join(map(str, places)) or "none"
        case Form.CHOICE | Form.ORDER:
            return " ".join(LETTERS[place] for place in places)
