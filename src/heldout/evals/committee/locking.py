"""The lock: the end of the blind pass for all works at once. It comes by itself, or early for a reason."""

from collections.abc import Mapping, Sequence
from typing import Any

from heldout.core.errors import BadInput
from heldout.evals.brief import open_brief
from heldout.evals.committee.levels import sha256_of_rubric, sha256_plain
from heldout.evals.committee.names import checked_author
from heldout.evals.committee.place import Place
from heldout.evals.committee.sheets import DECISIONS, Lock, Sheet, State, sheets_of, state_of
from heldout.evals.committee.works import Missing, Work, work_called, works_of
from heldout.evals.record.kinds import Kind, Role
from heldout.evals.record.workspace import Workspace

__all__ = ["FEWEST_RATERS", "lock", "lock_if_complete", "restart", "waiting_for"]

FEWEST_RATERS = 2
"""Final sheets of a work below which there is no lock without a reason."""

LONGEST_WHY = 5_000

Sheets = Mapping[str, Mapping[str, Sheet]]


def lock(workspace: Workspace, *, by: str, why: str = "") -> Lock:
    """Lock all sheets now, for the organiser `by`, and return the lock; one that is there already is returned.

    Sheets that are not final are named in it and count nowhere. Raises BadInput where there is no work, where a work
    has fewer than FEWEST_RATERS final sheets and no reason `why` is given, where rubric or card are others than the
    sheets were given for, and without an author.
    """
    by = checked_author(by, "locks the sheets")
    works, _ = works_of(workspace)
    with Place(workspace=workspace).alone():
        state = state_of(workspace)
        if state.lock is not None:
            return state.lock
        sheets = _all(workspace, works, state)
        _refuse_thin(works, sheets, why)
        return _lock(workspace, works, sheets, by=by, why=_checked_why(why))


def lock_if_complete(workspace: Workspace) -> Lock | None:
    """Lock where every sheet is final and no work is still to come; return the lock that there is then, or None."""
    works, missing = works_of(workspace)
    with Place(workspace=workspace).alone():
        state = state_of(workspace)
        if state.lock is not None:
            return state.lock
        sheets = _all(workspace, works, state)
        if waiting_for(works, missing, state, sheets) or _changed(workspace, works, sheets):
            return None
        return _lock(workspace, works, sheets, by="", why="every sheet is final")


def waiting_for(works: Sequence[Work], missing: Sequence[Missing], state: State, sheets: Sheets) -> tuple[str, ...]:
    """Say what the lock waits for, a sentence each; none where it can come by itself. Names no candidate."""
    if not works:
        return ("There is no work to be rated yet.",)
    said = [
        f"{rater} has not finished {work.name}."
        for work in works
        for rater in state.raters
        if not sheets[work.name][rater].is_final and sheets[work.name][rater].conflict is None
    ]
    for work in works:
        count = sum(sheet.conflict is None for sheet in sheets[work.name].values())
        if count < FEWEST_RATERS:
            raters = "1 rater" if count == 1 else f"{count} raters"
            said.append(f"{work.name} has {raters} without a conflict, and takes {FEWEST_RATERS}.")
    coming = sum(one.is_coming for one in missing)
    if coming:
        said.append(f"{coming} more {'work is' if coming == 1 else 'works are'} to come.")
    return tuple(said)


def restart(workspace: Workspace, works: Sequence[str] = (), *, by: str, why: str) -> tuple[str, ...]:
    """Begin the rating of works anew, of all where none is named, and return their names; old sheets stay in history.

    A lock is taken back by it, with all decisions, and adjudications of these works. Works whose sheets were open to
    others by a lock before are remembered (`State.seen`). Raises BadInput without author and reason, and for works that
    are none.
    """
    if not by.strip() or not why.strip():
        raise BadInput("a rating begins anew for a reason", expected="who does it, and why", mend="give --by and --why")
    by, why = checked_author(by, "begins the rating anew"), _checked_why(why)
    named = tuple(dict.fromkeys(work_called(workspace, name).name for name in works))
    named = named or tuple(work.name for work in works_of(workspace)[0])
    if not named:
        raise BadInput("there is no work to be rated yet", mend="heldout eval grade EVAL NAME")
    with Place(workspace=workspace).alone() as ledger:
        said = {"works": list(named), "by": by, "why": why}
        ledger.append(Kind.RESTARTED, said, actor=Role.ORGANISER)
        (Place(workspace=workspace).folder / DECISIONS).unlink(missing_ok=True)
    return named


def _checked_why(why: str) -> str:
    said = why.strip().encode("utf-8", "replace").decode()
    if len(said) > LONGEST_WHY:
        raise BadInput(f"the reason has {len(said):,} characters", expected=f"at most {LONGEST_WHY:,}")
    return said


def _all(workspace: Workspace, works: Sequence[Work], state: State) -> dict[str, dict[str, Sheet]]:
    return {work.name: sheets_of(workspace, work, state) for work in works}


def _refuse_thin(works: Sequence[Work], sheets: Sheets, why: str) -> None:
    if not works:
        raise BadInput(
            "there is no work to be rated",
            expected="a candidate with a submission and a card",
            mend="heldout eval grade EVAL NAME",
        )
    thin = [work.name for work in works if sum(s.counts for s in sheets[work.name].values()) < FEWEST_RATERS]
    if thin and not why.strip():
        raise BadInput(
            f"fewer than {FEWEST_RATERS} final sheets: {', '.join(thin)}",
            expected=f"{FEWEST_RATERS} raters for each leaf of each work",
            mend="invite another rater, or lock all the same with --why TEXT, which is recorded",
        )


def _changed(workspace: Workspace, works: Sequence[Work], sheets: Sheets) -> list[str]:
    rubric = sha256_of_rubric(open_brief(workspace.folder).brief)
    given = [(work, sheet) for work in works for sheet in sheets[work.name].values() if sheet.counts]
    said = ["the rubric of the brief"] if any(sheet.rubric_sha256 != rubric for _, sheet in given) else []
    changed = [work.name for work, sheet in given if sheet.card_sha256 != work.card_sha256]
    return said + [f"the card of {name}" for name in dict.fromkeys(changed)]


def _lock(workspace: Workspace, works: Sequence[Work], sheets: Sheets, *, by: str, why: str) -> Lock:
    changed = _changed(workspace, works, sheets)
    if changed:
        raise BadInput(
            f"{', '.join(changed)} changed since the sheets were given",
            expected="levels for what stood there when they were given",
            mend="restore what was there; or heldout eval restart EVAL [WORK ...] --why TEXT keeps the old sheets",
        )
    brief = open_brief(workspace.folder).brief
    said: dict[str, Any] = {
        "by": by,
        "why": why,
        "missing": [
            f"{sheet.rater} on {work.name}"
            for work in works
            for sheet in sheets[work.name].values()
            if not sheet.is_final and sheet.conflict is None
        ],
        "works": [work.name for work in works],
        "sheets": {work.name: {r: sheet.sha256 for r, sheet in sheets[work.name].items()} for work in works},
        "brief_sha256": open_brief(workspace.folder).sha256,
        "rubric_sha256": sha256_of_rubric(brief),
        "decision_sha256": sha256_plain(brief.decision),
        "cards": {work.name: work.card_sha256 for work in works},
    }
    actor = Role.ORGANISER if by else Role.SERVER
    Place(workspace=workspace).ledger.append(Kind.LOCKED, said, actor=actor)
    lock = state_of(workspace).lock
    assert lock is not None
    return lock
