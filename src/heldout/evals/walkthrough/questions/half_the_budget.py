"""Asks what would be cut with half the budget, from what was measured."""

from heldout.core.card import Card
from heldout.core.estimate import Measure
from heldout.core.plural import how_many
from heldout.core.walkthrough import Anchors, Source, Worth
from heldout.evals.brief import Brief
from heldout.evals.walkthrough.phrases import bare, mean_of, runs_of
from heldout.evals.walkthrough.question import Asked, question
from heldout.report.figures import amount, lift_unit, memory, number

MUCH, TIMES = 0.25, 10
"""From this share of the limit on, or this many times the baseline's cost, the figures raise the question."""


@question("budget")
def half_the_budget(card: Card, brief: Brief) -> Asked | str:
    """Ask what costs most, and what the work would look like with half of the limit or half of what it uses."""
    train, predict = runs_of(card, "train"), runs_of(card, "predict")
    if not train or not predict:
        return "no finished run of training and predicting was measured"
    fit, call = (mean_of([run.cpu_seconds for run in runs]) for runs in (train, predict))
    limit, used = brief.budget.cpu_seconds, fit.value or 0.0
    share, times = used / limit, _times_the_baseline(card, used)
    peak = max((run.peak_memory_mb or 0.0 for run in train), default=0.0)
    count = how_many(len(train), "run")
    beside = f", {number(times, decimals=0 if times >= TIMES else 1)} times the baseline's," if times else ""
    lift = ""
    if card.lift and card.lift.estimate.value is not None:
        lift = f"What it pays for is a lift of {bare(card.lift.estimate, lift_unit(card.lift.scale), signed=True)}."
    fits = "fits into half of it as it is" if share <= 1 / 2 else "does not fit into half of it"
    return Asked(
        worth=Worth.FIGURES if share >= MUCH or (times or 0.0) >= TIMES else Worth.ALWAYS,
        text=f"Each phase may use {number(limit)} s of CPU and {memory(brief.budget.memory_mb)}. What does your work "
        "use of that, and where does it go? With half of it, what would you cut first; and with half of what you "
        "really use, what would that cost in score?",
        answer=tuple(
            one
            for one in (
                f"Training takes {bare(fit)} s of CPU (mean of {count}){beside} and {amount(share, 'share')} of the "
                f"limit: it {fits}. Predicting takes {bare(call)} s.",
                f"Memory in training is {memory(peak)} at most." if peak else "Memory was not measured.",
                lift,
            )
            if one
        ),
        figures=(
            Measure(name="seconds of CPU in training", estimate=fit),
            Measure(name="seconds of CPU in predicting", estimate=call),
        ),
        sources=(
            Source(kind="card", where="runs", note=f"{count} of train over the grader's seeds"),
            Source(kind="brief", where="budget.cpu_seconds", note=number(limit)),
        ),
        anchors=Anchors(
            junior="Knows which phase takes longest.",
            mid=f"Has the size right: training uses {amount(share, 'share')} of what it may.",
            senior="Names a part that can go (bags, trees, steps, columns), and what it bought in score, measured on "
            "rows that were not used to choose it.",
            staff="Says where the work stopped and why there: what the rest of the budget would have bought, and what "
            "complexity costs whoever runs it.",
        ),
    )


def _times_the_baseline(card: Card, used: float) -> float | None:
    base = [run.cpu_seconds for run in card.runs if run.phase == "baseline: train" and run.ending == "finished"]
    reference = sum(base) / len(base) if base else 0.0
    return used / reference if reference > 0 else None
