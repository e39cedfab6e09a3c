"""`heldout eval`: from the card to the end. Options to the use cases, lines to text, and their exit codes."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from heldout.cli.agreeing import tell_lines
from heldout.cli.console import console, print_line
from heldout.cli.eval_after import compare, correct, debrief, export
from heldout.cli.eval_talk import Eval, Name, opened
from heldout.cli.eval_walkthrough import walkthrough
from heldout.core.verdict import ExitCode

__all__ = ["register"]

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]


class Kind(StrEnum):
    """Whose bundle."""

    SEALED = "sealed"
    OPEN = "open"


def card(folder: Eval, name: Name, *, as_json: AsJson = False) -> None:
    """Print a candidate's card with what they replied to it."""
    from heldout.app.eval_grade import card_of
    from heldout.report.json import to_json
    from heldout.report.terminal import print_card

    _, candidate = opened(folder, name)
    shown = card_of(candidate)
    if as_json:
        typer.echo(to_json(shown), nl=False)
    else:
        print_card(shown, console())


def reply(
    folder: Eval,
    name: Name,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What the candidate answers.")],
    *,
    line: Annotated[str, typer.Option(help="Which line of the card, such as a check's code.")] = "",
) -> None:
    """Record a candidate's reply to the card.

    It stands beside the card, unchanged, for everybody who reads that.
    """
    from heldout.app.eval_finish import reply

    _, candidate = opened(folder, name)
    receipt = reply(candidate, text, line=line)
    print_line(f"recorded: receipt {receipt.n} at {receipt.at}, head {receipt.head}")


def bundle(
    folder: Eval,
    name: Annotated[str, typer.Argument(help="The candidate's name in this eval; with --graded a git repository.")],
    *,
    kind: Annotated[Kind, typer.Option(help="sealed has the holdout and is yours; open is the candidate's.")],
    out: Annotated[Path, typer.Option(help="The folder to write.")],
    graded: Annotated[
        Path | None, typer.Option(help="Where `grade` wrote its cards with --out, of a grading without a record.")
    ] = None,
) -> None:
    """Write everything that a card rests on into a folder.

    With it the card can be worked out again elsewhere.
    """
    from heldout.app.eval_grade import bundle, bundle_graded

    if graded is not None:
        print_line(f"written: {bundle_graded(folder, Path(name), graded, kind.value, out)}")
        return
    workspace, candidate = opened(folder, name)
    print_line(f"written: {bundle(workspace, candidate, kind.value, out)}")


def verify(
    folder: Annotated[Path, typer.Argument(metavar="BUNDLE", help="A bundle's folder, or a candidate's record.")],
    *,
    head: Annotated[str | None, typer.Option(help="The head of the ledger, as a receipt said it.")] = None,
    as_json: AsJson = False,
) -> None:
    """Work a bundle out again, line by line.

    Says what was recomputed, what could only be hashed, and what disagrees. Exit codes: 0 all agrees, 1 something does
    not, 2 bad input, 4 the tool failed.
    """
    from heldout.evals.bundle import verify

    raise typer.Exit(tell_lines(verify(folder, head=head), "line", as_json=as_json))


def close(folder: Eval, name: Name) -> None:
    """Reveal what was committed to, and hold the eval to it.

    Exit codes: 0 unchanged since the opening, 1 something changed, 2 bad input.
    """
    from heldout.app.eval_finish import close

    workspace, candidate = opened(folder, name)
    receipt, differences = close(workspace, candidate)
    print_line(f"closed: receipt {receipt.n} at {receipt.at}, head {receipt.head}")
    for difference in differences:
        print_line(f"differs: {difference}")
    raise typer.Exit(ExitCode.PROBLEM if differences else ExitCode.CLEAR)


def forget(
    folder: Eval,
    name: Name,
    *,
    why: Annotated[str, typer.Option(help="The reason, such as the retention date.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask: what is deleted is gone.")] = False,
) -> None:
    """Delete what is known of a candidate; the chain stays whole.

    Payloads, repository, logs and cards go; of events the hashes stay.
    """
    from heldout.app.eval_finish import forget

    workspace, candidate = opened(folder, name)
    if not yes and not typer.confirm(f"Delete everything of {name} but the chain of events?"):
        print_line("nothing was deleted")
        raise typer.Exit(ExitCode.PROBLEM)
    done = forget(workspace, candidate, why=why)
    print_line(f"deleted: {done.payloads} payloads, and {', '.join(done.folders) or 'no folder'}")
    print_line(f"receipt {done.receipt.n} at {done.receipt.at}, head {done.receipt.head}")


def register(app: typer.Typer) -> None:
    """Add the commands from the card to the end."""
    for command in (card, walkthrough, reply, correct, compare, debrief, export, bundle, verify, close, forget):
        app.command()(command)
