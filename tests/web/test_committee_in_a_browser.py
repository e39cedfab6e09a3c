"""The committee's pages in a real Chromium: a keyboard is enough, what is typed is kept, and nobody is shut out."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.accessible import barriers, contrasts
from tests.browser import chromium
from tests.evals.committee.graded import graded, rated
from tests.web import test_killed_server
from tests.web.committee import convened, work_of
from tests.web.served import Served, serving

from heldout.app.eval_committee import decide
from heldout.core.estimate import Measure, counted
from heldout.core.finding import Certainty, Finding, Witness, caution, clear, not_applicable, problem
from heldout.evals.committee import LEAVES, declare_conflict, lock, sheets_of, state_of, work_named
from heldout.evals.committee.adjudication import adjudicate
from heldout.evals.record.kinds import Kind, Role
from heldout.web.pages import COOKIE

KIM, OLA, NOOR = (Role.RATER, "Kim Lee"), (Role.RATER, "Ola Berg"), (Role.ADJUDICATOR, "Noor Adan")
ORGANISER, ADA = (Role.ORGANISER, ""), (Role.CANDIDATE, "ada")
WHY = "The tests say so, in test_train.py."
FOCUS = "(() => { const s = getComputedStyle(document.activeElement); return s.outlineStyle + ' ' + s.outlineWidth })()"
LEAVING = "(() => { const e = new Event('beforeunload', {cancelable: true}); return !dispatchEvent(e) })()"
MOST_TABS = 60
# What stands in the wrong place of a narrow page: a note under its label, or words of the header below a button.
ASTRAY = """() => [
  ...[...document.querySelectorAll("table.wide td[data-label] .note")].filter(note =>
    note.getBoundingClientRect().left < note.closest("td").getBoundingClientRect().left + 100),
  ...[...document.querySelectorAll("header .eyebrow, header h1")].filter(words => {
    const range = document.createRange(), button = document.querySelector(".leave")
    range.selectNodeContents(words)
    return button && [...range.getClientRects()].some(line =>
      line.right > button.getBoundingClientRect().left && line.bottom > button.getBoundingClientRect().top)
  }),
].map(one => one.outerHTML.slice(0, 120))"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with serving(*convened(tmp_path / "eval", ("ada", "bob"), (KIM[1], OLA[1]))) as served:
        yield served


def opened(browser: Browser, address: str, token: str = "", **settings: object) -> BrowserContext:
    context = browser.new_context(base_url=address, viewport={"width": 1280, "height": 900}, **settings)  # type: ignore[arg-type]  # given by name
    if token:
        context.add_cookies([{"name": COOKIE, "value": token, "url": address}])
    return context


def here(served: Served) -> str:
    return f"http://127.0.0.1:{served.port}"


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until an element has the focus, and see on the way that the focus can be seen."""
    page.wait_for_load_state("load")
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        style, width = page.evaluate(FOCUS).split()
        assert style != "none"
        assert width == "3px"
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} is not reached by Tab")


def saved(page: Page, leaf: str) -> None:
    expect(page.locator("#saved")).to_have_text(f"Saved: {leaf}.")


def test_a_work_is_rated_by_keyboard_alone_against_the_real_server(browser: Browser, tmp_path: Path) -> None:
    site, tokens = convened(tmp_path / "eval", ("ada", "bob"), (KIM[1], OLA[1]))
    work = work_of(site.workspace, "ada")
    with test_killed_server.served(site.workspace.folder) as (_, address):
        context = opened(browser, address)
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto("/login")
        page.wait_for_function("document.activeElement.id === 'token'")
        page.keyboard.type(tokens[KIM])
        page.keyboard.press("Enter")
        page.wait_for_url("**/works")
        tab_to(page, f"a[href='/works/{work}']")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/works/{work}")
        for downs, leaf in enumerate(LEAVES, start=1):
            tab_to(page, f"input[name='{leaf}.level']")
            page.keyboard.press("Space")
            for _ in range(downs):
                page.keyboard.press("ArrowDown")
            page.keyboard.press("Tab")
            page.keyboard.type(f"{WHY}\nAnd in {leaf}.")
            saved(page, leaf)
        page.reload()
        for downs, leaf in enumerate(LEAVES, start=1):
            chosen = page.locator(f"input[name='{leaf}.level']:checked").get_attribute("value")
            assert chosen == ("junior", "mid", "senior", "staff", "cannot tell")[downs]
            assert page.input_value(f"#{leaf}-reason") == f"{WHY}\nAnd in {leaf}."
        expect(page.locator("#needs")).to_have_text("Every question has a level and a reason.")
        tab_to(page, f"button[formaction='/works/{work}/final']")
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_contain_text("Your sheet of this work is final")
        tab_to(page, f"form[action='/works/{work}/open'] button")
        page.keyboard.press("Space")
        expect(page.locator("#architecture-reason")).to_have_value(f"{WHY}\nAnd in architecture.")
        assert said == []
        context.close()
    sheet = sheets_of(site.workspace, work_named(site.workspace, work), state_of(site.workspace))[KIM[1]]
    assert [mark.level for mark in sheet.marks.values()] == ["mid", "senior", "staff", "cannot tell"]
    assert not sheet.is_final


def test_a_conflict_is_declared_by_keyboard_and_asks_once_more(browser: Browser, served: Served) -> None:
    context = opened(browser, here(served), served.tokens[KIM])
    page = context.new_page()
    work = work_of(served.site.workspace, "ada")
    page.goto(f"/works/{work}")
    tab_to(page, f"a[href='/works/{work}/conflict']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/conflict")
    tab_to(page, "#why")
    page.keyboard.type("We shared an office.")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("A conflict of interest is recorded: We shared an office.")
    context.close()


def test_what_is_typed_without_a_connection_is_said_to_be_unsaved_and_saved_later(
    browser: Browser, served: Served
) -> None:
    context = opened(browser, here(served), served.tokens[KIM])
    page = context.new_page()
    work = work_of(served.site.workspace, "ada")
    page.goto(f"/works/{work}")
    context.set_offline(True)
    page.fill("#monitoring-reason", "typed in a tunnel")
    expect(page.locator("#saved")).to_contain_text("Not saved yet")
    assert page.evaluate(LEAVING), "the browser asks before the page is left"
    context.set_offline(False)
    saved(page, "monitoring")
    context.close()
    sheet = sheets_of(served.site.workspace, work_named(served.site.workspace, work), state_of(served.site.workspace))
    assert sheet[KIM[1]].marks["monitoring"].reason == "typed in a tunnel"


def test_a_browser_without_scripts_saves_by_a_button(browser: Browser, served: Served) -> None:
    context = opened(browser, here(served), served.tokens[KIM], java_script_enabled=False)
    page = context.new_page()
    work = work_of(served.site.workspace, "ada")
    page.goto(f"/works/{work}")
    page.check("input[name='architecture.level'][value='senior']")
    page.fill("#architecture-reason", "No script was run.")
    page.click("button.large")
    page.wait_for_url("**?saved")
    assert page.input_value("#architecture-reason") == "No script was run."
    assert page.is_checked("input[name='architecture.level'][value='senior']")
    context.close()


def pages_before(served: Served) -> Iterator[tuple[tuple[Role, str], str]]:
    work, bobs = (work_of(served.site.workspace, name) for name in ("ada", "bob"))
    yield from ((KIM, path) for path in ("/works", f"/works/{work}", f"/works/{work}/file?n=0", "/works/none"))
    yield from ((KIM, f"/works/{work}/conflict"), (OLA, f"/works/{work}"), (OLA, f"/works/{bobs}"))
    yield from ((NOOR, "/"), (ORGANISER, "/committee"), (ORGANISER, "/"), (ADA, "/login"))


def pages_after(served: Served) -> Iterator[tuple[tuple[Role, str], str]]:
    work, bobs = (work_of(served.site.workspace, name) for name in ("ada", "bob"))
    yield from ((KIM, "/works"), (KIM, f"/works/{work}"), (KIM, f"/committee/{work}"))
    yield from ((NOOR, f"/committee/{bobs}"), (ORGANISER, "/committee"), (ORGANISER, f"/committee/{work}"))
    yield from ((ORGANISER, f"/committee/{bobs}"), (ADA, "/c/ada"))


def many_findings() -> tuple[Finding, ...]:
    """Findings of every ending, with measures and several files to look at."""
    files = tuple(
        Witness(kind="file", where=path, line=1, note="look") for path in ("README.md", "train.py", "gone.py")
    )
    share = Measure(name="modules that tests import", estimate=counted(0.5, n=6), unit="share")
    answers = (
        problem("Nothing is pinned.", Certainty.PROVEN, to_do="Pin it.", witnesses=files, measures=(share,)),
        problem("It may be slow.", Certainty.SUSPECT, to_do="Measure it.", witnesses=files),
        caution("Few rows.", measures=(share,), witnesses=files),
        clear("There are tests.", measures=(share,), witnesses=files),
        not_applicable("There is no notebook."),
    )
    return tuple(
        Finding(code=code, name="asked", family="architecture", answer=answer)
        for code in ("ARC001", "REP001", "LEK001")
        for answer in answers
    )


def story(served: Served) -> Iterator[Iterator[tuple[tuple[Role, str], str]]]:
    """Yield the pages there are before and after the lock, with something of every kind on them."""
    workspace = served.site.workspace
    work, bobs = (work_of(workspace, name) for name in ("ada", "bob"))
    graded(workspace, "ada", findings=many_findings())
    rated(workspace, OLA[1], work, "mid")
    declare_conflict(workspace, OLA[1], bobs, why="We shared an office.")
    update = {"number": 1, "stated_at": "2026-03-02 14:30", "done": "Trained.", "next": "", "assumptions": ""}
    workspace.candidate("ada").ledger.append(Kind.UPDATE, {**update, "metrics": []}, actor=Role.CANDIDATE)
    yield pages_before(served)
    rated(workspace, KIM[1], work, ["senior", "mid", "cannot tell", "mid"])
    rated(workspace, KIM[1], bobs, "mid")
    lock(workspace, by="Olga", why="Ola has a conflict")
    for leaf in ("architecture", "monitoring"):
        adjudicate(workspace, work, leaf, level="mid", reason="the tests say so", by=NOOR[1], role=Role.ADJUDICATOR)
    decide(workspace, [work])
    yield pages_after(served)


@pytest.mark.timeout(300)
def test_no_page_has_a_barrier_light_or_dark_or_is_too_wide_for_a_telephone(browser: Browser, served: Served) -> None:
    found: dict[str, list[str]] = {}
    seen = 0
    context = opened(browser, here(served))
    page = context.new_page()
    for pages in story(served):
        for who, path in pages:
            seen += 1
            context.add_cookies([{"name": COOKIE, "value": served.tokens[who], "url": here(served)}])
            page.emulate_media(color_scheme="light")
            page.set_viewport_size({"width": 1280, "height": 900})
            page.goto(path)
            for details in page.query_selector_all("details:not([open]) > summary"):
                details.click()
            name = f"{seen}: {who[0].value} {path}"
            found[name] = barriers(page)
            page.emulate_media(color_scheme="dark")
            found[f"{name} dark"] = contrasts(page)
            page.set_viewport_size({"width": 390, "height": 800})
            wide = page.evaluate("document.documentElement.scrollWidth")
            found[f"{name} narrow"] = [f"{wide} pixels wide"] if wide > 390 else page.evaluate(ASTRAY)
    context.close()

    assert {name: one for name, one in found.items() if one} == {}
    assert seen == 19
