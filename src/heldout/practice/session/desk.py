"""Where a learner sits: a terminal that knows when the first key came, or a pipe with one line per question."""

import asyncio
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol, TextIO, cast

from rich.console import Console, RenderableType

__all__ = ["Desk", "Left", "PipeDesk", "TerminalDesk", "Typed", "desk_of"]

SILENCE = "\0silence"
"""What a prompt returns where nobody typed; no key can type it."""


KEPT_AFTER = 0.3
"""Seconds from a change of a line until it is kept: a key never waits for the disk."""


class Left(Exception):
    """The learner left: the end of input, or Ctrl-C. What was answered is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A line with the seconds from the question to its first key, and to its end; `silent` where nobody typed it."""

    text: str
    first_key: float
    seconds: float
    silent: bool = False


class Desk(Protocol):
    """Shows things and asks for lines."""

    def show(self, *things: RenderableType) -> None:
        """Print each below the other."""

    def ask(
        self,
        prompt: str,
        *,
        draft: str = "",
        keep: Callable[[str], None] | None = None,
        patience: float | None = None,
    ) -> Typed:
        """Return the line typed after a prompt; raises Left. `keep` gets what stands there soon after a change.

        A terminal waits `patience` seconds for the first key, then returns an empty line that is silent.
        """


class PipeDesk:
    """Reads answers from a stream, one line each, and echoes them: what a transcript of a terminal would show."""

    def __init__(self, lines: TextIO | Iterator[str], console: Console, clock: Callable[[], float] = time.monotonic):
        self._lines = iter(lines)
        self._console = console
        self._clock = clock

    def show(self, *things: RenderableType) -> None:
        """Print each below the other."""
        for thing in things:
            self._console.print(thing)

    def ask(
        self,
        prompt: str,
        *,
        draft: str = "",
        keep: Callable[[str], None] | None = None,
        patience: float | None = None,
    ) -> Typed:
        """Return the next line; raises Left at the end of the stream. A pipe is never silent."""
        del patience
        start = self._clock()
        try:
            text = next(self._lines).rstrip("\n")
        except StopIteration:
            raise Left from None
        text = text or draft
        if keep is not None:
            keep(text)
        self._console.print(f"{prompt} {text}", markup=False, highlight=False)
        seconds = self._clock() - start
        return Typed(text=text, first_key=seconds, seconds=seconds)


class TerminalDesk:
    """A terminal: lines can be edited, and each change is kept, so that a killed session loses nothing typed before."""

    def __init__(self, console: Console):
        self._console = console

    def show(self, *things: RenderableType) -> None:
        """Print each below the other."""
        for thing in things:
            self._console.print(thing)

    def ask(
        self,
        prompt: str,
        *,
        draft: str = "",
        keep: Callable[[str], None] | None = None,
        patience: float | None = None,
    ) -> Typed:
        """Return the line typed; raises Left at Ctrl-C and Ctrl-D."""
        from prompt_toolkit import PromptSession
        from prompt_toolkit.output import create_output

        start, first = time.monotonic(), [0.0]
        output = create_output(stdout=cast("TextIO", self._console.file))  # stderr where stdout is for JSON
        session: PromptSession[str] = PromptSession(output=output)

        waiting = [False]

        def changed(_: object) -> None:
            first[0] = first[0] or time.monotonic() - start
            if keep is not None and not waiting[0] and session.app.is_running:
                waiting[0] = True
                session.app.create_background_task(kept(keep))

        async def kept(keep: Callable[[str], None]) -> None:
            await asyncio.sleep(KEPT_AFTER)
            waiting[0] = False
            keep(session.default_buffer.text)

        async def waited() -> None:
            await asyncio.sleep(patience or 0.0)
            if not first[0] and not session.default_buffer.text and not session.app.is_done:
                session.app.exit(result=SILENCE)

        def watch() -> None:
            if patience is not None:
                session.app.create_background_task(waited())

        session.default_buffer.on_text_changed += changed
        try:
            text = session.prompt(f"{prompt} ", default=draft, pre_run=watch)
        except (EOFError, KeyboardInterrupt):
            raise Left from None
        seconds = time.monotonic() - start
        silent = text == SILENCE
        return Typed(text="" if silent else text, first_key=first[0] or seconds, seconds=seconds, silent=silent)


def desk_of(console: Console) -> Desk:
    """Return the desk for where stdin and the console are."""
    if sys.stdin.isatty() and console.is_terminal:
        return TerminalDesk(console)
    return PipeDesk(sys.stdin, console)
