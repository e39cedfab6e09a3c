"""A candidate's git repository as evidence: the tree of one commit, or its history, read without running any of it."""

from heldout.tools.git.commit import export, notes, snapshot
from heldout.tools.git.history import history
from heldout.tools.git.tags import commit_named, make_tag

__all__ = ["commit_named", "export", "history", "make_tag", "notes", "snapshot"]
