"""The command line: translates arguments to use cases, and their results to text and exit codes."""

import os
import signal
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

from heldout.cli.main import main  # noqa: E402 - loaded under the handler above

if _before is signal.default_int_handler and signal.getsignal(signal.SIGINT) is _leave:
    signal.signal(signal.SIGINT, _before)
