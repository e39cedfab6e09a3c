"""`heldout practice`: today's session and single drills; options to the sessions and back.

Everything is imported where it is used: `heldout practice today` has to be there at once.
"""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from heldout.cli import practice_data, practice_mock, practice_plan, practice_rehearse
from heldout.cli.practice_desk import Json, at_table, folder_read, now, print_json, said_on
from heldout.core.errors import BadInput

if TYPE_CHECKING:
    from heldout.practice.plan import Terms
    from heldout.practice.session.dealt import Dealt
    from heldout.practice.session.playing import Table

__all__ = ["app"]

app = typer.Typer(
    help="Prepare for an ML eval: drills with planted faults, a fortnight's plan, milestones, mock interviews.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


class Which(StrEnum):
    """The round of a drill."""

    SPEED = "speed"
    EXPLANATION = "explanation"
    BLANK_FILE = "blank-file"


@app.command()
def today(
    *,
    defaults: Annotated[bool, typer.Option("--defaults", help="Ask nothing at the first start.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print what is planned today as JSON; start nothing.")
    ] = False,
) -> None:
    """Show what is planned today and play it: the place to start, and to go on after a break.

    The first start asks for the day, the level and the hours; Enter takes the defaults. Answers are kept as they are
    typed, and the next start goes on in the same place. Exit codes: 0, 2 bad input.
    """
    if as_json:
        _print_today()
        return
    from heldout.practice.session.today import day_shown, plan_now, play_today

    with at_table() as table:
        terms = _terms(table, defaults=defaults)
        table.desk.show(day_shown(plan_now(table.store, terms, table.now())))
        before = len(table.store.attempts())
        try:
            play_today(table, terms)
        finally:
            _told_after(table, before)


def _terms(table: "Table", *, defaults: bool) -> "Terms":
    from heldout.practice.plan import plain_terms
    from heldout.practice.session.beginning import asked_terms, default_terms, local_zone
    from heldout.practice.session.today import terms_kept

    terms = terms_kept(table.store)
    if terms is None:
        zone, date = local_zone(), table.now().date()
        terms = default_terms(date, zone) if defaults else asked_terms(table.desk, date, zone)
        table.store.save_plan(plain_terms(terms))
    return terms


def _print_today() -> None:
    from heldout.practice.session.beginning import default_terms, local_zone
    from heldout.practice.session.plain import plain_day
    from heldout.practice.session.today import plan_now, terms_kept

    store, instant = folder_read(), now()
    terms = terms_kept(store)
    plan = plan_now(store, terms or default_terms(instant.date(), local_zone()), instant)
    print_json({"has_plan": terms is not None, **plain_day(plan)})


def _told_after(table: "Table", before: int) -> None:
    from heldout.practice.session.after import told_after

    table.desk.show(*told_after(table.store.attempts(), before))


@app.command()
def drill(
    what: Annotated[
        str | None, typer.Argument(metavar="[FAMILY|FAMILY/KIND]", help="A family, or one kind; any without it.")
    ] = None,
    *,
    difficulty: Annotated[int, typer.Option(min=1, max=3, help="1 easy, 2 middle, 3 hard.")] = 2,
    seed: Annotated[int | None, typer.Option(min=0, help="The same seed deals the same drill; else drawn.")] = None,
    which: Annotated[Which, typer.Option("--round", help="What is asked of you.")] = Which.SPEED,
    planted: Annotated[
        bool | None,
        typer.Option("--planted/--clean", help="With the fault or without it; else the seed tosses a coin."),
    ] = None,
    kinds: Annotated[bool, typer.Option("--list", help="Name the families and kinds, and deal nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Play one drill: a reported result, its evidence, and questions on what it supports.

    With --json the attempt goes to stdout when it is done. Exit codes: 0, 2 bad input.
    """
    if kinds:
        _print_kinds(as_json=as_json)
        return
    from heldout.practice.attempt import Round
    from heldout.practice.session.playing import pending, play

    done = Round(which.value.replace("-", " "))
    dealt = _dealt(what, difficulty, seed, planted)
    with at_table(as_json=as_json) as table:
        before = len(table.store.attempts())
        under_way = pending(table)
        if under_way is None and table.store.draft() is not None:
            raise BadInput(
                "a milestone or a placement is under way",
                expected="one thing at a time: what was typed of it is kept",
                mend="heldout practice today goes on with it",
            )
        if under_way is not None and not _is_dropped(table):
            dealt, done = under_way
        attempt = play(table, dealt, done)
        if as_json:
            from heldout.practice.learner.as_plain import plain_attempt

            print_json(plain_attempt(attempt))
        _told_after(table, before)


def _is_dropped(table: "Table") -> bool:
    """Ask whether the round that is under way is dropped for this one."""
    said = table.desk.ask("A round is under way. Enter goes on with it, x drops it for the new one >").text.strip()
    if said.lower() == "x":
        table.store.drop_draft()
        return True
    return False


def _dealt(what: str | None, difficulty: int, seed: int | None, planted: bool | None) -> "Dealt":
    import secrets

    from heldout.practice.drill import Difficulty
    from heldout.practice.session.dealt import chosen, deal

    drawn = secrets.randbelow(10**6) if seed is None else seed
    names = chosen(what)
    return deal(names[drawn % len(names)], drawn, Difficulty(difficulty), planted)


def _print_kinds(*, as_json: bool) -> None:
    from heldout.practice.deck import kind_named
    from heldout.practice.plan.syllabus import syllabus

    titles = {family: {name: kind_named(name).title for name in names} for family, names in syllabus().items()}
    if as_json:
        print_json(titles)
        return
    for family, named in titles.items():
        typer.echo(f"{family} ({len(named)})")
        for name, title in named.items():
            typer.echo(f"  {name:<52} {title}")


@app.command()
def demo(*, as_json: Json = False) -> None:
    """Play ten minutes of practice with scripted answers, and show what a learner sees; nothing is kept.

    Exit code: 0.
    """
    from heldout.practice.session.demo import demonstrate

    came = demonstrate(said_on(as_json=as_json))
    if as_json:
        print_json(came)


app.command()(practice_plan.plan)
app.command()(practice_data.progress)
app.command()(practice_data.export)
app.command()(practice_data.erase)
practice_mock.register(app)
practice_rehearse.register(app)
