"""How long work tells where it is: a sentence at each step, how much of the step is done, and what was found early."""

from collections.abc import Callable
from typing import Protocol

__all__ = ["Progress", "Step", "as_progress"]

Step = Callable[[str], None]
"""What a caller may give instead of a Progress: a function of a sentence."""


class Progress(Protocol):
    """Called with a short sentence before each step.

    `advance(done, total, unit)` says how much of this step is finished: bytes, rows, columns or checks. `done` only
    grows, and reaches `total` when the step has nothing more to do. A step that never calls it has no known length.
    `found` tells something to read before the work is over; it stays when the step's sentence is gone.
    """

    def __call__(self, step: str, /) -> None:
        """Begin a step."""

    def advance(self, done: int, total: int, unit: str = "") -> None:
        """Say that `done` of `total` units of this step are finished."""

    def found(self, sentence: str) -> None:
        """Tell something found on the way."""


class _Sentences:
    """A function of a sentence as a Progress: it gets the steps and what is found, and no figures."""

    def __init__(self, tell: Step) -> None:
        self._tell = tell

    def __call__(self, step: str, /) -> None:
        self._tell(step)

    def advance(self, done: int, total: int, unit: str = "") -> None:
        """Drop the figures."""

    def found(self, sentence: str) -> None:
        self._tell(sentence)


def as_progress(tell: "Step | Progress | None") -> Progress:
    """Return `tell` as a Progress, whatever of it a caller has; None tells nobody."""
    if tell is None:
        return _Sentences(lambda _: None)
    if hasattr(tell, "advance") and hasattr(tell, "found"):
        return tell
    return _Sentences(tell)
