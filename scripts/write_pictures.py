"""Write the README's pictures: screenshots of the demo's pages in headless Chromium, from a folder that it made.

python scripts/write_pictures.py heldout-demo
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

IMAGES = Path(__file__).parents[1] / "docs" / "images"
PICTURES = {
    "cards.png": ("index.html", 1100, 760),
    "card-careful.png": ("careful/card.html", 1100, 1150),
    "card-leaky.png": ("leaky/card.html", 1100, 1720),
    "card-notebook.png": ("notebook/card.html", 1100, 1150),
}


def main(demo: Path) -> None:
    """Open each page and write its upper part."""
    IMAGES.mkdir(exist_ok=True)
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for name, (page, width, height) in PICTURES.items():
            tab = browser.new_page(viewport={"width": width, "height": height})
            tab.goto((demo / "cards" / page).absolute().as_uri())
            tab.screenshot(path=IMAGES / name)
        browser.close()


main(Path(sys.argv[1]))
