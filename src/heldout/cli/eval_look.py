"""`heldout eval look`: what a repository shows by itself, as a verdict."""

from pathlib import Path
from typing import Annotated

import typer

from heldout.cli.console import console
from heldout.cli.progress import progress
from heldout.core.finding import Certainty

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command to `heldout eval`."""
    app.command()(look)


def look(
    repository: Annotated[Path, typer.Argument(help="A git repository; the files of its HEAD are read.")],
    *,
    fail_on: Annotated[Certainty, typer.Option(help="Exit 1 for problems at least this sure.")] = Certainty.STRONG,
    details: Annotated[bool, typer.Option("--details", help="Print each answer in full.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")] = False,
) -> None:
    """Say what a repository shows of itself; nothing of it is run.

    Asked are its architecture, reproducibility, code and documents.

    Exit codes: 0 clear, 1 problems at --fail-on or above, 2 bad input, 3 undecided, 4 the tool failed.
    """
    from heldout.app.look import look_at_repository  # keeps the start of other commands fast
    from heldout.report.json import to_json
    from heldout.report.terminal_verdict import print_verdict

    with progress() as say:
        say("reading the repository")
        verdict = look_at_repository(repository)
    if as_json:
        typer.echo(to_json(verdict), nl=False)
    else:
        print_verdict(verdict, console(), details=details, has_pages=False)
    raise typer.Exit(verdict.exit_code(fail_on))
