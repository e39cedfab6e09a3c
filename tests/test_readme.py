"""Every command that README.md shows is run, and prints what README.md says it prints.

Blocks marked `console` are run in order, in one fresh folder; `make` lines are left out, they set up the machine that
runs this test. A line that ends in a backslash goes on; `> ` begins a line of a here-document. Times, hashes and the
isolation level are normalised; a line of three dots stands for any lines.
"""

import difflib
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
NORMAL = (
    (re.compile(r"\b\d+(\.\d+)? (CPU-)?s(econds)?\b"), "N s"),
    (re.compile(r"\b[0-9a-f]{12,64}\b"), "HASH"),
    (re.compile(r"\b\d{4}-\d\d-\d\dT[\d:.+Z-]+"), "TIME"),
    (re.compile(r"isolation: .*", re.IGNORECASE), "isolation"),
    (re.compile(r"[ \t]+$", re.MULTILINE), ""),
)


def examples(page: Path = ROOT / "README.md") -> list[tuple[str, str]]:
    """Return (command, expected output) of each example of a page."""
    found: list[tuple[str, str]] = []
    for block in BLOCK.findall(page.read_text(encoding="utf-8")):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            while command.endswith("\\"):
                continued, _, output = output.partition("\n")
                command = command[:-1] + continued.strip()
            while output.startswith("> "):
                continued, _, output = output.partition("\n")
                command += "\n" + continued[2:]
            if not command.startswith(("make ", "git clone", "cd ")):
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


@pytest.mark.xdist_group("flights")
def test_every_command_of_the_readme_prints_what_the_readme_says(tmp_path):
    assert len(examples()) >= 4, "the README shows an example of each door"
    (tmp_path / "examples").symlink_to(ROOT / "examples")  # as in a clone
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "COLUMNS": "120"}
    for command, expected in examples():
        ran = subprocess.run(
            ["bash", "-c", command],
            cwd=tmp_path,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            timeout=900,
            check=False,
        )
        want, got = normalised(expected), normalised(ran.stdout)
        assert matches(want, got), f"$ {command}\n" + "\n".join(difflib.unified_diff(want, got, "README", "now", n=2))


def test_three_dots_stand_for_any_lines_and_for_nothing_else():
    assert matches(["a", "...", "d"], ["a", "b", "c", "d"])
    assert matches(["a", "...", "d"], ["a", "d"])
    assert not matches(["a", "...", "d"], ["a", "b", "c"])
    assert not matches(["a (b) 1.0"], ["a (b) 1x0"])
    assert matches(["a", "...", "b", "...", "b"], ["a", "b", "b"])
    assert not matches(["a", "...", "b", "...", "b"], ["a", "b"])
    assert matches(["...", "c", "..."], ["a", "b", "c"])
    assert not matches(["...", "..."] * 20 + ["z"], ["a"] * 200)
