"""Every route, and who may use it: the one place where that is said."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.responses import Response

from heldout.evals.record.kinds import Role
from heldout.web import committee, deciding, pages, rating, repository
from heldout.web.site import Call

__all__ = ["ANYBODY", "ROUTES", "Right"]

Handler = Callable[[Call], Response] | Callable[[Call], Awaitable[Response]]
ORGANISER, CANDIDATE, RATER, ADJUDICATOR = Role.ORGANISER, Role.CANDIDATE, Role.RATER, Role.ADJUDICATOR
ANYBODY: frozenset[Role] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """A method on a path, with the value of `service` where git asks by that; `roles` may use it, or anybody.

    Where the path has a {name}, a candidate has the right to what is under their own name alone. `after_lock` have the
    right once the committee's sheets are locked: before that the path does not exist for them. `form_bytes` is the most
    that a form may have.
    """

    path: str
    method: str
    roles: frozenset[Role] | None
    handler: Handler
    service: str | None = None
    after_lock: frozenset[Role] = frozenset()
    form_bytes: int = 64_000

    def roles_now(self, *, is_locked: bool) -> frozenset[Role]:
        """Return who may use it, apart from anybody."""
        return (self.roles or frozenset()) | (self.after_lock if is_locked else frozenset())

    @property
    def is_git(self) -> bool:
        """True for what git clients call: tokens come by Basic authentication, never by cookie."""
        return self.path.startswith("/git/")


def _right(
    method: str,
    path: str,
    handler: Handler,
    *roles: Role,
    service: str | None = None,
    after_lock: frozenset[Role] = frozenset(),
    form_bytes: int = 64_000,
) -> Right:
    return Right(
        path=path,
        method=method,
        roles=frozenset(roles),
        handler=handler,
        service=service,
        after_lock=after_lock,
        form_bytes=form_bytes,
    )


def _open(method: str, path: str, handler: Handler) -> Right:
    return Right(path=path, method=method, roles=ANYBODY, handler=handler)


SHEET_BYTES = 250_000
"""Four reasons of the longest kind, each sign of them as a form writes what is not ASCII."""
REPOSITORY = "/git/{name}"
FETCH, PUSH = "git-upload-pack", "git-receive-pack"
COMMITTEE = frozenset({RATER, ADJUDICATOR})
"""Who learns names, cards and each other's sheets with the lock, and nothing of them before."""
ROUTES = (
    _open("GET", "/healthz", pages.health),
    _open("GET", "/style.css", pages.style),
    _open("GET", "/sheet.js", pages.script),
    _open("GET", "/login", pages.login_form),
    _open("POST", "/login", pages.login),
    _right("POST", "/logout", pages.logout, ORGANISER, CANDIDATE, RATER, ADJUDICATOR),
    _right("GET", "/", pages.home, ORGANISER, RATER, ADJUDICATOR),
    _right("GET", "/c/{name}", pages.candidate, ORGANISER, CANDIDATE, after_lock=COMMITTEE),
    _right("GET", "/c/{name}/events.json", pages.events, ORGANISER, CANDIDATE, after_lock=COMMITTEE),
    _right("GET", "/c/{name}/card", pages.card, ORGANISER, CANDIDATE, after_lock=COMMITTEE),
    _right("GET", "/c/{name}/kit.zip", pages.kit, ORGANISER, CANDIDATE),
    _right("POST", "/c/{name}/reply", pages.reply, CANDIDATE),
    _right("GET", "/works", rating.works, RATER),
    _right("GET", "/works/{work}", rating.work, RATER),
    _right("GET", "/works/{work}/file", rating.file, RATER),
    _right("POST", "/works/{work}/leaf", rating.keep_leaf, RATER),
    _right("POST", "/works/{work}/sheet", rating.keep_sheet, RATER, form_bytes=SHEET_BYTES),
    _right("POST", "/works/{work}/final", rating.finish, RATER, form_bytes=SHEET_BYTES),
    _right("POST", "/works/{work}/open", rating.take_back, RATER),
    _right("GET", "/works/{work}/conflict", rating.conflict_form, RATER),
    _right("POST", "/works/{work}/conflict", rating.conflict, RATER),
    _right("GET", "/committee", committee.committee, ORGANISER, after_lock=COMMITTEE),
    _right("POST", "/committee/lock", committee.lock_early, ORGANISER),
    _right("GET", "/committee/{work}", committee.work, after_lock=COMMITTEE | {ORGANISER}),
    _right("POST", "/committee/{work}/level", committee.set_level, after_lock=frozenset({ORGANISER, ADJUDICATOR})),
    _right("POST", "/committee/{work}/ruling", deciding.set_ruling, after_lock=frozenset({ORGANISER})),
    _right("POST", "/committee/{work}/release", deciding.release, after_lock=frozenset({ORGANISER})),
    _right(
        "GET",
        f"{REPOSITORY}/info/refs",
        repository.advertise,
        ORGANISER,
        CANDIDATE,
        service=FETCH,
        after_lock=COMMITTEE,
    ),
    _right("GET", f"{REPOSITORY}/info/refs", repository.advertise, CANDIDATE, service=PUSH),
    _right("POST", f"{REPOSITORY}/{FETCH}", repository.fetch, ORGANISER, CANDIDATE, after_lock=COMMITTEE),
    _right("POST", f"{REPOSITORY}/{PUSH}", repository.push, CANDIDATE),
)
