"""Where the commands of practice get their desk, folder and clock; what they say when a learner leaves."""

import datetime as dt
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from heldout.cli.console import PIPE_WIDTH, console, holds_every_character, print_line
from heldout.core.errors import BadInput

if TYPE_CHECKING:
    from rich.console import Console

    from heldout.practice.learner.store import Store
    from heldout.practice.session.playing import Table

__all__ = ["NOW", "Json", "at_table", "folder_read", "now", "print_json", "said_on"]

Json = Annotated[bool, typer.Option("--json", help="Print JSON to stdout; what is said goes to stderr.")]

NOW = "HELDOUT_PRACTICE_NOW"
"""An ISO instant with its offset that stands for now, so that a guide and a test print the same on every day."""


def now() -> dt.datetime:
    """Return this instant with its zone's offset, or the one that NOW names. Raises BadInput for one that is none."""
    named = os.environ.get(NOW, "")
    if not named:
        return dt.datetime.now().astimezone()
    try:
        instant = dt.datetime.fromisoformat(named)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None or not 2 <= instant.year <= 9998:
        raise BadInput(
            f"{NOW} is {named!r}", expected="an instant such as 2026-03-02T18:00:00+01:00", mend=f"unset {NOW}"
        )
    return instant


def said_on(*, as_json: bool) -> "Console":
    """Return the console for what is said: stdout, or stderr where stdout is for JSON."""
    if not as_json:
        return console()
    from rich.console import Console

    is_told = os.isatty(2) or os.environ.get("COLUMNS", "").isdigit()
    return Console(stderr=True, width=None if is_told else PIPE_WIDTH)


def folder_read() -> "Store":
    """Return the learner's folder to read from. Raises BadInput for another folder."""
    from heldout.practice.learner.home import practice_folder
    from heldout.practice.learner.store import read_store

    return read_store(practice_folder())


@contextmanager
def at_table(*, as_json: bool = False) -> "Iterator[Table]":
    """Yield the table of a session; who leaves is told where it goes on. Raises BadInput as the store does."""
    from heldout.practice.learner.home import practice_folder
    from heldout.practice.learner.store import open_store
    from heldout.practice.session.desk import Left, desk_of
    from heldout.practice.session.playing import Table

    said = said_on(as_json=as_json)
    with open_store(practice_folder()) as store:
        if store.torn:
            print_line(store.torn, err=True)
        try:
            yield Table(desk=desk_of(said), store=store, now=now)
        except (Left, KeyboardInterrupt):  # Ctrl-C at a prompt, or between two
            said.print(
                "\nLeft. What was answered and typed is kept: heldout practice today goes on there.", highlight=False
            )


def print_json(plain: Any) -> None:
    """Print plain data as JSON to stdout."""
    import json

    typer.echo(json.dumps(plain, indent=2, ensure_ascii=not holds_every_character(), allow_nan=False))
