"""`heldout eval walkthrough`: a bundle to the sheets of an interview, or a sheet back to its bundle."""

from pathlib import Path
from typing import Annotated

import typer

from heldout.cli.agreeing import tell_lines
from heldout.cli.console import console, print_line
from heldout.cli.eval_talk import opened
from heldout.core.errors import BadInput

__all__ = ["walkthrough"]


def walkthrough(
    submission: Annotated[
        Path, typer.Argument(metavar="SUBMISSION", help="A bundle's folder; or the eval's folder, followed by NAME.")
    ],
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="A graded candidate of the eval's record.")] = None,
    *,
    out: Annotated[Path, typer.Option(help="The folder for the sheets.")] = Path("walkthrough"),
    verify: Annotated[
        Path | None, typer.Option(help="Work the answers of this interviewer.json out again; write nothing.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")] = False,
) -> None:
    """Write six to eight questions on a graded submission.

    The interviewer's sheet has their computed answers. The questions follow from its findings and figures; each names
    its evidence and what an answer contains from junior to staff. The practice sheet has the questions alone. Exit
    codes: 0 written, or all agrees; 1 an answer differs; 2 bad input.
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

    return tell_lines(recompute(bundle, sheet), "answer", as_json=as_json)
