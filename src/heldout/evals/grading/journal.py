"""The journal of a grading folder: what is done is done once, whole, and found again after any interruption."""

import contextlib
import datetime as dt
import fcntl
import hashlib
import json
import os
import shutil
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from heldout.core.errors import BadInput, InfrastructureFailure

__all__ = ["Journal", "Step", "digest_of", "open_journal", "sha256_of"]

Result = Mapping[str, Any]
BULKY = "environment"
"""The phase whose artefact is vouched for by names and sizes: thousands of library files, made from hashed wheels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A finished step: its result in plain data, the folder of its artefacts, and their digest."""

    result: Result
    folder: Path
    digest: str


class Journal:
    """Finished steps by what went into them. Made by `open_journal`, which holds the folder's lock."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._file = folder / "journal.jsonl"
        self._finished: dict[str, dict[str, Any]] = {}
        self._recover()

    def step(self, phase: str, inputs: Mapping[str, Any], work: Callable[[Path], Result]) -> Step:
        """Return the step that these inputs make: from the journal when its artefacts are still as they were.

        `work` gets an empty folder and returns the result. The folder takes its name only when the work is whole, and
        the journal's line is written after that. When `work` raises, nothing of it stays.
        """
        key = digest_of({"phase": phase, **inputs})[:40]
        folder = self.folder / "steps" / f"{phase}-{key}"
        line = self._finished.get(key)
        if line is not None and folder.is_dir() and _content_digest(folder, phase) == line["digest"]:
            return Step(result=line["result"], folder=folder, digest=line["digest"])
        _remove(folder)
        partial = folder.with_name(f".partial-{folder.name}")
        partial.mkdir(parents=True)
        self._write({"event": "started", "phase": phase, "step": key})
        try:
            result = work(partial)
        except OSError as error:
            _remove(partial)
            raise InfrastructureFailure(f"the machine failed in {phase}: {error}") from error
        except BaseException:
            _remove(partial)
            raise
        digest = _content_digest(partial, phase)
        partial.rename(folder)
        line = {"event": "finished", "phase": phase, "step": key, "digest": digest, "result": result}
        self._finished[key] = self._write(line)
        return Step(result=self._finished[key]["result"], folder=folder, digest=digest)

    def note(self, event: str, **facts: Any) -> None:
        """Write a line that is no step."""
        self._write({"event": event, **facts})

    def _write(self, line: dict[str, Any]) -> dict[str, Any]:
        at = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")
        text = json.dumps({"at": at, **line}, allow_nan=False)
        with self._file.open("a", encoding="utf-8") as journal:
            journal.write(text + "\n")
            journal.flush()
            os.fsync(journal.fileno())
        read_back: dict[str, Any] = json.loads(text)
        return read_back

    def _recover(self) -> None:
        """Read the journal, cut off a line that was never finished, and remove what was in the making."""
        (self.folder / "steps").mkdir(parents=True, exist_ok=True)
        content = self._file.read_bytes() if self._file.is_file() else b""
        whole = content[: content.rfind(b"\n") + 1]
        if whole != content:
            os.truncate(self._file, len(whole))
        for number, text in enumerate(whole.splitlines(), start=1):
            try:
                line = json.loads(text)
                if line["event"] == "finished":
                    self._finished[line["step"]] = line
            except (ValueError, KeyError, TypeError):
                raise BadInput(
                    "the journal of this grading folder is damaged",
                    where=f"{self._file}, line {number}",
                    expected="the lines that gradings wrote",
                    mend="remove the folder, and grade again",
                ) from None
        for partial in (self.folder / "steps").glob(".partial-*"):
            _remove(partial)


@contextlib.contextmanager
def open_journal(folder: Path) -> Iterator[Journal]:
    """Yield the journal of `folder`, alone: raises BadInput while another grading holds it.

    The folder is private; what is below it can be read by the users that runs get, whatever the caller's umask.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
    except OSError as error:
        raise BadInput(
            f"cannot write the grading's folder: {error.strerror}",
            where=str(folder.parent),
            expected="a folder that can be written",
            mend="name another folder with --out",
        ) from None
    with _umask(0o022), (folder / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BadInput(
                "another grading is running in this folder",
                where=str(folder.parent),
                mend="wait for it, or choose another folder with --out",
            ) from None
        yield Journal(folder)


@contextlib.contextmanager
def _umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def digest_of(plain: Mapping[str, Any]) -> str:
    """Return the SHA-256 of plain data, the same for equal data."""
    return hashlib.sha256(json.dumps(plain, sort_keys=True, allow_nan=False).encode()).hexdigest()


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _content_digest(folder: Path, phase: str) -> str:
    lines = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            lines.append(f"link {path.readlink()} {name}")
        elif path.is_file():
            found = path.stat()
            content = str(found.st_size) if phase == BULKY else sha256_of(path)
            lines.append(f"{content} {'program' if found.st_mode & stat.S_IXUSR else 'file'} {name}")
    return hashlib.sha256("\n".join(lines).encode("utf-8", errors="surrogateescape")).hexdigest()


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)
