"""`heldout eval`: options to the use cases, a card to terminal, JSON or files, and its exit code."""

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from heldout.cli import (
    eval_after,
    eval_alerts,
    eval_committee,
    eval_decide,
    eval_finish,
    eval_look,
    eval_new,
    eval_open,
    eval_talk,
    eval_trial,
)
from heldout.cli.console import console, print_line
from heldout.cli.progress import progress
from heldout.core.errors import BadInput
from heldout.core.lift import Band
from heldout.core.verdict import ExitCode

if TYPE_CHECKING:
    from heldout.app.grade import Graded

__all__ = ["app"]

app = typer.Typer(
    help="Run an eval: write its brief, keep its record, talk, grade, and answer for the card.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

EXIT = {
    Band.FAIL: ExitCode.PROBLEM,
    Band.UNDECIDED: ExitCode.UNDECIDED,
    Band.PASS: ExitCode.CLEAR,
    Band.TARGET: ExitCode.CLEAR,
}


class Rows(StrEnum):
    """Which rows of the holdout."""

    FEEDBACK = "feedback"
    FINAL = "final"


def grade(
    brief: Annotated[Path, typer.Argument(help="The brief.toml, or the folder that holds it.")],
    submission: Annotated[
        Path, typer.Argument(help="A git repository, whose HEAD is graded; or a candidate of the eval's record.")
    ],
    *,
    out: Annotated[Path, typer.Option(help="Where cards, runs and the journal go.")] = Path("graded"),
    seed: Annotated[int | None, typer.Option(help="The grader's seed; else drawn once per --out.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the card as JSON and nothing else.")] = False,
) -> None:
    """Re-run a submission in a sandbox and write its card.

    The baseline is run again too, and both are scored apart from the sandbox.

    Of a candidate of the record the last commit that was handed in is graded, with the seed of the opening and the
    brief in force; card and bundles then lie in the record, and --out and --seed are not asked for.
    Interrupted, the same command goes on where it stopped. Exit codes: 0 pass or target, 1 fail, 2 bad input,
    3 undecided, 4 the tool failed.
    """
    from heldout.app.eval_grade import is_recorded
    from heldout.app.grade import grade_submission  # keeps the start of other commands fast
    from heldout.report.json import to_json
    from heldout.report.terminal import print_card

    with progress(keep=True) as say:
        if is_recorded(brief, submission):
            graded, files = _recorded(brief, submission.name, say)
        elif not submission.exists():
            raise BadInput(
                f"{submission} is no repository, and no candidate of the record of {brief}",
                expected="the path of a git repository with a brief, or a candidate's name with the folder of an eval",
                mend="heldout eval status EVAL names the candidates",
            )
        else:
            graded = grade_submission(brief, submission, out=out, seed=seed, progress=say)
            files = [*graded.files.values()]
    if as_json:
        typer.echo(to_json(graded.card), nl=False)
    else:
        print_card(graded.card, console())
        for path in files:
            print_line(f"written: {path}")
    raise typer.Exit(EXIT[graded.card.decision.band])


def _recorded(folder: Path, name: str, say: Callable[[str], None]) -> "tuple[Graded, list[Path]]":
    from heldout.app.eval_grade import grade_recorded

    done = grade_recorded(*eval_talk.opened(folder, name), progress=say)
    return done.graded, [*done.graded.files.values(), *done.bundles.values()]


def check(
    submission: Annotated[Path, typer.Argument(help="A git repository with a submission.toml; its HEAD is checked.")],
    *,
    brief: Annotated[Path, typer.Option(help="The brief.toml, or the folder that holds it.")],
    predictions: Annotated[Path | None, typer.Option(help="Predictions to be held to the brief's rows.")] = None,
    rows: Annotated[Rows | None, typer.Option(help="Of which rows; the feedback rows where there are any.")] = None,
) -> None:
    """Hold a submission to its contract before handing it in.

    Nothing of it is run.

    Exit codes: 0 in order, 2 not, with what to mend.
    """
    from heldout.evals.check import check_submission

    checked = check_submission(brief, submission, predictions, None if rows is None else rows.value)
    for line in (f"commit {checked.commit}", *checked.facts, *(f"note: {note}" for note in checked.notes)):
        print_line(line)


# In the order of an eval's life, as `heldout eval --help` lists them.
eval_new.register(app)
eval_trial.register(app)
app.command()(eval_after.notice)
eval_open.register(app)
eval_look.register(app)
eval_alerts.register(app)
app.command()(check)
eval_talk.register(app)
app.command()(grade)
eval_committee.register(app)
eval_decide.register(app)
eval_finish.register(app)
