"""`heldout practice progress | export | erase`: what is kept of a learner, shown, taken along, and removed."""

from pathlib import Path
from typing import Annotated

import typer

from heldout.cli.console import console, print_line
from heldout.cli.practice_desk import folder_read, now, print_json
from heldout.core.errors import BadInput

__all__ = ["erase", "export", "progress"]


def progress(
    *,
    html: Annotated[Path | None, typer.Option(help="Write the page with pictures; it loads nothing.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print where you stand as JSON and nothing else.")] = False,
) -> None:
    """Show where you stand: accuracy, speed, hesitation by family, and what your confidence is worth.

    Each figure has its interval and n. Exit codes: 0, 2 bad input.
    """
    from heldout.practice.milestone import scored_of
    from heldout.practice.mock.aim import Level
    from heldout.practice.mock.dealing import readiness_of
    from heldout.practice.session.progress import progress_of
    from heldout.practice.session.today import plan_now, terms_kept

    store = folder_read()
    attempts = store.attempts()
    terms = terms_kept(store)
    scored = [scored_of(one) for one in store.sat("milestones")]
    placement, readiness = {}, ""
    if terms is not None:
        placement = dict(terms.placement)
        readiness = readiness_of(store, Level(terms.level.value)).statement
    found = progress_of(attempts, placement, scored, len(store.sat("mocks")), readiness)
    laid = None if terms is None else plan_now(store, terms, now())
    if html is not None:
        from heldout.app.files import replace_text
        from heldout.practice.session.page import progress_page

        replace_text(html, progress_page(found, laid, attempts))
        print_line(f"written: {html}", err=True)
    if as_json:
        from heldout.practice.session.plain import plain_progress

        print_json(plain_progress(found))
        return
    from heldout.practice.session.progress_shown import progress_shown
    from heldout.practice.session.seen import Seen

    console().print(Seen(progress_shown(found, laid)))


def export(
    to: Annotated[Path, typer.Argument(help="The zip to write.")] = Path("heldout-practice.zip"),
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print the names of the files as JSON.")] = False,
) -> None:
    """Write all that is kept of you into one zip: plan, attempts, milestones, mocks. Exit codes: 0, 2 bad input."""
    from heldout.practice.learner.carry import export as carried
    from heldout.practice.learner.home import practice_folder

    names = carried(practice_folder(), to)
    if as_json:
        print_json({"written": str(to), "files": list(names)})
        return
    print_line(f"written: {to} ({len(names)} files)")


def erase(
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Confirm it; without it nothing is erased.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was done as JSON.")] = False,
) -> None:
    """Remove all that is kept of you from this machine. Exit codes: 0, 2 bad input, or not confirmed."""
    from heldout.practice.learner.carry import erase as erased
    from heldout.practice.learner.home import practice_folder

    folder = practice_folder()
    if not yes:
        raise BadInput(
            "nothing was erased",
            where=str(folder),
            expected="--yes",
            mend="heldout practice erase --yes removes it all",
        )
    was_there = erased(folder)
    if as_json:
        print_json({"folder": str(folder), "erased": was_there})
        return
    print_line(f"erased: {folder}" if was_there else f"there was nothing to erase in {folder}")
