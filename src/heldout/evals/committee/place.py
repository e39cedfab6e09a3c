"""Where a committee's records lie, and who waits for whom.

`EVAL/committee/` holds a ledger of what concerns all works (who was invited, the lock); `record/NAME/committee/` one of
a candidate's work (sheets, conflicts, adjudication), so that forgetting a candidate forgets what was said of them.
"""

import contextlib
import fcntl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from heldout.evals.record.ledger import Ledger
from heldout.evals.record.workspace import CandidateRecord, Workspace

__all__ = ["COMMITTEE", "Place"]

COMMITTEE = "committee"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The committee's part of an eval."""

    workspace: Workspace

    @property
    def folder(self) -> Path:
        """The folder of what concerns all works; nobody but the organiser's account reads it."""
        return self.workspace.folder / COMMITTEE

    @property
    def ledger(self) -> Ledger:
        """The ledger of what concerns all works."""
        return Ledger(self.folder, self.workspace.now)

    def ledger_of(self, record: CandidateRecord) -> Ledger:
        """Return the ledger of what raters and adjudicators said of a candidate's work."""
        return Ledger(record.folder / COMMITTEE, self.workspace.now)

    @contextlib.contextmanager
    def saving(self, record: CandidateRecord) -> Iterator[Ledger]:
        """Yield a work's ledger to its one writer; writers of other works go on, and no lock comes in between."""
        with self._held(fcntl.LOCK_SH), _flocked(record.folder / COMMITTEE / "saving.lock", fcntl.LOCK_EX):
            yield self.ledger_of(record)

    @contextlib.contextmanager
    def alone(self) -> Iterator[Ledger]:
        """Yield the ledger of all works while nobody writes anywhere."""
        with self._held(fcntl.LOCK_EX):
            yield self.ledger

    def _held(self, how: int) -> contextlib.AbstractContextManager[None]:
        return _flocked(self.folder / "round.lock", how)


@contextlib.contextmanager
def _flocked(path: Path, how: int) -> Iterator[None]:
    if not path.parent.is_dir():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.parent.chmod(0o700)
    with path.open("a") as file:
        fcntl.flock(file, how)
        yield
