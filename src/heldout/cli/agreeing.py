"""What was worked out again, line by line: whether it agrees."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, ClassVar, Protocol

import typer

from heldout.cli.console import print_line
from heldout.core.plural import how_many
from heldout.core.verdict import ExitCode

__all__ = ["tell_lines"]


class _Line(Protocol):
    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def what(self) -> str: ...
    @property
    def how(self) -> str: ...
    @property
    def agrees(self) -> bool: ...
    @property
    def seen(self) -> str: ...


def tell_lines(lines: Sequence[_Line], called: str, *, as_json: bool) -> int:
    """Print the lines, and how many of them differ; return the exit code. `called` is one of them."""
    wrong = sum(not line.agrees for line in lines)
    if as_json:
        typer.echo(json.dumps([asdict(line) for line in lines], indent=2))
    else:
        for line in lines:
            print_line(f"{'agrees' if line.agrees else 'DIFFERS'} ({line.how}) {line.what}: {line.seen}")
        print_line(
            f"{how_many(len(lines), called)}, {wrong or 'none'} of which {'differs' if wrong == 1 else 'differ'}"
        )
    return ExitCode.PROBLEM if wrong else ExitCode.CLEAR
