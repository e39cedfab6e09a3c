"""Asks by what right data are used, how long they are kept, and what a deletion means for a model."""

from heldout.core.card import Card
from heldout.core.finding import Ending
from heldout.core.walkthrough import Anchors, Source, Worth
from heldout.evals.brief import Brief
from heldout.evals.walkthrough.phrases import found, is_found, joined, places, source_of
from heldout.evals.walkthrough.question import Asked, question
from heldout.report.text import NAME, clip

ANSWERED = (Ending.PROBLEM, Ending.CAUTION, Ending.CLEAR)


@question("data")
def data_terms(card: Card, brief: Brief) -> Asked | str:
    """Ask what is deleted where, when somebody asks for it or a term ends."""
    terms, version = found(card, "DOC004"), found(card, "REP007")
    if terms is None or terms.ending not in ANSWERED:
        return "no check read what the documents say of consent and retention"
    where = places(terms.answer.witnesses)
    lines = joined(list(dict.fromkeys(f"{clip(one.where, NAME)}:{one.line}" for one in where if one.line)))
    named = f"You write of it in {lines}." if lines else "Your documents seem to say nothing of it."
    known = [version] if version is not None and version.ending in ANSWERED else []
    key = clip(brief.data.key, NAME)
    return Asked(
        worth=Worth.FIGURES if is_found(terms) else Worth.ALWAYS,
        text=f"Tomorrow a term of retention ends, or somebody asks for their rows of the training table to be deleted. "
        f"{named} What do you delete, in which places, and does the model that runs have to be fitted again?",
        answer=(terms.answer.claim, *(one.answer.claim for one in known), f"A row is found by its key, {key}."),
        figures=terms.answer.measures[:1],
        sources=(source_of(terms), *where, *map(source_of, known), Source(kind="brief", where="data.key", note=key)),
        anchors=Anchors(
            junior="Says that rows about people need a right to be used, and looks for the table.",
            mid="Names all copies: the table, its bins and caches, logs, predictions, backups.",
            senior="Says which version of the data the model was fitted on and where that stands, and what of a row is "
            "left in the weights.",
            staff="Says who decides on the right to use and on terms, has deletion exercised, and tells data about "
            "people from data about things before the work begins.",
        ),
    )
