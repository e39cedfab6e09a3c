"""Forgets what a committee said of a candidate; the chain of its events, and the work's number, stay."""

from heldout.evals.committee.decided_file import leave_out
from heldout.evals.committee.place import Place
from heldout.evals.committee.works import forget_work
from heldout.evals.record.kinds import Kind, Role
from heldout.evals.record.workspace import CandidateRecord, Workspace

__all__ = ["forget_rated"]


def forget_rated(workspace: Workspace, record: CandidateRecord, *, why: str) -> None:
    """Delete the sheets, adjudications and decision of a candidate's work, and whose work its number was.

    The event comes first: a rater who saves meanwhile is refused. Done twice it does no harm; where there is no
    committee, nothing is made.
    """
    place = Place(workspace=workspace)
    if not place.folder.is_dir():
        return
    with place.saving(record) as ledger:
        there = [event for event in ledger.events() if event.payload is not None and event.kind is not Kind.FORGOTTEN]
        ledger.append(Kind.FORGOTTEN, {"payloads": len(there), "why": why}, actor=Role.ORGANISER)
        ledger.forget_all()
    leave_out(workspace, record.name)
    forget_work(workspace, record.name)
