"""A candidate's git repository as evidence: the tree of one commit, read without running anything of it."""

from heldout.tools.git.commit import commit_object, export, notes, snapshot
from heldout.tools.git.identity import object_name, tree_name, tree_of_commit

__all__ = ["commit_object", "export", "notes", "object_name", "snapshot", "tree_name", "tree_of_commit"]
