"""The kinds of failure that Heldout tells apart.

Bad input (the caller can mend it), a candidate's failure, an infrastructure failure and a failure of
unknown cause are different types, so that none of them can be booked as another.
"""

from enum import StrEnum

__all__ = ["BadInput", "CandidateFailure", "Cause", "HeldoutError", "InfrastructureFailure", "RunFailure"]


class HeldoutError(Exception):
    """Base of every error that Heldout raises on purpose."""


class BadInput(HeldoutError):
    """Input that a reader refuses, said so that the caller can mend it.

    Parameters are sentences or fragments without a trailing full stop:
    `what` was wrong, `where` (file, row or line, column), what was `expected`, how to `mend` it.
    """

    def __init__(self, what: str, *, where: str = "", expected: str = "", mend: str = "") -> None:
        self.what = what
        self.where = where
        self.expected = expected
        self.mend = mend
        super().__init__(str(self))

    def __str__(self) -> str:
        lines = [self.what]
        for label, text in (("where", self.where), ("expected", self.expected), ("mend", self.mend)):
            if text:
                lines.append(f"  {label}: {text}")
        return "\n".join(lines)


class Cause(StrEnum):
    """Who or what made a run fail. A score is withheld, not zero, unless the cause is the candidate."""

    CANDIDATE = "candidate"
    INFRASTRUCTURE = "infrastructure"
    UNKNOWN = "unknown"


class RunFailure(HeldoutError):
    """A run of a submission that did not end as it should, of unknown cause."""

    cause = Cause.UNKNOWN


class CandidateFailure(RunFailure):
    """The submission itself failed: its exit code, its limits, its output."""

    cause = Cause.CANDIDATE


class InfrastructureFailure(RunFailure):
    """The grader's machine failed: no sandbox, no disk, no registry."""

    cause = Cause.INFRASTRUCTURE
