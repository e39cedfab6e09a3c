"""Has a reference measure itself on training rows that it holds back, in the sandbox, under the brief's budget."""

import csv
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from heldout.core.errors import CandidateFailure, Cause, InfrastructureFailure
from heldout.core.estimate import undefined
from heldout.evals.grading.environment import Built, build
from heldout.evals.grading.journal import digest_of
from heldout.evals.grading.program import look_at_baseline, receive
from heldout.evals.grading.runs import Runner
from heldout.evals.ladder.references import Recipe, Validation, files_of
from heldout.sandbox import Job, Limits, run
from heldout.stats import score_estimate

__all__ = ["validated"]

HELD_BACK = "held_back.csv"
COMMANDS = {"leaking": ("python", "evaluate.py")}
HONEST = ("python", "-m", "forecast.evaluate")
SEED = 0


def validated(runner: Runner, recipe: Recipe) -> Validation:
    """Return the score that a reference reports of itself; its interval is clustered as the brief says.

    Raises CandidateFailure where it exceeds the budget, InfrastructureFailure where the machine failed.
    """
    files = files_of(recipe, runner.opened, None)
    with tempfile.TemporaryDirectory(prefix="heldout-ladder-") as scratch:
        tree = Path(scratch) / recipe.name
        for name, content in files.items():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            (tree / name).write_bytes(content)
        built = build(runner.journal, receive(runner.journal, look_at_baseline(tree)), runner.progress)
    inputs = {
        "tree": digest_of({name: content.hex() for name, content in files.items()}),
        "environment": built.environment.digest,
        "data": runner.train_table.sha256,
        "budget": runner.brief.budget.model_dump(),
        "isolation": runner.isolation.level,
    }
    step = runner.journal.step("validation", inputs, lambda folder: _evaluate(runner, built, recipe, folder))
    if step.result["cause"] is not None:
        raise CandidateFailure(f"measuring itself ended with {step.result['ending']}")
    label, predicted, group = _read(step.folder / "out" / HELD_BACK)
    metric = runner.brief.metric.name
    score = (
        score_estimate(metric, label, predicted, group if runner.brief.data.cluster else None)
        if label.size
        else undefined("no row was held back", n=0, method="held back")
    )
    return Validation(
        score=score,
        cpu_seconds=step.result["cpu_seconds"],
        peak_memory_mb=step.result["peak_memory_mb"],
        rows=step.result["rows"],
    )


def _evaluate(runner: Runner, built: Built, recipe: Recipe, folder: Path) -> Mapping[str, Any]:
    runner.progress(f"{recipe.name}: measures itself on rows that it holds back")
    (folder / "out").mkdir()
    budget = runner.brief.budget
    outcome = run(
        Job(
            command=COMMANDS.get(recipe.name, HONEST),
            limits=Limits(wall_seconds=budget.wall_seconds, cpu_seconds=budget.cpu_seconds, memory_mb=budget.memory_mb),
            read_only={
                "/work": built.program.tree,
                "/data/train.parquet": runner.train_table.path,
                **built.environment.mounts,
            },
            writable={"/out": folder / "out"},
            environment={**built.environment.variables, "HELDOUT_SEED": str(SEED)},
            directory="/work",
        ),
        isolation=runner.isolation,
    )
    if outcome.cause not in (None, Cause.CANDIDATE):
        raise InfrastructureFailure(f"{recipe.name} ended with {outcome.reason}: {outcome.stderr.strip()[-500:]}")
    (folder / "stderr.txt").write_text(outcome.stderr[-20_000:], encoding="utf-8")
    return {
        "ending": outcome.reason or "finished",
        "cause": None if outcome.cause is None else outcome.cause.value,
        "cpu_seconds": outcome.cpu_seconds,
        "peak_memory_mb": outcome.peak_memory_mb,
        "rows": runner_rows(runner),
    }


def runner_rows(runner: Runner) -> int:
    """Return the rows of the training table."""
    from pyarrow.parquet import read_metadata

    return int(read_metadata(runner.train_table.path).num_rows)


def _read(path: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        table = np.array([[float(cell) for cell in row] for row in rows], dtype=np.float64).reshape(-1, 3)
    return table[:, 0], table[:, 1], table[:, 2].astype(np.int64)
