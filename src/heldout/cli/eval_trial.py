"""`heldout eval trial`: a brief to the use case, the trial to text, JSON or files, and its exit code."""

from pathlib import Path
from typing import Annotated

import typer

from heldout.cli.console import console, print_line
from heldout.cli.given import refuse_blank
from heldout.cli.progress import progress
from heldout.core.brief_trial import Readiness
from heldout.core.verdict import ExitCode

__all__ = ["register", "trial"]

EXIT = {
    Readiness.READY: ExitCode.CLEAR,
    Readiness.MEND: ExitCode.PROBLEM,
    Readiness.UNDECIDED: ExitCode.UNDECIDED,
}


def register(app: typer.Typer) -> None:
    """Add `trial` to the commands of `heldout eval`."""
    app.command()(trial)


def trial(
    brief: Annotated[Path, typer.Argument(help="The brief.toml, or the folder that holds it.")],
    *,
    out: Annotated[Path, typer.Option(help="Where the page, the references, their cards and the journal go.")] = Path(
        "trial"
    ),
    seed: Annotated[int | None, typer.Option(help="The grader's seed; else drawn once per --out.")] = None,
    agent: Annotated[
        str | None, typer.Option(help="A command that works on the kit in the sandbox; what it leaves is graded too.")
    ] = None,
    agent_files: Annotated[Path | None, typer.Option(help="The agent's own folder; it stands at /agent.")] = None,
    agent_minutes: Annotated[
        float | None, typer.Option(help="Wall and CPU minutes of the agent; the brief's budget of a run without it.")
    ] = None,
    anyway: Annotated[bool, typer.Option("--anyway", help="Grade the references whatever the audits find.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the trial as JSON and nothing else.")] = False,
) -> None:
    """Try a brief on references before anybody sees it.

    It says that the brief is ready, or what to mend. A baseline, one that leaks, a mediocre, a sound and a strong
    submission are made for the brief and graded as candidates' are: do the bands tell them apart, is the target in
    reach, what does grading cost? Interrupted, the same command goes on where it stopped. Exit codes: 0 ready, 1 to
    mend, 2 bad input, 3 undecided, 4 the tool failed.
    """
    refuse_blank({"--agent": agent})
    from heldout.app.eval_trial import Agent, try_brief  # keeps the start of other commands fast
    from heldout.report.brief_trial import print_trial
    from heldout.report.json import to_json

    given = None if agent is None else Agent(command=agent, files=agent_files, minutes=agent_minutes)
    with progress(keep=True) as say:
        tried = try_brief(brief, out=out, seed=seed, agent=given, anyway=anyway, progress=say)
    if as_json:
        typer.echo(to_json(tried.trial), nl=False)
    else:
        print_trial(tried.trial, console())
        for path in tried.files.values():
            print_line(f"written: {path}")
    raise typer.Exit(EXIT[tried.trial.readiness])
