"""What an answer in a mock is listened for: a point, the stage that it shows, and the dimension that it counts in."""

from dataclasses import dataclass
from enum import StrEnum

from heldout.practice.point import Point

__all__ = ["Aim", "Dimension", "Hearing", "Level", "Stage"]


class Dimension(StrEnum):
    """What is scored; the last four are what interviewers commonly score, the second is what an eval is about."""

    FRAMING = "problem framing"
    JUDGEMENT = "evaluation judgement"
    TECHNICAL = "technical"
    TESTING = "testing"
    COMMUNICATION = "communication"


class Level(StrEnum):
    """The level that a mock asks for, and the level that an answer shows."""

    JUNIOR = "junior"
    MID = "mid"
    SENIOR = "senior"
    STAFF = "staff"

    @property
    def rank(self) -> int:
        """0 for junior."""
        return list(Level).index(self)


class Stage(StrEnum):
    """How far an answer goes."""

    FINDS = "finds it"
    QUANTIFIES = "puts a number on it"
    FIXES = "says how to mend it"
    PRIORITISES = "says what comes first"
    LEAVES = "says what not to do"


class Hearing(StrEnum):
    """How strictly an answer is read."""

    STRICT = "strict"
    """By the rules of `practice.answers`, which are sure of the polarity: for what is true or false of the evidence."""
    UNLESS_DENIED = "unless denied"
    """A whole sentence without a negation or doubt is enough: for what somebody would do ("a test that fails")."""
    EITHER = "either"
    """Whatever is said of it counts: "we do not ship" is a decision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """One thing that an answer is listened for.

    `points` are ways to say it: one that is covered is enough, and the probe is that of the first. Only what finds or
    quantifies can be contradicted: who says first what another leaves for last has not erred.
    """

    points: tuple[Point, ...]
    stage: Stage
    dimension: Dimension
    hearing: Hearing = Hearing.STRICT

    @property
    def name(self) -> str:
        """Return its name, that of its first point."""
        return self.points[0].name

    @property
    def can_be_contradicted(self) -> bool:
        """Return whether the opposite counts against the answer."""
        return self.hearing is Hearing.STRICT and self.stage in (Stage.FINDS, Stage.QUANTIFIES)
