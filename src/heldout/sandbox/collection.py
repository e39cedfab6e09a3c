"""Takes the files out of a directory that foreign code has filled, once the last of its processes is gone."""

import os
import stat
import tempfile
from pathlib import Path

from heldout.core.errors import InfrastructureFailure
from heldout.sandbox.job import Limits
from heldout.sandbox.resource_limits import MEGABYTE

__all__ = ["collect"]

_DEEPEST = 32
_LONGEST_PATH_BYTES = 1024
_CHUNK_BYTES = 1 << 20
_KINDS = {
    stat.S_IFLNK: "symbolic link",
    stat.S_IFIFO: "named pipe",
    stat.S_IFSOCK: "socket",
    stat.S_IFCHR: "device",
    stat.S_IFBLK: "device",
}


class _Refused(Exception):
    """Why one entry is not taken."""


class _Collection:
    def __init__(self, limits: Limits) -> None:
        self.refused: list[tuple[str, str]] = []
        self._files_left = limits.output_files
        self._bytes_left = limits.output_mb * MEGABYTE

    def directory(self, source: int, target: Path, shown: str, depth: int) -> None:
        for name in sorted(os.listdir(source)):
            path = f"{shown}/{_printable(name)}"
            if self._files_left <= 0:
                self.refused.append((path, "more files than allowed; this one and those after it were left"))
                return
            self._files_left -= 1
            try:
                self._entry(source, name, target, path, depth)
            except _Refused as reason:
                self.refused.append((path, str(reason)))
            except OSError as error:
                self.refused.append((path, f"cannot be read: {error.strerror}"))

    def _entry(self, source: int, name: str, target: Path, path: str, depth: int) -> None:
        if not name.isprintable() or "\\" in name:
            raise _Refused("its name is not printable text")
        if len(os.fsencode(path)) > _LONGEST_PATH_BYTES:
            raise _Refused(f"its path is longer than {_LONGEST_PATH_BYTES} bytes")
        found = os.lstat(name, dir_fd=source)
        if stat.S_ISDIR(found.st_mode):
            self._subdirectory(source, name, target / name, path, depth)
            return
        if not stat.S_ISREG(found.st_mode):
            raise _Refused(f"not a regular file: {_KINDS.get(stat.S_IFMT(found.st_mode), 'of unknown kind')}")
        if found.st_nlink != 1:
            raise _Refused("has more than one name (hard link)")
        if found.st_size > self._bytes_left:
            raise _Refused("exceeds what is left of the allowed size")
        self._bytes_left -= found.st_size
        os.chmod(name, 0o400, dir_fd=source)  # no process is left that could swap it for a link
        descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=source)
        try:
            if not os.path.samestat(found, os.fstat(descriptor)):
                raise _Refused("changed while it was read")
            _copy(descriptor, found.st_size, target / name, 0o755 if found.st_mode & stat.S_IXUSR else 0o644)
        finally:
            os.close(descriptor)

    def _subdirectory(self, source: int, name: str, target: Path, path: str, depth: int) -> None:
        if depth >= _DEEPEST:
            raise _Refused(f"nested {_DEEPEST} directories deep or more")
        os.chmod(name, 0o700, dir_fd=source)
        descriptor = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=source)
        try:
            _make(target)
            self.directory(descriptor, target, path, depth + 1)
        finally:
            os.close(descriptor)


def collect(sources: dict[str, tuple[int, Path]], limits: Limits) -> tuple[tuple[str, str], ...]:
    """Copy regular files out of each source and return (path inside, reason) for what was left.

    `sources` maps an inside path to a descriptor of the directory and to the host directory that receives the files.
    Links are never followed; size, number and depth are capped over all sources together; modes are made plain.
    Raises InfrastructureFailure if the receiving side fails.
    """
    collection = _Collection(limits)
    for inside, (descriptor, target) in sources.items():
        _make(target)
        collection.directory(descriptor, target, inside, 1)
    return tuple(collection.refused)


def _make(target: Path) -> None:
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InfrastructureFailure(f"cannot make {target}: {error.strerror}") from error


def _copy(source: int, size: int, target: Path, mode: int) -> None:
    """Copy at most `size` bytes; a file appears under its name only when it is whole."""
    part = None
    try:
        descriptor, part = tempfile.mkstemp(dir=target.parent)
        with os.fdopen(descriptor, "wb") as file:
            left = size
            while left and (data := os.read(source, min(left, _CHUNK_BYTES))):
                left -= file.write(data)
        Path(part).chmod(mode)
        Path(part).replace(target)
    except OSError as error:
        if part is not None:
            Path(part).unlink(missing_ok=True)
        raise InfrastructureFailure(f"cannot write {target}: {error.strerror}") from error


def _printable(name: str) -> str:
    return name if name.isprintable() else ascii(name)[1:-1]
