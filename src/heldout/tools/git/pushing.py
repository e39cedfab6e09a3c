"""Pushes a commit from a person's own repository to one of ours on the same machine."""

from pathlib import Path

from heldout.core.errors import BadInput, InfrastructureFailure
from heldout.tools import process
from heldout.tools.foreign_yaml import one_line

__all__ = ["push", "set_remote"]

SECONDS = 120
ENVIRONMENT = {**process.QUIET, "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null"}


def set_remote(repository: Path, remote: Path) -> None:
    """Name `remote` the origin of a repository."""
    done = _git(repository, "config", "remote.origin.url", str(remote))
    done = (
        done
        if done.exit_code
        else _git(repository, "config", "remote.origin.fetch", "+refs/heads/*:refs/remotes/origin/*")
    )
    if done.exit_code:
        raise InfrastructureFailure(f"git cannot name the remote: {one_line(done.stderr)}")


def push(repository: Path, remote: Path, commit: str) -> None:
    """Push a commit to main of a repository of ours; the person's own hooks are not run. Raises BadInput when refused.

    Doing it twice does no harm.
    """
    done = _git(repository, "push", "--quiet", "--no-verify", str(remote), f"{commit}:refs/heads/main")
    if done.exit_code:
        raise BadInput(
            f"the push was refused: {one_line(done.stderr)}",
            where=str(repository),
            expected="a commit that goes on from what was pushed before: history is kept",
            mend="bring back the commits that were pushed (git pull), and commit on top of them",
        )


def _git(repository: Path, *arguments: str) -> process.Completed:
    program = process.find("git")
    if program is None:
        raise InfrastructureFailure("git is not installed; install it with the system's package manager")
    argv = [str(program), *arguments]
    return process.run(argv, directory=repository, environment=ENVIRONMENT, seconds=SECONDS, memory_mb=None)
