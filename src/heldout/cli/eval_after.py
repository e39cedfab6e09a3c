"""`heldout eval`: after the card. Notice, comparison, decided replies, notes for the talk, an auditor's export."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from heldout.cli.console import console, print_line
from heldout.cli.eval_talk import Eval, Name, opened
from heldout.core.errors import BadInput
from heldout.core.plural import how_many

__all__ = ["compare", "correct", "debrief", "export", "notice"]

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]
Out = Annotated[Path | None, typer.Option(help="Write it there too, as HTML, Markdown and JSON.")]


class Made(StrEnum):
    """What an accepted reply makes of a finding."""

    CAUTION = "caution"
    CLEAR = "clear"
    NOT_APPLICABLE = "not_applicable"


def notice(
    folder: Eval,
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="A candidate, for the terms that were agreed.")
    ] = None,
    *,
    markdown: Annotated[bool, typer.Option("--markdown", help="As Markdown; else as plain text.")] = False,
) -> None:
    """Print the notice: what is automated, what a person decides.

    It is for candidates, and is no legal advice.
    """
    from heldout.app.eval_notice import notice_of
    from heldout.app.eval_talk import opened_workspace
    from heldout.evals.authoring.notice import notice_markdown, notice_text

    workspace, record = (opened_workspace(folder), None) if name is None else opened(folder, name)
    made = notice_of(workspace, record)
    typer.echo((notice_markdown if markdown else notice_text)(made), nl=False)


def compare(
    cards: Annotated[
        list[Path],
        typer.Argument(
            metavar="CARDS", help="An eval's folder, or cards of one brief: each a card.json or its folder."
        ),
    ],
    *,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """Put candidates side by side, ties as ties.

    Places, lifts with intervals, what evidence differs, and how far the order hangs on the weights.

    Of an eval all graded candidates are compared, by the difference on the rows that they all predicted. Of cards alone
    the intervals are unpaired, and wider. Amended cards are used where there are any.
    """
    from heldout.app.eval_compare import compare_cards
    from heldout.app.files import replace_texts
    from heldout.report.side_by_side import print_side_by_side, side_by_side_json, side_by_side_text
    from heldout.report.side_by_side_page import side_by_side_page

    compared = compare_cards(cards)
    texts = {}
    if out is not None:
        texts = {
            "compare.html": side_by_side_page(compared),
            "compare.md": side_by_side_text(compared),
            "compare.json": side_by_side_json(compared),
        }
    written = replace_texts(out, texts) if out is not None else ()
    if as_json:
        typer.echo(side_by_side_json(compared), nl=False)
        return
    print_side_by_side(compared, console())
    for path in written:
        print_line(f"written: {path}")


def correct(
    folder: Eval,
    name: Name,
    *,
    reply: Annotated[int, typer.Option(help="Which reply, by its number on the card.")],
    accept: Annotated[bool | None, typer.Option("--accept/--refuse", help="Whether the line is corrected.")] = None,
    why: Annotated[str, typer.Option(help="The reason, which stands on the card.")],
    by: Annotated[str, typer.Option(help="Who decides, as the card shall name them, such as the organiser.")],
    finding: Annotated[str, typer.Option(help="The code of the finding that is corrected.")] = "",
    which: Annotated[int | None, typer.Option(help="Which finding of that code, where there are several.")] = None,
    ending: Annotated[Made | None, typer.Option(help="What it ends as.")] = None,
    text: Annotated[str, typer.Option(help="What the line says from now on.")] = "",
) -> None:
    """Accept or refuse a reply; an accepted one amends the card.

    The amended card shows both versions; a refused reply stays, with the reason. The graded card stays as it is. Axes
    are scored anew; band, lift and class move by grading again alone.
    """
    from heldout.app.eval_correct import Wish, decide_reply
    from heldout.core.finding import Ending
    from heldout.report.corrections import correction_facts

    if accept is None:
        raise BadInput("it is not said whether the reply is accepted", expected="--accept or --refuse")
    wish = Wish(code=finding, place=which, ending=None if ending is None else Ending(ending.value), text=text)
    done = decide_reply(*opened(folder, name), reply, accept=accept, why=why, by=by, wish=wish)
    for what, said in correction_facts(done.card).items():
        print_line(f"{what}: {said}")
    for path in done.files:
        print_line(f"written: {path}")
    print_line(f"receipt {done.receipt.n} at {done.receipt.at}, head {done.receipt.head}")


def debrief(
    card: Annotated[Path, typer.Argument(metavar="EVAL", help="The eval's folder; or a card.json or its folder.")],
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="The candidate's name, with an eval.")] = None,
    *,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """Write notes for the talk with a candidate afterwards.

    They are facts about the work, each with what it rests on.
    """
    from heldout.app.eval_debrief import debrief_notes
    from heldout.app.files import replace_texts
    from heldout.report.debrief_outlets import debrief_json, debrief_page, debrief_text, print_debrief

    made = debrief_notes(card, name)
    written: tuple[Path, ...] = ()
    if out is not None:
        texts = {
            "debrief.html": debrief_page(made),
            "debrief.md": debrief_text(made),
            "debrief.json": debrief_json(made),
        }
        written = replace_texts(out, texts)
    if as_json:
        typer.echo(debrief_json(made), nl=False)
        return
    print_debrief(made, console())
    for path in written:
        print_line(f"written: {path}")


def export(
    folder: Eval,
    *,
    out: Annotated[Path, typer.Option(help="A new folder, outside of the eval's.")],
    groups: Annotated[
        Path | None, typer.Option(help="A CSV that is held apart: candidate, group, more columns of groups.")
    ] = None,
    selected: Annotated[
        list[str] | None,
        typer.Option(help="Who counts as selected: bands, or names; repeatable. Else pass and target."),
    ] = None,
) -> None:
    """Write what an independent auditor needs, without names.

    Decisions, bands, axes, lifts and levels. With a group file, selection rates of groups with their intervals are
    added; who is of which group is not. It is no legal advice, and neither a finding of discrimination nor of its
    absence.
    """
    from heldout.app.eval_export import export

    done = export(folder, out, groups=groups, selected=selected or ())
    print_line(f"{how_many(done.candidates, 'candidate')} under random names; who is who: {done.key}")
    for rates in done.rates:
        for one in rates.groups:
            counted = "" if one.n is None else f"{one.selected} of {one.n}, "
            print_line(f"{rates.column}, {one.group}: {counted}{one.says}")
    for path in done.files:
        print_line(f"written: {path}")
