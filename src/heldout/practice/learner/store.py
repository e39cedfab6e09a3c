"""Everything of one learner, in one folder of this machine."""

import contextlib
import fcntl
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from heldout.core.errors import BadInput
from heldout.core.whole_file import PART
from heldout.practice.attempt import Attempt
from heldout.practice.learner.as_plain import attempt_of, checked_sitting, plain_attempt
from heldout.practice.learner.lines import append_line, damaged, read_lines
from heldout.practice.learner.whole import not_written, read_plain, write_plain

__all__ = ["MARKER", "SCHEMA", "Store", "open_store", "read_store"]

SCHEMA = 1
MARKER = "heldout-practice.json"
"""Says that a folder is a learner's, and in which schema: nothing is written to, or erased from, any other folder."""


ANOTHER = "name another folder in HELDOUT_PRACTICE"
MARKED_AGAIN = f'if it holds your answers, write {{"schema": {SCHEMA}}} into {MARKER}; else name another folder'


class Store:
    """A learner's folder: reading needs no lock; `open_store` hands it to the one session that may write.

    `torn` says what a killed session left unfinished, "" for nothing, as far as was read.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.torn = ""

    def attempts(self) -> tuple[Attempt, ...]:
        """Return all attempts in the order in which they were made. Raises BadInput for a damaged line."""
        path = self.folder / "attempts.jsonl"
        lines = read_lines(path)
        self.torn = lines.torn
        found = []
        for number, plain in enumerate(lines.plain, start=1):
            try:
                found.append(attempt_of(plain))
            except ValueError as error:
                raise damaged(path, number, str(error)) from None
        return tuple(found)

    def record(self, attempt: Attempt) -> None:
        """Append an attempt; it is on the disk when this returns. Then the draft of its answers is removed."""
        append_line(self.folder / "attempts.jsonl", plain_attempt(attempt))
        self.drop_draft()

    def sat(self, what: str) -> tuple[dict[str, Any], ...]:
        """Return the lines of another log, "milestones" or "mocks", in their order. Raises BadInput for a damaged."""
        path = self.folder / f"{what}.jsonl"
        lines = read_lines(path)
        self.torn = lines.torn or self.torn
        for number, plain in enumerate(lines.plain, start=1):
            try:
                checked_sitting(what, plain)
            except ValueError as error:
                raise damaged(path, number, str(error)) from None
        return lines.plain

    def note(self, what: str, plain: Mapping[str, Any]) -> None:
        """Append a line to another log, "milestones" or "mocks"."""
        append_line(self.folder / f"{what}.jsonl", plain)

    def draft(self) -> dict[str, Any] | None:
        """Return the answer that was under way when the last session ended; None where none was."""
        return read_plain(self.folder / "draft.json")

    def save_draft(self, plain: Mapping[str, Any]) -> None:
        """Keep the answer under way."""
        write_plain(self.folder / "draft.json", plain)

    def drop_draft(self) -> None:
        """Remove the draft, where there is one."""
        (self.folder / "draft.json").unlink(missing_ok=True)

    def plan(self) -> dict[str, Any] | None:
        """Return the terms of the plan as they were saved (`plan.terms_of` reads them); None before there is a plan."""
        return read_plain(self.folder / "plan.json")

    def save_plan(self, plain: Mapping[str, Any]) -> None:
        """Keep the terms of the plan: the days follow from them and from the attempts."""
        write_plain(self.folder / "plan.json", plain)

    def profile(self) -> dict[str, Any]:
        """Return what the learner said of themselves, empty where nothing."""
        return read_plain(self.folder / "profile.json") or {}

    def save_profile(self, plain: Mapping[str, Any]) -> None:
        """Keep what the learner said of themselves."""
        write_plain(self.folder / "profile.json", plain)


def read_store(folder: Path) -> Store:
    """Return a learner's folder to read from, empty where it is not there yet. Raises BadInput for another one."""
    try:
        marker = read_plain(folder / MARKER)
    except BadInput as error:
        raise BadInput(error.what, where=error.where, expected=error.expected, mend=MARKED_AGAIN) from None
    if marker is None:
        if folder.exists() and (not folder.is_dir() or any(map(_is_foreign, folder.iterdir()))):
            raise BadInput(
                "this is not a folder of practice",
                where=str(folder),
                expected=f"an empty folder, or one with {MARKER}",
                mend=MARKED_AGAIN
                if (folder / "attempts.jsonl").is_file()
                else "name another folder in HELDOUT_PRACTICE",
            )
    elif marker.get("schema") != SCHEMA:
        raise BadInput(
            f"this folder has schema {marker.get('schema')!r}, and this Heldout knows {SCHEMA}",
            where=str(folder / MARKER),
            expected=f"schema {SCHEMA}",
            mend="use the Heldout that wrote it, or name another folder in HELDOUT_PRACTICE",
        )
    return Store(folder)


def _is_foreign(path: Path) -> bool:
    """Return whether a file is none of those that a beginning that was killed leaves."""
    return path.name != "lock" and not path.name.startswith(PART)


@contextlib.contextmanager
def open_store(folder: Path) -> Iterator[Store]:
    """Yield a learner's folder to the one session that writes; it is made where it is missing.

    Raises BadInput while another session holds it, and as `read_store` does. The lock goes with its process, however
    that ends.
    """
    store = read_store(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = (folder / "lock").open("a+")
    except OSError as error:
        raise not_written(folder / MARKER, error) from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BadInput(
                "another practice session is open",
                where=str(folder),
                expected="one session at a time",
                mend="end the other one; what it did is kept",
            ) from None
        if not (folder / MARKER).exists():
            write_plain(folder / MARKER, {"schema": SCHEMA})
        _sweep(folder)
        yield store


def _sweep(folder: Path) -> None:
    """Remove what sessions that were killed left of files that they were writing; the lock says that none is at it."""
    for path in folder.glob(f"{PART}*"):
        with contextlib.suppress(OSError):
            path.unlink()
