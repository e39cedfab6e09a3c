"""A real terminal for tests, by tmux: keys go in, the screen is read, the window is resized, the process is killed."""

import itertools
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

__all__ = ["Terminal", "terminal"]

PATIENCE = 60.0
WRAPPER = """trap : INT; sh -c 'echo $$ >"$0/pid"; exec "$@"' "$0" "$@"; echo $? >"$0/code" """
"""tmux itself does not always tell how a command ended."""


@dataclass
class Terminal:
    """A window in which one command runs; `screen` is what it shows, `history` what scrolled off too."""

    folder: Path
    size: tuple[int, int]
    environment: dict[str, str] = field(default_factory=dict)
    socket: Path | None = None
    windows: Iterator[int] = field(default_factory=itertools.count)

    def run(self, *command: str) -> None:
        """Run a command in a new window; its screen stays when it ends."""
        self.close()
        self.socket = self.folder / f"tmux-{next(self.windows)}"  # the last server may still be leaving
        settings = [part for name, value in self.environment.items() for part in ("-e", f"{name}={value}")]
        width, height = self.size
        size = ("-x", str(width), "-y", str(height))
        for left in (self.folder / "code", self.folder / "pid"):
            left.unlink(missing_ok=True)
        wrapped = ("sh", "-c", WRAPPER, str(self.folder), *command)
        self._tmux("-f", str(self.folder / "tmux.conf"), "new-session", "-d", *size, *settings, "--", *wrapped)

    def heldout(self, *arguments: str) -> None:
        """Run `heldout` with these arguments."""
        self.run(str(Path(sys.executable).parent / "heldout"), *arguments)

    def type(self, text: str, *, enter: bool = True) -> None:
        """Type a text, and Enter."""
        if text:
            self._tmux("send-keys", "-l", "--", text)
        if enter:
            self.key("Enter")

    def key(self, name: str) -> None:
        """Press a key by its name in tmux, such as C-c."""
        self._tmux("send-keys", name)

    def resize(self, width: int, height: int) -> None:
        self._tmux("resize-window", "-x", str(width), "-y", str(height))

    def kill(self) -> None:
        """End the command by SIGKILL."""
        os.kill(int((self.folder / "pid").read_text()), signal.SIGKILL)
        assert self.code() == 128 + signal.SIGKILL

    @property
    def screen(self) -> str:
        return self._tmux("capture-pane", "-p")

    @property
    def history(self) -> str:
        return self._tmux("capture-pane", "-p", "-J", "-S", "-3000")

    def sees(self, text: str) -> str:
        """Wait until the history holds a text, and return the history."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            shown = self.history
            if text in shown:
                return shown
            time.sleep(0.05)
        raise AssertionError(f"{text!r} was not seen in {PATIENCE:.0f} s:\n{self.history}")

    def code(self) -> int:
        """Wait until the command ends, and return its exit code as a shell tells it."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            file = self.folder / "code"
            if file.exists() and (text := file.read_text()).endswith("\n"):
                return int(text)
            time.sleep(0.05)
        raise AssertionError(f"it did not end in {PATIENCE:.0f} s:\n{self.history}")

    def close(self) -> None:
        """End the window and what runs in it."""
        if self.socket is not None:
            self._tmux("kill-server", check=False)

    def _tmux(self, *arguments: str, check: bool = True) -> str:
        environment = {name: value for name, value in os.environ.items() if name not in ("TMUX", "COLUMNS", "LINES")}
        ran = subprocess.run(
            ["tmux", "-S", str(self.socket), *arguments],
            env={**environment, "LC_ALL": "C.UTF-8"},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert not check or ran.returncode == 0, ran.stderr
        return ran.stdout.rstrip("\n")


@contextmanager
def terminal(folder: Path, size: tuple[int, int], **environment: str) -> Iterator[Terminal]:
    """Open a terminal of a size (columns, rows); skips the test, with the reason, where tmux is missing."""
    if shutil.which("tmux") is None:
        pytest.skip("tmux is not installed (make system-deps)")
    (folder / "tmux.conf").write_text(
        "set -g remain-on-exit on\nset -g history-limit 5000\nset -g default-size 80x24\n"
    )
    opened = Terminal(folder, size, {"TERM": "screen-256color", "LC_ALL": "C.UTF-8", **environment})
    try:
        yield opened
    finally:
        opened.close()
