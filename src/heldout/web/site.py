"""What the pages are made of: an eval, its tokens, and what other rooms say of clock, card and pushes."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from starlette.requests import Request

from heldout.core.errors import BadInput
from heldout.evals.committee.sheets import state_of
from heldout.evals.committee.works import works_of
from heldout.evals.record.kinds import KINDS, Kind, Role
from heldout.evals.record.ledger import Event
from heldout.evals.record.reconcile import OnPush, nothing
from heldout.evals.record.tokens import Holder, Tokens
from heldout.evals.record.workspace import CandidateRecord, Workspace

__all__ = ["Call", "ClockState", "Site", "card_of", "no_clock", "phase", "visible"]

CARD_BYTES = 20_000_000
PHASES = (
    Kind.FORGOTTEN,
    Kind.CLOSED,
    Kind.CANCELLED,
    Kind.DECIDED,
    Kind.REPLIED,
    Kind.GRADED,
    Kind.SUBMITTED,
    Kind.PUSH,
    Kind.OPENED,
)
WORDS = {
    Kind.FORGOTTEN: "forgotten",
    Kind.CLOSED: "closed",
    Kind.CANCELLED: "cancelled",
    Kind.DECIDED: "decided",
    Kind.REPLIED: "graded, with a reply",
    Kind.GRADED: "graded",
    Kind.SUBMITTED: "handed in",
    Kind.PUSH: "at work",
    Kind.OPENED: "open, nothing pushed yet",
}


class ClockState(Protocol):
    """Where a candidate's clock stands; `left_hours` are agreed hours, below 0 once they are over."""

    @property
    def started(self) -> dt.datetime: ...  # noqa: D102 - see above

    @property
    def ends(self) -> dt.datetime: ...  # noqa: D102 - see above

    @property
    def left_hours(self) -> float: ...  # noqa: D102 - see above

    @property
    def sentence(self) -> str: ...  # noqa: D102 - see above


def no_clock(_record: CandidateRecord) -> ClockState | None:
    """Say nothing of the clock."""
    return None


def card_of(record: CandidateRecord) -> str | None:
    """Return the page of the card, amended or with the replies where there are any; None before the grading."""
    folder = record.folder / "graded" / record.name
    for path in (folder / "amended.html", folder / "replied.html", folder / "card.html"):
        if path.is_file() and not path.is_symlink() and path.stat().st_size <= CARD_BYTES:
            return path.read_text(encoding="utf-8")
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One eval on the web. `url` is the address that others see, where a proxy stands before the server."""

    workspace: Workspace
    tokens: Tokens
    url: str | None = None
    clock: Callable[[CandidateRecord], ClockState | None] = no_clock
    card: Callable[[CandidateRecord], str | None] = card_of
    on_push: OnPush = nothing

    def is_locked(self) -> bool:
        """Tell whether the committee's sheets are locked. Raises BadInput where its ledger is damaged."""
        return state_of(self.workspace).lock is not None

    def locked_names(self) -> frozenset[str]:
        """Return the candidates whose works the lock holds, none before it. Raises BadInput as `is_locked`."""
        lock = state_of(self.workspace).lock
        if lock is None:
            return frozenset()
        return frozenset(work.candidate for work in works_of(self.workspace)[0] if work.name in lock.works)

    def opened(self, name: str) -> CandidateRecord | None:
        """Return the record of a candidate whose clock was started, None for any other name."""
        try:
            record = self.workspace.candidate(name)
        except BadInput:
            return None
        return record if (record.folder / "ledger.jsonl").is_file() else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request that was let in: by whom, about which candidate, with the fields of its form."""

    site: Site
    request: Request
    holder: Holder | None
    record: CandidateRecord | None = None
    form: dict[str, str] = field(default_factory=dict)

    @property
    def role(self) -> Role | None:
        """The caller's role."""
        return self.holder.role if self.holder else None

    @property
    def sight(self) -> Role | None:
        """The role whose eyes the caller has: an adjudicator sees of a candidate what a rater does after the lock."""
        return Role.RATER if self.role is Role.ADJUDICATOR else self.role

    @property
    def name(self) -> str:
        """The caller's name; empty where the role has none."""
        return self.holder.name if self.holder else ""

    @property
    def candidate(self) -> CandidateRecord:
        """The record that the address names."""
        assert self.record is not None
        return self.record


def visible(events: tuple[Event, ...], role: Role | None) -> list[Event]:
    """Return the events that a role may see."""
    return [event for event in events if role in KINDS[event.kind].seen_by]


def phase(events: list[Event]) -> str:
    """Say in words how far a candidate is."""
    kinds = {event.kind for event in events}
    return next((WORDS[kind] for kind in PHASES if kind in kinds), "not open")
