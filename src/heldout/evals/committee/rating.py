"""What a rater does before the lock: gives levels and reasons, marks a sheet as final, declares a conflict.

Each act is one event, on the disk before it is answered. What says nothing new appends nothing.
"""

import dataclasses
import datetime as dt

from heldout.core.errors import BadInput
from heldout.evals.brief import open_brief
from heldout.evals.committee.levels import checked_leaf, checked_level, sha256_of_rubric
from heldout.evals.committee.locking import lock_if_complete
from heldout.evals.committee.place import Place
from heldout.evals.committee.sheets import Mark, Sheet, folded, state_of
from heldout.evals.committee.works import Work, work_named
from heldout.evals.record.kinds import Kind, Role
from heldout.evals.record.ledger import Event
from heldout.evals.record.workspace import Workspace

__all__ = ["FEWEST_WORDS", "LONGEST_REASON", "checked_reason", "declare_conflict", "finalise", "save"]

FEWEST_WORDS = 3
"""Words of a reason on a final sheet."""
LONGEST_REASON = 5_000


def save(workspace: Workspace, rater: str, work: str, leaf: str, *, level: str | None, reason: str) -> Mark:
    """Keep what a rater says of one leaf of a work, by its pseudonym, and return it as it stands now.

    `level` is None while none is chosen; `reason` may be unfinished. Equal to what stands, nothing is written. Raises
    BadInput for a rater who was not invited or declared a conflict, a work that is none, a leaf or level that is none,
    after the lock, on a final sheet, and where the rubric or the card is another than the sheet was given for.
    """
    leaf, level = checked_leaf(leaf), None if level is None else checked_level(level)
    reason = checked_reason(reason, fewest=0)
    found = work_named(workspace, work)
    rubric = sha256_of_rubric(open_brief(workspace.folder).brief)
    with Place(workspace=workspace).saving(found.record) as ledger:
        sheet = _open_sheet(workspace, rater, found, ledger.events())
        if sheet.is_final:
            raise BadInput(
                f"the sheet of {rater} on {work} is marked as final",
                expected="a sheet that is open",
                mend="take it back first: heldout eval rate EVAL RATER WORK --take-back",
            )
        refuse_changed(sheet, rubric, found)
        before = sheet.marks.get(leaf)
        if (before.level, before.reason) == (level, reason) if before else (level is None and not reason):
            return before or Mark(leaf=leaf, level=None, reason="", at=workspace.now(), n=-1)
        said = {
            "rater": rater,
            "round": sheet.round,
            "leaf": leaf,
            "level": level,
            "reason": reason,
            "rubric_sha256": rubric,
            "card_sha256": found.card_sha256,
        }
        receipt = ledger.append(Kind.RATED, said, actor=Role.RATER)
    return Mark(leaf=leaf, level=level, reason=reason, at=dt.datetime.fromisoformat(receipt.at), n=receipt.n)


def finalise(workspace: Workspace, rater: str, work: str, *, is_final: bool = True) -> Sheet:
    """Mark a sheet as final, or take that back, and return it. The last final sheet of all locks the eval.

    Raises BadInput as `save`, and where a leaf has no level, or a reason of fewer than FEWEST_WORDS words.
    """
    found = work_named(workspace, work)
    rubric = sha256_of_rubric(open_brief(workspace.folder).brief)
    with Place(workspace=workspace).saving(found.record) as ledger:
        sheet = _open_sheet(workspace, rater, found, ledger.events())
        if is_final:
            refuse_changed(sheet, rubric, found)
            _refuse_unfinished(sheet)
        if sheet.is_final != is_final:
            said = {"rater": rater, "round": sheet.round, "final": is_final}
            ledger.append(Kind.SHEET_FINAL, said, actor=Role.RATER)
    if is_final:
        lock_if_complete(workspace)
    return dataclasses.replace(sheet, is_final=is_final)


def declare_conflict(
    workspace: Workspace, rater: str, work: str, *, why: str, by: Role = Role.RATER, withdrawn: bool = False
) -> Sheet:
    """Close a rater's sheet of a work, for a reason that is recorded; it counts nowhere. Return it.

    The organiser may declare one for a rater, and withdraw one that was declared by mistake (`why` says so). It holds
    for every later round. An adjudicator may have one too, at any time. Raises BadInput for a rater after the lock,
    without a reason, and for who or what is not there.
    """
    why = checked_reason(why, fewest=1, what="the conflict")
    found = work_named(workspace, work)
    with Place(workspace=workspace).saving(found.record) as ledger:
        sheet = _sheet(workspace, rater, found, ledger.events(), takes_adjudicators=True)
        if withdrawn and (by is not Role.ORGANISER or sheet.conflict is None):
            raise BadInput(
                f"there is no conflict of {rater} on {work} that could be withdrawn by the {by.value}",
                expected="a declared conflict, withdrawn by the organiser",
            )
        if withdrawn or (sheet.conflict, sheet.declared_by) != (why, by.value):
            said = {"rater": rater, "round": sheet.round, "why": why, "by": by.value, "withdrawn": withdrawn}
            ledger.append(Kind.CONFLICT, said, actor=by)
    if not withdrawn:
        lock_if_complete(workspace)
    return dataclasses.replace(sheet, conflict=None if withdrawn else why, declared_by="" if withdrawn else by.value)


def checked_reason(text: str, *, fewest: int = FEWEST_WORDS, what: str = "the reason") -> str:
    """Return a reason as it is kept: line ends of one kind, no blanks around. Raises BadInput for its length."""
    said = text.replace("\r\n", "\n").replace("\r", "\n").strip().encode("utf-8", "replace").decode()
    if len(said.split()) < fewest:
        raise BadInput(f"{what} has fewer than {fewest} words", expected="what in the work it rests on, in words")
    if len(said) > LONGEST_REASON:
        raise BadInput(
            f"{what} has {len(said):,} characters", expected=f"at most {LONGEST_REASON:,}", mend="shorten it"
        )
    return said


def refuse_changed(sheet: Sheet, rubric: str, work: Work) -> None:
    """Raise BadInput where a sheet was given for another rubric or card than there is now."""
    said = [
        what
        for what, given, now in (
            ("the rubric of the brief (weights, anchors)", sheet.rubric_sha256, rubric),
            (f"the card of {work.name}", sheet.card_sha256, work.card_sha256),
        )
        if given and given != now
    ]
    if said:
        raise BadInput(
            f"{' and '.join(said)} changed since {sheet.rater} began the sheet on {work.name}",
            expected="levels for what stood there when they were given",
            mend="restore what was there; or begin anew, with the old sheets kept: heldout eval restart EVAL "
            f"{work.name if sheet.card_sha256 != work.card_sha256 else ''}".rstrip()
            + " --why TEXT",
        )


def _refuse_unfinished(sheet: Sheet) -> None:
    if sheet.missing:
        raise BadInput(
            f"the sheet has no level for {', '.join(sheet.missing)}",
            expected="a level for each leaf, or 'cannot tell'",
            mend="heldout eval rate EVAL RATER WORK --leaf LEAF --level LEVEL --reason TEXT",
        )
    short = [leaf for leaf, mark in sheet.marks.items() if len(mark.reason.split()) < FEWEST_WORDS]
    if short:
        raise BadInput(
            f"the sheet has no reason for {', '.join(short)}",
            expected=f"{FEWEST_WORDS} words at least: what in the work the level rests on",
        )


def _open_sheet(workspace: Workspace, rater: str, work: Work, events: tuple[Event, ...]) -> Sheet:
    sheet = _sheet(workspace, rater, work, events)
    if sheet.conflict is not None:
        raise BadInput(
            f"{rater} has a conflict of interest on {work.name}, and the sheet is closed",
            expected="a work without one",
            mend="one declared by mistake is withdrawn by the organiser: heldout eval conflict --withdraw",
        )
    return sheet


def _sheet(
    workspace: Workspace, rater: str, work: Work, events: tuple[Event, ...], *, takes_adjudicators: bool = False
) -> Sheet:
    """Return a rater's sheet. Raises BadInput for a stranger, and after the lock."""
    state = state_of(workspace)
    if rater not in state.adjudicators or not takes_adjudicators:
        state.refuse_stranger(rater)
        state.refuse_locked()
    return folded(events, [rater], work.name, state.round_of(work.name))[rater]
