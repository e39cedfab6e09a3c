"""Records sound with the first recording program that is installed, where the machine has a device for it."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from heldout.tools import process

__all__ = ["Recording", "Silent", "record"]

RATE = 16_000
"""Samples a second of one channel, 16 bits: speech, at 1.9 MB a minute."""
SETTLES = 0.7
"""Seconds in which a program without a device gives up."""
STOPS = 5.0
SEES = ("HOME", "PATH", "XDG_RUNTIME_DIR", "PULSE_SERVER", "PULSE_COOKIE", "DBUS_SESSION_BUS_ADDRESS")
"""What a recording program needs of the user's environment to find the sound server."""

PROGRAMS: Mapping[str, Callable[[str, int], list[str]]] = {
    "arecord": lambda path, seconds: ["-q", "-f", "S16_LE", "-r", str(RATE), "-c", "1", "-d", str(seconds), path],
    "parecord": lambda path, _: ["--file-format=wav", "--format=s16le", f"--rate={RATE}", "--channels=1", path],
    "rec": lambda path, seconds: ["-q", "-r", str(RATE), "-b", "16", "-c", "1", path, "trim", "0", str(seconds)],
    "sox": lambda path, seconds: ["-q", "-d", "-r", str(RATE), "-b", "16", "-c", "1", path, "trim", "0", str(seconds)],
    "ffmpeg": lambda path, seconds: [
        *("-nostdin", "-loglevel", "error", "-f", "pulse", "-i", "default", "-t", str(seconds)),
        *("-ar", str(RATE), "-ac", "1", "-y", path),
    ],
}


@dataclass(frozen=True, slots=True)
class Silent:
    """Why nothing is recorded, in one line."""

    why: str


@dataclass(slots=True)
class Recording:
    """A recording in progress, to `path`."""

    path: Path
    program: str
    _process: subprocess.Popen[bytes]

    def stop(self) -> bool:
        """End the recording as a user would, and return whether there is a file with sound in it."""
        if self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=STOPS)
        process.kill(self._process)
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()
        return self.path.is_file() and self.path.stat().st_size > 0


def record(path: Path, *, seconds: int) -> Recording | Silent:
    """Start to record to a WAV file, for `seconds` at most; or say why that cannot be.

    The first of arecord, parecord, rec, sox and ffmpeg that is installed is used. `path` is not overwritten.
    """
    if path.exists():
        return Silent(f"{path} is there already, so nothing is recorded")
    found = next(((name, place) for name in PROGRAMS if (place := process.find(name)) is not None), None)
    if found is None:
        return Silent(f"none of {', '.join(PROGRAMS)} is installed, so nothing is recorded")
    name, program = found
    environment = {key: os.environ[key] for key in SEES if key in os.environ} | {"LC_ALL": "C"}
    started = process.start(
        [str(program), *PROGRAMS[name](str(path.absolute()), seconds)],
        directory=path.absolute().parent,
        environment=environment,
        seconds=seconds,
        memory_mb=None,
        stderr=subprocess.DEVNULL,
    )
    recording = Recording(path=path, program=name, _process=started)
    deadline = time.monotonic() + SETTLES
    while time.monotonic() < deadline:
        if started.poll() is not None:
            recording.stop()
            with contextlib.suppress(OSError):
                path.unlink()
            return Silent(f"{name} found no device to record from, so nothing is recorded")
        time.sleep(0.05)
    return recording
