"""What the organiser does about a work after the lock: multiplier, deductions, another band, and the release."""

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from heldout.app.eval_committee import decide
from heldout.core.errors import BadInput
from heldout.core.lift import Band
from heldout.evals.committee.decision import deduct, override, set_multiplier
from heldout.evals.committee.locked import locked
from heldout.web.committee import work_of, work_page
from heldout.web.site import Call

__all__ = ["release", "set_ruling"]


def set_ruling(call: Call) -> Response:
    """Set a multiplier, a deduction or a band, with author and reason."""
    form, name = call.form, call.request.path_params["work"]
    work_of(locked(call.site.workspace), name)
    said = {"by": form.get("by", ""), "reason": form.get("reason", "")}
    what, value = form.get("what"), form.get("value", "").strip()
    try:
        if what == "multiplier":
            set_multiplier(call.site.workspace, name, _number(value), **said)
        elif what == "deduction":
            deduct(call.site.workspace, name, value, **said)
        elif what == "band":
            override(call.site.workspace, name, _band(value), **said)
        else:
            raise HTTPException(400, "the form does not say what is set")
    except BadInput as error:
        return work_page(call, said=_told(error), typed=form, status=409)
    return RedirectResponse(f"/committee/{name}#decision", status_code=303)


def release(call: Call) -> Response:
    """Write the decision into the candidate's record, where the candidate reads it."""
    found = work_of(locked(call.site.workspace), call.request.path_params["work"])
    if call.form.get("sure") != "yes":
        said = "Tick that the decision is to be released: the candidate reads it from then on."
        return work_page(call, said=said, typed=call.form, status=409)
    try:
        decide(call.site.workspace, [found.name])
    except BadInput as error:
        return work_page(call, said=_told(error), typed=call.form, status=409)
    return RedirectResponse(f"/committee/{found.name}#decision", status_code=303)


def _number(text: str) -> float:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        raise BadInput(f"{text[:40]!r} is no number", expected="a number such as 0.9") from None


def _band(text: str) -> Band | None:
    if not text:
        return None
    try:
        return Band(text)
    except ValueError:
        raise BadInput(f"{text[:40]!r} is no band", expected=", ".join(Band)) from None


def _told(error: BadInput) -> str:
    return f"{error.what}; expected: {error.expected}" if error.expected else error.what
