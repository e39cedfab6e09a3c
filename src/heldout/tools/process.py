"""Starts one named program within bounds: an argv, a small environment, limits of time, memory and output."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

__all__ = ["QUIET", "Completed", "find", "kill", "run", "start"]

QUIET: Mapping[str, str] = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "HOME": "/nonexistent"}
"""All that a program sees of an environment, unless it must read the user's own."""

OUTPUT_BYTES = 256_000
"""What is kept of each of stdout and stderr; the rest is read and dropped, so that no pipe fills up."""

LAUNCHER = """
import os, resource, sys
for name, value in zip(("RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_CORE"), map(int, sys.argv[1:4])):
    try:
        resource.setrlimit(getattr(resource, name), (value, value))
    except (OSError, ValueError):
        pass
os.execv(sys.argv[4], sys.argv[4:])
"""
"""Sets limits in a process of its own and becomes the program: safe with threads, unlike a preexec function."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Completed:
    """How a program ended: its exit code (negative for a signal), whether time ran out, and what it printed."""

    exit_code: int
    timed_out: bool
    stdout: str
    stderr: str


def find(name: str) -> Path | None:
    """Return the absolute path of a program beside this interpreter or on PATH, or None."""
    beside = Path(sys.executable).parent / name
    if beside.is_file() and os.access(beside, os.X_OK):
        return beside
    found = shutil.which(name)
    return Path(found).absolute() if found else None


def start(
    argv: Sequence[str],
    *,
    directory: Path,
    environment: Mapping[str, str] = QUIET,
    seconds: int,
    memory_mb: int | None,
    stderr: int = subprocess.PIPE,
) -> subprocess.Popen[bytes]:
    """Start `argv` (its first an absolute path) with piped streams, in a process group of its own.

    `seconds` limits its CPU time, here; wall time is the caller's. `memory_mb` limits its address space, where the
    system knows such a limit; None leaves memory and CPU time alone.
    """
    command = list(argv)
    if memory_mb is not None:
        limits = [str(memory_mb * 1_000_000), str(seconds), "0"]
        command = [sys.executable, "-I", "-S", "-c", LAUNCHER, *limits, *command]
    return subprocess.Popen(  # an argv with an absolute path, never a shell
        command,
        cwd=directory,
        env=dict(environment),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=stderr,
        start_new_session=True,
    )


def run(
    argv: Sequence[str],
    *,
    directory: Path,
    environment: Mapping[str, str] = QUIET,
    seconds: int,
    memory_mb: int | None,
) -> Completed:
    """Run `argv` in `directory` to its end, or for `seconds` of wall time; then its whole group is killed."""
    with start(argv, directory=directory, environment=environment, seconds=seconds, memory_mb=memory_mb) as process:
        assert process.stdin is not None
        process.stdin.close()
        kept = [bytearray(), bytearray()]
        readers = [
            threading.Thread(target=_drain, args=(stream, buffer), daemon=True)
            for stream, buffer in zip((process.stdout, process.stderr), kept, strict=True)
        ]
        for reader in readers:
            reader.start()
        timed_out = False
        try:
            process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            timed_out = True
        finally:
            kill(process)
        for reader in readers:
            reader.join()
    stdout, stderr = (bytes(buffer).decode("utf-8", errors="replace") for buffer in kept)
    return Completed(exit_code=process.returncode, timed_out=timed_out, stdout=stdout, stderr=stderr)


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill the group that `process` leads, whatever is left of it."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _drain(stream: IO[bytes], kept: bytearray) -> None:
    while chunk := stream.read(65_536):
        kept += chunk[: max(0, OUTPUT_BYTES - len(kept))]
