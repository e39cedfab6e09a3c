"""`heldout eval alerts`: the alert trial of a grading, rehearsed on a local repository."""

import dataclasses
import json
from pathlib import Path
from typing import Annotated

import typer

from heldout.cli.console import console
from heldout.cli.progress import progress
from heldout.core.finding import Certainty, Ending
from heldout.core.verdict import ExitCode

__all__ = ["alerts", "register"]


def register(app: typer.Typer) -> None:
    """Add the command to the app of `heldout eval`."""
    app.command()(alerts)


def alerts(
    repository: Annotated[Path, typer.Argument(help="A git repository with Prometheus rules; its HEAD is tried.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print trial and findings as JSON and nothing else.")] = False,
) -> None:
    """Try a repository's alerts as a grading does.

    They meet hidden scenarios, its own tests, and mutants of its rules.

    Exit codes: 0 no strong or proven problem, 1 one or more, 2 bad input.
    """
    from heldout.app.alerts import rehearse_alerts  # keeps the start of other commands fast
    from heldout.report.monitoring import print_trial
    from heldout.report.printing import print_findings

    with progress() as say:
        done = rehearse_alerts(repository, say)
    if as_json:
        typer.echo(json.dumps(dataclasses.asdict(done), indent=2))
    else:
        print_trial(done.trial, console())
        print_findings(console(), done.findings)
    is_wrong = any(one.ending is Ending.CRASHED or one.is_problem_at(Certainty.STRONG) for one in done.findings)
    raise typer.Exit(ExitCode.PROBLEM if is_wrong else ExitCode.CLEAR)
