"""Asks about what no test would notice."""

from heldout.core.card import Card
from heldout.core.finding import Certainty
from heldout.core.walkthrough import Anchors, Worth
from heldout.evals.walkthrough.phrases import found, is_found, places, source_of
from heldout.evals.walkthrough.question import Asked, question

CODES = ("ARC003", "ARC005", "ARC006", "MON005", "MON006", "MON007")
OF_RULES = (
    "a sign, a threshold or a waiting time of your alert rules",
    "Names a threshold and the two series that a test needs: one just above it, one just below.",
    "Chooses by cost: the alert that wakes somebody, the series that goes missing, the time that has to pass first.",
)
OF_PROGRAM = (
    "a sign, a boundary or a default of your program",
    "Names a function whose wrong result would still end well, and a test with a known answer for it.",
    "Chooses by cost: the features that training and predicting share, empty and unknown values, the edge of a bin.",
)


@question("tests")
def untested(card: Card) -> Asked | str:
    """Ask which change would go unnoticed, where a check found that one would."""
    findings = [one for one in (found(card, code) for code in CODES) if one is not None and is_found(one)]
    if not findings:
        return "no check found a part without a test"
    what, mid, senior = OF_RULES if findings[0].family == "monitoring" else OF_PROGRAM
    return Asked(
        worth=Worth.FIGURES if findings[0].certainty is Certainty.SUSPECT else Worth.PROBLEM,
        text=f"I change {what}, and run what you would run before a release. Which change would nobody notice, what "
        "would it cost, and which single test would you write first?",
        answer=tuple(one.answer.claim for one in findings),
        figures=tuple(measure for one in findings for measure in one.answer.measures[:1]),
        sources=tuple(place for one in findings for place in (source_of(one), *places(one.answer.witnesses))),
        anchors=Anchors(
            junior="Says openly what is not tested.",
            mid=mid,
            senior=senior,
            staff="Has tests run by a machine with each push, and changes the code on purpose now and then to see "
            "whether they notice.",
        ),
    )
