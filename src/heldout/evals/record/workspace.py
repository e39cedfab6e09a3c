"""Where the parts of an eval lie on the organiser's machine."""

import re
from dataclasses import dataclass
from pathlib import Path

from heldout.core.errors import BadInput
from heldout.evals.record.ledger import Ledger, Now, utc_now

__all__ = ["CandidateRecord", "Workspace"]

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateRecord:
    """One candidate's part of an eval: the ledger, the bare repository, the briefs in force, gradings.

    The folder is `EVAL/record/NAME`, with `ledger.jsonl`, `payloads/`, `repo.git`, `briefs/brief-N.toml`, `graded/`.
    """

    name: str
    folder: Path
    ledger: Ledger

    @property
    def repository(self) -> Path:
        """The bare git repository that the candidate pushes to."""
        return self.folder / "repo.git"


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """An eval as `heldout eval new` wrote it.

    `folder` holds `brief.toml`, `data/`, `answers/` and `opening.json` (private), `baseline/`, `commitment.json` and
    `kit/` (published), `record/`, and `tokens.json` (hashes of the tokens only).
    """

    folder: Path
    now: Now = utc_now

    def candidate(self, name: str) -> CandidateRecord:
        """Return the record of a candidate, whether it is opened or not. Raises BadInput for a name that is no name."""
        if not NAME.fullmatch(name):
            raise BadInput(
                f"{name!r} cannot name a candidate",
                expected="1 to 40 of a-z, 0-9, - and _, beginning with a letter or digit",
                mend="choose a short name or number; it need not be the person's",
            )
        folder = self.folder / "record" / name
        return CandidateRecord(name=name, folder=folder, ledger=Ledger(folder, self.now))

    def candidates(self) -> tuple[CandidateRecord, ...]:
        """Return the records of all candidates that were opened, by name."""
        found = sorted((self.folder / "record").glob("*/ledger.jsonl"))
        return tuple(self.candidate(path.parent.name) for path in found)
