"""The monitoring trial: the alerts under hidden scenarios and mutants, and the drift detector on moved days."""

from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from heldout.core.errors import BadInput, RunFailure
from heldout.core.monitoring_evidence import AlertTrial, DriftTrial
from heldout.evals.grading.drift import NOT_ASKED, Asked, drift_trial
from heldout.evals.grading.environment import Built
from heldout.evals.grading.program import Program
from heldout.evals.grading.runs import Runner
from heldout.tools import promtool

__all__ = ["try_alerts", "try_drift"]

TRIAL = TypeAdapter(AlertTrial | None)


def try_alerts(runner: Runner, program: Program) -> AlertTrial | None:
    """Return what a submission's alerts did, from the journal where they were tried before; None without promtool."""
    repository = program.repository
    if repository is None:
        return None

    def work(_folder: Path) -> dict[str, Any]:
        runner.progress(f"{program.name}: monitoring trial")
        tried = promtool.alert_trial(repository, lambda line: runner.progress(f"{program.name}: {line}"))
        return {"trial": None if tried is None else asdict(tried)}

    inputs = {"tree": program.digest, "judge": promtool.version(), "version": version("heldout")}
    said = runner.journal.step("monitoring", inputs, work).result
    return TRIAL.validate_python(said["trial"])


def try_drift(runner: Runner, built: Built | None, asked: Asked, *, seed: int) -> DriftTrial | None:
    """Return what a submission's drift detector did; None when it could not be tried through no doing of its own."""
    if built is None:
        return None
    if built.program.contract.drift is None and runner.brief.eval.kind != "drift":
        return NOT_ASKED
    try:
        return drift_trial(runner, built, asked, seed=seed)
    except (RunFailure, BadInput) as failure:
        runner.journal.note("drift withheld", reason=str(failure))
        runner.progress(f"{built.program.name}: the drift detector was not tried: {failure}")
        return None
