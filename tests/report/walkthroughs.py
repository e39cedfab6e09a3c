"""A walkthrough whose every text is given: plain, or written to break out of what shows it."""

from heldout.core.estimate import Estimate, Measure, undefined
from heldout.core.walkthrough import Anchors, NotAsked, Question, Source, Walkthrough, Worth

__all__ = ["asked_of"]


def asked_of(text: str) -> Walkthrough:
    """Return a sheet of two questions with `text` wherever a submission's words can come."""
    low = Estimate(value=0.25, low=0.125, high=0.375, n=40, method=text)
    question = Question(
        name="leak",
        theme="leak",
        worth=Worth.PROBLEM,
        text=f"Why {text}?",
        answer=(f"Because {text}", "of it."),
        figures=(
            Measure(name=f"price {text}", estimate=low, unit=text),
            Measure(name="none", estimate=undefined(text, n=0, method="t")),
        ),
        sources=tuple(
            Source(kind=kind, where=text, line=line, note=text)
            for kind, line in (("file", 3), ("finding", None), ("card", None), ("brief", None), ("holdout", None))
        ),
        anchors=Anchors(junior=text, mid=text, senior=text, staff=text),
    )
    return Walkthrough(
        eval_title=text,
        submission=f"name {text}",
        commit="a" * 40,
        bundle="sealed",
        card="c" * 64,
        questions=(question, question),
        not_asked=(NotAsked(name="split", theme="split", reason=text),),
    )
