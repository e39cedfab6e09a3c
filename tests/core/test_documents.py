import re

import pytest
from tests.repositories import repository_of

from heldout.core.documents import document_names, documented, readme, sections
from heldout.core.finding import Ending
from heldout.core.repository import Repository

HEADINGS = {"what it costs": ("cost", "price")}
SENTENCES = {"what it costs": re.compile(r"\bcosts \d")}


def ending(files, sentences=SENTENCES):
    return documented(repository_of(files), HEADINGS, sentences, to_do="Say it.").ending


@pytest.mark.parametrize(
    "files",
    [
        {"README.md": "# Costs\n\nThere are five words here, or more.\n"},
        {"docs/money.md": "The price\n=========\nThere are five words here, or more.\n"},
        {"README.rst": "It costs 3 dollars.\n"},
        {"models/model_card.md": "A model.\n\n- It costs 3.\n"},
    ],
)
def test_a_heading_above_words_tells_and_a_sentence_of_readme_or_card_does(files):
    assert ending(files) is Ending.CLEAR


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"README.md": "# Costs\n\nTBD\n"},
        {"README.md": "# Costs\n\n[More Information Needed]\n\n<!-- write at least five words on it here -->\n"},
        {"README.md": "# Costs\n\nThis has not yet been measured, sorry for that.\n"},
        {"README.md": "```\n# Costs\none two three four five six\n```\n"},
        {"README.md": "# Accost\n\nThere are five words here, or more.\n"},
        {"docs/money.md": "It costs 3 dollars.\n"},
        {"LICENSE.md": "# Costs\n\nThere are five words here, or more.\n"},
        {"CHANGELOG.md": "# Costs\n\nThere are five words here, or more.\n"},
        {"a/b/c/MODEL_CARD.md": "It costs 3 dollars."},
        {"a/b/c/README.md": "# Costs\n\nThere are five words here, or more.\n"},
        {"README.md": b"\xff\xfe\x00"},
    ],
)
def test_placeholders_code_and_other_texts_tell_nothing(files):
    assert ending(files) is Ending.PROBLEM


def test_sections_have_the_line_of_their_heading():
    text = "---\nlicense: mit\n---\n# One\n\na\n<!-- x\ny -->\nTwo\n---\nb\n"
    found = [(one.heading, one.line) for one in sections(repository_of({"README.md": text}), "README.md")]
    assert ("One", 4) in found
    assert ("Two", 9) in found


def test_the_readme_and_cards_come_first_and_a_large_one_is_said():
    files = {"a.md": "x", "docs/MODEL-CARD.md": "x", "README.md": "x", "docs/a/b/c.md": "x", ".github/t.md": "x"}
    assert document_names(repository_of(files)) == ("README.md", "docs/MODEL-CARD.md", "a.md")
    large = Repository(commit="0", files={}, omitted=("README.md",))
    assert readme(large) == "README.md"
    assert "too large" in documented(large, HEADINGS, SENTENCES, to_do="Say it.").claim


@pytest.mark.parametrize("text", ["<!--" * 50_000, "# " * 100_000, "a." * 100_000, "|" * 200_000, "not yet " * 25_000])
def test_a_hostile_document_is_read_in_bounded_time(text):
    assert ending({"README.md": text, "MODEL_CARD.md": text}) is Ending.PROBLEM
