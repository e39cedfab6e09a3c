"""How the work on a submission went, as evidence: what was said and when, and the history of its repository."""

from dataclasses import dataclass

__all__ = [
    "CommitFacts",
    "Conversation",
    "FeedbackGiven",
    "History",
    "LoggedMetric",
    "PastFile",
    "RefusedPush",
    "Silence",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """A time between two updates as ISO texts (the first begins at the start), and its agreed waking hours."""

    begins: str
    ends: str
    waking_hours: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackGiven:
    """Feedback by its number, when it was given, whether an answer is recorded, and the waking hours left for one."""

    number: int
    given: str
    answered: bool
    waking_hours: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedPush:
    """A push that the server refused: when, which reference, and why, in the server's words."""

    at: str
    ref: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedMetric:
    """A metric that updates or the log of experiments state; `commit` is empty, and `line` None, where not known."""

    file: str
    line: int | None
    metric: str
    value: float
    commit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """What was said between candidate and organiser, by the receipts of the server.

    `cadence_hours` is how often an update was due; `silences` are all times between updates, in order; `refused` the
    pushes that would have rewritten or deleted history; `logged` the metrics stated, the latest last; `submitted` the
    commit handed in, empty where none was, and `submitted_at` when, as an ISO text.
    """

    cadence_hours: float
    updates: int
    silences: tuple[Silence, ...]
    feedback: tuple[FeedbackGiven, ...] = ()
    refused: tuple[RefusedPush, ...] = ()
    logged: tuple[LoggedMetric, ...] = ()
    submitted: str = ""
    submitted_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitFacts:
    """A commit without its author: the time that it states and the one at which the server received it.

    Times are seconds since 1970, None where not known; `new_bytes` are those of contents that no earlier commit has.
    """

    commit: str
    parents: tuple[str, ...] = ()
    stated: int | None
    received: float | None
    new_files: int
    new_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PastFile:
    """A content that some commit brought: its path there, the commit, and whether the last commit still has it."""

    path: str
    commit: str
    content: bytes
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The commits of a repository, oldest first, and every content that any of them brought, once.

    `omitted` says in sentences what was left out for its size or number; empty when everything was read.
    """

    commits: tuple[CommitFacts, ...]
    files: tuple[PastFile, ...]
    omitted: tuple[str, ...] = ()
