"""The level of each leaf after the lock: the one on which raters agree, or the one that an adjudicator sets."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from heldout.core.errors import BadInput
from heldout.evals.committee.levels import CANNOT_TELL, LEAVES, checked_leaf, checked_level
from heldout.evals.committee.locked import Locked, locked
from heldout.evals.committee.names import checked_author
from heldout.evals.committee.place import Place
from heldout.evals.committee.rating import checked_reason
from heldout.evals.committee.sheets import folded, state_of
from heldout.evals.committee.works import Work
from heldout.evals.record.kinds import Kind, Role
from heldout.evals.record.ledger import Event
from heldout.evals.record.workspace import Workspace

__all__ = ["Edit", "Settled", "adjudicate", "settled", "to_adjudicate"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A level that somebody set after the lock, and the level that it replaced (None where none stood)."""

    leaf: str
    level: str
    reason: str
    by: str
    role: Role
    at: dt.datetime
    replaces: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """The level of one leaf of a work, None while it is open; how it came about, in a sentence.

    `given` are the raters' own levels, `edits` what was set after the lock, in order.
    """

    leaf: str
    level: str | None
    how: str
    given: Mapping[str, str]
    edits: tuple[Edit, ...]

    @property
    def is_open(self) -> bool:
        """True where raters differ, or cannot tell, and nobody has set the level yet."""
        return self.level is None


def settled(workspace: Workspace, work: Work, after: Locked | None = None) -> dict[str, Settled]:
    """Return what stands on each leaf of a work. Raises BadInput as `locked`."""
    after = after or locked(workspace)
    events = Place(workspace=workspace).ledger_of(work.record).events()
    return _settled(after, work, events)


def to_adjudicate(workspace: Workspace, after: Locked | None = None) -> tuple[tuple[str, Settled], ...]:
    """Return (work, leaf) of all levels that are open. Raises BadInput as `locked`."""
    after = after or locked(workspace)
    found = ((work.name, one) for work in after.works for one in settled(workspace, work, after).values())
    return tuple((name, one) for name, one in found if one.is_open)


def adjudicate(
    workspace: Workspace, work: str, leaf: str, *, level: str, reason: str, by: str, role: Role = Role.ORGANISER
) -> Settled:
    """Set the level of a leaf, by its work's pseudonym, and return what stands then; what it replaces is kept.

    `by` is an invited adjudicator, or the organiser under their own name. Raises BadInput before the lock, for a level
    or a reason that is none, for somebody who was not invited, and for an adjudicator with a conflict of interest.
    """
    leaf, level = checked_leaf(leaf), checked_level(level, may_be_unsure=False)
    reason, by = checked_reason(reason), checked_author(by, "sets the level")
    after = locked(workspace)
    found = after.work(work)
    _refuse_author(after, by, role)
    with Place(workspace=workspace).saving(found.record) as ledger:
        if state_of(workspace).lock != after.lock:  # nobody restarts the rating from here on
            raise BadInput("the rating began anew meanwhile", mend="heldout eval committee EVAL")
        events = ledger.events()
        number = after.state.round_of(found.name)
        if folded(events, [by], found.name, number)[by].conflict is not None:
            raise BadInput(f"{by} has a conflict of interest on {work}", expected="an adjudicator without one")
        before = _settled(after, found, events)[leaf]
        last = before.edits[-1] if before.edits else None
        if last is None or (last.level, last.reason, last.by) != (level, reason, by):
            said = {"leaf": leaf, "level": level, "reason": reason, "by": by, "role": role.value, "round": number}
            ledger.append(Kind.ADJUDICATED, {**said, "replaces": before.level}, actor=role)
        return _settled(after, found, ledger.events())[leaf]


def _refuse_author(after: Locked, by: str, role: Role) -> None:
    if role not in (Role.ORGANISER, Role.ADJUDICATOR):
        raise BadInput("a level is set by somebody", expected="the organiser or an adjudicator, with their name")
    if role is Role.ADJUDICATOR and by not in after.state.adjudicators:
        raise BadInput(
            f"{by[:80]!r} was not invited to adjudicate",
            expected=f"one of: {', '.join(after.state.adjudicators) or 'nobody yet'}",
            mend="heldout eval invite EVAL NAME --adjudicator",
        )


def _settled(after: Locked, work: Work, events: tuple[Event, ...]) -> dict[str, Settled]:
    number = after.state.round_of(work.name)
    edits = [
        _edit(event)
        for event in events
        if event.kind is Kind.ADJUDICATED and event.payload and event.payload["round"] == number
    ]
    found = {}
    for leaf in LEAVES:
        given = {rater: str(sheet.marks[leaf].level) for rater, sheet in after.sheets[work.name].items()}
        mine = tuple(edit for edit in edits if edit.leaf == leaf)
        level, how = _level(given, mine)
        found[leaf] = Settled(leaf=leaf, level=level, how=how, given=given, edits=mine)
    return found


def _level(given: Mapping[str, str], edits: tuple[Edit, ...]) -> tuple[str | None, str]:
    if edits:
        return edits[-1].level, f"set by {edits[-1].by}: {edits[-1].reason}"
    said = set(given.values())
    if len(said) == 1 and CANNOT_TELL not in said:
        (level,) = said
        how = "all raters gave it" if len(given) > 1 else "one rater gave it, and there is no other"
        return level, how
    if not said:
        return None, "nobody rated it"
    return None, "raters cannot tell" if said == {CANNOT_TELL} else "raters differ"


def _edit(event: Event) -> Edit:
    said = event.payload or {}
    return Edit(
        leaf=said["leaf"],
        level=said["level"],
        reason=said["reason"],
        by=said["by"],
        role=Role(said["role"]),
        at=event.at,
        replaces=said["replaces"],
    )
