"""The pages of the committee: who has finished what; after the lock agreement, sheets side by side, adjudication."""

from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse, Response

from heldout.app.eval_committee import CommitteeStatus, committee_status
from heldout.core.errors import BadInput
from heldout.evals.committee import LEAVES, LEVELS, Sheet, leaves_of, lock
from heldout.evals.committee.adjudication import Settled, adjudicate, settled
from heldout.evals.committee.agreement import agreement_of
from heldout.evals.committee.locked import Locked, locked
from heldout.evals.committee.rating import LONGEST_REASON
from heldout.evals.committee.works import Work
from heldout.evals.record.kinds import Role
from heldout.web.agreement_in_words import in_words
from heldout.web.decision import decision_shown, in_a_word
from heldout.web.pages import title
from heldout.web.showing import page, prose
from heldout.web.site import Call

__all__ = ["committee", "leaves_of_work", "lock_early", "set_level", "work", "work_of", "work_page"]


def committee(call: Call) -> Response:
    """Show where the committee stands; before the lock to the organiser alone, and without any level."""
    if call.site.is_locked():
        return _after_lock(call)
    return _before_lock(call)


def lock_early(call: Call) -> Response:
    """Lock all sheets as they are."""
    by, why = call.form.get("by", ""), call.form.get("why", "")
    try:
        lock(call.site.workspace, by=by, why=why)
    except BadInput as error:
        return _before_lock(call, said=error.what, by=by, why=why, status=409)
    return RedirectResponse("/committee", status_code=303)


def work(call: Call) -> Response:
    """Show the sheets of a work side by side, what stands on each leaf, and to whom may set it the form for that."""
    return work_page(call)


def set_level(call: Call) -> Response:
    """Set the level of a leaf, with a reason, as adjudicator or organiser."""
    form, asked = call.form, call.request.path_params["work"]
    by = call.name if call.role is Role.ADJUDICATOR else form.get("by", "")
    assert call.role is not None
    work_of(locked(call.site.workspace), asked)
    leaf = form.get("leaf", "")
    try:
        adjudicate(
            call.site.workspace,
            asked,
            leaf,
            level=form.get("level", ""),
            reason=form.get("reason", ""),
            by=by,
            role=call.role,
        )
    except BadInput as error:
        return work_page(call, said=error.what, typed=form, status=409)
    return RedirectResponse(f"/committee/{asked}#{leaf}", status_code=303)


def leaves_of_work(call: Call, after: Locked, found: Work) -> list[dict[str, Any]]:
    """Return for each leaf what each rater said, whether they differ, what stands, and what was set after the lock."""
    sheets, standing = after.sheets[found.name], settled(call.site.workspace, found, after)
    anchors = {leaf.name: leaf.anchors for leaf in leaves_of(after.brief)}
    rows = []
    for leaf in LEAVES:
        one = standing[leaf]
        given = [
            {"rater": rater, "level": level, "reason": prose(sheets[rater].marks[leaf].reason)}
            for rater, level in one.given.items()
        ]
        edits = [
            {"by": edit.by, "role": edit.role.value, "level": edit.level, "before": edit.replaces or "no level"}
            | {"reason": prose(edit.reason), "at": f"{edit.at:%Y-%m-%d %H:%M} UTC"}
            for edit in one.edits
        ]
        rows.append(
            {
                "name": leaf,
                "anchors": list(anchors[leaf].items()),
                "given": given,
                "differ": len(set(one.given.values())) > 1,
                "level": one.level,
                "how": "all raters gave it" if not edits and one.level else one.how,
                "edits": edits,
            }
        )
    return rows


def _before_lock(call: Call, *, said: str = "", by: str = "", why: str = "", status: int = 200) -> HTMLResponse:
    standing = committee_status(call.site.workspace)
    return page(
        "committee.html",
        status=status,
        title=title(call),
        said=said,
        **_sheets_table(standing),
        unfinished=_unfinished(standing),
        waits_for=[said for said in standing.waits_for if " has not finished " not in said],
        missing=[(one.candidate, one.why) for one in standing.missing],
        adjudicators=standing.state.adjudicators,
        seen=sorted(standing.state.seen),
        by=by,
        why=why,
        longest=LONGEST_REASON,
    )


def _sheets_table(standing: CommitteeStatus) -> dict[str, Any]:
    raters = standing.state.raters
    rows = [
        {
            "work": one.name,
            "candidate": one.candidate,
            "cells": [(rater, *_cell(standing.sheets[one.name][rater])) for rater in raters],
        }
        for one in standing.works
    ]
    conflicts = [
        (sheet.rater, one.name, prose(sheet.conflict), sheet.declared_by)
        for one in standing.works
        for sheet in standing.sheets[one.name].values()
        if sheet.conflict is not None
    ]
    return {"raters": raters, "rows": rows, "conflicts": conflicts}


def _unfinished(standing: CommitteeStatus) -> list[tuple[str, list[str]]]:
    """Return each rater with the works whose sheets are open."""
    found = {
        rater: [
            one.name
            for one in standing.works
            if not (sheet := standing.sheets[one.name][rater]).is_final and sheet.conflict is None
        ]
        for rater in standing.state.raters
    }
    return [(rater, works) for rater, works in found.items() if works]


def _cell(sheet: Sheet) -> tuple[str, str]:
    if sheet.conflict is not None:
        return "conflict", "caution"
    if sheet.is_final:
        return "final", "clear"
    given = len(LEAVES) - len(sheet.missing)
    return (f"{given} of {len(LEAVES)} levels" if sheet.marks else "not begun"), "not_applicable"


def _after_lock(call: Call) -> HTMLResponse:
    after = locked(call.site.workspace)
    found = {one.name: settled(call.site.workspace, one, after) for one in after.works}
    raters_apart = {
        name: sum(len(set(one.given.values())) > 1 for one in said.values()) for name, said in found.items()
    }
    is_open = {name: sum(one.is_open for one in said.values()) for name, said in found.items()}
    ordered = sorted(after.works, key=lambda one: (-is_open[one.name], -raters_apart[one.name], one.name))
    rows = [
        {"work": one.name, "candidate": one.candidate, "cells": [_level_cell(found[one.name][leaf]) for leaf in LEAVES]}
        for one in ordered
    ]
    said, standing = agreement_of(after), committee_status(call.site.workspace)
    return page(
        "locked.html",
        title=title(call),
        role=call.role,
        lock=after.lock,
        at=f"{after.lock.at:%Y-%m-%d %H:%M} UTC",
        leaves=LEAVES,
        rows=rows,
        left=sum(is_open.values()),
        decisions=_decisions(call, after),
        agreement=said,
        agreement_answer=in_words(said.pooled),
        conflicts=_sheets_table(standing)["conflicts"],
        late=[one.name for one in standing.works if one.name not in after.lock.works],
        seen=sorted(standing.state.seen),
    )


def _decisions(call: Call, after: Locked) -> dict[str, str]:
    if call.role is not Role.ORGANISER:
        return {}
    return {one.name: in_a_word(call.site.workspace, one) for one in after.works}


def _level_cell(one: Settled) -> dict[str, Any]:
    given = ", ".join(f"{level}" for level in sorted(set(one.given.values()), key=_rank))
    return {"leaf": one.leaf, "level": one.level, "given": given, "is_set": bool(one.edits), "is_open": one.is_open}


def _rank(level: str) -> int:
    return LEVELS.index(level) if level in LEVELS else len(LEVELS)


def work_page(call: Call, *, said: str = "", typed: dict[str, str] | None = None, status: int = 200) -> HTMLResponse:
    """Return the page of a work after the lock; `said` tells of a form that was refused, `typed` is what it held."""
    after = locked(call.site.workspace)
    found = work_of(after, call.request.path_params["work"])
    is_organiser = call.role is Role.ORGANISER
    return page(
        "side_by_side.html",
        status=status,
        title=title(call),
        said=said,
        role=call.role,
        work=found.name,
        candidate=found.candidate,
        leaves=leaves_of_work(call, after, found),
        decision=decision_shown(call.site.workspace, after, found) if is_organiser else None,
        may_set=call.role in (Role.ADJUDICATOR, Role.ORGANISER),
        typed=typed or {},
        longest=LONGEST_REASON,
    )


def work_of(after: Locked, name: str) -> Work:
    """Return a work of the lock; any other name is a page that does not exist."""
    found = next((one for one in after.works if one.name == name), None)
    if found is None:
        raise HTTPException(404)
    return found
