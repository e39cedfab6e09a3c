"""Every route, as every role, without a token, with another candidate's and with a revoked one."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.evals.committee import graded
from tests.web.served import Answer, Served, open_for, raw, serving, write_eval

from heldout.evals.committee import lock, works_of
from heldout.evals.record.kinds import KINDS, Kind, Role
from heldout.web.pages import COOKIE
from heldout.web.rights import ROUTES, Right
from heldout.web.site import Site

CALLERS = ("organiser", "rater", "adjudicator", "ada", "bob", "nobody", "wrong", "revoked")
COMMITTEE = {"organiser": Role.ORGANISER, "rater": Role.RATER, "adjudicator": Role.ADJUDICATOR}
ROLES = {**COMMITTEE, "ada": Role.CANDIDATE, "bob": Role.CANDIDATE}


def written(folder: Path) -> tuple[Site, dict[tuple[Role, str], str]]:
    """ada has a card and an accommodation; bob is another candidate; carol's token was revoked."""
    site, tokens = open_for(write_eval(folder), "ada", "bob", "carol")
    site.tokens.revoke(Role.CANDIDATE, "carol")
    record = site.workspace.candidate("ada")
    record.ledger.append(Kind.ACCOMMODATED, {"hours": 12, "what": "secretquiet"}, actor=Role.ORGANISER)
    graded.submitted(site.workspace, "ada")
    graded.graded(site.workspace, "ada")
    (record.folder / "graded" / "ada" / "card.html").write_text("<!doctype html><title>card of ada</title>")
    return site, tokens


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """An eval whose sheets are locked."""
    site, tokens = written(tmp_path_factory.mktemp("locked") / "eval")
    works_of(site.workspace)
    lock(site.workspace, by="Olga", why="nobody rates in this test")
    with serving(site, tokens) as served:
        yield served


@pytest.fixture(scope="module")
def unlocked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(*written(tmp_path_factory.mktemp("unlocked") / "eval")) as served:
        yield served


def token(served: Served, caller: str) -> str | None:
    tokens = served.tokens
    if caller in ("nobody", "wrong"):
        return None if caller == "nobody" else "x" * 43
    if caller == "revoked":
        return tokens[Role.CANDIDATE, "carol"]
    return tokens[ROLES[caller], caller if caller in ("ada", "bob") else ""]


def ask(served: Served, right: Right, caller: str, name: str = "ada") -> Answer:
    (work, *_), _ = works_of(served.site.workspace)
    path = right.path.format(name=name, work=work.name) + (f"?service={right.service}" if right.service else "")
    path += "?n=0" if path.endswith("/file") else ""
    headers, body = {}, None
    if right.method == "POST":
        body = b"0000" if right.is_git else b"text=x&token=x"
        kind = f"x-{right.path.rpartition('/')[2]}-request" if right.is_git else "x-www-form-urlencoded"
        headers["Content_Type"] = f"application/{kind}"
    return served.ask(right.method, path, token=token(served, caller), body=body, **headers)


def may(right: Right, caller: str, *, is_locked: bool) -> bool:
    return ROLES[caller] in (right.roles or ()) or (is_locked and ROLES[caller] in right.after_lock)


def expected(right: Right, caller: str, *, is_locked: bool) -> set[int]:
    """Say what the table means, in other words than the gate does."""
    if right.roles is None:
        return {401} if (right.path, right.method) == ("/login", "POST") else {200}
    if caller not in ROLES:
        return {401}
    if "{name}" in right.path and caller == "bob":
        return {404}
    if may(right, caller, is_locked=is_locked):
        return {200, 303, 400, 409}
    others = [other for other in ROUTES if other.path == right.path]
    return {403} if any(may(other, caller, is_locked=is_locked) for other in others) else {404}


@pytest.mark.parametrize("is_locked", [False, True], ids=["before the lock", "after the lock"])
@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize("right", ROUTES, ids=lambda right: f"{right.method} {right.path} {right.service or ''}")
def test_a_route_is_open_to_whom_the_table_names_and_to_nobody_else(
    served: Served, unlocked: Served, right: Right, caller: str, is_locked: bool
) -> None:
    answer = ask(served if is_locked else unlocked, right, caller)

    assert answer.status in expected(right, caller, is_locked=is_locked)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    if answer.status >= 400:
        assert "secretquiet" not in answer.text


def test_before_the_lock_a_candidate_looks_to_a_rater_exactly_like_none(unlocked: Served) -> None:
    for right in (right for right in ROUTES if "{name}" in right.path):
        for caller in ("rater", "adjudicator"):
            there, not_there = ask(unlocked, right, caller), ask(unlocked, right, caller, name="nobody-of-that-name")
            assert (there.status, there.body, there.headers.items()[3:]) == (
                404,
                not_there.body,
                not_there.headers.items()[3:],
            )


@pytest.mark.parametrize("right", [right for right in ROUTES if "{name}" in right.path], ids=lambda r: r.path)
def test_another_candidate_looks_exactly_like_none(served: Served, right: Right) -> None:
    there, not_there = ask(served, right, "bob"), ask(served, right, "bob", name="nobody-of-that-name")

    assert (there.status, there.body) == (not_there.status, not_there.body)
    without = ask(served, right, "nobody"), ask(served, right, "nobody", name="nobody-of-that-name")
    assert (without[0].status, without[0].body) == (without[1].status, without[1].body)


def test_every_path_of_the_application_is_in_the_table(served: Served) -> None:
    from heldout.web import application

    assert {route.path for route in application(served.site).routes} == {right.path for right in ROUTES}  # type: ignore[attr-defined]  # they are all routes


@pytest.mark.parametrize("path", ["/c/ada", "/c/ada/events.json", "/"])
def test_a_rater_sees_no_trace_of_an_accommodation(served: Served, path: str) -> None:
    for caller, is_seen in (("organiser", path != "/"), ("ada", path != "/"), ("rater", False)):
        text = served.ask("GET", path, token=token(served, caller)).text
        assert ("secretquiet" in text) is is_seen
        assert ("accommodat" in text) is is_seen


def test_what_a_rater_is_given_has_no_numbers_that_would_show_a_gap(served: Served) -> None:
    text = served.ask("GET", "/c/ada", token=token(served, "rater")).text
    events = served.ask("GET", "/c/ada/events.json", token=token(served, "rater")).text

    assert not re.search(r"receipt \d", text)
    assert served.record("ada").ledger.head not in text + events
    assert '"n"' not in events
    assert '"at"' not in events, "hours beyond the agreed ones tell of an accommodation"
    assert not re.search(r"\d\d:\d\d:\d\d UTC", text)
    assert not re.search(r"\d\d:\d\d UTC", served.ask("GET", "/", token=token(served, "rater")).text)
    hidden = {kind for kind, rule in KINDS.items() if Role.RATER not in rule.seen_by}
    of_the_committee = {
        *(Kind.INVITED, Kind.RATED, Kind.SHEET_FINAL, Kind.CONFLICT, Kind.LOCKED, Kind.RESTARTED),
        *(Kind.ADJUDICATED, Kind.RULED, Kind.DECIDED),
    }
    assert hidden == {Kind.ACCOMMODATED} | of_the_committee, "what the committee writes has pages of its own"


def test_a_cookie_opens_pages_but_not_git(served: Served) -> None:
    cookie = {"Cookie": f"{COOKIE}={served.token('ada')}"}

    assert raw(served.port, "GET", "/c/ada", None, cookie).status == 200
    assert raw(served.port, "GET", "/git/ada/info/refs?service=git-upload-pack", None, cookie).status == 401


@pytest.mark.parametrize(
    ("origin", "status"),
    [("http://127.0.0.1:{port}", 303), ("http://evil.example", 403), ("null", 403), (None, 403), ("http://[", 403)],
)
def test_a_form_is_taken_from_our_own_page_alone(served: Served, origin: str | None, status: int) -> None:
    before = len(served.events("ada", Kind.REPLIED))
    headers = {"Cookie": f"{COOKIE}={served.token('ada')}", "Content-Type": "application/x-www-form-urlencoded"}
    if origin is not None:
        headers["Origin"] = origin.format(port=served.port)

    answer = raw(served.port, "POST", "/c/ada/reply", b"line=3&text=It+was+the+baseline", headers)

    assert answer.status == status
    replies = served.events("ada", Kind.REPLIED)[before:]
    assert [reply.payload for reply in replies] == [{"line": "3", "text": "It was the baseline"}] * (status == 303)


def test_a_token_makes_a_cookie_that_no_script_and_no_other_site_can_use(served: Served) -> None:
    body = f"token={served.token('ada')}".encode()

    answer = served.ask("POST", "/login", body=body, Content_Type="application/x-www-form-urlencoded")

    assert answer.status == 303
    assert answer.headers["Location"] == "/c/ada"
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(answer.headers["Set-Cookie"].split("; "))
    assert served.ask("POST", "/login", body=b"token=guess").status == 401


def test_a_reply_before_the_card_or_too_long_is_refused(served: Served) -> None:
    early = served.ask("POST", "/c/bob/reply", token=served.token("bob"), body=b"text=x")
    endless = served.ask("POST", "/c/ada/reply", token=served.token("ada"), body=b"text=" + b"x" * 10_001)
    larger = served.ask("POST", "/c/ada/reply", token=served.token("ada"), body=b"text=" + b"x" * 70_000)

    assert (early.status, endless.status, larger.status) == (409, 400, 413)


def test_the_kit_holds_what_the_folder_holds(served: Served) -> None:
    import io
    import zipfile

    answer = served.ask("GET", "/c/ada/kit.zip", token=served.token("ada"))

    with zipfile.ZipFile(io.BytesIO(answer.body)) as archive:
        assert archive.namelist() == ["kit/README.md"]


def test_a_rater_learns_no_time_zone_hours_or_times_from_any_page(served: Served) -> None:
    rater, record = served.tokens[Role.RATER, ""], served.record("ada")
    record.ledger.append(Kind.ACCOMMODATED, {"hours": 12, "what": "a broken arm"}, actor=Role.ORGANISER)
    said = {"number": 1, "stated_at": "2031-07-08 09:10", "place": 1, "done": "a part", "next": "", "hours_stated": 2}
    record.ledger.append(Kind.UPDATE, said, actor=Role.SERVER)

    pages = [served.ask("GET", path, token=rater).text for path in ("/", "/c/ada", "/c/ada/events.json")]
    theirs = served.ask("GET", "/c/ada/events.json", token=served.token("ada")).text

    assert "a part" in pages[1]
    for page in pages:
        for hidden in (
            "broken arm",
            "accommodat",
            "time_zone",
            "waking",
            "2031-07-08",
            f"{record.ledger.events()[0].at:%Y-%m-%d}",
        ):
            assert hidden not in page
    assert "2031-07-08" in theirs
    assert "time_zone" in theirs
