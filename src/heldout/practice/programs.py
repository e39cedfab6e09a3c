"""Short programs that a drill shows by its lines, and the repositories in which checks read them."""

from collections.abc import Sequence

from heldout.core.repository import Repository
from heldout.faults.repositories import changed, clean_repository

__all__ = ["first_line", "in_repository", "lines_with"]


def in_repository(seed: int, program: str) -> Repository:
    """Return a clean repository that holds the program beside its own."""
    return changed(clean_repository(seed), files={"evaluate.py": program})


def lines_with(lines: Sequence[str], *marks: str) -> tuple[int, ...]:
    """Return the numbers, from 1, of the lines that hold one of the marks outside a comment."""
    return tuple(n for n, line in enumerate(lines, 1) if any(mark in line.split("#")[0] for mark in marks))


def first_line(lines: Sequence[str], mark: str) -> int:
    """Return the number of the first line with a mark; raises IndexError where there is none."""
    return next(iter(lines_with(lines, mark)), 0) or _missing(mark)


def _missing(mark: str) -> int:
    raise IndexError(f"no line holds {mark!r}")
