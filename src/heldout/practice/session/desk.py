"""Where a learner sits: a terminal that knows when the first key came, or a pipe with one line per question."""

import asyncio
import contextlib
import io
import os
import signal
import sys
import termios
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import FrameType
from typing import Protocol, TextIO, cast

from rich.console import Console, RenderableType
from rich.text import Text

from heldout.practice.session.seen import Seen
from heldout.report.text import clean

__all__ = ["Desk", "Left", "PipeDesk", "TerminalDesk", "Typed", "desk_of"]

SILENCE = "\0silence"
"""What a prompt returns where nobody typed; no key can type it."""
LONGEST = 10_000
"""Characters kept of a line: no answer needs as many, and a paste by mistake shall not fill the record."""
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
        self._lines = lines if isinstance(lines, io.TextIOBase) else iter(lines)
        self._console = console
        self._clock = clock

    def show(self, *things: RenderableType) -> None:
        """Print each below the other."""
        for thing in things:
            self._console.print(Seen(thing))

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
        text = _kept_of(self._line(), self.show) or draft
        if keep is not None:
            keep(text)
        self._console.print(f"{prompt} {text}", markup=False, highlight=False)
        seconds = self._clock() - start
        return Typed(text=text, first_key=seconds, seconds=seconds)

    def _line(self) -> str:
        """Return the next line, of a stream never much more than is kept of it; raises Left at the end."""
        if not isinstance(self._lines, io.TextIOBase):
            line = next(self._lines, None)
            if line is None:
                raise Left
            return line.rstrip("\n")
        text = piece = self._lines.readline(LONGEST + 2)
        if not text:
            raise Left
        while piece and not piece.endswith("\n"):  # the rest of an endless line is passed over
            piece = self._lines.readline(LONGEST)
        return text.rstrip("\n")


class TerminalDesk:
    """A terminal: lines can be edited, and each change is kept, so that a killed session loses nothing typed before."""

    def __init__(self, console: Console):
        self._console = console

    def show(self, *things: RenderableType) -> None:
        """Print each below the other."""
        for thing in things:
            self._console.print(Seen(thing))

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
            keep(_valid(session.default_buffer.text[:LONGEST]))

        async def waited() -> None:
            await asyncio.sleep(patience or 0.0)
            if not first[0] and not session.default_buffer.text and not session.app.is_done:
                session.app.exit(result=SILENCE)

        def watch() -> None:
            if patience is not None:
                session.app.create_background_task(waited())

        session.default_buffer.on_text_changed += changed
        try:
            with _mode_given_back():
                text = session.prompt(f"{prompt} ", default=draft, pre_run=watch)
        except (EOFError, KeyboardInterrupt):
            raise Left from None
        seconds = time.monotonic() - start
        silent = text == SILENCE
        text = "" if silent else _kept_of(text, self.show)
        return Typed(text=text, first_key=first[0] or seconds, seconds=seconds, silent=silent)


def desk_of(console: Console) -> Desk:
    """Return the desk for where stdin and the console are; a stdin that is closed is at its end."""
    if sys.stdin is None:
        return PipeDesk(iter(()), console)
    if sys.stdin.isatty() and console.is_terminal:
        return TerminalDesk(console)
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")  # bytes that are no text are no answer, and no defect either
    return PipeDesk(sys.stdin, console)


def _kept_of(text: str, show: Callable[[RenderableType], None]) -> str:
    """Return what is kept of a line: on one line, without escapes and invisible characters, bounded, which is said."""
    if len(text) > LONGEST:
        show(Text(f"The line is longer than {LONGEST:,} characters: the rest of it is left out."))
    return clean(text[:LONGEST])


def _valid(text: str) -> str:
    """Return a text with ? for halves of a pair, which no file and no terminal can hold."""
    return text.encode("utf-8", "replace").decode()


@contextlib.contextmanager
def _mode_given_back() -> Iterator[None]:
    """While a prompt has the terminal, give it back as it was when the process is told to end or its window closes."""
    try:
        terminal = sys.stdin.fileno()
        before = termios.tcgetattr(terminal)
    except (OSError, ValueError, AttributeError, termios.error):  # keys that come from elsewhere
        yield
        return

    def end(number: int, _: FrameType | None) -> None:
        with contextlib.suppress(OSError, termios.error):
            termios.tcsetattr(terminal, termios.TCSANOW, before)
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    numbers = (signal.SIGTERM, signal.SIGHUP)
    try:
        handlers = {one: signal.signal(one, end) for one in numbers if signal.getsignal(one) is signal.SIG_DFL}
    except ValueError:  # only the main thread may
        handlers = {}
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
