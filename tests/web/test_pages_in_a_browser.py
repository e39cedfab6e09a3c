"""The pages in a real Chromium: what others wrote does nothing, the style is ours, and a keyboard is enough."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage
from tests.browser import Visit, chromium
from tests.report.hostile import HOSTILE, LONG, hostile_card
from tests.report.test_html_in_a_browser import CONTRAST
from tests.web.served import Served, changed, open_for, serving, write_eval

from heldout.evals.record.kinds import Kind, Role
from heldout.report.html import card_page
from heldout.web.pages import COOKIE

HOSTILE_TEXT = HOSTILE.replace("\udcff", "\ufffd") + LONG


@dataclass(frozen=True, kw_only=True)
class Clock:
    started: dt.datetime = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
    ends: dt.datetime = dt.datetime(2026, 3, 4, 9, tzinfo=dt.UTC)
    left_hours: float = 31.5
    sentence: str = "31.5 of 48 agreed hours are left; nights do not count."


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = write_eval(tmp_path_factory.mktemp("eval"))
    site, tokens = open_for(folder, "ada")
    record = site.workspace.candidate("ada")
    payload = {"text": f"{HOSTILE_TEXT}\n# heading\n<script>document.title='owned'</script>", "commit": HOSTILE_TEXT}
    for kind in (Kind.UPDATE, Kind.QUESTION, Kind.REPLIED):
        record.ledger.append(kind, {**payload, HOSTILE_TEXT: [payload, HOSTILE_TEXT]}, actor=Role.CANDIDATE)
    record.ledger.append(Kind.GRADED, {"card_sha256": "0" * 64, "band": "pass"}, actor=Role.SERVER)
    (record.folder / "graded" / record.name).mkdir(parents=True)
    (record.folder / "graded" / record.name / "card.html").write_text(card_page(hostile_card()), encoding="utf-8")
    served = Served(site=site, port=0, tokens=tokens)
    with serving(changed(served, clock=lambda _record: Clock()).site, tokens) as running:
        yield running


def visit(
    browser: Browser, served: Served, path: str, *, role: Role, width: int = 1280, scheme: str = "light"
) -> Visit:
    token = served.tokens[role, "ada" if role is Role.CANDIDATE else ""]
    context: BrowserContext = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,  # type: ignore[arg-type]  # a Literal there
        base_url=f"http://127.0.0.1:{served.port}",
    )
    context.add_cookies([{"name": COOKIE, "value": token, "url": f"http://127.0.0.1:{served.port}"}])
    seen = Visit(context.new_page())

    def on_console(message: ConsoleMessage) -> None:
        seen.messages.append(message.text)

    seen.page.on("console", on_console)
    seen.page.on("pageerror", lambda error: seen.messages.append(str(error)))
    seen.page.on("request", lambda request: seen.requests.append(request.url))
    seen.page.goto(path)
    return seen


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "dark")])
@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("/", Role.ORGANISER),
        ("/c/ada", Role.CANDIDATE),
        ("/c/ada", Role.ORGANISER),
        ("/", Role.ADJUDICATOR),
        ("/committee", Role.ORGANISER),
        ("/login", Role.CANDIDATE),
        ("/c/ada/nothing", Role.CANDIDATE),
    ],
)
def test_a_page_is_calm_whatever_a_candidate_wrote(
    browser: Browser, hostile: Served, path: str, role: Role, width: int, scheme: str
) -> None:
    seen = visit(browser, hostile, path, role=role, width=width, scheme=scheme)
    try:
        here = f"http://127.0.0.1:{hostile.port}"
        assert [said for said in seen.messages if "404" not in said] == []
        assert {url for url in seen.requests if not url.startswith("data:")} == {f"{here}{path}", f"{here}/style.css"}
        assert seen.page.title() != "owned"
        assert seen.page.evaluate("document.scripts.length + document.images.length + frames.length") == 0
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
        assert seen.page.evaluate("getComputedStyle(document.querySelector('main')).maxWidth") == "1088px"
        assert seen.page.evaluate(CONTRAST) >= 4.5
        text = seen.page.evaluate("document.documentElement.textContent")
        assert not {"\x1b", "\u202e", "\x9b", "\x00"} & set(text)
    finally:
        seen.page.context.close()


def test_what_was_written_is_there_to_be_read(browser: Browser, hostile: Served) -> None:
    seen = visit(browser, hostile, "/c/ada", role=Role.ORGANISER)
    assert "<script>document.title='owned'</script>" in seen.page.inner_text("main")
    seen.page.context.close()


def test_a_card_keeps_its_own_style_and_runs_nothing(browser: Browser, hostile: Served) -> None:
    seen = visit(browser, hostile, "/c/ada/card", role=Role.CANDIDATE)
    assert seen.messages == []
    assert seen.page.title() != "owned"
    assert seen.page.evaluate("getComputedStyle(document.querySelector('main')).maxWidth") == "1088px"
    assert seen.page.evaluate("window.origin") == "null"
    seen.page.context.close()


def test_a_candidate_logs_in_replies_and_logs_out_with_the_keyboard_alone(browser: Browser, hostile: Served) -> None:
    context = browser.new_context(base_url=f"http://127.0.0.1:{hostile.port}")
    page = context.new_page()
    page.goto("/login")
    page.wait_for_function("document.activeElement.id === 'token'")
    page.keyboard.type(hostile.token("ada"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/c/ada")
    page.focus("#text")
    page.keyboard.type("The baseline had seen the future.")
    page.keyboard.press("Tab")
    with page.expect_navigation(wait_until="networkidle"):
        page.keyboard.press("Enter")
    assert hostile.events("ada", Kind.REPLIED)[-1].payload == {"line": "", "text": "The baseline had seen the future."}
    assert "The baseline had seen the future." in page.inner_text("#events")
    page.focus("form.leave button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/login")
    assert context.cookies() == []
    context.close()


def test_another_site_cannot_send_our_forms(browser: Browser, hostile: Served, tmp_path: Path) -> None:
    before = len(hostile.events("ada", Kind.REPLIED))
    seen = visit(browser, hostile, "/c/ada", role=Role.CANDIDATE)
    attack = tmp_path / "attack.html"
    attack.write_text(
        f"<form method=post action='http://127.0.0.1:{hostile.port}/c/ada/reply'><input name=text value=forged></form>"
        "<script>document.forms[0].submit()</script>"
    )
    seen.page.goto(attack.as_uri())
    seen.page.wait_for_url("**/reply")
    assert len(hostile.events("ada", Kind.REPLIED)) == before
    seen.page.context.close()
