"""What `heldout demo` costs after the set-up: the first time in a folder, and again in the same folder."""

import json
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import measure, table


def section() -> str:
    """Measure the demo once in an empty folder and once more in the same one."""
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch) / "demo"
        command = [sys.executable, "-m", "heldout", "demo", "--out", str(out)]
        first, again = measure(command, runs=1), measure(command, runs=1)
        runs = _runs(out / "cards")
    inside = sum(run["cpu_seconds"] for run in runs)
    return table(
        ["what", "CPU", "wall", "peak memory", "bound"],
        [
            ["first time", f"{first.cpu:.0f} s", f"{first.wall:.0f} s", f"{first.peak_mb:.0f} MB", ""],
            [
                f"of the submissions' and the baseline's {len(runs)} runs, by their control groups",
                f"{inside:.0f} s",
                "",
                "",
                "",
            ],
            ["both added up, an upper bound", f"{first.cpu + inside:.0f} s", "", "", "180 s CPU"],
            ["again, all journaled", f"{again.cpu:.0f} s", f"{again.wall:.0f} s", f"{again.peak_mb:.0f} MB", ""],
        ],
    )


def _runs(cards: Path) -> list[dict[str, float]]:
    """Return the runs of all cards; those of the baseline are shared, and counted once."""
    runs = {}
    for path in sorted(cards.glob("*/card.json")):
        for run in json.loads(path.read_text(encoding="utf-8"))["runs"]:
            runs[run["phase"], run["seed"]] = run
    return list(runs.values())
