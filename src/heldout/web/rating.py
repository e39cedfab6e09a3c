"""The pages of a rater before the lock: works without names, one sheet for each, saved while it is filled in."""

from collections.abc import Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from heldout.core.errors import BadInput
from heldout.evals.brief import open_brief
from heldout.evals.committee import (
    CANNOT_TELL,
    LEAVES,
    Sheet,
    WorkShown,
    declare_conflict,
    finalise,
    save,
    state_of,
    work_for_rater,
    works_for,
)
from heldout.evals.committee.locked import locked
from heldout.evals.committee.rating import FEWEST_WORDS, LONGEST_REASON
from heldout.evals.record.kinds import KINDS
from heldout.report.figures import amount
from heldout.web.committee import leaves_of_work, work_of
from heldout.web.headers import SCRIPT_POLICY
from heldout.web.pages import title
from heldout.web.reading_work import clear_of_answered, facts_of_card, findings_shown
from heldout.web.showing import as_typed, page, prose, source_lines
from heldout.web.site import Call

__all__ = [
    "conflict",
    "conflict_form",
    "file",
    "finish",
    "keep_leaf",
    "keep_sheet",
    "take_back",
    "work",
    "works",
]

NO_GROUND = "The work gives no ground for a level on this. It counts as no level, and not as a low one."


def works(call: Call) -> Response:
    """List the works in the rater's own order, and how far each sheet is."""
    sheets = _sheets(call)
    done = sum(sheet.is_final or sheet.conflict is not None for sheet in sheets)
    return page(
        "works.html",
        title=title(call),
        objective=open_brief(call.site.workspace.folder).brief.eval.objective,
        rater=call.name,
        rows=[_row(sheet) for sheet in sheets],
        progress=f"Done: {done} of {len(sheets)}." if sheets else "",
        is_locked=call.site.is_locked(),
    )


def work(call: Call) -> Response:
    """Show a work with the rater's sheet of it; after the lock with everybody's."""
    return _page(call, _sheet(call), said="Saved." if "saved" in call.request.query_params else "")


def file(call: Call) -> Response:
    """Show a file of a work as text with numbered lines."""
    shown = _shown(call, _sheet(call))
    number = call.request.query_params.get("n", "")
    if not number.isascii() or not number.isdigit() or len(number) > 6 or int(number) >= len(shown.files):
        raise HTTPException(404)
    found = shown.files[int(number)]
    lines = source_lines(found.text) if found.text is not None else []
    return page("file.html", work=shown.name, path=found.path, note=found.note, lines=lines)


def keep_leaf(call: Call) -> Response:
    """Save what was typed of one leaf; answer with a sentence, and a line for each thing that the sheet needs."""
    work, said = call.request.path_params["work"], "the form names no leaf"
    leaf = next((one for one in LEAVES if f"{one}.reason" in call.form), None)
    if leaf is not None:
        try:
            _keep(call, work, leaf)
        except BadInput as error:
            said = error.what
        else:
            return PlainTextResponse("\n".join([f"Saved: {leaf}.", *_needed(_sheet(call))]) + "\n")
    _sheet(call)  # what is not the rater's is not there
    return PlainTextResponse(f"{said}\n", status_code=409 if leaf else 400)


def keep_sheet(call: Call) -> Response:
    """Save all of a form, for a browser that runs no script."""
    return _kept(call, is_final=False)


def finish(call: Call) -> Response:
    """Save all of a form, and mark the sheet as final."""
    return _kept(call, is_final=True)


def take_back(call: Call) -> Response:
    """Open a final sheet again."""
    sheet = _sheet(call)
    try:
        finalise(call.site.workspace, call.name, sheet.work, is_final=False)
    except BadInput as error:
        return _page(call, _sheet(call), said=error.what, status=409)
    return RedirectResponse(f"/works/{sheet.work}", status_code=303)


def conflict_form(call: Call) -> Response:
    """Ask for the reason of a conflict of interest, and say what it does."""
    return _conflict_page(_sheet(call))


def conflict(call: Call) -> Response:
    """Declare a conflict of interest; without the tick that confirms it, ask for that."""
    sheet, why = _sheet(call), call.form.get("why", "")
    if call.form.get("sure") != "yes":
        return _conflict_page(sheet, said="Tick that the sheet is to be closed.", why=why, status=409)
    try:
        declare_conflict(call.site.workspace, call.name, sheet.work, why=why)
    except BadInput as error:
        return _conflict_page(sheet, said=error.what, why=why, status=409)
    return RedirectResponse(f"/works/{sheet.work}", status_code=303)


def _sheets(call: Call) -> tuple[Sheet, ...]:
    state = state_of(call.site.workspace)
    if call.name not in state.raters:
        raise HTTPException(403, "you have a token, and were not invited to the committee; the organiser can do that")
    return works_for(call.site.workspace, call.name)


def _sheet(call: Call) -> Sheet:
    """Return the rater's sheet of the work that the address names, and know of no other work."""
    asked = call.request.path_params["work"]
    found = next((sheet for sheet in _sheets(call) if sheet.work == asked), None)
    if found is None:
        raise HTTPException(404)
    return found


def _shown(call: Call, sheet: Sheet) -> WorkShown:
    if sheet.conflict is not None:
        raise HTTPException(404)
    return work_for_rater(call.site.workspace, call.name, sheet.work)


def _keep(call: Call, work: str, leaf: str) -> None:
    level = call.form.get(f"{leaf}.level") or None
    reason = call.form.get(f"{leaf}.reason", "")
    save(call.site.workspace, call.name, work, leaf, level=level, reason=reason)


def _kept(call: Call, *, is_final: bool) -> Response:
    sheet = _sheet(call)
    try:
        for leaf in (leaf for leaf in LEAVES if f"{leaf}.reason" in call.form):  # what is not sent was not changed
            _keep(call, sheet.work, leaf)
        if is_final:
            finalise(call.site.workspace, call.name, sheet.work)
    except BadInput as error:
        return _page(call, _sheet(call), said=error.what, status=409, typed=call.form)
    return RedirectResponse(f"/works/{sheet.work}{'' if is_final else '?saved'}", status_code=303)


def _page(
    call: Call, sheet: Sheet, *, said: str = "", status: int = 200, typed: Mapping[str, str] | None = None
) -> HTMLResponse:
    is_locked = call.site.is_locked()
    common = {
        "title": title(call),
        "work": sheet.work,
        "said": said,
        "said_tone": "fail" if status >= 400 else "clear",
        "conflict": sheet.conflict,
        "is_locked": is_locked,
        "unsaved": _unsaved(sheet, typed or {}),
    }
    if sheet.conflict is not None:
        return page("closed.html", status=status, **common)
    shown = _shown(call, sheet)
    sides = {}
    if is_locked:
        after = locked(call.site.workspace)
        sides = {one["name"]: one for one in leaves_of_work(call, after, work_of(after, sheet.work))}
    files = {one.path: f"/works/{sheet.work}/file?n={number}" for number, one in enumerate(shown.files)}
    answer = page(
        "work.html",
        status=status,
        **common,
        is_open=not (is_locked or sheet.is_final),
        is_final=sheet.is_final,
        leaves=[_leaf(one, sheet, typed or {}) for one in shown.leaves],
        sides_of=sides,
        needed=_needed(sheet),
        longest=LONGEST_REASON,
        fewest=FEWEST_WORDS,
        facts=facts_of_card(shown.card),
        others=findings_shown(shown.rest),
        files=files,
        listed=[(one.path, files[one.path], one.note) for one in shown.files],
        talk=[(KINDS[one.kind].says, [(key, prose(text)) for key, text in one.parts.items()]) for one in shown.said],
        is_whole=shown.is_whole,
    )
    answer.headers["Content-Security-Policy"] = SCRIPT_POLICY
    return answer


def _leaf(shown: Any, sheet: Sheet, typed: Mapping[str, str]) -> dict[str, Any]:
    leaf, mark = shown.leaf, sheet.marks.get(shown.leaf.name)
    level = typed.get(f"{leaf.name}.level", mark.level if mark else None)
    reason = typed.get(f"{leaf.name}.reason", mark.reason if mark else "")
    weight = f"weight {amount(leaf.weight, 'share')}" if leaf.weight else "beside the axes, without weight"
    return {
        "name": leaf.name,
        "weight": weight,
        "anchors": [*leaf.anchors.items(), (CANNOT_TELL, NO_GROUND)],
        "level": level,
        "reason": prose(reason),
        "typed": as_typed(reason),
        "said": clear_of_answered(shown.findings),
        "found": findings_shown(shown.findings),
    }


def _needed(sheet: Sheet) -> list[str]:
    """Say what a sheet needs before it can be final, a line for each leaf that begins with its name."""
    lines = []
    for leaf in LEAVES:
        mark = sheet.marks.get(leaf)
        lacks = [] if mark is not None and mark.level is not None else ["a level"]
        if mark is None or len(mark.reason.split()) < FEWEST_WORDS:
            lacks.append(f"a reason of {FEWEST_WORDS} words or more")
        if lacks:
            lines.append(f"{leaf}: {' and '.join(lacks)}")
    return lines


def _unsaved(sheet: Sheet, typed: Mapping[str, str]) -> list[tuple[str, Any]]:
    """Return what was typed and is not on the sheet, so that nobody has to type it again."""
    found = []
    for leaf in LEAVES:
        text = typed.get(f"{leaf}.reason", "").replace("\r\n", "\n").strip()
        mark = sheet.marks.get(leaf)
        if text and (mark is None or mark.reason != text):
            found.append((leaf, prose(text)))
    return found


def _row(sheet: Sheet) -> dict[str, str]:
    given = len(LEAVES) - len(sheet.missing)
    if sheet.conflict is not None:
        return {"name": sheet.work, "tone": "caution", "state": "closed", "to_do": "nothing: a conflict of interest"}
    if sheet.is_final:
        return {"name": sheet.work, "tone": "clear", "state": "final", "to_do": "nothing"}
    if not sheet.marks:
        return {"name": sheet.work, "tone": "not_applicable", "state": "not begun", "to_do": "four levels with reasons"}
    to_do = "; ".join(_needed(sheet)) or "say that it is final"
    return {"name": sheet.work, "tone": "not_applicable", "state": f"{given} of {len(LEAVES)} levels", "to_do": to_do}


def _conflict_page(sheet: Sheet, *, said: str = "", why: str = "", status: int = 200) -> HTMLResponse:
    return page("conflict.html", status=status, work=sheet.work, said=said, why=as_typed(why), longest=LONGEST_REASON)
