"""The committee's use cases that need more than its own records: invitations with tokens, and where it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from heldout.app.eval_open import tokens_of
from heldout.app.eval_talk import opened_workspace
from heldout.core.errors import BadInput
from heldout.evals.committee import roster
from heldout.evals.committee.decided_file import write_decisions
from heldout.evals.committee.decision import Decided, record_decision, would_be
from heldout.evals.committee.levels import LEAVES
from heldout.evals.committee.locked import locked
from heldout.evals.committee.locking import waiting_for
from heldout.evals.committee.place import Place
from heldout.evals.committee.sheets import Invited, Sheet, State, sheets_of, state_of
from heldout.evals.committee.works import Missing, Work, works_of
from heldout.evals.record.kinds import Role
from heldout.evals.record.workspace import Workspace
from heldout.evals.toml import Section, read_toml

__all__ = ["CommitteeStatus", "committee_status", "decide", "invite", "read_sheet"]


class MarkSection(Section):
    """What a rater says of one leaf."""

    level: Literal["junior", "mid", "senior", "staff", "cannot tell"]
    reason: str


class SheetFile(Section):
    """A rater's sheet of one work, as a file; a leaf may be left out for later."""

    architecture: MarkSection | None = None
    reproducibility: MarkSection | None = None
    monitoring: MarkSection | None = None
    collaboration: MarkSection | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitteeStatus:
    """Where a committee stands, for the organiser: works, candidates without one, sheets by work and rater.

    `waits_for` says in sentences why the lock has not come by itself; empty once it has.
    """

    state: State
    works: tuple[Work, ...]
    missing: tuple[Missing, ...]
    sheets: dict[str, dict[str, Sheet]]
    waits_for: tuple[str, ...]


def invite(folder: Path, name: str, *, role: Role = Role.RATER) -> tuple[Invited, str]:
    """Invite a rater or an adjudicator, and return them with their token, which is written down nowhere else.

    Raises BadInput as `roster.invite` does, and for what is no eval.
    """
    workspace = opened_workspace(folder.resolve())
    invited = roster.invite(workspace, name, role=role)
    return invited, tokens_of(workspace).issue(role, invited.name)


def committee_status(workspace: Workspace) -> CommitteeStatus:
    """Return where the committee stands. Raises BadInput where a record is damaged."""
    works, missing = works_of(workspace)
    state = state_of(workspace)
    sheets = {work.name: sheets_of(workspace, work, state) for work in works}
    waits = () if state.lock is not None else waiting_for(works, missing, state, sheets)
    return CommitteeStatus(state=state, works=works, missing=missing, sheets=sheets, waits_for=waits)


def decide(workspace: Workspace, works: Sequence[str] = ()) -> tuple[tuple[Decided, ...], Path]:
    """Decide on works (all where none is named) by the brief's rule and what the organiser set, and record it.

    Each decision goes into its candidate's ledger, where it is new, and all of them to `committee/decisions.json`,
    whose path is returned. Raises BadInput as `would_be`; nothing is recorded then.
    """
    after = locked(workspace)
    decided = would_be(workspace, works, after)
    with Place(workspace=workspace).alone():
        if state_of(workspace).lock != after.lock:
            raise BadInput("the rating began anew meanwhile", mend="heldout eval committee EVAL")
        for one in decided:
            record_decision(after.work(one.work), one)
        return decided, write_decisions(workspace, decided)


def read_sheet(path: Path) -> dict[str, tuple[str, str]]:
    """Return level and reason by leaf of a sheet in a TOML file, a table per leaf. Raises BadInput."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BadInput(f"cannot read the sheet: {error.strerror}", where=str(path), mend="check the path") from None
    sheet = read_toml(content, SheetFile, source=path.name, guide="docs/guide/committee.md")
    given = {leaf: getattr(sheet, leaf) for leaf in LEAVES}
    return {leaf: (one.level, one.reason) for leaf, one in given.items() if one is not None}
