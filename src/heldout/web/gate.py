"""The gate before every route: who asks, what they may know of, and whether the request is one of ours."""

import base64
import binascii
import inspect
from collections.abc import Awaitable, Callable, Sequence
from urllib.parse import parse_qs, urlsplit

import anyio
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from heldout.core.errors import BadInput
from heldout.evals.record.kinds import Role
from heldout.evals.record.tokens import Holder
from heldout.evals.record.workspace import CandidateRecord
from heldout.web.pages import COOKIE
from heldout.web.rights import Right
from heldout.web.showing import page
from heldout.web.site import Call, Site

__all__ = ["gate"]

FORM_FIELDS = 20
FORM_SECONDS = 30
REALM = {"WWW-Authenticate": 'Basic realm="Heldout", charset="UTF-8"'}


def gate(site: Site, rights: Sequence[Right]) -> Callable[[Request], Awaitable[Response]]:
    """Return the endpoint of one path, which lets in whom `rights` name and nobody else.

    Without a good token the answer is 401, whatever the path names. 404 says of another candidate, and of a path on
    which a role has no right at all, what it says of paths that do not exist; 403 is for the rest.
    """

    async def endpoint(request: Request) -> Response:
        try:
            return await _answer(site, rights, request)
        except ClientDisconnect:
            return Response(status_code=400)

    return endpoint


async def _answer(site: Site, rights: Sequence[Right], request: Request) -> Response:
    is_open = all(right.roles is None for right in rights)
    holder = await run_in_threadpool(_holder, site, request, by_cookie=not rights[0].is_git)
    if holder is None and not is_open:
        return _who_are_you(rights[0])
    record = _record(site, request, holder)
    may = await run_in_threadpool(_allowed, site, rights, holder, record)
    if not is_open and not may:
        raise HTTPException(404)
    right = _asked(rights, request)
    if right.roles is not None and right not in may:
        raise HTTPException(403, "this is not open to you")
    form: dict[str, str] = {}
    if request.method not in ("GET", "HEAD"):
        _refuse_foreign_origin(site, request)
        if not right.is_git:
            form = await _form(request, right.form_bytes)
    call = Call(site=site, request=request, holder=holder, record=record, form=form)
    try:
        answer = await _handled(right, call)
    except BadInput:
        if call.role is Role.ORGANISER:
            raise
        raise HTTPException(503, "") from None  # what cannot be read may lie under a candidate's name
    assert isinstance(answer, Response)
    return answer


async def _handled(right: Right, call: Call) -> object:
    if inspect.iscoroutinefunction(right.handler):
        return await right.handler(call)
    return await run_in_threadpool(right.handler, call)


def _holder(site: Site, request: Request, *, by_cookie: bool) -> Holder | None:
    header = request.headers.get("authorization")
    token = _presented(header) if header is not None else request.cookies.get(COOKIE, "") if by_cookie else ""
    return site.tokens.whose(token)


def _allowed(site: Site, rights: Sequence[Right], holder: Holder | None, record: CandidateRecord | None) -> list[Right]:
    """Return what the holder may use now; the lock is asked for only where it makes a difference.

    What lies under a candidate's name is open by the lock once it holds their work, which is rated later otherwise.
    """
    if holder is None:
        return []
    is_asked = any(holder.role in right.after_lock for right in rights)
    is_locked = is_asked and (site.is_locked() if record is None else record.name in site.locked_names())
    return [right for right in rights if holder.role in right.roles_now(is_locked=is_locked)]


def _presented(header: str) -> str:
    scheme, _, value = header.partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() != "basic" or len(value) > 1_000:
        return ""
    try:
        return base64.b64decode(value.strip(), validate=True).decode("utf-8").partition(":")[2]
    except (binascii.Error, ValueError):
        return ""


def _record(site: Site, request: Request, holder: Holder | None) -> CandidateRecord | None:
    name = request.path_params.get("name")
    if name is None:
        return None
    record = site.opened(name)
    is_others = holder is not None and holder.role is Role.CANDIDATE and holder.name != name
    if record is None or is_others:
        raise HTTPException(404)
    return record


def _asked(rights: Sequence[Right], request: Request) -> Right:
    method = "GET" if request.method == "HEAD" else request.method
    fitting = [right for right in rights if right.method == method]
    if not fitting:
        raise HTTPException(405, headers={"Allow": ", ".join(sorted({right.method for right in rights}))})
    for right in fitting:
        if right.service is None or request.query_params.get("service") == right.service:
            return right
    raise HTTPException(403, "only git's smart protocol is spoken here")


def _refuse_foreign_origin(site: Site, request: Request) -> None:
    """Refuse what a page of somebody else makes a browser send; what is no browser sends no Origin, and no cookie."""
    origin = request.headers.get("origin")
    own = site.url or f"{request.url.scheme}://{request.headers.get('host', '')}"
    if origin is None and (COOKIE not in request.cookies or "authorization" in request.headers):
        return
    if origin is None or _parts(origin) != _parts(own):
        raise HTTPException(403, "the request came from another page")


def _parts(address: str) -> tuple[str, str]:
    try:
        split = urlsplit(address)
    except ValueError:
        return "", ""
    return split.scheme.lower(), split.netloc.lower()


async def _form(request: Request, most: int) -> dict[str, str]:
    kind = request.headers.get("content-type", "application/x-www-form-urlencoded").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise HTTPException(415, "a form is expected")
    body = bytearray()
    with anyio.move_on_after(FORM_SECONDS) as limit:
        async for chunk in request.stream():
            body += chunk
            if len(body) > most:
                raise HTTPException(413, f"more than {most:,} bytes")
    if limit.cancelled_caught:
        raise HTTPException(408, "the form did not come in time")
    try:
        fields = parse_qs(body.decode("utf-8"), max_num_fields=FORM_FIELDS, keep_blank_values=True)
    except ValueError:  # UnicodeDecodeError is one
        raise HTTPException(400, "the form cannot be read") from None
    return {name: values[-1] for name, values in fields.items()}


def _who_are_you(right: Right) -> Response:
    if right.is_git:
        return Response("a token is needed\n", status_code=401, headers=REALM, media_type="text/plain")
    return page("login.html", status=401, said="")
