"""`heldout demo`: the main job on a year of real flights, without arguments."""

from pathlib import Path
from typing import Annotated

import typer

from heldout.cli.console import console, print_line
from heldout.cli.progress import progress
from heldout.core.lift import Band
from heldout.core.verdict import ExitCode

__all__ = ["demo"]


def demo(
    out: Annotated[Path, typer.Option(help="The folder for the eval, the submissions and the cards.")] = Path(
        "heldout-demo"
    ),
    seed: Annotated[int | None, typer.Option(help="The grader's seed; a fixed one when left out.")] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Grade six submissions, and say how far their order depends on the weights.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the cards as JSON and nothing else.")] = False,
) -> None:
    """Grade three submissions on the flights that left New York in 2013, from sandbox to card.

    The question: at the scheduled departure, will a flight arrive 15 minutes late or more? Interrupted, the same
    command goes on from there.
    """
    from heldout.app import demo as use_case  # keeps the start of other commands fast
    from heldout.report.terminal import print_cards

    with progress(keep=True) as say:
        chosen = use_case.SEED if seed is None else seed
        demonstrated = use_case.demonstrate(out, seed=chosen, with_variants=everything, progress=say)
    bands = {one.card.decision.band for one in demonstrated.graded}
    code = ExitCode.UNDECIDED if bands == {Band.UNDECIDED} else ExitCode.CLEAR
    if as_json:
        typer.echo(demonstrated.files["json"].read_text(encoding="utf-8"))
        raise typer.Exit(code)
    cards = [one.card for one in demonstrated.graded]
    if everything:
        from heldout.core.card_order import order_of
        from heldout.report.order import order_answer, order_rows, print_order

        ordered = order_of(cards)
        cards.sort(key=lambda card: ordered.names.index(card.submission))
    print_cards(cards, console())
    if everything:
        print_line(order_answer(ordered))
        print_order(order_rows(ordered), console())
    for card in (one.card for one in demonstrated.graded if one.card.decision.band is Band.UNDECIDED):
        print_line(f"{card.submission}: {card.decision.reasons[0]}")
    typer.echo("\nThe cards, for a browser:")
    for name in (*(f"{one.card.submission}/card.html" for one in demonstrated.graded), "index.html"):
        typer.echo(f"  {out / 'cards' / name}")
    raise typer.Exit(code)
