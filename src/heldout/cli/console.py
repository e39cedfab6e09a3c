"""How commands print: at one width in every pipe, and nothing that others wrote goes out as it came."""

import os
import shutil
import textwrap

import typer
from rich.console import Console

from heldout.report.text import clip

__all__ = ["LONGEST", "console", "print_line", "print_prose"]

PIPE_WIDTH = 120
"""Characters of a line where no terminal and no COLUMNS says otherwise: wide enough for the table of an eval."""

LONGEST = 1200
"""Characters shown of a line, or of one part of an error."""


def console() -> Console:
    """Return a console for stdout."""
    is_told = os.isatty(1) or os.environ.get("COLUMNS", "").isdigit()
    return Console(width=None if is_told else PIPE_WIDTH)


def print_line(text: str, *, err: bool = False) -> None:
    """Print a line that may hold text of a submission or a table: on one line, without escapes, bounded."""
    typer.echo(clip(text, LONGEST), err=err)


def print_prose(text: str) -> None:
    """Print a line as `print_line` does; a terminal gets it broken between words, its further parts set in."""
    if not os.isatty(1):
        print_line(text)
        return
    width = shutil.get_terminal_size().columns
    parts = textwrap.wrap(
        clip(text, LONGEST), width, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
    )
    typer.echo("\n".join(parts))
