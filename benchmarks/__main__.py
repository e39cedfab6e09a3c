"""Run the benchmarks and write docs/benchmarks.md: `make bench`, or `python -m benchmarks NAME...` for some of them.

`--minutes N` is the time that each of the long ones may take, from where it was left the last time.
"""

import argparse
import importlib
import inspect
import re
import sys
from pathlib import Path

from benchmarks.measure import machine

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"
SECTIONS = {
    "installation": "Installation and start-up",
    "demo_cost": "What the demo costs",
    "demo_bands": "How often the demo's bands hold",
    "six_submissions": "The order of six submissions, and the weights",
    "brief_trial": "A trial of the flights brief",
    "audit_speed": "Auditing tables of any size",
    "leaks": "Leaks found in real tables",
    "sandbox_start": "Starting a job in the sandbox",
    "clean_worlds": "How often an audit cries wolf",
    "dose_response": "How small a fault is found",
    "coverage": "What intervals cover, and tests reject",
    "practice_learners": "Simulated learners: the plan against a fixed rotation",
    "committee_agreement": "What the interval of a committee's agreement covers",
    "practice_answers": "How typed explanations are read",
    "practice_drills": "Every drill proven on 200 seeds",
    "stats_speed": "Statistics at two million rows",
}


def main(wanted: list[str], minutes: float | None) -> None:
    """Measure the wanted sections (all when empty), print them, and put them in their places on the page.

    Ends with 1 when a section has criteria (`has_missed`) and missed one.
    """
    missed = []
    for name in wanted or SECTIONS:
        print(f"measuring {name} ...", file=sys.stderr, flush=True)
        module = importlib.import_module(f"benchmarks.{name}")
        is_limited = minutes is not None and "minutes" in inspect.signature(module.section).parameters
        body = module.section(minutes=minutes) if is_limited else module.section()
        missed += [name] if getattr(module, "has_missed", bool)() else []
        text = f"## {SECTIONS[name]}\n\n`python -m benchmarks {name}` on {machine()}\n\n{body}"
        text = f"<!-- {name} -->\n{text}\n<!-- /{name} -->"
        print(text, flush=True)
        page = PAGE.read_text(encoding="utf-8")
        place = re.compile(rf"<!-- {name} -->.*<!-- /{name} -->", re.DOTALL)
        page = place.sub(lambda _: text, page) if place.search(page) else f"{page.rstrip()}\n\n{text}\n"  # noqa: B023
        PAGE.write_text(page, encoding="utf-8")
    if missed:
        sys.exit(1)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--minutes", type=float)
    arguments = parser.parse_args()
    main(arguments.names, arguments.minutes)
