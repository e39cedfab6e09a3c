"""Write the pictures of the README and the guide: screenshots of pages in headless Chromium.

    python scripts/write_pictures.py heldout-demo
    python scripts/write_pictures.py alarm

From the folder that the demo made the cards, from that of an audit (`--out`) the upper part of its report.
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

IMAGES = Path(__file__).parents[1] / "docs" / "images"
PICTURES = {
    "cards.png": ("cards/index.html", 1100, 760),
    "card-careful.png": ("cards/careful/card.html", 1100, 1150),
    "card-leaky.png": ("cards/leaky/card.html", 1100, 1720),
    "card-notebook.png": ("cards/notebook/card.html", 1100, 1150),
    "audit.png": ("report.html", 1100, 1080),
}


def main(folder: Path) -> None:
    """Open each page that the folder has and write its upper part."""
    IMAGES.mkdir(exist_ok=True)
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for name, (page, width, height) in PICTURES.items():
            if not (folder / page).exists():
                continue
            tab = browser.new_page(viewport={"width": width, "height": height})
            tab.goto((folder / page).absolute().as_uri())
            tab.screenshot(path=IMAGES / name)
        browser.close()


main(Path(sys.argv[1]))
