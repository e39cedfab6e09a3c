"""What is kept of each drill that was tried: plain data, one JSON line each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from heldout.practice.question import Answer

__all__ = ["Attempt", "Place", "Round"]


class Round(StrEnum):
    """The three rounds of a fault: on days d, d + 2 and d + 5."""

    SPEED = "speed"
    """Structured questions against the clock."""
    EXPLANATION = "explanation"
    """Typed reasons."""
    BLANK_FILE = "blank file"
    """Code from nothing, against hidden tests."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The pattern and the hesitation of one question: seconds until the first key and until it was answered."""

    first_key: float
    answered: float
    points: float
    worth: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One drill in one round, once.

    `kind` is `family/name`; with `seed`, `difficulty` (1 to 3) and `planted` the drill can be made again. `at` is an
    ISO instant with its offset. `confidence` is the chance, in [0, 1], that the learner saw, before the answers, of
    earning at least `FULL` of the 100 points; None where none was given. A reveal earns nothing: its `score` is 0.
    """

    kind: str
    seed: int
    difficulty: int
    planted: bool
    round: Round
    at: str
    seconds: float
    score: float
    confidence: float | None = None
    hints: int = 0
    revealed: bool = False
    places: Mapping[str, Place] = field(default_factory=dict)
    answers: Mapping[str, Answer] = field(default_factory=dict)
    typed: str = ""

    @property
    def family(self) -> str:
        """Return the family's name."""
        return self.kind.partition("/")[0]

    @property
    def is_right(self) -> bool:
        """Return whether it counts as solved: at least FULL points, without a reveal."""
        return self.score >= FULL and not self.revealed


FULL = 80.0
"""Points of 100 from which a drill counts as solved."""
