"""Programs that a drill shows by their lines, and the repositories in which checks read them."""

from collections.abc import Mapping, Sequence

from heldout.core.repository import Repository
from heldout.faults.repositories import changed, clean_repository

__all__ = ["first_line", "lines_with", "programmed"]


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


def lines_with(lines: Sequence[str], *marks: str) -> tuple[int, ...]:
    """Return the numbers, from 1, of the lines that hold one of the marks outside a comment."""
    return tuple(n for n, line in enumerate(lines, 1) if any(mark in line.split("#")[0] for mark in marks))


def first_line(lines: Sequence[str], mark: str) -> int:
    """Return the number of the first line with a mark; raises IndexError where there is none."""
    return next(iter(lines_with(lines, mark)), 0) or _missing(mark)


def _missing(mark: str) -> int:
    raise IndexError(f"no line holds {mark!r}")
