"""Every command that the guide to splits shows is run, and prints what the guide says it prints."""

import difflib
import os
import subprocess
import sys
from pathlib import Path

from tests.test_readme import ROOT, examples, matches, normalised

GUIDE = ROOT / "docs" / "guide" / "split.md"


def test_every_command_of_the_guide_prints_what_the_guide_says(tmp_path: Path) -> None:
    assert len(examples(GUIDE)) >= 7
    (tmp_path / "scripts").symlink_to(ROOT / "scripts")
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "COLUMNS": "120"}
    for command, expected in examples(GUIDE):
        ran = subprocess.run(
            ["bash", "-c", command],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        want, got = normalised(expected), normalised(ran.stdout)
        assert matches(want, got), f"$ {command}\n" + "\n".join(difflib.unified_diff(want, got, "guide", "now", n=2))
    assert sorted(path.name for path in (tmp_path / "forward").iterdir()) == [
        "manifest.json",
        "test.parquet",
        "train.parquet",
    ]
