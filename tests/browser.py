"""A real Chromium for tests, or the reason why this machine has none."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import playwright
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

__all__ = ["Visit", "chromium"]

SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
SWITCHES += ["--disable-sync", "--no-first-run"]
DRIVER = Path(playwright.__file__).parent / "driver" / "node"


@dataclass
class Visit:
    """An open page, what its console said, and what it asked the network for."""

    page: Page
    messages: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Open the system's Chromium; skips the test, with the reason, where that or a library of its driver is missing."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("there is no Chromium on PATH; make system-deps installs one")
    driver = subprocess.run([DRIVER, "--version"], capture_output=True, text=True, check=False)
    if driver.returncode:
        pytest.skip(
            f"the browser's driver does not start, {driver.stderr.strip()}; make system-deps installs libatomic1"
        )
    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path=program, args=SWITCHES)
        try:
            yield browser
        finally:
            browser.close()
