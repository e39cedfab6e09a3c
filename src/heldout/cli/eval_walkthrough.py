"""`heldout eval walkthrough`: a bundle to the sheets of an interview, or a sheet back to its bundle."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from heldout.cli.console import console, print_line
from heldout.cli.eval_talk import opened
from heldout.core.errors import BadInput
from heldout.core.verdict import ExitCode

__all__ = ["walkthrough"]


def walkthrough(
    submission: Annotated[
        Path, typer.Argument(metavar="SUBMISSION", help="A bundle's folder; or the eval's folder, followed by NAME.")
    ],
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="A graded candidate of the eval's record.")
    ] = None,
    *,
    out: Annotated[Path, typer.Option(help="The folder for the sheets.")] = Path("walkthrough"),
    verify: Annotated[
        Path | None, typer.Option(help="Work the answers of this interviewer.json out again; write nothing.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")] = False,
) -> None:
    """Write six to eight questions on a graded submission, with computed answers, for interviewer and candidate.

    The questions follow from its findings and figures; each names its evidence and what an answer contains from junior
    to staff. The practice sheet has the questions alone. Exit codes: 0 written, or all agrees; 1 an answer differs;
    2 bad input.
    """
    from heldout.app.eval_walkthrough import bundle_of, write_sheets
    from heldout.report.json import to_json
    from heldout.report.walkthrough import print_walkthrough

    bundle = submission if name is None else bundle_of(opened(submission, name)[1])
    if verify is not None:
        raise typer.Exit(_verified(bundle, verify, as_json))
    if name is None and (submission / "record").is_dir() and not (submission / "bundle.json").exists():
        raise BadInput(
            f"{submission} is the folder of an eval",
            expected="a bundle's folder, or the eval's folder and the name of a candidate",
            mend="heldout eval status EVAL names the candidates",
        )
    written = write_sheets(bundle, out)
    if as_json:
        typer.echo(to_json(written.sheet), nl=False)
        return
    print_walkthrough(written.sheet, console())
    for path in written.interviewer:
        print_line(f"written, for the interviewer alone: {path}")
    for path in written.practice:
        print_line(f"written, for the candidate: {path}")


def _verified(bundle: Path, sheet: Path, as_json: bool) -> int:
    from heldout.evals.walkthrough import recompute

    lines = recompute(bundle, sheet)
    wrong = [line for line in lines if not line.agrees]
    if as_json:
        typer.echo(json.dumps([asdict(line) for line in lines], indent=2))
    else:
        for line in lines:
            print_line(f"{'agrees' if line.agrees else 'DIFFERS'} ({line.how}) {line.what}: {line.seen}")
        print_line(
            f"{len(lines)} answers, {len(wrong) or 'none'} of which {'differs' if len(wrong) == 1 else 'differ'}"
        )
    return ExitCode.PROBLEM if wrong else ExitCode.CLEAR
