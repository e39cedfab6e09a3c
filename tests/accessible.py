"""What axe-core finds on a page that a real browser shows: labels, contrast, structure, keyboard."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

__all__ = ["barriers", "contrasts"]

ASKED: dict[str, object] = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "resultTypes": ["violations"],
}


def barriers(page: Page) -> list[str]:
    """Return each violation with the element that it is on; none for a page without."""
    return _found(page, ASKED)


def contrasts(page: Page) -> list[str]:
    """Return what is too faint to be read, as `barriers` does: what another colour scheme can change."""
    return _found(page, {"runOnly": ["color-contrast"], "resultTypes": ["violations"]})


def _found(page: Page, options: dict[str, object]) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate("async options => (await axe.run(document, options)).violations", options)
    return [
        f"{one['id']}: {node['html'][:160]} {' '.join(note['message'] for note in (*node['any'], *node['all']))}"
        for one in found
        for node in one["nodes"]
    ]
