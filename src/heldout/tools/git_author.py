"""Makes a small git repository with a history that is the same wherever it is made."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from heldout.core.errors import InfrastructureFailure
from heldout.tools import process

__all__ = ["Commit", "make_repository"]

SECONDS = 60
# Nothing of the user's own git is read, and no mode, line ending or name depends on the machine.
SETTINGS = (
    *("-c", "init.defaultBranch=main", "-c", "core.fileMode=false", "-c", "core.autocrlf=false"),
    *("-c", "core.hooksPath=/dev/null", "-c", "gc.auto=0", "-c", "commit.gpgSign=false"),
    *("-c", "user.name=A Candidate", "-c", "user.email=candidate@example.org"),
)
ENVIRONMENT = {**process.QUIET, "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """One commit: when (ISO 8601 with its offset), what it says, and the paths that it adds as they are now."""

    when: str
    message: str
    paths: tuple[str, ...]


def make_repository(directory: Path, commits: Sequence[Commit]) -> None:
    """Make the tree in `directory` a git repository with these commits on `main`.

    Equal files and commits give equal hashes. Raises InfrastructureFailure when git is not installed or refuses.
    """
    program = process.find("git")
    if program is None:
        raise InfrastructureFailure("git is not installed; install it with the system's package manager")

    def git(*arguments: str, environment: dict[str, str] = ENVIRONMENT) -> None:
        argv = [str(program), *SETTINGS, *arguments]
        done = process.run(argv, directory=directory, environment=environment, seconds=SECONDS, memory_mb=None)
        if done.exit_code != 0:
            raise InfrastructureFailure(f"git {arguments[0]} failed in {directory}: {done.stderr.strip()[:500]}")

    git("init", "--quiet", "--template=")
    for commit in commits:
        dates = {"GIT_AUTHOR_DATE": commit.when, "GIT_COMMITTER_DATE": commit.when}
        git("add", "--force", "--", *commit.paths)
        git("commit", "--quiet", f"--message={commit.message}", environment={**ENVIRONMENT, **dates})
