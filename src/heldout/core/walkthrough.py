"""The walkthrough: questions on one graded submission, each with the answer that its bundle gives, as plain data."""

from dataclasses import dataclass
from enum import StrEnum

from heldout.core.estimate import Measure

__all__ = ["Anchors", "NotAsked", "Question", "Source", "Walkthrough", "Worth"]


class Worth(StrEnum):
    """Why a question is worth its minutes: a finding calls something a problem, figures raise it, or all are asked."""

    PROBLEM = "a problem that was found"
    FIGURES = "raised by its figures"
    ALWAYS = "asked of every submission"

    @property
    def rank(self) -> int:
        """0 for what comes first."""
        return list(Worth).index(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where an answer can be looked up: `kind` is "file", "finding", "card", "brief" or "holdout".

    `where` is the path of a file of the submission, a check's code, a path into the card's or brief's keys, or the
    file of the bundle; `line` the line in that file (first is 1); `note` one short fact about it.
    """

    kind: str
    where: str
    line: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchors:
    """What an answer contains at each level, in words; what a lower level says is part of the higher ones."""

    junior: str
    mid: str
    senior: str
    staff: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question: `name` of its file, its theme, why it is asked, the words, and the answer, sentence by sentence.

    `figures` are the numbers that the answer rests on. `by_labels` tells that it takes the labels of the final rows,
    so that an open bundle cannot work it out again.
    """

    name: str
    theme: str
    worth: Worth
    text: str
    answer: tuple[str, ...]
    figures: tuple[Measure, ...]
    sources: tuple[Source, ...]
    anchors: Anchors
    by_labels: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NotAsked:
    """A question that this sheet does not have, and why."""

    name: str
    theme: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Walkthrough:
    """The questions on one submission, in the order in which they are asked, and those that were left out.

    `commit` is what was graded, `bundle` the kind of the bundle ("sealed" or "open"), `card` the SHA-256 of its card.
    """

    eval_title: str
    submission: str
    commit: str
    bundle: str
    card: str
    questions: tuple[Question, ...]
    not_asked: tuple[NotAsked, ...]
