"""The pages in a real Chromium: nothing runs, nothing is asked of any host, nothing is wider than the window."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage
from tests.browser import Visit, chromium
from tests.report.test_html import PAGES

CONTRAST = """() => {
  const channel = (x) => (x /= 255) <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4;
  const light = (c) => 0.2126 * channel(c[0]) + 0.7152 * channel(c[1]) + 0.0722 * channel(c[2]);
  const parse = (text) => text.match(/[\\d.]+/g).map(Number);
  const behind = (e) => { for (; e; e = e.parentElement) {
    const c = parse(getComputedStyle(e).backgroundColor);
    if (c.length < 4 || c[3] > 0) return c; } return [255, 255, 255]; };
  let worst = 21;
  for (const e of document.querySelectorAll("main *")) {
    if (![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) || !e.checkVisibility()) continue;
    const style = getComputedStyle(e), drawn = e.closest("svg") !== null;
    const [a, b] = [light(parse(drawn ? style.fill : style.color)), light(behind(e))].sort((x, y) => y - x);
    worst = Math.min(worst, (a + 0.05) / (b + 0.05));
  }
  return worst;
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    for name, page in PAGES.items():
        (folder / f"{name}.html").write_text(page(), encoding="utf-8")
    return folder


def visit(browser: Browser, path: Path, *, width: int, scheme: str) -> Visit:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]  # a Literal there
    seen = Visit(page)

    def on_console(message: ConsoleMessage) -> None:
        seen.messages.append(message.text)

    page.on("console", on_console)
    page.on("pageerror", lambda error: seen.messages.append(str(error)))
    page.on("request", lambda request: seen.requests.append(request.url))
    page.goto(path.as_uri())
    return seen


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_calm_in_a_browser(browser: Browser, folder: Path, name: str, width: int, scheme: str) -> None:
    path = folder / f"{name}.html"
    seen = visit(browser, path, width=width, scheme=scheme)
    try:
        assert seen.messages == []
        assert [url for url in seen.requests if not url.startswith("data:")] == [path.as_uri()]
        assert seen.page.title() != "owned"
        assert seen.page.evaluate("document.scripts.length + document.images.length + frames.length") == 0
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
        seen.page.evaluate("document.querySelectorAll('details').forEach((e) => { e.open = true })")
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
        assert seen.page.evaluate(CONTRAST) >= 4.5
    finally:
        seen.page.close()


def test_no_text_of_a_chart_is_cut_off(browser: Browser, folder: Path) -> None:
    outside = """() => [...document.querySelectorAll("svg")].flatMap((svg) => {
      const box = svg.getBoundingClientRect();
      return [...svg.querySelectorAll("text")].filter((text) => {
        const own = text.getBoundingClientRect();
        const isWide = own.left < box.left - 1 || own.right > box.right + 1;
        return isWide || own.top < box.top - 1 || own.bottom > box.bottom + 1;
      }).map((text) => text.textContent);
    })"""
    for name in (
        "careful",
        "leaky",
        "notebook",
        "recorded card",
        "cards",
        "verdict",
        "comparison",
        "comparison of three",
    ):
        seen = visit(browser, folder / f"{name}.html", width=1280, scheme="light")
        assert seen.page.evaluate(outside) == []
        seen.page.close()


def test_a_printed_page_is_light_and_shows_what_is_folded(browser: Browser, folder: Path) -> None:
    seen = visit(browser, folder / "leaky.html", width=760, scheme="dark")
    folded = seen.page.get_by_text("Every test row is after the last train row.")
    assert not folded.is_visible()
    seen.page.emulate_media(media="print")
    assert folded.is_visible()
    paper = seen.page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert paper == "rgb(255, 255, 255)"
    seen.page.close()


def test_the_browser_test_would_see_a_script_and_a_request(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "control.html"
    path.write_text("<img src='http://tracker.invalid/x.png'><script>console.error('ran')</script>", encoding="utf-8")
    seen = visit(browser, path, width=390, scheme="light")
    assert "ran" in seen.messages
    assert "http://tracker.invalid/x.png" in seen.requests
    seen.page.close()
