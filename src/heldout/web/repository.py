"""Git over HTTP: the smart protocol, each request within bounds of size, time and number."""

import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast

import anyio
from anyio import to_thread
from starlette.exceptions import HTTPException
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from heldout.core.errors import BadInput
from heldout.evals.record.receive import MAX_PUSH_BYTES, Push, receive_push
from heldout.tools.git.http_backend import Backend, Request
from heldout.web.site import Call

__all__ = ["advertise", "fetch", "push"]

FETCH_BYTES = 10_000_000
DRAINED_BYTES = 3_000_000_000
"""What is over the bound of a push is read up to here and dropped: git shows our answer only once it has sent all."""
BODY_SECONDS = 900
SECONDS = 600
AT_ONCE = 6
"""Requests of git about one candidate at a time."""
PUSHES_AT_ONCE = anyio.CapacityLimiter(4)
IN_FLIGHT: Counter[str] = Counter()


async def advertise(call: Call) -> Response:
    """Return the list of refs."""
    service = call.request.query_params["service"]
    return await _streamed(call, Request(service=service, advertise=True, protocol=_protocol(call)))


async def fetch(call: Call) -> Response:
    """Return the objects that a clone or fetch asks for."""
    _refuse_other_types(call, "git-upload-pack")
    body, size, is_whole = await _spooled(call, FETCH_BYTES, FETCH_BYTES)
    if not is_whole:
        body.close()
        raise HTTPException(413)
    is_gzip = call.request.headers.get("content-encoding") == "gzip"
    asked = Request(service="git-upload-pack", body=body, size=size, is_gzip=is_gzip, protocol=_protocol(call))
    try:
        return await _streamed(call, asked)
    except BaseException:
        body.close()
        raise


async def push(call: Call) -> Response:
    """Receive a push, record it, and answer with its receipts."""
    _refuse_other_types(call, "git-receive-pack")
    if call.request.headers.get("content-encoding", "identity") != "identity":
        raise HTTPException(415, "a push comes as it is")
    with _counted(call.candidate.name):
        body, size, is_whole = await _spooled(call, MAX_PUSH_BYTES, DRAINED_BYTES)
        with body:
            sent = Push(body=body, size=size, is_whole=is_whole, protocol=_protocol(call))
            try:
                answer = await to_thread.run_sync(
                    receive_push, call.candidate, sent, call.site.on_push, limiter=PUSHES_AT_ONCE
                )
            except BadInput as error:
                raise HTTPException(400, error.what) from None
    return Response(answer, media_type="application/x-git-receive-pack-result")


@contextmanager
def _counted(name: str) -> Iterator[None]:
    if IN_FLIGHT[name] >= AT_ONCE:
        raise HTTPException(503, "too many requests at once", headers={"Retry-After": "5"})
    IN_FLIGHT[name] += 1
    try:
        yield
    finally:
        IN_FLIGHT[name] -= 1


class _Ended(StreamingResponse):
    """Calls `ended` once it is over, also where the client was gone before the first byte was asked for."""

    ended: Callable[[], Awaitable[None]]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            with anyio.CancelScope(shield=True):
                await self.ended()


async def _streamed(call: Call, asked: Request) -> Response:
    if not (call.candidate.repository / "HEAD").is_file():
        raise HTTPException(404)  # it was forgotten
    backend = Backend(call.candidate.repository, asked, seconds=SECONDS)
    counted = _counted(call.candidate.name)
    counted.__enter__()
    try:
        await to_thread.run_sync(backend.__enter__)
    except BaseException:
        counted.__exit__(None, None, None)
        raise

    async def chunks() -> AsyncIterator[bytes]:
        while chunk := await to_thread.run_sync(backend.read_some):
            yield chunk

    async def ended() -> None:
        counted.__exit__(None, None, None)
        await to_thread.run_sync(backend.__exit__, None, None, None)
        if asked.body is not None:
            asked.body.close()

    answer = _Ended(chunks(), status_code=backend.status, media_type=backend.content_type)
    answer.ended = ended
    return answer


async def _spooled(call: Call, most: int, drained: int) -> tuple[BinaryIO, int, bool]:
    """Return what a client sends as a file without a name, its size, and whether it is all there."""
    said = call.request.headers.get("content-length", "0")
    if not said.isdigit() or int(said) > drained:
        raise HTTPException(413, f"more than {most:,} bytes")
    folder = call.candidate.folder  # beside the repository: elsewhere a disk may be in memory
    file = cast(BinaryIO, tempfile.TemporaryFile(dir=folder))  # noqa: SIM115 - the caller closes it
    try:
        size = await _received(call, file, most, drained)
    except BaseException:  # a client that went away is one
        file.close()
        raise
    file.seek(0)
    return file, size, size <= most


async def _received(call: Call, file: BinaryIO, most: int, drained: int) -> int:
    size = 0
    with anyio.move_on_after(BODY_SECONDS) as limit:
        async for chunk in call.request.stream():
            size += len(chunk)
            if size > drained:
                raise HTTPException(413, f"more than {most:,} bytes")
            if size <= most:
                file.write(chunk)
    if limit.cancelled_caught:
        raise HTTPException(408, "it did not come in time")
    return size


def _refuse_other_types(call: Call, service: str) -> None:
    if call.request.headers.get("content-type") != f"application/x-{service}-request":
        raise HTTPException(415, "only git's smart protocol is spoken here")


def _protocol(call: Call) -> str:
    return call.request.headers.get("git-protocol", "")
