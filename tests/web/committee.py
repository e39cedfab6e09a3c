"""A committee of an eval with graded works, served, with a token for everybody and names that can be looked for."""

from pathlib import Path
from urllib.parse import urlencode

from tests.evals.committee import graded
from tests.web.served import Answer, Served, raw

from heldout.app.eval_open import tokens_of
from heldout.evals.committee import LEAVES, roster, works_of
from heldout.evals.record.kinds import Role
from heldout.evals.record.workspace import Workspace
from heldout.web import Site
from heldout.web.pages import COOKIE

WHY = "the README says so"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
Tokens = dict[tuple[Role, str], str]


def convened(
    folder: Path,
    candidates: tuple[str, ...],
    raters: tuple[str, ...],
    adjudicator: str = "Noor Adan",
    decision: str = "",
) -> tuple[Site, Tokens]:
    """Write an eval whose candidates are graded, invite the committee, and give everybody a token."""
    workspace = graded.new_eval(folder, *candidates, decision=decision)
    tokens = tokens_of(workspace)
    given = {(Role.ORGANISER, ""): tokens.issue(Role.ORGANISER)}
    people = [*((Role.RATER, name) for name in raters), (Role.ADJUDICATOR, adjudicator)]
    for role, name in people:
        roster.invite(workspace, name, role=role)
    people += [(Role.CANDIDATE, name) for name in candidates]
    given |= {(role, name): tokens.issue(role, name) for role, name in people}
    works_of(workspace)
    return Site(workspace=workspace, tokens=tokens), given


def work_of(workspace: Workspace, candidate: str) -> str:
    """Return the pseudonym of a candidate's work."""
    return next(work.name for work in works_of(workspace)[0] if work.candidate == candidate)


def send(served: Served, who: tuple[Role, str], path: str, **fields: str) -> Answer:
    """Send a form as a browser without scripts does: a cookie, our own page's address, the fields."""
    return sent(served.port, served.tokens[who], path, fields)


def sent(port: int, token: str, path: str, fields: dict[str, str]) -> Answer:
    headers = {**FORM, "Cookie": f"{COOKIE}={token}", "Origin": f"http://127.0.0.1:{port}"}
    return raw(port, "POST", path, urlencode(fields).encode(), headers)


def look(served: Served, who: tuple[Role, str], path: str) -> Answer:
    """Open a page as a browser does."""
    return raw(served.port, "GET", path, None, {"Cookie": f"{COOKIE}={served.tokens[who]}"})


def whole_sheet(level: str = "mid", why: str = WHY) -> dict[str, str]:
    """Return the fields of a sheet with one level and one reason on every leaf."""
    return {f"{leaf}.{part}": said for leaf in LEAVES for part, said in (("level", level), ("reason", why))}
