"""Who is on the committee: raters and adjudicators, by the names that the committee knows them by."""

from heldout.core.errors import BadInput
from heldout.evals.committee.names import checked_name, refuse_same
from heldout.evals.committee.place import Place
from heldout.evals.committee.sheets import Invited, state_of
from heldout.evals.record.kinds import Kind, Role
from heldout.evals.record.workspace import Workspace

__all__ = ["invite"]

MOST = 200


def invite(workspace: Workspace, name: str, *, role: Role = Role.RATER) -> Invited:
    """Put somebody on the committee, and return them as they are listed.

    Raises BadInput for a name that is no name, that is there already or reads like one that is, and for a rater after
    the lock.
    """
    name = checked_name(name)
    with Place(workspace=workspace).alone() as ledger:
        state = state_of(workspace)
        refuse_same(name, [one.name for one in state.invited])
        if role is Role.RATER:
            state.refuse_locked()
        if len(state.invited) >= MOST:
            raise BadInput(f"{MOST} people were invited", expected="a committee")
        ledger.append(Kind.INVITED, {"name": name, "role": role.value}, actor=Role.ORGANISER)
    return Invited(name=name, role=role)
