"""The pages: of the organiser, of a candidate, and the little that people send back."""

import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from starlette.exceptions import HTTPException
from starlette.responses import (
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)

from heldout.app.eval_finish import reply as record_reply
from heldout.app.eval_notice import notice_of
from heldout.evals.brief import open_brief
from heldout.evals.record.kinds import Kind, Role
from heldout.evals.record.ledger import Event
from heldout.evals.record.seen import payload_seen
from heldout.web import showing
from heldout.web.decision import released
from heldout.web.replying import lines_of
from heldout.web.showing import page, shown_event, style_sheet
from heldout.web.site import Call, phase, visible

__all__ = [
    "COOKIE",
    "candidate",
    "card",
    "events",
    "health",
    "home",
    "kit",
    "login",
    "login_form",
    "logout",
    "reply",
    "script",
    "style",
    "title",
]

COOKIE = "heldout"
MOST_EVENTS = 200
MOST_REPLIES = 50
REPLY_CHARACTERS = 10_000
KIT_FILES, KIT_BYTES = 10_000, 2_000_000_000
CARD_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; sandbox"
"""A card brings its own style; in a sandbox it has no origin, so that nothing of it could act for the reader."""


def health(_call: Call) -> Response:
    """Say that the server is there."""
    return PlainTextResponse("ok\n")


def style(_call: Call) -> Response:
    """Return the style of the pages."""
    return Response(style_sheet(), media_type="text/css")


def script(_call: Call) -> Response:
    """Return the script of the sheet."""
    return Response(showing.script(), media_type="text/javascript")


def login_form(_call: Call) -> Response:
    """Ask for a token."""
    return page("login.html", said="")


def login(call: Call) -> Response:
    """Let the browser keep a good token."""
    token = call.form.get("token", "").strip()
    holder = call.site.tokens.whose(token)
    if holder is None:
        return page("login.html", status=401, said="This is no token of this eval.")
    own = {Role.CANDIDATE: f"/c/{holder.name}", Role.RATER: "/works"}
    answer = RedirectResponse(own.get(holder.role, "/"), status_code=303)
    is_tls = (call.site.url or str(call.request.url)).startswith("https://")
    answer.set_cookie(COOKIE, token, httponly=True, samesite="strict", secure=is_tls, path="/")
    return answer


def logout(_call: Call) -> Response:
    """Make the browser forget its token."""
    answer = RedirectResponse("/login", status_code=303)
    answer.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
    return answer


def home(call: Call) -> Response:
    """List the candidates: how far each is, and their cards. Before the lock raters have works, and no candidates."""
    if call.role is not Role.ORGANISER and not call.site.is_locked():
        return _before_lock(call)
    rows = []
    shown = call.site.workspace.candidates()
    if call.role is not Role.ORGANISER:
        known = call.site.locked_names()  # who comes after the lock is rated by its own, blind
        shown = tuple(record for record in shown if record.name in known)
    for record in shown:
        seen = visible(record.ledger.events(), call.sight)
        kinds = [event.kind for event in seen]
        rows.append(
            {
                "name": record.name,
                "phase": phase(seen),
                "pushes": kinds.count(Kind.PUSH),
                "updates": kinds.count(Kind.UPDATE),
                "questions": kinds.count(Kind.QUESTION) - kinds.count(Kind.ANSWER),
                "last": "" if call.sight is Role.RATER or not seen else seen[-1].at.strftime("%Y-%m-%d %H:%M UTC"),
                "has_card": call.site.card(record) is not None,
            }
        )
    return page("overview.html", title=title(call), rows=rows, role=call.role, sight=call.sight)


def candidate(call: Call) -> Response:
    """Show a candidate's eval: the clock, what happened, kit, card and reply. Raters do not see the clock."""
    record = call.candidate
    seen = visible(record.ledger.events(), call.sight)
    is_graded = any(event.kind is Kind.GRADED for event in seen)
    return page(
        "candidate.html",
        title=title(call),
        name=record.name,
        role=call.role,
        phase=phase(seen),
        clock=None if call.sight is Role.RATER else call.site.clock(record),
        events=[shown_event(event, call.sight) for event in reversed(seen[-MOST_EVENTS:])],
        more=max(0, len(seen) - MOST_EVENTS),
        head="" if call.sight is Role.RATER else record.ledger.head,
        has_kit=call.sight is not Role.RATER and (call.site.workspace.folder / "kit").is_dir(),
        has_card=call.site.card(record) is not None,
        decided=released(record) if call.role in (Role.CANDIDATE, Role.ORGANISER) else None,
        may_reply=call.role is Role.CANDIDATE and is_graded,
        lines=lines_of(record) if call.role is Role.CANDIDATE and is_graded else [],
        notice=None if call.role is Role.RATER else notice_of(call.site.workspace, record),
        clone=f"{_own(call)}/git/{record.name}",
    )


def events(call: Call) -> Response:
    """Return what the caller may see of the ledger, as JSON."""
    hides = call.sight is Role.RATER  # numbers and hashes let one count, and times measure, what one does not see
    found = [
        {
            **({} if hides else _places(event)),
            "kind": event.kind.value,
            "actor": event.actor.value,
            "payload": payload_seen(event, call.sight),
        }
        for event in visible(call.candidate.ledger.events(), call.sight)
    ]
    return JSONResponse({"candidate": call.candidate.name, "events": found})


def card(call: Call) -> Response:
    """Return the card, once there is one."""
    text = call.site.card(call.candidate)
    if text is None:
        raise HTTPException(404, "there is no card yet")
    return HTMLResponse(text, headers={"Content-Security-Policy": CARD_POLICY})


def kit(call: Call) -> Response:
    """Return the starter kit as one file."""
    folder = call.site.workspace.folder / "kit"
    if not folder.is_dir():
        raise HTTPException(404, "there is no kit")
    headers = {"Content-Disposition": 'attachment; filename="kit.zip"'}
    return StreamingResponse(_chunks(_zipped(folder)), media_type="application/zip", headers=headers)


def reply(call: Call) -> Response:
    """Record what a candidate replies to the card."""
    text, line = call.form.get("text", "").strip(), call.form.get("line", "").strip()[:200]
    if not text or len(text) > REPLY_CHARACTERS:
        raise HTTPException(400, f"a reply has 1 to {REPLY_CHARACTERS:,} characters")
    kinds = [event.kind for event in call.candidate.ledger.events()]
    if Kind.GRADED not in kinds:
        raise HTTPException(409, "there is no card to reply to yet")
    if Kind.FORGOTTEN in kinds or kinds.count(Kind.REPLIED) >= MOST_REPLIES:
        raise HTTPException(409, "no more replies are taken")
    record_reply(call.candidate, text, line=line)
    return RedirectResponse(f"/c/{call.candidate.name}", status_code=303)


def _before_lock(call: Call) -> Response:
    if call.role is Role.RATER:
        return RedirectResponse("/works", status_code=303)
    return page("waiting.html", title=title(call))


def _places(event: Event) -> dict[str, Any]:
    at = event.at.isoformat(timespec="milliseconds")
    return {"n": event.n, "head": event.head, "payload_sha256": event.payload_sha256, "at": at}


def title(call: Call) -> str:
    """Return the title of the eval."""
    return open_brief(call.site.workspace.folder).brief.eval.title


def _own(call: Call) -> str:
    return (call.site.url or f"{call.request.url.scheme}://{call.request.headers.get('host', '')}").rstrip("/")


def _zipped(folder: Path) -> IO[bytes]:
    """Return the regular files of a folder as a zip without a name on the disk."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed once it was sent
    total = 0
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for number, path in enumerate(sorted(folder.rglob("*"))):
            if path.is_symlink() or not path.is_file():
                continue
            total += path.stat().st_size
            if number > KIT_FILES or total > KIT_BYTES:
                raise HTTPException(500, "the kit is too large to be sent")
            archive.write(path, f"kit/{path.relative_to(folder)}")
    file.seek(0)
    return file


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        yield from iter(lambda: file.read(1 << 16), b"")
