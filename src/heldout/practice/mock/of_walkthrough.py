"""A mock's subject from the walkthrough of a graded submission: its questions, with points for their themes."""

import math

from heldout.core.estimate import Measure
from heldout.core.walkthrough import Question, Walkthrough
from heldout.practice.mock.aim import Aim
from heldout.practice.mock.stored import aim_of, facts_of, stored, stored_aims
from heldout.practice.mock.subject import Subject, Topic, whole
from heldout.practice.point import Said
from heldout.report.text import NAME, clip

__all__ = ["subject_of_walkthrough"]

LONGEST = 1500
"""Characters of a text that the submission may have had a part in."""
FACTS = {
    "decision": "It is your eval: say what its brief wants decided.",
    "metric": "The brief names it. What do you say it measures?",
    "unit": "The brief and your contract say by what rows were split. Tell me.",
    "baseline": "The brief's baseline was run again beside your work.",
    "costs": "The brief may say; if it does not, say what you assumed.",
}
DIMENSIONS = {
    "alert": "testing",
    "tests": "testing",
    "failure": "technical",
    "cost": "technical",
    "budget": "technical",
}
DIMENSIONS |= {"reproducibility": "technical", "scope": "framing", "data": "framing"}
OPEN = {"hearing": "unless denied"}
MENDED = {
    "ask": "When is it mended?",
    "options": [
        "When somebody says so",
        "When its cause is gone, and a measurement shows it",
        "When the score is higher",
    ],
    "right": 1,
}
AROUND = (0.6, 1.5)
"""The wrong numbers of a probe, as multiples of the right one."""


def subject_of_walkthrough(sheet: Walkthrough) -> Subject:
    """Return the subject; what comes from the submission is bounded and stands on one line."""
    name, title = clip(sheet.submission, NAME), clip(sheet.eval_title, NAME)
    subject = Subject(
        title=f"{name}, in {title}",
        origin=f"walkthrough of {name} at {clip(sheet.commit, NAME)[:12]}, card {sheet.card[:12]}",
        situation=f"This is your own submission to {title}, at commit {clip(sheet.commit, NAME)[:12]}. It has been run "
        "again and graded. You may open it beside you.",
        exhibits=(),
        facts=facts_of(FACTS),
        topics=tuple(map(_topic, sheet.questions)),
    )
    return whole(subject)


def _topic(question: Question) -> Topic:
    theme = stored("themes")[question.theme]
    dimension = DIMENSIONS.get(question.theme, "judgement")
    says, anchors, ask, options, right = theme["finds"]
    told = tuple(clip(one, LONGEST) for one in question.answer)
    finds = {
        "hearing": "unless denied",
        "name": "what it is",
        "says": says,
        "anchors": anchors,
        "ask": ask,
        "options": options,
        "right": right,
    }
    says, anchors = theme["fixes"]
    fixes = {"name": "what mends it", "says": says, "anchors": anchors} | MENDED
    aims = (
        aim_of(finds | OPEN | {"stage": "finds", "dimension": dimension}),
        *_numbers(question),
        aim_of(fixes | OPEN | {"stage": "fixes", "dimension": dimension}),
        *(one for one in stored_aims("mend") if one.name != "measures it again"),
    )
    levels = question.anchors
    return Topic(
        name=question.name,
        ask=clip(question.text, LONGEST),
        aims=aims,
        claim=theme["claim"],
        told=(
            *told,
            *(clip(f"{level}: {getattr(levels, level)}", LONGEST) for level in ("junior", "mid", "senior", "staff")),
        ),
    )


def _numbers(question: Question) -> tuple[Aim, ...]:
    """Return the aim of the first figure that can be said as a number."""
    for figure in question.figures:
        value = figure.estimate.value
        if value is not None and math.isfinite(value) and value:
            return (_number(figure, value),)
    return ()


def _number(figure: Measure, value: float) -> Aim:
    name = clip(figure.name, NAME)
    words = [word.lower() for word in name.replace("-", " ").split() if len(word) > 3 and word.isalpha()]
    tolerance = max(abs(value) * 0.1, 0.0005)
    options = [f"{value * AROUND[0]:.3g}", f"{value:.3g}", f"{value * AROUND[1]:.3g}"]
    data = {
        "name": "its size",
        "says": f"{name}: {value:.3g} {figure.unit}".rstrip() + ".",
        "anchors": [[*words, "percent", "points", "score", "about", "falls", "rises", "costs", "is", "are", "was"]],
        "stage": "quantifies",
        "dimension": "technical",
        "ask": f"How much is it ({name}, {figure.unit or 'as it is measured'})?",
        "options": options,
        "right": 1,
    }
    return aim_of(data, Said(value=value, tolerance=tolerance))
