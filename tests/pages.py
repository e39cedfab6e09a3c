"""Pages whose examples are run, one after the other in one fresh folder, and print what the page says they print.

Blocks marked `console` are run in order; `make` lines are left out, they set up the machine that runs the tests. A line
that ends in a backslash goes on; `> ` begins a line of a here-document. Times, hashes and the isolation level are
normalised; a line of three dots stands for any lines.
"""

import difflib
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
NORMAL = (
    (re.compile(r"\b\d+(\.\d+)? (CPU-)?s(econds)?\b"), "N s"),
    (re.compile(r"\b[0-9a-f]{12,64}\b"), "HASH"),
    (re.compile(r"\b\d{4}-\d\d-\d\dT[\d:.+Z-]+"), "TIME"),
    (re.compile(r"\b\d{4}-\d\d-\d\d \d\d:\d\d\b"), "TIME"),
    (re.compile(r"\bwork-\d+\b"), "work-N"),
    (re.compile(r"\bshown once: \S+"), "shown once: TOKEN"),
    (re.compile(r"isolation: .*", re.IGNORECASE), "isolation"),
    (re.compile(r"[ \t]+$", re.MULTILINE), ""),
)


SKIPPED = ("make ", "git clone", "cd ")


def examples(page: Path, *, skipped: tuple[str, ...] = SKIPPED, section: str | None = None) -> list[tuple[str, str]]:
    """Return (command, expected output) of each example of a page, or of what stands below one heading."""
    found: list[tuple[str, str]] = []
    text = page.read_text(encoding="utf-8")
    if section is not None:
        _, heading, rest = text.partition(f"\n## {section}\n")
        assert heading, f"{page.name} has no section {section}"
        text = rest.partition("\n## ")[0]
    for block in BLOCK.findall(text):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            while command.endswith("\\"):
                continued, _, output = output.partition("\n")
                command = command[:-1] + continued.strip()
            while output.startswith("> "):
                continued, _, output = output.partition("\n")
                command += "\n" + continued[2:]
            if not command.startswith(skipped):
                found.append((command, output))
    return found


def normalised(text: str) -> list[str]:
    """Return the lines of `text` without what may differ from run to run."""
    for pattern, replacement in NORMAL:
        text = pattern.sub(replacement, text)
    return text.strip().splitlines()


def matches(expected: list[str], actual: list[str]) -> bool:
    """Tell whether the lines agree; an expected line of three dots stands for any lines."""
    parts: list[list[str]] = [[]]
    for line in expected:
        if line.strip() == "...":
            parts.append([])
        else:
            parts[-1].append(line)
    first, *others = parts
    if not others:
        return actual == first
    at = len(first)
    if actual[:at] != first:
        return False
    for part in others[:-1]:  # the first place is the best one: it leaves the most lines to the parts that follow
        places = range(at, len(actual) - len(part) + 1)
        found = next((place for place in places if actual[place : place + len(part)] == part), None)
        if found is None:
            return False
        at = found + len(part)
    last = len(actual) - len(others[-1])
    return last >= at and actual[last:] == others[-1]


def run_examples(page: Path, folder: Path, *, links: tuple[str, ...] = (), **environment: str) -> list[tuple[str, int]]:
    """Run a page's examples in `folder` and return each command with its exit code; what one prints has to match.

    `links` are folders of the project that stand in it, as in a clone; `environment` are variables beside the usual.
    """
    for link in links:
        (folder / link).symlink_to(ROOT / link)
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    variables = {**os.environ, "PATH": path, "COLUMNS": "120", **environment}
    ended = []
    for command, expected in examples(page):
        ran = subprocess.run(
            ["bash", "-c", command], cwd=folder, env=variables, capture_output=True, text=True, timeout=900, check=False
        )
        hold(page.name, command, expected, ran.stdout, ran.stderr)
        ended.append((command, ran.returncode))
    return ended


def hold(page: str, command: str, expected: str, printed: str, errors: str) -> None:
    """Hold what a command printed to what a page says that it prints."""
    want, got = normalised(expected), normalised(printed)
    told = "\n".join(difflib.unified_diff(want, got, page, "now", n=2))
    assert matches(want, got), f"$ {command}\n{told}\n{errors}"
