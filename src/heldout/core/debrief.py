"""Notes for the talk with a candidate after the eval: sentences about the work, each with the evidence it rests on."""

from dataclasses import dataclass

__all__ = ["Debrief", "Note", "Section"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A sentence, and what it rests on: codes of checks, files with lines, figures with their intervals."""

    says: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading, what it is about, and its notes; `without` says why there is none."""

    heading: str
    notes: tuple[Note, ...]
    without: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Debrief:
    """The notes on one submission, under its name in the record."""

    title: str
    submission: str
    band: str
    sections: tuple[Section, ...]
