"""Runs both sides over the grader's seeds and has the scorer compare them."""

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from heldout.core.errors import BadInput, CandidateFailure, InfrastructureFailure, RunFailure
from heldout.core.evidence import Rerun
from heldout.core.lift import Decision, Lift
from heldout.evals.brief import Brief, largest_lift
from heldout.evals.grading.environment import Built, build
from heldout.evals.grading.program import Program
from heldout.evals.grading.reruns import Reruns, largest_difference, permuted, rerun
from heldout.evals.grading.runs import Predicted, Runner, Trained
from heldout.sandbox import Limits, call

__all__ = ["LIMITS", "QUESTION", "SCORER", "Scored", "score"]

SCORER = "heldout.evals.grading.scorer"
QUESTION = "question.json"
"""What the scorer was asked, in the folder of a score; arrays by their names there."""

LIMITS = Limits(wall_seconds=600, cpu_seconds=300, memory_mb=8192)
LIFT, RERUN, DECISION = TypeAdapter(Lift), TypeAdapter(Rerun), TypeAdapter(Decision)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """The comparison of both sides: lift, class, band, the hash of the first seed's predictions.

    `folder` holds what was compared: `question.json`, and the arrays of predictions that it names.
    """

    lift: Lift
    rerun: Rerun
    decision: Decision
    predictions: str
    folder: Path


def score(runner: Runner, built: Built, baseline: Program, seeds: Sequence[int]) -> Scored:
    """Run candidate and baseline with every seed, the first seed again, and score them.

    Raises RunFailure of the kind that its cause makes it, BadInput when the baseline's score shows that no model could
    reach the brief's target.
    """
    ours = [_run(runner, built, seed) for seed in seeds]
    theirs = _baseline_runs(runner, baseline, seeds)
    reruns = rerun(runner, built, ours[0])
    notes = _out_of_order(runner, built, ours[0])
    runs = {"candidate": tuple(run for _, run in ours), "baseline": theirs, "reruns": reruns.runs}

    def work(folder: Path) -> Mapping[str, Any]:
        runner.progress(f"{built.program.name}: score")
        kept = {
            side: [_kept(run, folder / f"{side}-{i}.npy") for i, run in enumerate(ran)] for side, ran in runs.items()
        }
        names = {side: [array.name for array in arrays] for side, arrays in kept.items()}
        (folder / QUESTION).write_text(json.dumps({**_question(runner, reruns), **names}), encoding="utf-8")
        arrays = {side: [str(array) for array in ran] for side, ran in kept.items()}
        return call(SCORER, {**_question(runner, reruns), **arrays}, limits=LIMITS)

    inputs = {**_question(runner, reruns), "answers": runner.brief.answers.final.sha256, "version": version("heldout")}
    inputs |= {side: [run.digest for run in ran] for side, ran in runs.items()}
    step = runner.journal.step("score", inputs, work)
    said = step.result
    lift = LIFT.validate_python(said["lift"])
    _check_target(runner.brief, lift)
    if left := said["rows"] - said["scored"]:
        notes += (f"{left:,} of {said['rows']:,} rows have no label and are not scored.",)
    if said["ignores_seed"]:
        notes += ("The predictions ignore the seed, so its variance is not measured.",)
    decision = DECISION.validate_python(said["decision"])
    return Scored(
        lift=lift,
        rerun=RERUN.validate_python(said["rerun"]),
        decision=replace(decision, reasons=(*decision.reasons, *notes)),
        predictions=ours[0][1].sha256,
        folder=step.folder,
    )


def _kept(run: Predicted, path: Path) -> Path:
    """Keep a copy of what is scored beside the score, so that a bundle can be made of both."""
    shutil.copyfile(run.array, path)
    return path


def _run(runner: Runner, built: Built, seed: int) -> tuple[Trained, Predicted]:
    trained = runner.train(built, runner.train_table, seed=seed)
    return trained, runner.predict(built, trained, runner.final_table)


def _baseline_runs(runner: Runner, baseline: Program, seeds: Sequence[int]) -> tuple[Predicted, ...]:
    """Run the baseline; whatever makes it fail is no fault of the candidate."""
    try:
        built = build(runner.journal, baseline, runner.progress, runner.isolation)
        return tuple(_run(runner, built, seed)[1] for seed in seeds)
    except RunFailure as failure:
        raise InfrastructureFailure(f"the baseline failed: {failure}") from failure


def _out_of_order(runner: Runner, built: Built, first: tuple[Trained, Predicted]) -> tuple[str, ...]:
    """Predict the rows in another order, and say it when that changes anything: a model sees rows, not places."""
    trained, predicted = first
    try:
        again = runner.predict(built, trained, permuted(runner, trained.seed), label=" (rows in another order)")
    except CandidateFailure as failure:
        return (f"With the rows in another order it failed: {failure}.",)
    difference = largest_difference(predicted, again)
    if difference <= runner.brief.reproducibility.epsilon:
        return ()
    return (f"With the rows in another order its predictions differ by up to {difference:.3g}; a person asks why.",)


def _question(runner: Runner, reruns: Reruns) -> Mapping[str, Any]:
    brief = runner.brief
    return {
        "question": "lift",
        "metric": brief.metric.name,
        "target": brief.lift.model_dump(mode="json"),
        "table": {
            "features": str(runner.final_table.path),
            "answers": str(runner.opened.answers_file("final")),
            "key": brief.data.key,
            "target": brief.data.target,
            "positive": brief.data.positive,
            "cluster": brief.data.cluster,
        },
        "same_bytes": reruns.same_bytes,
        "failure": reruns.failure,
        **brief.reproducibility.model_dump(mode="json", include={"epsilon", "delta", "lowest"}),
    }


def _check_target(brief: Brief, lift: Lift) -> None:
    if lift.baseline.value is None:
        return
    ceiling = largest_lift(lift.metric, lift.scale, lift.baseline.value)
    if brief.lift.target > ceiling:
        raise BadInput(
            f"lift.target {brief.lift.target:g} cannot be reached: the baseline scores {lift.baseline.value:.4g}, so "
            f"the {lift.scale} lift of a perfect model is {ceiling:.4g}",
            where="lift.target",
            expected="a target that a model can reach",
            mend="amend the brief",
        )
