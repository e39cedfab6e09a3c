"""A candidate's git repository as evidence: the tree of one commit, or its history, read without running any of it."""

from heldout.tools.git.commit import export, notes, snapshot
from heldout.tools.git.history import history

__all__ = ["export", "history", "notes", "snapshot"]
