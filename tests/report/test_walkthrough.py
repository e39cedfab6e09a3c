import io
import json
import re

import pytest
from jsonschema import Draft202012Validator
from markdown_it import MarkdownIt
from rich.console import Console
from tests.report.hostile import HOSTILE, LONG
from tests.report.test_html import TAGS, Reader
from tests.report.walkthroughs import asked_of

from heldout.report.json import schema, to_json
from heldout.report.walkthrough import (
    interviewer_page,
    interviewer_text,
    practice_page,
    practice_text,
    print_walkthrough,
)

PAGES = {"interviewer": interviewer_page, "practice": practice_page}
TEXTS = {"interviewer": interviewer_text, "practice": practice_text}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_well_formed_and_hostile_words_make_no_element_of_it(name: str) -> None:
    for text in ("plain", HOSTILE, LONG):
        page = PAGES[name](asked_of(text))
        read = Reader(page)
        assert read.open == []
        assert set(read.tags) <= TAGS
        assert not [one for one in read.attributes if one[0].startswith("on") or one[0] == "src"]
        assert not re.search("[\u202a-\u202e\x00\x1b]", page)
        assert len(page) < 200_000


@pytest.mark.parametrize("name", TEXTS)
def test_the_markdown_makes_no_link_image_or_html_of_hostile_words(name: str) -> None:
    shown = MarkdownIt("commonmark").enable("table").render(TEXTS[name](asked_of(HOSTILE)))
    assert set(re.findall(r"<([a-z0-9]+)", shown)) <= {"h3", "h4", "p", "ul", "li", "strong", "code"}
    assert shown.count("<h3") == 1


def test_a_terminal_gets_no_escape_and_no_markup_of_hostile_words() -> None:
    out = io.StringIO()
    print_walkthrough(asked_of(HOSTILE), Console(file=out, width=100, force_terminal=False))
    assert not re.search("[\x1b\u202e\x00\x9b]", out.getvalue())
    assert "[bold" in out.getvalue()
    assert "Only 2 of at least 6 questions can be asked" in out.getvalue()


def test_the_json_keeps_to_its_schema_and_holds_hostile_words_whole() -> None:
    plain = json.loads(to_json(asked_of(HOSTILE)))
    Draft202012Validator.check_schema(schema("walkthrough"))
    Draft202012Validator(schema("walkthrough")).validate(plain)
    assert plain["questions"][0]["text"] == f"Why {HOSTILE}?".replace("\udcff", "\ufffd")


def test_the_practice_page_says_nothing_of_answers_evidence_or_levels() -> None:
    page = Reader(practice_page(asked_of("plain"))).text.partition("Walkthrough of")[2]
    assert "Why plain?" in page
    for word in ("Because", "0.25", "junior", "senior", "finding"):
        assert word not in page
