"""Run the benchmarks and write docs/benchmarks.md: `make bench`, or `python -m benchmarks NAME...` for some of them."""

import importlib
import re
import sys
from pathlib import Path

from benchmarks.measure import machine

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"
SECTIONS = {
    "installation": "Installation and start-up",
    "demo_cost": "What the demo costs",
    "demo_bands": "How often the demo's bands hold",
    "audit_speed": "Auditing tables of any size",
    "sandbox_start": "Starting a job in the sandbox",
    "coverage": "What intervals cover, and tests reject",
    "stats_speed": "Statistics at two million rows",
}


def main(wanted: list[str]) -> None:
    """Measure the wanted sections (all when empty), print them, and put them in their places on the page."""
    for name in wanted or SECTIONS:
        print(f"measuring {name} ...", file=sys.stderr, flush=True)
        body = importlib.import_module(f"benchmarks.{name}").section()
        text = f"## {SECTIONS[name]}\n\n`python -m benchmarks {name}` on {machine()}\n\n{body}"
        text = f"<!-- {name} -->\n{text}\n<!-- /{name} -->"
        print(text, flush=True)
        page = PAGE.read_text(encoding="utf-8")
        place = re.compile(rf"<!-- {name} -->.*<!-- /{name} -->", re.DOTALL)
        page = place.sub(lambda _: text, page) if place.search(page) else f"{page.rstrip()}\n\n{text}\n"  # noqa: B023
        PAGE.write_text(page, encoding="utf-8")


main(sys.argv[1:])
