"""Asks what is done when the model has to go, and what that costs."""

from heldout.core.card import Card
from heldout.core.estimate import Measure
from heldout.core.walkthrough import Anchors, Source, Worth
from heldout.evals.walkthrough.evidence import Fallback, Files
from heldout.evals.walkthrough.phrases import found, is_found, quote, score, source_of
from heldout.evals.walkthrough.question import Asked, question
from heldout.report.text import NAME, clip


@question("rollback", by_labels=True)
def roll_back(card: Card, files: Files, fallback: Fallback) -> Asked | str:
    """Ask to what one falls back, who decides, and what is lost until the model is back."""
    lift, loss = card.lift, fallback.loss
    if lift is None or loss.value is None:
        return "what falling back costs was not measured"
    said, lines = found(card, "DOC008"), files.fallback[:3]
    named, told = "Your documents name nothing to fall back to.", "No document names anything to fall back to."
    if lines:
        where = f"{clip(lines[0].path, NAME)}:{lines[0].line}"
        named = f"{where} says: {quote(lines[0].text, 200)}."
        told = f"What is named is {quote(lines[0].text, 200)}; what that scores was not measured."
    ours, theirs = score(lift.candidate), score(lift.baseline)
    cost = (
        f"Falling back to the brief's baseline costs {score(loss)} of {card.metric}: from {ours} to {theirs} "
        f"(n = {loss.n:,})."
        if loss.value > 0
        else f"Falling back to the brief's baseline costs nothing: it has {theirs}, and the submission {ours}."
    )
    return Asked(
        worth=Worth.FIGURES if not lines or is_found(said) else Worth.ALWAYS,
        text=f"It is Sunday night, and the predictions cannot be trusted any more. {named} What runs an hour later, "
        "who decides that, how do you know that it works, and what does it cost in quality until Monday?",
        answer=(told, cost),
        figures=(Measure(name="ahead of the baseline", estimate=loss, unit=card.metric),),
        sources=(
            *(Source(kind="file", where=one.path, line=one.line, note=one.text) for one in lines),
            *([source_of(said)] if said is not None else []),
            Source(kind="card", where="lift.baseline", note=theirs),
        ),
        anchors=Anchors(
            junior="Names something simple that runs without the model: a rate, yesterday's model, no prediction.",
            mid="Says which command or setting switches over, and that it was tried once.",
            senior=f"Has a price for it: {score(loss, signed=True)} of {card.metric} ahead of the baseline; says from "
            "which value on switching is right, and how the way back is decided.",
            staff="Has one person who may decide at night, a version of model and data that can be put back, and an "
            "exercise of it in the calendar.",
        ),
    )
