"""The day's clock in a terminal: where one is, again and again, until somebody stops it."""

import contextlib
import datetime as dt
import time
from collections.abc import Callable

from rich.console import Console
from rich.live import Live
from rich.text import Text

from heldout.practice.dayof.boxes import Day, now_in
from heldout.practice.dayof.view import clock_line

__all__ = ["run_clock"]


def run_clock(day: Day, console: Console, now: Callable[[], dt.datetime], wait: float = 1.0) -> None:
    """Show the clock's line, and what the box has to end with, until the day is over or Ctrl-C."""
    with contextlib.suppress(KeyboardInterrupt), Live(console=console, auto_refresh=False) as live:
        while True:
            here = now_in(day, now())
            box = here.box
            words = (box.does, box.ends_with and f"Ends with: {box.ends_with}") if box else ()
            more = "".join(f"\n{one}" for one in words if one)
            live.update(Text(clock_line(here), style="bold").append(more, style="default"), refresh=True)
            if here.is_over:
                return
            time.sleep(wait)
