"""The whole alert trial of one repository."""

import time
from collections.abc import Callable
from dataclasses import replace

from heldout.core.monitoring_evidence import AlertTrial, Mutant, TriedAlert
from heldout.core.repository import Repository
from heldout.tools.promtool.program import Promtool
from heldout.tools.promtool.trial.mutants import BEYOND, mutated
from heldout.tools.promtool.trial.own import copies, found_tests, run_tests, side_by_side
from heldout.tools.promtool.trial.rules import RuleFile, read_rule_files
from heldout.tools.promtool.trial.scenarios import exercise
from heldout.tools.promtool.trial.sources import sourceless
from heldout.tools.promtool.trial.words import OTHER
from heldout.tools.promtool.verdict import judge

__all__ = ["alert_trial"]

SECONDS = 240.0
"""Scenarios and mutants may each take so long; what is left then is said."""

MOST_ALERTS = 100


def alert_trial(repository: Repository, progress: Callable[[str], None] = lambda _line: None) -> AlertTrial | None:
    """Exercise the alerts of a repository; None where promtool is not installed.

    Nothing of the repository is run but by promtool, within its limits. Rule files that promtool refuses are left out.
    """
    promtool = Promtool.find()
    if promtool is None:
        return None
    refused = tuple(path for path, _ in judge(repository).refused)
    files = [file for file in read_rule_files(repository) if file.path not in refused]
    recorded = {name: expression for file in files for name, expression in file.recorded.items()}
    tests = found_tests(repository)
    with side_by_side(repository) as folder:
        done = run_tests(promtool, folder, tests)
    copied = copies(repository, files, tests)
    tested_copies = {one.tested for one in copied if one.in_test_place}
    shipped = [file for file in files if file.path not in tested_copies]
    alerts = _exercised(promtool, repository, shipped, recorded, progress)
    passing = [test for test, own in zip(tests, done, strict=True) if own.passed]
    mutants: list[Mutant] = []
    unmutated: list[tuple[str, str]] = []
    if passing:
        progress(f"mutants of the rules; files of tests that judge them: {len(passing)}")
        until = time.monotonic() + SECONDS
        mutants, unmutated = mutated(promtool, repository, shipped, passing, lambda: time.monotonic() < until)
    return AlertTrial(
        judge=f"promtool {promtool.version}",
        alerts=tuple(alerts),
        own_tests=tuple(done),
        copies=tuple(copied),
        mutants=tuple(mutants),
        refused=refused,
        unmutated=tuple(unmutated),
    )


def _exercised(
    promtool: Promtool,
    repository: Repository,
    files: list[RuleFile],
    recorded: dict[str, str],
    progress: Callable[[str], None],
) -> list[TriedAlert]:
    until = time.monotonic() + SECONDS
    tried: list[TriedAlert] = []
    for file in files:
        progress(f"scenarios for the alerts of {file.path}: {len(file.alerts)}")
        for alert in file.alerts:
            if len(tried) >= MOST_ALERTS or time.monotonic() > until:
                one = TriedAlert(path=file.path, alert=alert.name, purpose=OTHER, told_by="", unclear=BEYOND)
            else:
                one = exercise(promtool, file, alert, recorded)
            tried.append(replace(one, sourceless=sourceless(repository, alert, recorded)))
    return tried
