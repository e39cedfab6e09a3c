"""What axe-core finds on a page that a real browser shows: labels, contrast, structure, keyboard."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

__all__ = ["barriers"]

ASKED = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "resultTypes": ["violations"],
}


def barriers(page: Page) -> list[str]:
    """Return each violation with the element that it is on; none for a page without."""
    found = Axe().run(page, options=ASKED).response["violations"]
    return [
        f"{one['id']}: {node['html'][:160]} {' '.join(note['message'] for note in (*node['any'], *node['all']))}"
        for one in found
        for node in one["nodes"]
    ]
