"""A candidate's git repository as evidence: the tree of one commit, read without running anything of it."""

from heldout.tools.git.commit import export, notes, snapshot

__all__ = ["export", "notes", "snapshot"]
