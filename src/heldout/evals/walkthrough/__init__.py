"""Questions on one graded submission: one small file each, computed from its bundle alone."""

from heldout.evals.walkthrough.question import Asked, Asker, catalog, question
from heldout.evals.walkthrough.recompute import recompute
from heldout.evals.walkthrough.sheet import FEWEST, MOST, walkthrough

__all__ = ["FEWEST", "MOST", "Asked", "Asker", "catalog", "question", "recompute", "walkthrough"]
