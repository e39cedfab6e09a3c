"""Rehearses the alert trial of a grading on a local repository."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from heldout.core.errors import BadInput
from heldout.core.finding import Finding
from heldout.core.monitoring_evidence import AlertTrial
from heldout.engine import catalog, run
from heldout.tools import git, promtool

__all__ = ["Rehearsed", "rehearse_alerts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsed:
    """A trial, and what the checks find in it."""

    trial: AlertTrial
    findings: tuple[Finding, ...]


def rehearse_alerts(repository: Path, progress: Callable[[str], None] = lambda _line: None) -> Rehearsed:
    """Put the alerts of the HEAD of a git repository to the trial. Raises BadInput without rules or promtool."""
    found, _ = git.snapshot(repository)
    trial = promtool.alert_trial(found, progress)
    if trial is None:
        raise BadInput(
            "promtool is not installed, and it decides what fires",
            expected="promtool beside this Python or on PATH",
            mend="scripts/system-deps promtool, or install Prometheus",
        )
    if not trial.alerts and not trial.refused:
        raise BadInput(
            "the repository has no alert rule",
            where=str(repository),
            expected="a committed YAML file with groups of Prometheus rules",
            mend="write one; docs/guide/monitoring-trial.md shows an example",
        )
    evidence = {
        "alert_trial": trial,
        "alert_rules": promtool.alert_rules(found),
        "rules_verdict": promtool.judge(found),
    }
    checks = [
        check
        for check in catalog()
        if check.family == "monitoring" and {need.name for need in check.needs} <= evidence.keys()
    ]
    return Rehearsed(trial=trial, findings=run(checks, evidence))
