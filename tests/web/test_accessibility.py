"""Each page in a real Chromium, held by axe-core to what people who see, hear or move otherwise need."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from tests.accessible import barriers
from tests.browser import chromium
from tests.web.served import Served
from tests.web.test_pages_in_a_browser import visit

from heldout.evals.record.kinds import Role


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("path", "role"),
    [("/login", Role.CANDIDATE), ("/", Role.ORGANISER), ("/c/ada", Role.CANDIDATE), ("/x", Role.ORGANISER)],
)
def test_a_page_has_no_barrier(browser: Browser, served: Served, path: str, role: Role, scheme: str) -> None:
    seen = visit(browser, served, path, role=role, scheme=scheme)
    assert barriers(seen.page) == []
    seen.page.context.close()
