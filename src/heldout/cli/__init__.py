"""The command line: translates arguments to use cases, and their results to text and exit codes."""

import atexit
import os
import signal
import sys
from contextlib import suppress
from types import FrameType

__all__ = ["main"]


def _leave(_signal: int, _frame: FrameType | None) -> None:
    os.write(2, b"heldout: interrupted\n")
    os._exit(130)


# An interruption while modules load, before anything is begun, leaves in one line instead of Python's traceback.
try:
    _before = signal.getsignal(signal.SIGINT)
    if _before is signal.default_int_handler:
        signal.signal(signal.SIGINT, _leave)
except ValueError:  # imported by another thread, which can take no signals
    _before = None

from heldout.cli.main import main as _main  # noqa: E402 - loaded under the handler above

if _before is signal.default_int_handler and signal.getsignal(signal.SIGINT) is _leave:
    signal.signal(signal.SIGINT, _before)


def main() -> None:
    """Run the command line and end the process with its exit code (docs/design/house.md).

    A library's thread may still read ahead through a Python file, and one that asks for the interpreter while it is
    taken down aborts the process. So the process ends as soon as every other exit function has run.
    """
    codes: list[int] = []

    def end() -> None:
        if codes:
            for stream in (sys.stdout, sys.stderr):
                with suppress(OSError, ValueError, AttributeError):  # closed by who started this
                    stream.flush()
            os._exit(codes[0])

    atexit.register(end)  # first in, last called
    try:
        _main()
    except SystemExit as left:
        codes.append(int(left.code or 0))
        raise
