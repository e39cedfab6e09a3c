"""Asks what a thousand predictions cost, from measured runs."""

from heldout.core.card import Card
from heldout.core.estimate import Measure
from heldout.core.plural import how_many
from heldout.core.walkthrough import Anchors, Source, Worth
from heldout.evals.walkthrough.phrases import bare, found, mean_of, places, runs_of, source_of
from heldout.evals.walkthrough.question import Asked, question


@question("cost")
def cost_per_thousand(card: Card) -> Asked | str:
    """Ask for the cost of a thousand predictions in a batch, and of one that comes alone."""
    runs, rows = runs_of(card, "predict"), card.supported.n if card.supported else 0
    if not runs or not rows:
        return "no finished run predicted the final rows"
    batch, wall = (mean_of([getattr(run, f"{kind}_seconds") for run in runs]) for kind in ("cpu", "wall"))
    each = mean_of([1e6 * run.cpu_seconds / rows for run in runs])
    told = found(card, "DOC007")
    count = how_many(len(runs), "run")
    return Asked(
        worth=Worth.ALWAYS,
        text=f"The grader had you predict {rows:,} rows at once. What do a thousand predictions cost in such a batch, "
        "what does a single one cost that comes alone, and which part of either is your model?",
        answer=(
            f"In a batch a thousand cost {bare(each)} milliseconds of CPU, the start of the program included (mean of "
            f"{count}).",
            f"A batch takes {bare(batch)} s of CPU and {bare(wall)} s of wall time.",
            "One that comes alone pays the start of the program by itself, unless the process stays up; the card does "
            "not tell the start and the model apart.",
        ),
        figures=(
            Measure(name="milliseconds of CPU a thousand", estimate=each),
            Measure(name="seconds of CPU a batch", estimate=batch),
            Measure(name="seconds of wall time a batch", estimate=wall),
        ),
        sources=(
            Source(kind="card", where="runs", note=f"{count} of predict over the grader's seeds"),
            *([source_of(told), *places(told.answer.witnesses)] if told is not None else []),
        ),
        anchors=Anchors(
            junior="Divides a batch's time by its rows.",
            mid="Tells the start of the program, reading and writing from the model, and would measure them apart.",
            senior=f"Says how much {count} vary, what grows with rows and what does not, and what that means for a "
            "service with a limit on latency.",
            staff="Puts a price beside what a prediction is worth, and says at which load another form (batch, cache, "
            "service) becomes the cheaper one.",
        ),
    )
