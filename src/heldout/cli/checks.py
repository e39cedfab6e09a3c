"""`heldout checks` and `heldout explain`: what Heldout looks for."""

import json
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from heldout.cli.console import console
from heldout.core.check import Check
from heldout.engine import catalog, select

__all__ = ["checks", "explain"]


def checks(
    selectors: Annotated[
        list[str] | None, typer.Argument(help="Codes, beginnings of codes, names or families; all when left out.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the checks: code, name, question and the evidence that each needs."""
    chosen = select(catalog(), selectors or ())
    if as_json:
        typer.echo(json.dumps([_as_data(check) for check in chosen], indent=2))
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("code", "name", "question", "needs"):
        table.add_column(heading, no_wrap=heading in {"code", "name"})
    for check in chosen:
        table.add_row(check.code, f"{check.family}/{check.name}", Text(check.question), ", ".join(_needs(check)))
    console().print(table)


def explain(
    selector: Annotated[str, typer.Argument(metavar="CODE", help="A check's code or name, such as LEK001.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Explain a check: why it matters, an example, what to do, its limits."""
    chosen = select(catalog(), [selector])
    if as_json:
        typer.echo(json.dumps([_as_data(check) | {"page": check.page} for check in chosen], indent=2))
        return
    from rich.markdown import Markdown  # takes a tenth of a second to load, and other commands do without

    page = console()
    for check in chosen:
        page.print(Text(f"{check.code} {check.family}/{check.name}", style="bold"))
        page.print(Markdown(check.page))


def _needs(check: Check) -> list[str]:
    return [f"({need.name})" if need.optional else need.name for need in check.needs]


def _as_data(check: Check) -> dict[str, object]:
    return {
        "code": check.code,
        "name": check.name,
        "family": check.family,
        "question": check.question,
        "needs": [{"evidence": need.name, "optional": need.optional} for need in check.needs],
    }
