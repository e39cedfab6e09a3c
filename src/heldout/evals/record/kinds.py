"""What can happen in an eval, who may do it, and who may see it."""

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["KINDS", "Kind", "Role", "Rule"]


class Role(StrEnum):
    """Who acts, or looks."""

    ORGANISER = "organiser"
    CANDIDATE = "candidate"
    RATER = "rater"
    ADJUDICATOR = "adjudicator"
    SERVER = "server"


class Kind(StrEnum):
    """The kinds of events."""

    OPENED = "opened"
    PUSH = "push"
    PUSH_REFUSED = "push_refused"
    UPDATE = "update"
    QUESTION = "question"
    ANSWER = "answer"
    RESCOPE_ASKED = "rescope_asked"
    RESCOPE_ANSWERED = "rescope_answered"
    EXTENDED = "extended"
    ACCOMMODATED = "accommodated"
    FEEDBACK = "feedback"
    FEEDBACK_ANSWERED = "feedback_answered"
    INTERIM = "interim"
    SUBMITTED = "submitted"
    GRADED = "graded"
    REPLIED = "replied"
    CORRECTED = "corrected"
    INVITED = "invited"
    RATED = "rated"
    SHEET_FINAL = "sheet_final"
    CONFLICT = "conflict"
    LOCKED = "locked"
    RESTARTED = "restarted"
    ADJUDICATED = "adjudicated"
    RULED = "ruled"
    DECIDED = "decided"
    CANCELLED = "cancelled"
    CLOSED = "closed"
    FORGOTTEN = "forgotten"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Who may make an event of a kind, who may read its payload, and what it says in a line."""

    by: frozenset[Role]
    seen_by: frozenset[Role]
    says: str


ORGANISER, CANDIDATE, RATER, SERVER = Role.ORGANISER, Role.CANDIDATE, Role.RATER, Role.SERVER
ADJUDICATOR = Role.ADJUDICATOR
ALL = frozenset({ORGANISER, CANDIDATE, RATER})
PRIVATE = frozenset({ORGANISER, CANDIDATE})
COMMITTEE = frozenset({ORGANISER})
"""What is kept in the committee's own ledgers is shown by its own rules alone: who may see a sheet, and when."""


def _rule(says: str, *by: Role, seen_by: frozenset[Role] = ALL) -> Rule:
    return Rule(by=frozenset(by), seen_by=seen_by, says=says)


KINDS: dict[Kind, Rule] = {
    Kind.OPENED: _rule("the clock was started", ORGANISER),
    Kind.PUSH: _rule("commits were received", SERVER),
    Kind.PUSH_REFUSED: _rule("a push was refused", SERVER),
    Kind.UPDATE: _rule("an update was given", CANDIDATE, SERVER),
    Kind.QUESTION: _rule("a question was asked", CANDIDATE, SERVER),
    Kind.ANSWER: _rule("a question was answered", ORGANISER),
    Kind.RESCOPE_ASKED: _rule("another scope was proposed", CANDIDATE, SERVER),
    Kind.RESCOPE_ANSWERED: _rule("the proposed scope was accepted or refused", ORGANISER),
    Kind.EXTENDED: _rule("the window was extended", ORGANISER),
    Kind.ACCOMMODATED: _rule("an accommodation was agreed", ORGANISER, seen_by=PRIVATE),
    Kind.FEEDBACK: _rule("a reviewer gave feedback", ORGANISER, RATER),
    Kind.FEEDBACK_ANSWERED: _rule("it was said what became of feedback", CANDIDATE, SERVER),
    Kind.INTERIM: _rule("a score on the feedback rows was released or withheld", SERVER, ORGANISER),
    Kind.SUBMITTED: _rule("a commit was handed in", CANDIDATE, SERVER),
    Kind.GRADED: _rule("a card was written", ORGANISER, SERVER),
    Kind.REPLIED: _rule("the candidate replied to the card", CANDIDATE),
    Kind.CORRECTED: _rule("a reply was accepted or refused", ORGANISER),
    Kind.INVITED: _rule("somebody was invited to the committee", ORGANISER, seen_by=COMMITTEE),
    Kind.RATED: _rule("a rater gave a level or a reason", RATER, seen_by=COMMITTEE),
    Kind.SHEET_FINAL: _rule("a sheet was marked as final, or taken back", RATER, seen_by=COMMITTEE),
    Kind.CONFLICT: _rule("a conflict of interest was declared", ORGANISER, RATER, seen_by=COMMITTEE),
    Kind.LOCKED: _rule("the sheets were locked", ORGANISER, SERVER, seen_by=COMMITTEE),
    Kind.RESTARTED: _rule("the rating of works began anew", ORGANISER, seen_by=COMMITTEE),
    Kind.ADJUDICATED: _rule("a level was adjudicated", ORGANISER, ADJUDICATOR, seen_by=COMMITTEE),
    Kind.RULED: _rule("a multiplier, a deduction or a band was set", ORGANISER, seen_by=COMMITTEE),
    Kind.DECIDED: _rule("the eval was decided", ORGANISER, seen_by=PRIVATE),
    Kind.CANCELLED: _rule("the eval was cancelled", ORGANISER, CANDIDATE),
    Kind.CLOSED: _rule("the eval was closed and its commitment revealed", ORGANISER),
    Kind.FORGOTTEN: _rule("payloads were deleted", ORGANISER),
}
