"""A learner at a desk whose lines are written down beforehand, and whose clock goes a second further at each look."""

import datetime as dt
import io
import itertools
from collections.abc import Iterable

from rich.console import Console

from heldout.practice.session.desk import PipeDesk

__all__ = ["NOW", "Sitting", "now"]

NOW = dt.datetime(2026, 3, 2, 18, 0, tzinfo=dt.UTC)


def now() -> dt.datetime:
    return NOW


class Sitting:
    """`desk` reads the lines; `said` is all that was printed."""

    def __init__(self, lines: Iterable[str], width: int = 100) -> None:
        self.console = Console(file=io.StringIO(), width=width)
        ticks = itertools.count()
        self.desk = PipeDesk(iter(lines), self.console, clock=lambda: float(next(ticks)))

    @property
    def said(self) -> str:
        file = self.console.file
        assert isinstance(file, io.StringIO)
        return file.getvalue()
