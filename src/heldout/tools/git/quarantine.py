"""Copies the data of a foreign git repository into a bare one of our own, and leaves behind what could run.

Configuration, hooks, attributes, alternates, grafts and replacements stay where they are, so that git never reads
them. Only objects and references are copied: plain files with the names that git gives them.
"""

import contextlib
import os
import re
import stat
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from heldout.core.errors import BadInput

__all__ = ["quarantined"]

MAX_FILES = 200_000
MAX_MB = 2_000
"""Bounds on a repository's own files; what is larger is refused before git looks at it."""

LOOSE = re.compile(r"[0-9a-f]{2}")
OBJECT = re.compile(r"[0-9a-f]{38}|[0-9a-f]{62}")
PACK = re.compile(r"pack-(?:[0-9a-f]{40}|[0-9a-f]{64})\.(?:pack|idx)")
CONFIG = "[core]\n\trepositoryformatversion = {version}\n\tbare = true\n{extension}"
SHA256 = "[extensions]\n\tobjectformat = sha256\n"


@contextlib.contextmanager
def quarantined(path: Path) -> Iterator[Path]:
    """Yield the git directory of a temporary copy of the repository at `path` (a work tree or a bare repository).

    Raises BadInput when `path` is no repository, is a linked work tree, borrows objects from another repository,
    uses reftables, holds links or special files, or is over the bounds.
    """
    source = _git_directory(path)
    with tempfile.TemporaryDirectory(prefix="heldout-git-") as directory:
        target = Path(directory) / "repository.git"
        copy = _Copy(source=source, target=target)
        copy.tree("refs")
        copy.file("HEAD")
        copy.file("packed-refs")
        for name in copy.names("objects"):
            if LOOSE.fullmatch(name):
                copy.directory(f"objects/{name}", OBJECT)
        copy.directory("objects/pack", PACK)
        is_sha256 = any(len(name) in (62, 74, 73) for name in copy.objects)
        (target / "objects").mkdir(exist_ok=True)
        extension = SHA256 if is_sha256 else ""
        (target / "config").write_text(CONFIG.format(version=int(is_sha256), extension=extension))
        yield target


def _git_directory(path: Path) -> Path:
    if not path.is_dir():
        raise BadInput(f"{path} is no folder", expected="a git repository", mend="name the folder that holds .git")
    inside = path / ".git"
    source = inside if os.path.lexists(inside) else path
    if inside.is_symlink() or inside.is_file():
        raise BadInput(
            "its .git is a link to another folder (a linked work tree or a submodule)",
            where=str(inside),
            expected="a repository that stands on its own",
            mend=_clone(path),
        )
    if not all(os.path.lexists(source / name) for name in ("HEAD", "objects", "refs")):
        raise BadInput(
            f"{path} is no git repository",
            expected="a folder with .git, or a bare repository",
            mend="git init && git add -A && git commit -m 'Submission'",
        )
    if (source / "reftable").is_dir():
        raise BadInput(
            "its references are kept in reftables",
            where=str(source),
            expected="references in files",
            mend="git refs migrate --ref-format=files",
        )
    for name in ("alternates", "http-alternates"):
        if os.path.lexists(source / "objects" / "info" / name):
            raise BadInput(
                "the repository borrows objects from another one",
                where=f"{source}/objects/info/{name}",
                expected="a repository that stands on its own",
                mend=_clone(path),
            )
    return source


def _clone(path: Path) -> str:
    return f"git clone --no-local {path} NEW-FOLDER, and submit NEW-FOLDER"


@dataclass(slots=True, kw_only=True)
class _Copy:
    """Copies regular files from `source` to `target` by relative name, within the bounds."""

    source: Path
    target: Path
    files: int = 0
    bytes: int = 0
    objects: list[str] = field(default_factory=list)

    def names(self, directory: str) -> list[str]:
        """Return the sorted names in a directory that is no link; none when it is not there."""
        path = self.source / directory
        try:
            mode = path.lstat().st_mode
        except FileNotFoundError:
            return []
        if not stat.S_ISDIR(mode):
            raise self._refusal(directory, "is no folder")
        with os.scandir(path) as entries:
            return sorted(entry.name for entry in entries)

    def directory(self, directory: str, pattern: re.Pattern[str]) -> None:
        """Copy the files of one directory whose names fit `pattern`."""
        for name in self.names(directory):
            if pattern.fullmatch(name):
                self.file(f"{directory}/{name}")
                self.objects.append(name)

    def tree(self, top: str) -> None:
        """Copy a directory with all that is below it."""
        (self.target / top).mkdir(parents=True)
        below = [top]
        while below:
            directory = below.pop()
            for name in self.names(directory):
                path = f"{directory}/{name}"
                if stat.S_ISDIR((self.source / path).lstat().st_mode):
                    self._count(path, 0)
                    below.append(path)
                else:
                    self.file(path)

    def file(self, name: str) -> None:
        """Copy one regular file; nothing when it is not there."""
        try:
            descriptor = os.open(self.source / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except FileNotFoundError:
            return
        except OSError as error:
            raise self._refusal(name, f"cannot be read: {error.strerror}") from None
        with os.fdopen(descriptor, "rb") as reader:
            facts = os.fstat(reader.fileno())
            if not stat.S_ISREG(facts.st_mode):
                raise self._refusal(name, "is no regular file")
            self._count(name, facts.st_size)
            target = self.target / name
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as writer:
                left = facts.st_size
                while left and (chunk := reader.read(min(left, 1 << 20))):
                    writer.write(chunk)
                    left -= len(chunk)

    def _count(self, name: str, size: int) -> None:
        self.files += 1
        self.bytes += size
        if self.files > MAX_FILES:
            raise self._refusal(name, f"is file number {MAX_FILES + 1:,}", f"at most {MAX_FILES:,} files in .git")
        if self.bytes > MAX_MB * 1_000_000:
            raise self._refusal(name, f"brings .git above {MAX_MB:,} MB", f"at most {MAX_MB:,} MB")

    def _refusal(self, name: str, what: str, expected: str = "") -> BadInput:
        shown = ascii(name)[1:-1]
        return BadInput(
            f"the git repository is refused: {shown} {what}",
            where=str(self.source),
            expected=expected or "the plain files and folders that git makes",
            mend="git gc, or push to a fresh repository and submit that",
        )
