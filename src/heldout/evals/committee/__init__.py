"""The committee: raters who do not see each other's sheets until the lock, adjudication, agreement, the decision."""

from heldout.evals.committee.levels import CANNOT_TELL, LEAVES, LEVELS, Leaf, leaves_of
from heldout.evals.committee.locking import lock, restart
from heldout.evals.committee.masking import Identities, masked
from heldout.evals.committee.rating import declare_conflict, finalise, save
from heldout.evals.committee.sheets import Invited, Lock, Mark, Sheet, State, sheets_of, state_of
from heldout.evals.committee.shown import LeafShown, Said, ShownFile, WorkShown, work_for_rater, works_for
from heldout.evals.committee.works import Missing, Work, work_called, work_named, works_of

__all__ = [
    "CANNOT_TELL",
    "LEAVES",
    "LEVELS",
    "Identities",
    "Invited",
    "Leaf",
    "LeafShown",
    "Lock",
    "Mark",
    "Missing",
    "Said",
    "Sheet",
    "ShownFile",
    "State",
    "Work",
    "WorkShown",
    "declare_conflict",
    "finalise",
    "leaves_of",
    "lock",
    "masked",
    "restart",
    "save",
    "sheets_of",
    "state_of",
    "work_called",
    "work_for_rater",
    "work_named",
    "works_for",
    "works_of",
]
