"""The program of a drill as a repository, which is the evidence that checks of repositories ask for."""

from collections.abc import Mapping

from heldout.core.repository import Repository
from heldout.faults.repositories import changed, clean_repository

__all__ = ["programmed"]


def programmed(
    seed: int, *, train: str = "", predict: str = "", files: Mapping[str, str | None] | None = None
) -> Repository:
    """Return a clean repository whose program trains and predicts by these sources, with `files` laid over it."""
    repository = clean_repository(seed)
    sources = {"/train.py": train, "/predict.py": predict}
    own: dict[str, str | None] = {
        path: source
        for path in repository.files
        for ending, source in sources.items()
        if source and path.endswith(ending)
    }
    return changed(repository, files={**own, **(files or {})})
