"""The promtool of this machine, or none."""

import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from heldout.tools import process
from heldout.tools.foreign_yaml import one_line

__all__ = ["GAVE_UP", "Promtool"]

SECONDS = 30
MEMORY_MB = 3_000
"""Address space: Go reserves most of a gigabyte before it starts, and a test file may ask for any length of series."""

GAVE_UP = f"promtool gave up within its limits ({SECONDS} s, {MEMORY_MB:,} MB)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Promtool:
    """A promtool that starts under our limits."""

    path: Path
    version: str

    @classmethod
    def find(cls) -> Self | None:
        """Return the promtool beside this interpreter or on PATH, if it starts under our limits."""
        path = process.find("promtool")
        if path is None:
            return None
        with tempfile.TemporaryDirectory(prefix="heldout-promtool-") as directory:
            done = _run([str(path), "--version"], Path(directory))
        version = re.search(r"version (\d[\w.]*)", done.stdout + done.stderr)
        return cls(path=path, version=version[1]) if done.exit_code == 0 and version else None

    def complaint(self, command: Sequence[str], directory: Path) -> str:
        """Run `promtool *command` in `directory` and return what it complains of in one line; empty when it agrees."""
        done = _run([str(self.path), *command], directory)
        if done.exit_code == 0 and not done.timed_out:
            return ""
        if _gave_up(done):
            return GAVE_UP
        said = re.sub(r"(?m)^(Checking|Unit Testing:) .*$|^\s*FAILED:\s*", " ", f"{done.stdout}\n{done.stderr}")
        return one_line(said) or f"promtool ended with exit code {done.exit_code}"

    def output(self, command: Sequence[str], directory: Path) -> str:
        """Run `promtool *command` in `directory` and return all that it prints; GAVE_UP when it broke its limits."""
        done = _run([str(self.path), *command], directory)
        return GAVE_UP if _gave_up(done) else f"{done.stdout}\n{done.stderr}"


def _gave_up(done: process.Completed) -> bool:
    said = done.stdout + done.stderr
    is_exhausted = done.exit_code != 0 and ("out of memory" in said or "fatal error" in said)
    return done.timed_out or done.exit_code < 0 or is_exhausted


def _run(argv: Sequence[str], directory: Path) -> process.Completed:
    return process.run(argv, directory=directory, seconds=SECONDS, memory_mb=MEMORY_MB)
