"""Asks which rows the submission's own split never sees."""

from heldout.core.card import Card
from heldout.core.estimate import Measure, counted
from heldout.core.finding import Certainty
from heldout.core.plural import how_many
from heldout.core.walkthrough import Anchors, Source, Worth
from heldout.evals.submission import Submission
from heldout.evals.walkthrough.evidence import Spans
from heldout.evals.walkthrough.phrases import found, is_found, joined, quote, share_of, source_of
from heldout.evals.walkthrough.question import Asked, question
from heldout.report.text import NAME, clip

NAMED = {"random": "You split at random", "forward": "You split by time", "other": "You split in a way of your own"}
FEWEST = 0.001
"""From this share of the final rows on, values that training never has are told."""


@question("split")
def split(card: Card, contract: Submission, spans: Spans) -> Asked | str:
    """Ask for the rows that no split of the training table can test, and what was assumed of them."""
    order = found(card, "SPL001")
    is_late = is_found(order, Certainty.STRONG)
    how = contract.reported.split
    told, measures = _told(spans)
    if is_late and order is not None:
        told.append(f"Of the own split, repeated: {order.answer.claim}")
    gap = joined(spans.absent_months) or f"what comes after {spans.train_last}"
    return Asked(
        worth=Worth.PROBLEM if is_late else Worth.FIGURES,
        text=f"{NAMED[how]}: {quote(contract.reported.evaluated)}. Which of the rows that your model meets afterwards "
        "does that split never show it, and what did you assume about them?",
        answer=tuple(told),
        figures=tuple(measures),
        sources=(
            Source(kind="file", where="submission.toml", note=f'reported.split = "{how}"'),
            Source(kind="holdout", where="eval/data/train.parquet", note=f"column {clip(spans.column, NAME)}"),
            Source(kind="holdout", where="eval/data/final.parquet", note=f"column {clip(spans.column, NAME)}"),
            *([source_of(order)] if is_late and order is not None else []),
        ),
        anchors=Anchors(
            junior="Says which rows were used for fitting and which for scoring.",
            mid=f"Says that training ends at {spans.train_last}, that the final rows begin at {spans.final_first}, and "
            "what a random split would have hidden.",
            senior=f"Names {gap} without being led there, says which columns move with it, and what was left out or "
            "kept for that reason.",
            staff="Says how long a model like this may run before it is refitted, and which rows would have to be held "
            "back to measure that instead of assuming it.",
        ),
    )


def _told(spans: Spans) -> tuple[list[str], list[Measure]]:
    rows = max(spans.final_rows, 1)

    def measure(name: str, count: int) -> Measure:
        return Measure(name=name, estimate=counted(count / rows, n=rows), unit="share")

    told = [
        f"Training rows lie from {spans.train_first} to {spans.train_last} ({spans.train_rows:,}), final rows from "
        f"{spans.final_first} to {spans.final_last} ({spans.final_rows:,}); {share_of(spans.later, rows)} of these "
        "are later than every training row."
    ]
    measures = [measure("final rows after the last training row", spans.later)]
    if spans.absent_months:
        measures.append(measure("final rows in months that training never has", spans.absent_rows))
        told.append(
            f"{share_of(spans.absent_rows, rows).capitalize()} of them fall in {joined(spans.absent_months)}, of which "
            "training has no row in any year: no split of the training table can test that."
        )
    for column, values, count in spans.unseen[:1]:
        if count >= FEWEST * rows:
            name = clip(column, NAME)
            measures.append(measure(f"final rows with a value of {name} that training never has", count))
            told.append(f"{count:,} final rows have {how_many(values, 'value')} of {name} that training never has.")
    return told, measures
