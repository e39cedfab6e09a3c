"""The pages for people: every link leads to a file, and the index leaves no page out."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\(([^)\s]+)\)")


def linked(page: Path) -> set[Path]:
    """Return the files that a page links to; addresses and places within the page are left out."""
    links = [link.partition("#")[0] for link in LINK.findall(page.read_text(encoding="utf-8"))]
    return {(page.parent / link).resolve() for link in links if link and "://" not in link}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_of_a_page_leads_somewhere(page):
    assert not [str(path) for path in linked(page) if not path.exists()]


def test_the_index_names_every_page_and_schema():
    folders = ("guide/*.md", "design/*.md", "schema/*.json", "benchmarks.md", "checks/README.md")
    pages = {path.resolve() for folder in folders for path in (ROOT / "docs").glob(folder)}
    assert len(pages) > 15
    assert pages <= linked(ROOT / "docs" / "README.md")
