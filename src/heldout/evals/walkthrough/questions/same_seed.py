"""Asks where runs with one seed differ, or what keeps them equal."""

from heldout.core.card import Card
from heldout.core.finding import Ending
from heldout.core.plural import how_many
from heldout.core.walkthrough import Anchors, Worth
from heldout.evals.walkthrough.phrases import found, joined, places, source_of
from heldout.evals.walkthrough.question import Asked, question

CODES = ("REP002", "REP003", "REP004", "REP006", "ARC001")
"""What a difference between runs may come from."""
ANSWERED = (Ending.PROBLEM, Ending.CAUTION, Ending.CLEAR)


@question("reproducibility")
def same_seed(card: Card) -> Asked | str:
    """Ask for the cause of a difference, or for what would end an equality."""
    rerun = found(card, "REP001")
    if rerun is None or rerun.ending not in ANSWERED:
        return "no run was repeated"
    around = [one for one in (found(card, code) for code in CODES) if one is not None and one.ending in ANSWERED]
    loose = [one for one in around if one.ending is not Ending.CLEAR]
    is_equal = card.reproducibility == "bitwise"
    shown = loose or around
    runs = how_many(sum(run.phase.startswith(f"{card.submission}: train (again") for run in card.runs) + 1, "run")
    if is_equal:
        text = (
            f"{runs} with one seed wrote the same bytes. Which three harmless-looking changes would end that, and what "
            "in your repository would tell you?"
        )
    else:
        text = (
            f"{runs} with one and the same seed gave different predictions. Where does the difference come from, is it "
            "large for the metric, and what would you change first?"
        )
    open_ends = joined([one.name.replace("-", " ") for one in loose])
    return Asked(
        worth=Worth.PROBLEM if rerun.ending is Ending.PROBLEM else Worth.ALWAYS if is_equal else Worth.FIGURES,
        text=text,
        answer=(rerun.answer.claim, *(one.answer.claim for one in shown)),
        figures=rerun.answer.measures,
        sources=(
            source_of(rerun),
            *(source_of(one) for one in shown),
            *(place for one in shown for place in places(one.answer.witnesses)),
        ),
        anchors=Anchors(
            junior="Names the seed, and a call that does not use it or might not.",
            mid="Tells the lock, the base image, and the order of rows or threads apart as causes of their own.",
            senior=f"Knows the class, {card.reproducibility}, and what is behind it"
            + (f" ({open_ends})" if loose else "")
            + "; says whether the difference matters beside the interval of the score.",
            staff="Decides which class the work needs, and has it tested with each change instead of hoping.",
        ),
    )
