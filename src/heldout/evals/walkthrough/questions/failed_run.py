"""Asks about a run that the submission itself ended badly."""

from heldout.core.card import Card
from heldout.core.plural import how_many
from heldout.core.walkthrough import Anchors, Source, Worth
from heldout.evals.walkthrough.question import Asked, question
from heldout.report.figures import memory, seconds


@question("failure")
def failed_run(card: Card) -> Asked | str:
    """Ask what made a run fail, where it was the submission's doing."""
    at = next((place for place, run in enumerate(card.runs) if run.cause == "candidate"), None)
    if at is None:
        return "no run failed through the submission's doing"
    run, before = card.runs[at], sum(one.ending == "finished" for one in card.runs[:at])
    phase = run.phase.partition(": ")[2] or run.phase
    used = f"{seconds(run.wall_seconds)} of wall time, {seconds(run.cpu_seconds)} of CPU, {memory(run.peak_memory_mb)}"
    reasons = card.decision.reasons[:3]
    return Asked(
        worth=Worth.PROBLEM,
        text=f"Your {phase} did not end as it should in the grader's sandbox. Which of your assumptions about the "
        "machine, the data or the budget did not hold there, and how could you have seen it before you handed in?",
        answer=(
            f"The run ended with {run.ending} after {used}; {how_many(before, 'run')} before it ended well.",
            *reasons,
        ),
        sources=(
            Source(kind="card", where=f"runs[{at}]", note=f"{run.phase}: {run.ending}"),
            Source(kind="card", where="decision.reasons", note=" ".join(reasons)),
        ),
        anchors=Anchors(
            junior=f"Reads {run.ending} as what it is, and names the command that ended so.",
            mid="Reproduces it outside: the same seed, the same tables, the limits of the brief.",
            senior="Says which check before handing in would have shown it (heldout eval check, a run without "
            f"network), and what {used} say of the cause.",
            staff="Says how the program should fail: early, with a message that names the cause, leaving no half "
            "model behind.",
        ),
    )
