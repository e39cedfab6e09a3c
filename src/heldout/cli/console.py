"""How commands print: at one width in every pipe, and nothing that others wrote goes out as it came."""

import codecs
import io
import os
import shutil
import sys
import textwrap

import typer
from rich.console import Console

from heldout.report.text import clip

__all__ = [
    "LONGEST",
    "console",
    "holds_every_character",
    "print_line",
    "print_prose",
    "take_every_character",
]

PIPE_WIDTH = 120
"""Characters of a line where no terminal and no COLUMNS says otherwise: wide enough for the table of an eval."""

LONGEST = 1200
"""Characters shown of a line, or of one part of an error."""


def take_every_character() -> None:
    """Let stdout and stderr put ? for what their encoding has not: a locale must not end a command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and (stream.errors == "strict" or not _is_utf8(stream)):
            stream.reconfigure(errors="replace")


def holds_every_character() -> bool:
    """Tell whether stdout's encoding has all characters; JSON escapes them where it has not."""
    return not isinstance(sys.stdout, io.TextIOWrapper) or _is_utf8(sys.stdout)


def _is_utf8(stream: io.TextIOWrapper) -> bool:
    return codecs.lookup(stream.encoding).name == "utf-8"


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
