"""The trial of a brief on its page, in Markdown, in a terminal, and in JSON."""

import io
import json
import re

import pytest
from jsonschema import Draft202012Validator
from rich.console import Console
from tests.browser import chromium
from tests.report import trials

from heldout.core.brief_trial import BriefTrial
from heldout.report.brief_trial import print_trial, trial_page, trial_text
from heldout.report.json import schema, to_json

TRIALS = {"ready": trials.ready, "to mend": trials.to_mend, "stopped": trials.stopped}
HOSTILE = 'x <script>alert(1)</script> \x1b[31m\u202e [a](http://b) @all {{ 7*7 }} $$y$$ "'


def printed(trial: BriefTrial) -> str:
    console = Console(file=io.StringIO(), width=120)
    print_trial(trial, console)
    return console.file.getvalue()  # type: ignore[attr-defined]  # it is the StringIO above


@pytest.mark.parametrize("which", TRIALS)
def test_every_form_says_what_it_comes_to_and_what_to_mend(which: str) -> None:
    trial = TRIALS[which]()

    for text in (re.sub(r"<[^>]+>", "", trial_page(trial)), trial_text(trial), printed(trial)):
        assert trial.readiness.value in text
        assert all(flaw.mend in text for flaw in trial.flaws)
        assert all(rung.name in text for rung in trial.rungs)


@pytest.mark.parametrize("which", TRIALS)
def test_the_json_is_that_of_its_schema(which: str) -> None:
    data = json.loads(to_json(TRIALS[which]()))

    Draft202012Validator(schema("brief_trial")).validate(data)
    assert data["schema"] == "heldout.brief_trial.v1"


def test_numbers_stand_with_their_interval_and_n_and_the_method_is_told() -> None:
    page = trial_page(trials.ready())

    assert "+12.1 % [+6.1, +18.1]" in page
    assert "n = 54,211" in page
    assert "Satterthwaite" in page
    assert page.count("<svg") == 2


def test_costs_of_several_candidates_follow_from_one() -> None:
    assert "candidates 6: 8 min 25 s" in printed(trials.ready())


def test_text_of_others_is_escaped_wherever_it_is_shown() -> None:
    trial = trials.to_mend(claim=HOSTILE)

    page, text, shown = trial_page(trial), trial_text(trial), printed(trial)

    assert "<script>" not in page
    assert "<script>" not in text
    assert "\x1b[31m" not in shown
    assert "\u202e" not in page + text + shown
    assert "[a](http" not in text


def test_the_page_loads_nothing_and_fits_a_phone_and_a_desk() -> None:
    with chromium() as browser:
        for make in TRIALS.values():
            for width in (390, 1280):
                page = browser.new_page(viewport={"width": width, "height": 900})
                asked: list[str] = []
                page.on("request", lambda request: asked.append(request.url))  # noqa: B023 - used before it changes
                page.set_content(trial_page(make()))
                assert page.evaluate("document.documentElement.scrollWidth") <= width
                assert [url for url in asked if not url.startswith(("data:", "about:"))] == []
                page.close()
