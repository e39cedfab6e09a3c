"""Names commits of the organiser's own bare repository by tags, and tells which commit a name stands for."""

import re
from pathlib import Path

from heldout.core.errors import BadInput, InfrastructureFailure
from heldout.tools import process
from heldout.tools.git.objects import ENVIRONMENT, SETTINGS, Objects
from heldout.tools.git.quarantine import quarantined

__all__ = ["commit_named", "free_tag", "make_tag"]

SECONDS = 60
TAG = re.compile(r"[a-z0-9][a-z0-9._-]{0,60}")
NEW = "0" * 40
MOST_TAKEN = 1_000


def commit_named(path: Path, revision: str = "HEAD") -> str:
    """Return the full hash of a commit of the repository at `path`. Raises BadInput where there is none."""
    with quarantined(path) as git_directory:
        return Objects(git_directory).commit(revision)


def free_tag(path: Path, stem: str, commit: str, *, first: int) -> str:
    """Return the first of `stem`-N, N from `first`, that is no tag of the repository yet, or names `commit` already.

    Whoever pushes may have taken any number of names. Raises BadInput where MOST_TAKEN in a row are taken.
    """
    for number in range(first, first + MOST_TAKEN):
        there = _git(path, "rev-parse", "--verify", "--quiet", f"refs/tags/{stem}-{number}").stdout.strip()
        if there in ("", commit):
            return f"{stem}-{number}"
    raise BadInput(f"the tags {stem}-{first} and those that follow are taken", expected="a name that is free")


def make_tag(path: Path, name: str, commit: str) -> None:
    """Make the tag `name` of a bare repository of ours. Raises BadInput where it is there for another commit."""
    if not TAG.fullmatch(name) or ".." in name or name.endswith((".", ".lock")):
        raise BadInput(f"{name!r} cannot name a tag", expected="letters a-z, digits, dots and hyphens")
    there = _git(path, "rev-parse", "--verify", "--quiet", f"refs/tags/{name}").stdout.strip()
    if there == commit:
        return
    done = _git(path, "update-ref", f"refs/tags/{name}", commit, NEW if len(commit) == 40 else "0" * 64)
    if done.exit_code != 0:
        raise BadInput(
            f"the tag {name} cannot be made: {ascii(done.stderr.strip()[:200])[1:-1]}",
            where=str(path),
            expected="a new name, and a commit of this repository",
            mend="choose another name",
        )


def _git(path: Path, *arguments: str) -> process.Completed:
    program = process.find("git")
    if program is None:
        raise InfrastructureFailure("git is not installed; install it with the system's package manager")
    argv = [str(program), f"--git-dir={path.resolve()}", *SETTINGS, *arguments]
    return process.run(argv, directory=path, environment=ENVIRONMENT, seconds=SECONDS, memory_mb=None)
