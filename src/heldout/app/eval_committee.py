"""The committee's use cases that need more than its own records: invitations with tokens, and where it stands."""

from dataclasses import dataclass
from pathlib import Path

from heldout.app.eval_open import tokens_of
from heldout.app.eval_talk import opened_workspace
from heldout.evals.committee import roster
from heldout.evals.committee.locking import waiting_for
from heldout.evals.committee.sheets import Invited, Sheet, State, sheets_of, state_of
from heldout.evals.committee.works import Missing, Work, works_of
from heldout.evals.record.kinds import Role
from heldout.evals.record.workspace import Workspace

__all__ = ["CommitteeStatus", "committee_status", "invite"]


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
