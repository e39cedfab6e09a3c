"""A candidate's git repository as evidence: the tree of one commit, or its history, read without running any of it."""

from heldout.tools.git.commit import commit_object, export, knows_commits, notes, snapshot
from heldout.tools.git.history import history
from heldout.tools.git.identity import object_name, tree_name, tree_of_commit
from heldout.tools.git.people import People, people
from heldout.tools.git.pushing import push, set_remote
from heldout.tools.git.tags import commit_named, free_tag, make_tag

__all__ = [
    "People",
    "commit_named",
    "commit_object",
    "export",
    "free_tag",
    "history",
    "knows_commits",
    "make_tag",
    "notes",
    "object_name",
    "people",
    "push",
    "set_remote",
    "snapshot",
    "tree_name",
    "tree_of_commit",
]
