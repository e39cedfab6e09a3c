"""The application, and the server that runs it until it is stopped."""

import itertools
import socket
from collections.abc import Callable
from operator import attrgetter

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from heldout.core.errors import BadInput
from heldout.web.gate import gate
from heldout.web.headers import SafeHeaders
from heldout.web.rights import ROUTES
from heldout.web.showing import page
from heldout.web.site import Site

__all__ = ["application", "serve_site"]

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
STOP_SECONDS = 30
CONNECTIONS = 200
MEANING = {
    400: "The request cannot be read.",
    403: "This is not open to you.",
    404: "There is nothing here, or it is not yours to see.",
    405: "This cannot be done here.",
    409: "This cannot be done now.",
    413: "This is too large.",
    500: "The server failed; the record is kept.",
    503: "The record cannot be read at the moment; the organiser has to look.",
}


def application(site: Site) -> Starlette:
    """Return the application of one eval."""
    by_path = itertools.groupby(sorted(ROUTES, key=attrgetter("path")), key=attrgetter("path"))
    routes = [Route(path, gate(site, tuple(rights)), methods=METHODS) for path, rights in by_path]
    handlers = {HTTPException: _on_http, BadInput: _on_bad_input, 500: _on_failure}
    return Starlette(routes=routes, middleware=[Middleware(SafeHeaders)], exception_handlers=handlers)


def serve_site(site: Site, *, host: str, port: int, say: Callable[[str], None]) -> None:
    """Run the server until SIGINT or SIGTERM; a push that is being received is finished first.

    `say` is told the address once connections are taken. Raises BadInput where the address cannot be used.
    """
    listener = _bound(host, port)
    port = listener.getsockname()[1]
    shown = f"[{host}]" if ":" in host else host
    config = uvicorn.Config(
        application(site),
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=CONNECTIONS,
        timeout_keep_alive=10,
        timeout_graceful_shutdown=STOP_SECONDS,
        lifespan="off",
    )
    server = _Server(config)
    server.started_up = lambda: say(f"http://{shown}:{port}")
    try:
        server.run(sockets=[listener])
    except KeyboardInterrupt:
        pass  # uvicorn raises the signal again once it has stopped
    finally:
        listener.close()


class _Server(uvicorn.Server):
    """Says that it is there once it would also stop on a signal in good order."""

    started_up: Callable[[], None]

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self.started_up()


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise BadInput(
            f"cannot listen on {host}, port {port}: {error.strerror}",
            expected="an address of this machine and a free port",
            mend="name others with --host and --port",
        ) from None
    listener.listen(128)
    return listener


def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    detail = error.detail if error.status_code != 404 else ""
    return _failed(request, error.status_code, detail, dict(error.headers or {}))


def _on_bad_input(request: Request, error: Exception) -> Response:
    assert isinstance(error, BadInput)
    return _failed(request, 503, error.what, {})


def _on_failure(request: Request, _error: Exception) -> Response:
    return _failed(request, 500, "", {})


def _failed(request: Request, status: int, detail: str, headers: dict[str, str]) -> Response:
    meaning = MEANING.get(status, "This cannot be done.")
    if request.url.path.startswith("/git/"):
        return PlainTextResponse(f"{meaning} {detail}".strip() + "\n", status_code=status, headers=headers)
    answer = page("message.html", status=status, meaning=meaning, detail=detail)
    answer.headers.update(headers)
    return answer
