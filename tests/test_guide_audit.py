"""Every command that the guide to audits shows is run, and prints what the guide says it prints."""

import difflib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.test_readme import ROOT, examples, matches, normalised

GUIDE = ROOT / "docs" / "guide" / "audit.md"


@pytest.mark.xdist_group("flights")
def test_every_command_of_the_guide_prints_what_the_guide_says(tmp_path: Path) -> None:
    assert len(examples(GUIDE)) >= 9, "from the alarm to a supported score"
    (tmp_path / "scripts").symlink_to(ROOT / "scripts")
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    one_thread = {"OMP_NUM_THREADS": "1"}  # threads that wait for each other on a busy machine take many times as long
    environment = {**os.environ, "PATH": path, "COLUMNS": "120", **one_thread}
    ended = []
    for command, expected in examples(GUIDE):
        ran = subprocess.run(
            ["bash", "-c", command],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=500,
            check=False,
        )
        want, got = normalised(expected), normalised(ran.stdout)
        assert matches(want, got), f"$ {command}\n" + "\n".join(difflib.unified_diff(want, got, "guide", "now", n=2))
        ended += [ran.returncode] if command.startswith("heldout audit") else []
        assert ran.returncode == 0 or command.startswith("heldout audit"), ran.stderr
    assert ended == [1, 1, 0, 0], "problems in the table, none in the split and in the score on it"
