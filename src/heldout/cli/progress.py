"""How long work shows its steps: a bar on a terminal, plain lines in a pipe; always on stderr."""

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from heldout.cli.console import LONGEST, print_line
from heldout.core.progress import Progress, as_progress
from heldout.report.text import clip

if TYPE_CHECKING:
    from rich.progress import Progress as Bars

__all__ = ["Bar", "progress"]


@contextlib.contextmanager
def progress(*, keep: bool = False) -> Iterator[Progress]:
    """Yield what shows a step; with `keep` the steps stay on the terminal, one line each."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield as_progress(lambda step: print_line(step, err=True))
        return
    with _bars(console) as bars:
        yield Bar(bars, keep=keep)


def _bars(console: Console) -> "Bars":
    from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeElapsedColumn  # pipes do without
    from rich.progress import Progress as Bars

    return Bars(
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        TextColumn("{task.fields[count]}", markup=False),
        TimeElapsedColumn(),
        console=console,
        transient=True,
    )


class Bar:
    """The step and how much of it is done.

    A step of unknown length pulses, and so does one whose units are all done while it is still at work: a bar that
    stands at the end would say that nothing is left. Within a step the bar never goes back. Steps in a row that count
    the same units (the checks) share one bar.
    """

    def __init__(self, bars: "Bars", *, keep: bool = False) -> None:
        self._bars = bars
        self._keep = keep
        bars.add_task("", total=None, count="")
        (self._task,) = bars.tasks
        self._counted: tuple[int, str] | None = None
        self._done = 0
        self._begins = True

    def __call__(self, step: str, /) -> None:
        """Begin a step; its length is unknown until it says more."""
        step = clip(step)
        if self._keep:
            self._bars.console.print(Text(f"  {step}", style="dim"))
        self._begins = True
        self._task.description = step
        self._show(0, None, "")

    def advance(self, done: int, total: int, unit: str = "") -> None:
        """Say how much of the step is done."""
        if (total, unit) != self._counted or (self._begins and done < self._done):
            self._counted, self._done = (total, unit), 0
        self._begins = False
        self._done = max(self._done, min(done, total))
        is_at_work = total > 0 and self._done < total
        count = f"{_short(self._done, unit)} of {_short(total, unit)}" + ("" if unit in ("", "bytes") else f" {unit}")
        if is_at_work:
            self._show(self._done, total, count)
        else:
            self._show(0, None, "")

    def found(self, sentence: str) -> None:
        """Leave a line above the bar."""
        self._bars.console.print(Text(clip(sentence, LONGEST)))

    def _show(self, done: int, total: int | None, count: str) -> None:
        self._task.total = total  # `update` takes no total for "leave it as it is"
        self._bars.update(self._task.id, completed=done, count=count)


def _short(number: int, unit: str) -> str:
    if unit != "bytes":
        return f"{number:,}"
    return f"{number / 1e6:,.1f} MB" if number < 1e9 else f"{number / 1e9:,.2f} GB"
