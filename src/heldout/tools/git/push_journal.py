"""Reads what the hooks of a receiving repository noted, and strikes out what was dealt with."""

import contextlib
import datetime as dt
import fcntl
import json
import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from heldout.core.whole_file import write_whole
from heldout.tools.git.push_hook import JOURNAL, LOCK

__all__ = ["Attempt", "Journal", "read_journal", "strike_out"]

SECONDS = 900
"""After so long a push has ended, one way or another: its time is bounded below that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One ref of one push, as `pre-receive` noted it; `why` is None where it was let through."""

    push: str
    at: str
    old: str
    new: str
    ref: str
    commits: int | None
    bytes: int
    why: str | None
    process: int

    @property
    def may_go_on(self) -> bool:
        """True while the git that made the attempt may still be at work."""
        age = dt.datetime.now(dt.UTC) - dt.datetime.fromisoformat(self.at)
        if age.total_seconds() > SECONDS:
            return False
        try:
            os.kill(self.process, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            return True
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """The attempts in order, and the changes (old, new, ref) that git says were made."""

    attempts: tuple[Attempt, ...]
    committed: frozenset[tuple[str, str, str]]


def read_journal(repository: Path) -> Journal:
    """Return the notes of the hooks; half a line, from a machine that stopped, is left out."""
    with _locked(repository):
        notes = _notes(repository)
    attempts = tuple(
        Attempt(**{key: value for key, value in note.items() if key != "is"})
        for note in notes
        if note["is"] == "attempt"
    )
    done = frozenset((note["old"], note["new"], note["ref"]) for note in notes if note["is"] == "committed")
    return Journal(attempts=attempts, committed=done)


def strike_out(repository: Path, journal: Journal, *, open_pushes: Collection[str]) -> None:
    """Remove the notes that `journal` holds, but those of `open_pushes`; what came since stays."""
    attempts = {(a.push, a.ref) for a in journal.attempts if a.push not in open_pushes}
    with _locked(repository):
        kept = [note for note in _notes(repository) if not _is_struck(note, attempts, journal, bool(open_pushes))]
        write_whole(repository / JOURNAL, "".join(json.dumps(note) + "\n" for note in kept).encode())


def _is_struck(note: dict[str, Any], attempts: set[tuple[str, str]], journal: Journal, is_open: bool) -> bool:
    if note["is"] == "attempt":
        return (note["push"], note["ref"]) in attempts
    return not is_open and (note["old"], note["new"], note["ref"]) in journal.committed


def _notes(repository: Path) -> list[dict[str, Any]]:
    path = repository / JOURNAL
    notes = []
    for line in path.read_bytes().split(b"\n") if path.is_file() else ():
        with contextlib.suppress(ValueError):
            note = json.loads(line)
            if isinstance(note, dict) and note.get("is") in ("attempt", "committed"):
                notes.append(note)
    return notes


@contextlib.contextmanager
def _locked(repository: Path) -> Iterator[None]:
    (repository / LOCK).parent.mkdir(exist_ok=True)
    with (repository / LOCK).open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
