"""How long work shows its steps: a spinner on a terminal, plain lines in a pipe; always on stderr."""

import contextlib
from collections.abc import Callable, Iterator

from rich.console import Console
from rich.text import Text

from heldout.cli.console import print_line
from heldout.report.text import clip

__all__ = ["progress"]


@contextlib.contextmanager
def progress(*, keep: bool = False) -> Iterator[Callable[[str], None]]:
    """Yield a function that shows a step; with `keep` the steps stay on the terminal, one line each."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda step: print_line(step, err=True)
        return
    with console.status("") as status:

        def show(step: str) -> None:
            step = clip(step)
            status.update(Text(step))
            if keep:
                console.print(Text(f"  {step}", style="dim"))

        yield show
