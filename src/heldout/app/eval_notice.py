"""The notice for candidates of an eval as it stands: from the brief, and from what is in force on this machine."""

from dataclasses import replace

from heldout.evals.authoring.notice import Facts, Notice, notice
from heldout.evals.brief import open_brief
from heldout.evals.committee.sheets import state_of
from heldout.evals.record.kinds import Kind, Role
from heldout.evals.record.scope import opened_in_force
from heldout.evals.record.tokens import Tokens
from heldout.evals.record.workspace import CandidateRecord, Workspace
from heldout.sandbox import probe

__all__ = ["notice_of"]


def notice_of(workspace: Workspace, record: CandidateRecord | None = None) -> Notice:
    """Return the notice of an eval, or of one candidate with the brief and the hours that are in force for them.

    Raises BadInput where the brief or the record cannot be read.
    """
    invited = len(state_of(workspace).raters)
    raters = invited or Tokens(workspace.folder / "tokens.json").count(Role.RATER)
    facts = Facts(raters=raters or None, has_committee=invited > 0)
    if record is None:
        isolation = probe()
        said = f"Here: {isolation.explanation}" if isolation.level else ""
        return notice(open_brief(workspace.folder).brief, replace(facts, isolation=said))
    opened = next((one.payload for one in record.ledger.events() if one.kind is Kind.OPENED and one.payload), {})
    agreed = (opened or {}).get("agreed") or {}
    brief = opened_in_force(workspace, record).brief
    return notice(brief, replace(facts, hours=agreed.get("hours"), waking=str(agreed.get("waking") or "")))
