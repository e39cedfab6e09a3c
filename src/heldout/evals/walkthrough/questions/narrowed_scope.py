"""Asks why that trade-off, where a narrower scope was agreed."""

from heldout.core.card import Card
from heldout.core.finding import Ending
from heldout.core.walkthrough import Anchors, Source, Worth
from heldout.evals.brief import Brief
from heldout.evals.walkthrough.phrases import quote, source_of
from heldout.evals.walkthrough.question import Asked, question

FAMILIES = ("monitoring", "documentation", "architecture")


@question("scope")
def narrowed_scope(card: Card, brief: Brief) -> Asked | str:
    """Ask what a narrower scope costs, and when it would be wrong."""
    if not brief.amendments:
        return "no change of scope was agreed"
    agreed = brief.amendments[-1]
    ours = [one for one in card.findings if one.family in FAMILIES and one.ending is Ending.PROBLEM][:3]
    cost = quote(agreed.tradeoffs, 300)
    return Asked(
        worth=Worth.FIGURES,
        text=f"You asked for a narrower scope, and it was agreed: {quote(agreed.narrowed, 300)}. Why this part and no "
        "other? What would have to happen for that to turn out wrong, and how would anybody notice?",
        answer=(
            f"Agreed as version {agreed.version} of the brief, at this cost: {cost}.",
            *(f"A check still asks for it, or finds beside it: {one.answer.claim}" for one in ours),
            *(() if ours else ("The checks find nothing to mend in the rest.",)),
        ),
        sources=(
            Source(kind="brief", where=f"amendments[{len(brief.amendments) - 1}]", note=f"version {agreed.version}"),
            *map(source_of, ours),
        ),
        anchors=Anchors(
            junior="Says what was left out.",
            mid=f"Says what that costs, as agreed: {cost}.",
            senior="Weighs it against what the time went into instead, and names the event that would make the part "
            "urgent.",
            staff="Says who carries the risk now, that they know it, and on which date it is looked at again.",
        ),
    )
