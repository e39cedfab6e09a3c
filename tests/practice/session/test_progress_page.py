"""The page of progress in a real Chromium: loads nothing, fits a telephone, light and dark."""

import datetime as dt
from pathlib import Path

import pytest
from tests.accessible import barriers, contrasts
from tests.browser import chromium

from heldout.practice.attempt import Attempt, Place, Round
from heldout.practice.plan import Level, Terms, plan_of
from heldout.practice.plan.syllabus import syllabus
from heldout.practice.session.page import progress_page
from heldout.practice.session.progress import progress_of

TERMS = Terms(start=dt.date(2026, 3, 2), level=Level.SENIOR, hours=1.5, zone="Europe/Berlin")


def history() -> list[Attempt]:
    made = []
    for number, (_, kinds) in enumerate(list(syllabus().items()) * 5):
        right = number % 3 != 0
        places = {"q": Place(first_key=4.0 + number % 7, answered=20.0, points=90.0 * right, worth=100)}
        made.append(
            Attempt(
                kind=kinds[number % len(kinds)],
                seed=number,
                difficulty=2,
                planted=number % 2 == 0,
                round=Round.SPEED,
                at=(dt.datetime(2026, 3, 2, 18, tzinfo=dt.UTC) + dt.timedelta(hours=5 * number)).isoformat(),
                seconds=60.0,
                score=90.0 if right else 20.0,
                confidence=0.3 + 0.6 * (number % 10) / 10,
                places=places,
            )
        )
    return made


def page_of(attempts: list[Attempt]) -> str:
    return progress_page(progress_of(attempts), plan_of(TERMS, attempts, dt.date(2026, 3, 9)), attempts)


def test_the_page_says_what_to_do_next() -> None:
    page = page_of(history())
    assert "heldout practice drill" in page
    assert page.count("<svg") == 4
    assert "<script" not in page


def test_a_page_before_anything_is_no_error() -> None:
    page = page_of([])
    assert "No drill was tried yet." in page
    assert "Not tried yet:" in page


@pytest.mark.parametrize("width", [390, 1280])
def test_a_browser_shows_it_whole(tmp_path: Path, width: int) -> None:
    file = tmp_path / "progress.html"
    file.write_text(page_of(history()), encoding="utf-8")
    with chromium() as browser:
        for scheme in ("light", "dark"):
            asked: list[str] = []
            page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
            page.on("request", lambda request, asked=asked: asked.append(request.url))
            page.goto(file.as_uri())
            assert [url for url in asked if not url.startswith("data:")] == [file.as_uri()]
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            found = barriers(page) if scheme == "light" else contrasts(page)
            # the whole drawing has a label; the marks in it, to which Vega gives roles, need none
            assert [one for one in found if not one.startswith("svg-img-alt")] == []
            page.close()
