"""Every route, and who may use it: the one place where that is said."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.responses import Response

from heldout.evals.record.kinds import Role
from heldout.web import pages, repository
from heldout.web.site import Call

__all__ = ["ANYBODY", "ROUTES", "Right"]

Handler = Callable[[Call], Response] | Callable[[Call], Awaitable[Response]]
ORGANISER, CANDIDATE, RATER = Role.ORGANISER, Role.CANDIDATE, Role.RATER
ANYBODY: frozenset[Role] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """A method on a path, with the value of `service` where git asks by that; `roles` may use it, or anybody.

    Where the path has a {name}, a candidate has the right to what is under their own name alone.
    """

    path: str
    method: str
    roles: frozenset[Role] | None
    handler: Handler
    service: str | None = None

    @property
    def is_git(self) -> bool:
        """True for what git clients call: tokens come by Basic authentication, never by cookie."""
        return self.path.startswith("/git/")


def _right(method: str, path: str, handler: Handler, *roles: Role, service: str | None = None) -> Right:
    return Right(path=path, method=method, roles=frozenset(roles), handler=handler, service=service)


def _open(method: str, path: str, handler: Handler) -> Right:
    return Right(path=path, method=method, roles=ANYBODY, handler=handler)


REPOSITORY = "/git/{name}"
FETCH, PUSH = "git-upload-pack", "git-receive-pack"
ROUTES = (
    _open("GET", "/healthz", pages.health),
    _open("GET", "/style.css", pages.style),
    _open("GET", "/login", pages.login_form),
    _open("POST", "/login", pages.login),
    _right("POST", "/logout", pages.logout, ORGANISER, CANDIDATE, RATER),
    _right("GET", "/", pages.overview, ORGANISER, RATER),
    _right("GET", "/c/{name}", pages.candidate, ORGANISER, CANDIDATE, RATER),
    _right("GET", "/c/{name}/events.json", pages.events, ORGANISER, CANDIDATE, RATER),
    _right("GET", "/c/{name}/card", pages.card, ORGANISER, CANDIDATE, RATER),
    _right("GET", "/c/{name}/kit.zip", pages.kit, ORGANISER, CANDIDATE),
    _right("POST", "/c/{name}/reply", pages.reply, CANDIDATE),
    _right("GET", f"{REPOSITORY}/info/refs", repository.advertise, ORGANISER, CANDIDATE, RATER, service=FETCH),
    _right("GET", f"{REPOSITORY}/info/refs", repository.advertise, CANDIDATE, service=PUSH),
    _right("POST", f"{REPOSITORY}/{FETCH}", repository.fetch, ORGANISER, CANDIDATE, RATER),
    _right("POST", f"{REPOSITORY}/{PUSH}", repository.push, CANDIDATE),
)
