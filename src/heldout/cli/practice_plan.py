"""`heldout practice plan`: terms to the plan of a fortnight, and its Markdown, calendar and JSON."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from heldout.cli.console import console, print_line
from heldout.cli.practice_desk import at_table, folder_read, now, print_json
from heldout.core.errors import BadInput

if TYPE_CHECKING:
    from heldout.practice.plan import Plan

__all__ = ["plan"]


def plan(
    *,
    start: Annotated[
        str | None, typer.Option(help="The first of the fourteen days, as 2026-11-30; else today.")
    ] = None,
    level: Annotated[str | None, typer.Option(help="junior, mid, senior or staff.")] = None,
    hours: Annotated[float | None, typer.Option(help="Hours a day, 0.5 to 6.")] = None,
    begins: Annotated[str | None, typer.Option(help="When a day's work begins, as 18:00.")] = None,
    zone: Annotated[str | None, typer.Option(help="A time zone, as Europe/Berlin; else this machine's.")] = None,
    placement: Annotated[
        bool,
        typer.Option("--placement", help="One question a family first, so that the plan begins where it is needed."),
    ] = False,
    markdown: Annotated[Path | None, typer.Option(help="Write the plan as one page of Markdown.")] = None,
    ics: Annotated[Path | None, typer.Option(help="Write the plan as a calendar.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the plan as JSON and nothing else.")] = False,
) -> None:
    """Show the plan of the fortnight: what was done, what is due, what comes; options change its terms.

    Rounds come back two and five days later, milestones and mocks stand between them, two days are for rest. It is
    laid out anew from what was done: a missed day moves nothing onto a full one. Exit codes: 0, 2 bad input.
    """
    from heldout.practice.session.today import plan_now, terms_kept

    given = {"start": start, "level": level, "hours": hours, "begins": begins, "zone": zone}
    changes = {name: value for name, value in given.items() if value is not None}
    kept = folder_read()
    if changes or placement or terms_kept(kept) is None:
        _change(changes, placement=placement, as_json=as_json)
    terms = terms_kept(kept)
    if terms is None:
        return
    laid = plan_now(kept, terms, now())
    _write(laid, markdown, ics)
    if as_json:
        from heldout.practice.session.plain import plain_plan

        print_json(plain_plan(laid))
        return
    from heldout.practice.session.plan_shown import plan_shown

    console().print(plan_shown(laid))


def _change(changes: dict[str, str | float], *, placement: bool, as_json: bool) -> None:
    """Keep new terms; what is not given stays as it was, or is the default."""
    from heldout.practice.plan import plain_terms, terms_of
    from heldout.practice.session.beginning import default_terms, local_zone
    from heldout.practice.session.placement import place
    from heldout.practice.session.today import terms_kept

    with at_table(as_json=as_json) as table:
        terms = terms_kept(table.store) or default_terms(table.now().date(), local_zone())
        _check(changes)
        terms = terms_of({**plain_terms(terms), **changes}, "the options")
        table.store.save_plan(plain_terms(terms))  # first: a placement that is left goes on with these
        if placement:
            table.store.save_plan(plain_terms(place(table, terms)))


def _check(changes: dict[str, str | float]) -> None:
    from heldout.practice.plan import Level

    for name, read, example in (
        ("start", dt.date.fromisoformat, "2026-11-30"),
        ("begins", _time, "18:00"),
        ("level", Level, Level.SENIOR.value),
    ):
        try:
            read(str(changes.get(name, example)))
        except ValueError:
            expected = f"one such as {example}" if name != "level" else ", ".join(Level)
            raise BadInput(f"--{name} is {changes[name]!r}", expected=expected, mend=f"--{name} {example}") from None


def _time(text: str) -> dt.time:
    """Return the time of a clock; raises ValueError for one with an offset: the zone has its own."""
    time = dt.time.fromisoformat(text)
    if time.tzinfo is not None:
        raise ValueError(text)
    return time


def _write(laid: "Plan", markdown: Path | None, ics: Path | None) -> None:
    if markdown is not None:
        from heldout.practice.plan.said import as_markdown

        _put(markdown, as_markdown(laid))
    if ics is not None:
        from heldout.practice.plan.calendar_file import as_calendar

        _put(ics, as_calendar(laid))


def _put(path: Path, text: str) -> None:
    from heldout.app.files import replace_text

    replace_text(path, text)
    print_line(f"written: {path}", err=True)
