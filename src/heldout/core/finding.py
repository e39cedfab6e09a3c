"""What a check answers, and the finding that the engine makes of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from heldout.core.accept import Accept, Standing
from heldout.core.estimate import Measure
from heldout.core.mend import Mend

__all__ = [
    "Answer",
    "Certainty",
    "Ending",
    "Finding",
    "Witness",
    "caution",
    "clear",
    "not_applicable",
    "problem",
]


class Ending(StrEnum):
    """How a check ended. Only `clear` is good."""

    PROBLEM = "problem"
    CAUTION = "caution"
    CLEAR = "clear"
    NOT_APPLICABLE = "not_applicable"
    NO_EVIDENCE = "no_evidence"
    CRASHED = "crashed"


class Certainty(StrEnum):
    """How sure a problem is: `proven` (identity, availability, counted fact), `strong` (effect and structure),
    `suspect` (an effect alone: a ranked question, never a failure).
    """

    SUSPECT = "suspect"
    STRONG = "strong"
    PROVEN = "proven"

    @property
    def rank(self) -> int:
        """1 for suspect, 2 for strong, 3 for proven."""
        return list(Certainty).index(self) + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """Something a reader can look up: a column, some rows, a line in a file, an event of the record.

    `kind` is "column", "rows" or "file"; `where` the column's name, row numbers (first is 0) or path;
    `line` the line in that file (first is 1); `note` one short fact about it. Of the record it is "time", "push",
    "feedback" or "commit", and `where` names which.
    """

    kind: str
    where: str
    line: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A check's answer: ending, claim in one sentence, certainty of a problem, measures, witnesses, what to do.

    `mend` says how a refit takes the problem out of a score; None where no refit can. That of a caution is what a
    structure asks for that was found and not declared: it is priced apart, and is in no supported score.
    """

    ending: Ending
    claim: str
    certainty: Certainty | None = None
    measures: tuple[Measure, ...] = ()
    witnesses: tuple[Witness, ...] = ()
    to_do: str = ""
    mend: Mend | None = None

    def __post_init__(self) -> None:
        if (self.ending is Ending.PROBLEM) != (self.certainty is not None):
            raise ValueError("a problem has a certainty, and nothing else has one")
        if self.ending is Ending.PROBLEM and not self.to_do:
            raise ValueError("a problem says what to do")
        if not self.claim:
            raise ValueError("an answer makes a claim")


def problem(
    claim: str,
    certainty: Certainty,
    *,
    to_do: str,
    measures: Sequence[Measure] = (),
    witnesses: Sequence[Witness] = (),
    mend: Mend | None = None,
) -> Answer:
    """Answer that there is a problem."""
    return Answer(
        ending=Ending.PROBLEM,
        claim=claim,
        certainty=certainty,
        measures=tuple(measures),
        witnesses=tuple(witnesses),
        to_do=to_do,
        mend=mend,
    )


def caution(
    claim: str,
    *,
    to_do: str = "",
    measures: Sequence[Measure] = (),
    witnesses: Sequence[Witness] = (),
    mend: Mend | None = None,
) -> Answer:
    """Answer that a person should know this, and that it is no problem by itself, or cannot be told at this n."""
    return Answer(
        ending=Ending.CAUTION,
        claim=claim,
        measures=tuple(measures),
        witnesses=tuple(witnesses),
        to_do=to_do,
        mend=mend,
    )


def clear(claim: str, *, measures: Sequence[Measure] = (), witnesses: Sequence[Witness] = ()) -> Answer:
    """Answer that the evidence speaks against the problem."""
    return Answer(ending=Ending.CLEAR, claim=claim, measures=tuple(measures), witnesses=tuple(witnesses))


def not_applicable(reason: str) -> Answer:
    """Answer that the question does not arise for this evidence, and why."""
    return Answer(ending=Ending.NOT_APPLICABLE, claim=reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """An answer with the check that gave it. `no_evidence` names what was missing; `crashed` says what was raised.

    `standing` is that of a problem; `accepts` are the acceptances in force that name it (all of its columns have to be
    among them), `expired` those that ran out.
    """

    code: str
    name: str
    family: str
    answer: Answer
    missing: tuple[str, ...] = ()
    standing: Standing = Standing.OPEN
    accepts: tuple[Accept, ...] = ()
    expired: tuple[Accept, ...] = ()

    @property
    def ending(self) -> Ending:
        """The answer's ending."""
        return self.answer.ending

    @property
    def certainty(self) -> Certainty | None:
        """The answer's certainty; None unless a problem."""
        return self.answer.certainty

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it is about, each once, in order: its witnesses, else those that its mend names."""
        named = [witness.where for witness in self.answer.witnesses if witness.kind == "column"]
        return tuple(dict.fromkeys(named or (self.answer.mend.columns if self.answer.mend else ())))

    def is_problem_at(self, level: Certainty) -> bool:
        """Tell whether this is a problem of at least `level`."""
        return self.certainty is not None and self.certainty.rank >= level.rank
