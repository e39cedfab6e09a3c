"""Follows a running job until it ends or breaks a limit."""

import os
import selectors
import time
from collections.abc import Sequence

from heldout.sandbox.bubblewrap import FileSystem
from heldout.sandbox.cgroups import Group
from heldout.sandbox.job import Limits
from heldout.sandbox.process import SandboxProcess
from heldout.sandbox.streams import Transcript

__all__ = ["FLOOD", "Watch"]

FLOOD = 16  # this many times the log that is kept, and the job is stopped
_TICK_SECONDS = 0.05
_CHUNK_BYTES = 65536


class Watch:
    """Reads what a job prints and looks at its clock and counters.

    `written` pairs each file system that the job may write to with a descriptor of it.
    """

    def __init__(
        self, process: SandboxProcess, limits: Limits, group: Group | None, written: Sequence[tuple[FileSystem, int]]
    ) -> None:
        self._process, self._limits, self._group, self._written = process, limits, group, written
        self._started = time.monotonic()
        self.stdout = Transcript(limits.log_kb * 1024)
        self.stderr = Transcript(limits.log_kb * 1024)
        self.wall_seconds = 0.0
        self.cpu_seconds = 0.0

    def until_it_ends(self) -> str:
        """Wait for the end or for a broken limit, kill what is alive, and return the limit or an empty string."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.ended, selectors.EVENT_READ)
            selector.register(self._process.stdout, selectors.EVENT_READ, self.stdout)
            selector.register(self._process.stderr, selectors.EVENT_READ, self.stderr)
            broken = self._broken()
            while not broken and not self._listen(selector):
                broken = self._broken()
            self.wall_seconds = time.monotonic() - self._started
            self._count_cpu()
            self.exit_code = self._process.kill()
            if self._group is not None:
                self._group.kill()
                self._count_cpu()
            selector.unregister(self._process.ended)
            while selector.get_map():  # all writers are gone, so that both streams end
                self._listen(selector)
        return broken or self._counted()

    def _listen(self, selector: selectors.BaseSelector) -> bool:
        """Take what there is within a tick, and say whether the job has ended."""
        ended = False
        for key, _ in selector.select(_TICK_SECONDS):
            if key.data is None:
                ended = True
            elif data := os.read(key.fd, _CHUNK_BYTES):
                key.data.feed(data)
            else:
                selector.unregister(key.fileobj)
        return ended

    def _broken(self) -> str:
        if time.monotonic() - self._started > self._limits.wall_seconds:
            return "wall time"
        if self.stdout.length + self.stderr.length > FLOOD * self._limits.log_kb * 1024:
            return "log size"
        self._count_cpu()
        return self._counted()

    def _counted(self) -> str:
        if self._group is not None and self._group.out_of_memory():
            return "memory"
        if self._group is not None and self._group.refused_a_process():
            return "processes"
        if self.cpu_seconds > self._limits.cpu_seconds:
            return "cpu time"
        return "disk" if any(_overfull(*each) for each in self._written) else ""

    def _count_cpu(self) -> None:
        used = self._process.cpu_seconds() if self._group is None else self._group.cpu_seconds()
        self.cpu_seconds = max(self.cpu_seconds, used)


def _overfull(system: FileSystem, descriptor: int) -> bool:
    now = os.fstatvfs(descriptor)
    used_bytes, used_files = (now.f_blocks - now.f_bfree) * now.f_frsize, now.f_files - now.f_ffree
    return used_bytes > system.size or used_files > system.files
