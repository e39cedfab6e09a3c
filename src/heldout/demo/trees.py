"""The programs that come with the demo: copied as plain trees, or made into git repositories."""

import shutil
from pathlib import Path

from heldout.tools.git_author import Commit, make_repository

__all__ = ["HISTORIES", "copy_tree", "write_submissions"]

HERE = Path(__file__).parent

HISTORIES = {
    "careful": (
        Commit(
            when="2026-09-07T09:12:00+00:00",
            message="Read the columns and bin them",
            paths=("delays/__init__.py", "delays/places.py", "delays/bins.py", "requirements.in", "requirements.lock"),
        ),
        Commit(
            when="2026-09-07T15:40:00+00:00",
            message="Fit on random halves of the days, score September",
            paths=("delays", "tests", "submission.toml"),
        ),
        Commit(
            when="2026-09-08T10:05:00+00:00",
            message="Alert on drift, latency, CPU and silence, and prove it",
            paths=("monitoring",),
        ),
        Commit(when="2026-09-08T16:31:00+00:00", message="Say how to run it, what was tried and assumed", paths=(".",)),
    ),
    "leaky": (
        Commit(
            when="2026-09-07T10:20:00+00:00",
            message="Logistic regression on delay and schedule",
            paths=("features.py", "model.py", "train.py", "predict.py", "evaluate.py", "tests", "requirements.lock"),
        ),
        Commit(when="2026-09-08T14:02:00+00:00", message="Container, alerts and readme", paths=(".",)),
    ),
    "notebook": (
        Commit(when="2026-09-07T23:48:00+00:00", message="flights", paths=("solution.ipynb", "requirements.txt")),
        Commit(when="2026-09-08T17:55:00+00:00", message="submit", paths=(".",)),
    ),
}
"""The commits of each bundled submission; the last of them adds all that is left."""


def copy_tree(name: str, directory: Path) -> None:
    """Copy the bundled tree `name` (a path below this package) to `directory`, without what Python leaves behind."""
    shutil.copytree(HERE / name, directory, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)


def write_submissions(directory: Path) -> list[Path]:
    """Write the bundled submissions below `directory`, each a git repository, and return their paths.

    What stands there under their names is left as it is: somebody may have worked on it. The same version of Heldout
    gives the same commit hashes. Raises InfrastructureFailure when git is not installed.
    """
    paths = []
    for name, commits in HISTORIES.items():
        path, partial = directory / name, directory / f".partial-{name}"
        paths.append(path)
        if path.exists():
            continue
        shutil.rmtree(partial, ignore_errors=True)  # of a demo that was killed
        copy_tree(f"submissions/{name}", partial)
        make_repository(partial, commits)
        partial.rename(path)
    return paths
