"""Asks who would have noticed the worst day, where nothing rings."""

from heldout.core.card import Card
from heldout.core.finding import Certainty
from heldout.core.walkthrough import Anchors, Worth
from heldout.evals.walkthrough.bad_day import tell
from heldout.evals.walkthrough.evidence import Drift, WorstDay
from heldout.evals.walkthrough.phrases import found, is_found, source_of
from heldout.evals.walkthrough.question import Asked, question


@question("alert", by_labels=True)
def unwatched(card: Card, worst_day: WorstDay, drift: Drift) -> Asked | str:
    """Ask which alert would be written first, where the repository has none."""
    none = found(card, "MON001")
    if none is None or not is_found(none, Certainty.PROVEN) or (card.alert_trial and card.alert_trial.alerts):
        return "the submission has alert rules, or no check looked for them"
    told = tell(card, worst_day, drift)
    return Asked(
        worth=Worth.PROBLEM,
        text=f"{told.named} Nothing in your repository rings. Who would have noticed, after how long, and "
        "which single alert would you write first: on what, from which value, and for whom?",
        answer=(*told.sentences, none.answer.claim),
        figures=told.figures,
        sources=(told.source, source_of(none)),
        anchors=Anchors(
            junior="Says that nobody would have noticed that day.",
            mid="Names a number that needs no labels (an input, the mean prediction, rows per hour), and a value.",
            senior="Tells a fault of the feed from a world that moved, knows when labels come in, and chooses the "
            "value by how often it would ring on ordinary days.",
            staff="Begins with what a late discovery costs; says who is woken, what they may decide alone, and how the "
            "alert itself is tested.",
        ),
    )
