"""The walkthroughs of the six bundled submissions, and of one with a record. Real flights, the real sandbox."""

from pathlib import Path

import pytest
from benchmarks.six_submissions import grade_played, play_narrowed
from tests.browser import chromium
from tests.evals.walkthrough.test_walkthrough import told

from heldout.app.demo import demonstrate
from heldout.app.eval_grade import bundle_graded
from heldout.app.eval_walkthrough import Sheets, write_sheets
from heldout.evals.walkthrough import FEWEST, MOST, recompute
from heldout.sandbox import probe

pytestmark = pytest.mark.slow

Walked = dict[str, tuple[Path, Sheets]]


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Walked:
    if probe().level == 0:
        pytest.skip(probe().explanation)
    place = tmp_path_factory.mktemp("walked")
    graded = demonstrate(place, with_variants=True).graded
    found: dict[str, Path] = {}
    for name in (one.card.submission for one in graded):
        repository, cards = place / "submissions" / name, place / "cards"
        found[name] = bundle_graded(place / "eval", repository, cards, "sealed", place / "bundles" / name)
    played = play_narrowed(place / "eval", place / "submissions" / "narrowed")
    found["narrowed, recorded"] = grade_played(played, place / "cards").bundles["sealed"]
    return {name: (folder, write_sheets(folder, place / "sheets" / name)) for name, folder in found.items()}


def test_each_answer_of_each_sheet_recomputes_from_its_bundle(walked: Walked) -> None:
    for name, (folder, sheets) in walked.items():
        lines = recompute(folder, sheets.interviewer[1])
        assert {(line.how, line.agrees) for line in lines} == {("recomputed", True)}, name
        assert FEWEST <= len(lines) <= MOST


def test_no_two_submissions_get_the_same_sheet(walked: Walked) -> None:
    texts = [tuple(one.text for one in sheets.sheet.questions) for _, sheets in walked.values()]
    assert len(set(texts)) == len(texts)
    answers = {name: {one.answer for one in sheets.sheet.questions} for name, (_, sheets) in walked.items()}
    for name, mine in answers.items():
        same = {"silent", "narrowed", "narrowed, recorded"}  # one model: the work around it tells them apart
        others = [other for other in answers if other != name and not {name, other} <= same]
        assert all(len(mine & answers[other]) <= 2 for other in others), name
        assert all(mine != answers[other] for other in answers if other != name), name


def test_each_is_asked_what_its_findings_make_most_worth_asking(walked: Walked) -> None:
    asked = {name: [one.name for one in sheets.sheet.questions] for name, (_, sheets) in walked.items()}

    assert asked["leaky"][:3] == ["leak", "reported", "split"]
    assert set(asked["notebook"][:3]) == {"unwatched", "untested", "same-seed"}
    assert "untested" in asked["silent"]
    assert "untested" not in asked["careful"]
    assert "half-the-budget" in asked["goldplated"], "it trains twenty times as long"
    for name, names in asked.items():
        has_none = name in {"goldplated", "notebook"}
        assert ("unwatched" in names, "worst-day" in names) == (has_none, not has_none), name
    assert [name for name, names in asked.items() if "narrowed-scope" in names] == ["narrowed, recorded"]


def test_no_practice_sheet_tells_an_answer(walked: Walked) -> None:
    for _, sheets in walked.values():
        given = "".join(path.read_text(encoding="utf-8") for path in sheets.practice)
        assert not [line for one in sheets.sheet.questions for line in told(one)]
        assert not [line for one in sheets.sheet.questions for line in one.answer if line in given]


def test_the_careful_alert_rings_every_day_and_the_sheet_says_so(walked: Walked) -> None:
    """By the submission's own bins too its drift alert rings on 61 of 61 days: a day is no sample of a year."""
    day = next(one for one in walked["careful"][1].sheet.questions if one.name == "worst-day")
    share = next(one for one in day.figures if one.name == "days with a PSI above 0.25")
    assert (share.estimate.value, share.estimate.n) == (1.0, 61)
    assert "2013-12-17" in day.text


def test_each_page_fits_a_phone_and_a_desk(walked: Walked) -> None:
    with chromium() as browser:
        for name, (_, sheets) in walked.items():
            for path in (sheets.interviewer[0], sheets.practice[0]):
                for width in (390, 1280):
                    page = browser.new_page(viewport={"width": width, "height": 900})
                    page.goto(path.as_uri())
                    assert page.evaluate("document.documentElement.scrollWidth") <= width, name
                    page.close()
