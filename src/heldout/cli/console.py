"""How commands print: at one width in every pipe, and nothing that others wrote goes out as it came."""

import os

import typer
from rich.console import Console

from heldout.report.text import clip

__all__ = ["LONGEST", "console", "plural", "print_line"]

PIPE_WIDTH = 120
"""Characters of a line where no terminal and no COLUMNS says otherwise: wide enough for the table of an eval."""

LONGEST = 1200
"""Characters shown of a line, or of one part of an error."""


def console() -> Console:
    """Return a console for stdout."""
    is_told = os.isatty(1) or os.environ.get("COLUMNS", "").isdigit()
    return Console(width=None if is_told else PIPE_WIDTH)


def plural(count: int, one: str) -> str:
    """Return a count with its noun: `1 work`, `3 works`."""
    return f"{count:,} {one if count == 1 else one + 's'}"


def print_line(text: str, *, err: bool = False) -> None:
    """Print a line that may hold text of a submission or a table: on one line, without escapes, bounded."""
    typer.echo(clip(text, LONGEST), err=err)
