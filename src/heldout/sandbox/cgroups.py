"""Limits and counters of a whole job, by control groups of version 1 or 2.

A group is locked by the process that made it, with flock on its directory: the lock ends with that process in
whatever namespace it lived, so that the next start can tell what a killed supervisor left behind.
"""

import contextlib
import fcntl
import os
import secrets
import signal
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from heldout.core.errors import InfrastructureFailure
from heldout.sandbox.job import Limits
from heldout.sandbox.resource_limits import MEGABYTE

__all__ = ["Group", "Hierarchy", "find_hierarchy", "sweep"]

_PREFIX = "heldout-"
_OUR_PROCESSES = 3  # bubblewrap outside, bubblewrap as process 1 inside, and the thread that forks
_CONTROLLERS = ("memory", "pids", "cpuacct")
_NEAR_THE_LIMIT = 0.95
_EMPTY_WITHIN_SECONDS = 10.0
_ATTEMPTS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Hierarchy:
    """Where groups may be made: the directory to make them in, by controller."""

    version: int
    directories: Mapping[str, Path]

    def parents(self) -> tuple[Path, ...]:
        """Return the distinct directories that hold our groups."""
        return tuple(dict.fromkeys(self.directories.values()))


def find_hierarchy(
    mount_table: Path = Path("/proc/self/mountinfo"), own: Path = Path("/proc/self/cgroup")
) -> Hierarchy:
    """Return where this process may make groups, below its own where that can be.

    Raises InfrastructureFailure with the reason if there is no such place.
    """
    mounts = list(_mounts(mount_table.read_text()))
    paths = dict(_memberships(own.read_text()))
    directories = {}
    for controller in _CONTROLLERS:
        for kind, root, mounted, options in mounts:
            if kind == "cgroup" and controller in options and controller in paths:
                directories[controller] = _below(mounted, root, paths[controller])
    if set(directories) == set(_CONTROLLERS):
        return Hierarchy(version=1, directories=directories)
    for kind, root, mounted, _ in mounts:
        if kind == "cgroup2" and "" in paths:
            parent = _version_2_parent(mounted, _below(mounted, root, paths[""]))
            return Hierarchy(version=2, directories=dict.fromkeys(_CONTROLLERS, parent))
    raise InfrastructureFailure("no cgroup file system with the controllers memory and pids is mounted")


def _mounts(table: str) -> Iterator[tuple[str, str, Path, list[str]]]:
    for line in table.splitlines():
        before, _, after = line.partition(" - ")
        fields, kind = before.split(), after.split()
        yield kind[0], fields[3], Path(fields[4]), kind[-1].split(",")


def _memberships(table: str) -> Iterator[tuple[str, str]]:
    for line in table.splitlines():
        _, controllers, path = line.split(":", 2)
        for controller in controllers.split(","):
            yield controller, path


def _below(mounted: Path, root: str, path: str) -> Path:
    """Return the directory of the group `path` in a mount that shows the tree from `root` on, or the mount's top."""
    if path == root or path.startswith(root.rstrip("/") + "/"):
        directory = mounted / path.removeprefix(root.rstrip("/")).lstrip("/")
        if directory.is_dir():
            return directory
    return mounted


def _version_2_parent(top: Path, own: Path) -> Path:
    """Return the nearest group, from our own upwards, that hands the controllers to its children, or can be made to."""
    for directory in (own, *own.parents):
        if top not in (directory, *directory.parents):
            break
        handed = directory / "cgroup.subtree_control"
        with contextlib.suppress(OSError):  # a group with processes of its own hands on nothing
            if not {"memory", "pids"} <= set(handed.read_text().split()):
                handed.write_text("+memory +pids")
            return directory
    raise InfrastructureFailure("no control group here hands the controllers memory and pids to its children")


class Group:
    """The control group of one job: a context manager that makes, locks and in the end removes it."""

    def __init__(self, hierarchy: Hierarchy, limits: Limits) -> None:
        sweep(hierarchy)
        name = f"{_PREFIX}{os.getpid()}-{secrets.token_hex(4)}"
        self._version = hierarchy.version
        self._limit_mb = limits.memory_mb
        self._at = {controller: parent / name for controller, parent in hierarchy.directories.items()}
        self._locks: list[int] = []
        try:
            for directory in self.directories:
                self._locks.append(_make(directory))
            self._set(limits)
        except OSError as error:
            self.close()
            raise InfrastructureFailure(f"cannot set up a control group: {error}") from error

    def __enter__(self) -> "Group":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def directories(self) -> tuple[Path, ...]:
        """The distinct directories of this group."""
        return tuple(dict.fromkeys(self._at.values()))

    @property
    def joins(self) -> tuple[Path, ...]:
        """The files into which a process writes its id to join."""
        return tuple(directory / "cgroup.procs" for directory in self.directories)

    def cpu_seconds(self) -> float:
        """CPU time that the group has used so far."""
        if self._version == 1:
            return int((self._at["cpuacct"] / "cpuacct.usage").read_text()) / 1e9
        return _counter(self._at["cpuacct"] / "cpu.stat", "usage_usec") / 1e6

    def peak_memory_mb(self) -> float | None:
        """The most memory that the group held at once; None where the kernel does not keep it."""
        name = "memory.max_usage_in_bytes" if self._version == 1 else "memory.peak"
        try:
            return int((self._at["memory"] / name).read_text()) / MEGABYTE
        except FileNotFoundError:
            return None

    def out_of_memory(self) -> bool:
        """True when the kernel killed a process of the group for memory; failcnt stays 0 on recent kernels."""
        return _counter(self._at["memory"] / self._events, "oom_kill") > 0

    def reached_its_memory_limit(self) -> bool:
        """False when it was the machine, not the group, that ran out of memory."""
        if self._version == 1:
            return (self.peak_memory_mb() or 0.0) >= _NEAR_THE_LIMIT * self._limit_mb
        return _counter(self._at["memory"] / self._events, "oom") > 0

    def refused_a_process(self) -> bool:
        """True when a process or thread could not be started for the limit on their number."""
        return _counter(self._at["pids"] / "pids.events", "max") > 0

    def kill(self) -> None:
        """Kill until the group is empty; raises InfrastructureFailure if it will not be."""
        deadline = time.monotonic() + _EMPTY_WITHIN_SECONDS
        while any(_kill_once(directory) for directory in self.directories):
            if time.monotonic() > deadline:
                raise InfrastructureFailure("processes of the job could not be killed")
            time.sleep(0.002)

    def close(self) -> None:
        """Kill what is left in the group and remove it."""
        for directory in self.directories:
            _remove(directory)
        for lock in self._locks:
            os.close(lock)
        self._locks.clear()

    @property
    def _events(self) -> str:
        return "memory.oom_control" if self._version == 1 else "memory.events"

    def _set(self, limits: Limits) -> None:
        memory, bound = self._at["memory"], str(limits.memory_mb * MEGABYTE)
        if self._version == 1:
            (memory / "memory.limit_in_bytes").write_text(bound)
            _write_if_there(memory / "memory.memsw.limit_in_bytes", bound)
            _write_if_there(memory / "memory.swappiness", "0")
        else:
            (memory / "memory.max").write_text(bound)
            _write_if_there(memory / "memory.swap.max", "0")
            _write_if_there(memory / "memory.oom.group", "1")
        (self._at["pids"] / "pids.max").write_text(str(limits.processes + _OUR_PROCESSES))


def sweep(hierarchy: Hierarchy) -> None:
    """Kill and remove the groups whose supervisors are gone."""
    for parent in hierarchy.parents():
        for directory in parent.glob(f"{_PREFIX}*"):
            lock = _lock(directory)
            if lock is not None:
                _remove(directory)
                os.close(lock)


def _make(directory: Path) -> int:
    for _ in range(_ATTEMPTS):  # another run's sweep may come between making and locking
        with contextlib.suppress(FileExistsError):
            directory.mkdir()
        lock = _lock(directory)
        if lock is not None:
            with contextlib.suppress(FileNotFoundError):
                if os.fstat(lock).st_ino == directory.stat().st_ino:
                    return lock
            os.close(lock)
    raise FileNotFoundError(f"{directory} is removed as soon as it is made")


def _lock(directory: Path) -> int | None:
    try:
        descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


def _remove(directory: Path) -> None:
    deadline = time.monotonic() + _EMPTY_WITHIN_SECONDS
    while directory.is_dir() and time.monotonic() < deadline:
        _kill_once(directory)
        with contextlib.suppress(OSError):  # busy until its last process is reaped
            directory.rmdir()
            return
        time.sleep(0.002)


def _kill_once(directory: Path) -> bool:
    """Kill the processes of a group, and say whether there were any."""
    try:
        processes = [int(line) for line in (directory / "cgroup.procs").read_text().split()]
    except FileNotFoundError:
        return False
    for process in processes:
        if process > 0:  # 0 stands for one that this process id namespace does not see
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
    if any(process == 0 for process in processes):
        _write_if_there(directory / "cgroup.kill", "1")
    return bool(processes)


def _write_if_there(path: Path, text: str) -> None:
    if path.exists():
        path.write_text(text)


def _counter(path: Path, name: str) -> int:
    for line in path.read_text().splitlines():
        key, _, value = line.partition(" ")
        if key == name:
            return int(value)
    return 0
