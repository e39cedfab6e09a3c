"""The arguments that bubblewrap is given: what a job sees, and nothing else."""

import functools
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from heldout.sandbox.interpreter import interpreter_directories
from heldout.sandbox.job import Job
from heldout.sandbox.resource_limits import MEGABYTE

__all__ = ["ENTRY", "Bubblewrap", "FileSystem", "file_systems", "find_bubblewrap", "host_inputs", "options", "stubs"]

USER_INSIDE = "1000"
ENTRY = "/entry.py"
_SCRATCH_FILES = 100_000
_LINKED_OR_NOT = ("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
# what the dynamic linker and links below /usr need; nothing else of /etc is the job's business
_SYSTEM_FILES = ("/usr", "/etc/alternatives", "/etc/ld.so.cache")
_STUBS = {
    "/etc/passwd": f"user:x:{USER_INSIDE}:{USER_INSIDE}::/tmp:/bin/sh\n",
    "/etc/group": f"user:x:{USER_INSIDE}:\n",
    "/etc/hosts": "127.0.0.1 localhost\n::1 localhost\n",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bubblewrap:
    """A bubblewrap program and what this build of it understands."""

    path: Path
    version: str
    understands: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSystem:
    """A file system in memory that the job may write to: size in bytes, number of files, and mount flags."""

    inside: str
    size: int
    files: int
    flags: tuple[str, ...] = ("nosuid", "nodev")
    mode: str = "1777"


@functools.cache
def find_bubblewrap() -> Bubblewrap | None:
    """Return the bubblewrap beside the running interpreter, else the one on PATH, else None."""
    beside = Path(sys.executable).parent / "bwrap"
    found = str(beside) if beside.is_file() else shutil.which("bwrap")
    if found is None:
        return None
    return Bubblewrap(
        path=Path(found).resolve(),
        version=_said(found, "--version").strip().removeprefix("bubblewrap "),
        understands=frozenset(re.findall(r"^\s+(--[a-z-]+)", _said(found, "--help"), re.MULTILINE)),
    )


def _said(program: str, option: str) -> str:
    done = subprocess.run([program, option], capture_output=True, text=True, env={}, check=False)
    return done.stdout + done.stderr


def host_inputs(job: Job) -> dict[str, Path]:
    """Return inside path -> host path of all that a job can read: the system's programs, Python, and its inputs."""
    system = [Path(path) for path in (*_SYSTEM_FILES, *_LINKED_OR_NOT)]
    shared = {str(path): path for path in system if path.exists() and not path.is_symlink()}
    shared |= {str(path): path for path in interpreter_directories()}
    return shared | {inside: path.resolve() for inside, path in job.read_only.items()}


def file_systems(job: Job) -> tuple[FileSystem, ...]:
    """Return what a job can write to: its output directories first, then scratch, which goes with it."""
    outputs = tuple(
        FileSystem(
            inside=inside,
            size=job.limits.output_mb * MEGABYTE,
            files=job.limits.output_files + 1,  # the directory itself is one
            flags=("nosuid", "nodev", "noexec", "nosymfollow"),
            mode="0700",
        )
        for inside in job.writable
    )
    half = max(job.limits.memory_mb * MEGABYTE // 2, MEGABYTE)
    return *outputs, *(FileSystem(inside=path, size=half, files=_SCRATCH_FILES) for path in ("/dev/shm", "/tmp"))  # noqa: S108 - paths inside


def stubs() -> Mapping[str, str]:
    """Return inside path -> text of the files that are made up, so that a job finds a user and itself."""
    return _STUBS


def options(
    understands: frozenset[str],
    *,
    inputs: Mapping[str, str],
    writable: Iterable[FileSystem],
    staged: Mapping[str, str],
    data: Mapping[str, int],
    descriptors: Mapping[str, int],
    without: frozenset[str] = frozenset(),
) -> list[str]:
    """Return bubblewrap's options, in order.

    `inputs` maps inside paths to paths to mount read-only. `staged` maps those of the `writable` file systems that
    were mounted beforehand to where; bubblewrap mounts the others. `data` maps inside paths to descriptors of their
    text, `descriptors` options to theirs. What is in `without`, or not understood by this build, is left out.
    """
    lines: list[tuple[str, ...]] = [
        *((f"--unshare-{kind}",) for kind in ("user", "ipc", "pid", "net", "uts", "cgroup")),
        ("--disable-userns",),
        ("--die-with-parent",),
        ("--new-session",),
        ("--cap-drop", "ALL"),
        ("--clearenv",),
        ("--uid", USER_INSIDE),
        ("--gid", USER_INSIDE),
        ("--hostname", "sandbox"),
        *_links(),
        ("--proc", "/proc"),
        ("--dev", "/dev"),
        *(("--ro-bind", source, inside) for inside, source in _parents_first(inputs)),
        *(line for each in writable for line in _writable(each, staged, understands - without)),
        *(("--ro-bind-data", str(descriptor), inside) for inside, descriptor in data.items()),
        ("--remount-ro", "/dev"),
        ("--remount-ro", "/"),
        *((option, str(descriptor)) for option, descriptor in descriptors.items()),
    ]
    return [word for line in lines if line[0] in understands - without for word in line]


def _links() -> list[tuple[str, ...]]:
    links = [Path(path) for path in _LINKED_OR_NOT if Path(path).is_symlink()]
    return [("--symlink", str(link.readlink()), str(link)) for link in links]


def _writable(each: FileSystem, staged: Mapping[str, str], understands: frozenset[str]) -> list[tuple[str, ...]]:
    if each.inside in staged:
        return [("--bind", staged[each.inside], each.inside)]
    lines: list[tuple[str, ...]] = [("--tmpfs", each.inside)]
    if "--perms" in understands:
        lines.insert(0, ("--perms", each.mode))
    if "--size" in understands:
        lines.insert(0, ("--size", str(each.size)))
    return lines


def _parents_first(inputs: Mapping[str, str]) -> Sequence[tuple[str, str]]:
    return sorted(inputs.items(), key=lambda item: PurePosixPath(item[0]).parts)
