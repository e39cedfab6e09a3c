"""Asks about what was found to leak, and what it is worth."""

from heldout.core.card import Card, Price
from heldout.core.estimate import Measure
from heldout.core.finding import Certainty, Finding
from heldout.core.walkthrough import Anchors, Source, Worth
from heldout.evals.walkthrough.evidence import Files
from heldout.evals.walkthrough.phrases import joined, places, score, source_of
from heldout.evals.walkthrough.question import Asked, question
from heldout.report.figures import number
from heldout.report.text import NAME, clip

FAMILIES = ("leakage", "code")


@question("leak")
def leak(card: Card, files: Files) -> Asked | str:
    """Ask who knows the value of a late column in time; else, to be led through the lines that a check points at."""
    problems = [one for one in card.findings if one.family in FAMILIES and one.is_problem_at(Certainty.STRONG)]
    if not problems:
        return "no leak was found that is proven or strong"
    late = next((one for one in problems if one.code == "LEK003" and one.columns), None)
    return _column(card, files, late) if late else _lines(problems[0])


def _column(card: Card, files: Files, finding: Finding) -> Asked:
    names = joined([clip(name, NAME) for name in finding.columns[:4]])
    price = next((one for one in card.prices if one.what.startswith("column")), None)
    answer = [f"Nobody has it: the brief does not name {names} among what is known when a prediction is made."]
    if price:
        answer.append(
            f"Rerun without it, the submission's own evaluation loses {score(price.first_in)} of {card.metric} when "
            f"nothing else is mended (n = {price.first_in.n:,}), and {score(price.last_in)} when all else is."
        )
    if card.supported and card.lift:
        answer.append(
            f"On the {card.supported.n:,} final rows, which lack it, the model reaches {score(card.supported)}, and "
            f"the baseline {score(card.lift.baseline)}."
        )
    lines = [one for name in finding.columns for one in files.named.get(name, ())][:4]
    said = number(card.reported) if card.reported is not None else "score"
    size = score(price.first_in) if price else "most of what it reports"
    return Asked(
        worth=Worth.PROBLEM,
        text=f"Your model uses {names}. Take me to the moment at which it has to predict: who has that value then, and "
        f"where does it come from? What is left of your {said} without it?",
        answer=tuple(answer),
        figures=_prices(card, price) if price else (),
        sources=(
            source_of(finding),
            Source(kind="brief", where="data.known_at_prediction", note=f"without {names}"),
            *([Source(kind="card", where="prices", note=price.what)] if price else []),
            *(Source(kind="file", where=one.path, line=one.line, note=one.text) for one in lines),
        ),
        anchors=Anchors(
            junior=f"Sees that {names} is written after the moment of the prediction, and takes it out.",
            mid=f"Says which event writes it and when, and expects to lose about {size} without it.",
            senior="Tells this price from that of the split and from what other rows cost; would have noticed because "
            "the holdout's features do not have the column, and shows the line that covers that up.",
            staff="Puts the moment at which each column is known into the data's contract, so that nobody has to "
            "notice; asks which other models read the same table.",
        ),
    )


def _prices(card: Card, price: Price) -> tuple[Measure, ...]:
    return tuple(
        Measure(name=f"price of {price.what}, mended {when}", estimate=estimate, unit=card.metric)
        for when, estimate in (("first", price.first_in), ("last", price.last_in))
    )


def _lines(finding: Finding) -> Asked:
    where = places(finding.answer.witnesses)
    named = [f"{clip(one.where, NAME)}:{one.line}" if one.line else clip(one.where, NAME) for one in where]
    return Asked(
        worth=Worth.PROBLEM,
        text=f"Lead me through {joined(named) or 'your program'}. When these lines run, which rows has each value been "
        "computed from, and which of these rows are scored later?",
        answer=(finding.answer.claim, finding.answer.to_do),
        figures=finding.answer.measures[:3],
        sources=(source_of(finding), *where),
        anchors=Anchors(
            junior="Reads the lines aloud and finds the call that sees rows which are scored later.",
            mid=f"Moves it behind the split: {finding.answer.to_do}",
            senior="Says which way and how far the score moves, and measures it by a refit on the same test rows.",
            staff="Makes it impossible by form: one pipeline that is fitted on training rows alone, and a test.",
        ),
    )
