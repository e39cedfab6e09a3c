"""Scores a submission on the feedback rows, against the best that was released so far and against the baseline."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from heldout.core.errors import BadInput, InfrastructureFailure, RunFailure
from heldout.core.lift import Lift
from heldout.evals.grading.environment import build
from heldout.evals.grading.grade import Case
from heldout.evals.grading.program import Program, receive
from heldout.evals.grading.runs import Dataset, Predicted, Runner
from heldout.evals.grading.scoring import LIMITS, SCORER
from heldout.sandbox import call

__all__ = ["InterimScore", "score_interim"]

LIFT = TypeAdapter(Lift)


@dataclass(frozen=True, slots=True, kw_only=True)
class InterimScore:
    """One run on the feedback rows: its improvement over the best so far (metric units), its lift over the baseline on
    the brief's scale, and the array of its predictions.
    """

    improvement: Lift
    lift: Lift
    array: Path


def score_interim(case: Case, runner: Runner, *, seed: int, best: Path | None) -> InterimScore:
    """Train and predict with one seed, and score on the feedback rows. `best` is the array of the best so far.

    Raises BadInput where the brief has no feedback rows, RunFailure of the kind that its cause makes it.
    """
    section = runner.brief.data.feedback
    if section is None:
        raise BadInput("the brief has no feedback rows", where="data.feedback", expected="rows apart from the final")
    rows = Dataset(path=runner.opened.file(section.path), sha256=section.sha256)
    ours = _predicted(runner, receive(runner.journal, case.candidate), rows, seed)
    try:
        theirs = _predicted(runner, receive(runner.journal, case.baseline), rows, seed)
    except RunFailure as failure:
        raise InfrastructureFailure(f"the baseline failed: {failure}") from failure
    question = {
        **_question(runner, rows),
        "candidate": [str(ours.array)],
        "baseline": [str(theirs.array)],
        "best": [str(best or theirs.array)],
    }
    said = call(SCORER, question, limits=LIMITS)
    return InterimScore(
        improvement=LIFT.validate_python(said["improvement"]), lift=LIFT.validate_python(said["lift"]), array=ours.array
    )


def _predicted(runner: Runner, program: Program, rows: Dataset, seed: int) -> Predicted:
    built = build(runner.journal, program, runner.progress)
    trained = runner.train(built, runner.train_table, seed=seed)
    return runner.predict(built, trained, rows, label=" (feedback rows)")


def _question(runner: Runner, rows: Dataset) -> Mapping[str, Any]:
    data = runner.brief.data
    return {
        "question": "interim",
        "metric": runner.brief.metric.name,
        "scale": runner.brief.lift.scale.value,
        "table": {
            "features": str(rows.path),
            "answers": str(runner.opened.answers_file("feedback")),
            "key": data.key,
            "target": data.target,
            "positive": data.positive,
            "cluster": data.cluster,
        },
    }
