import os
import subprocess
import sys
from pathlib import Path


def probed_with(path: Path, program: str) -> str:
    """Probe in a fresh process in which `program` is the body of the only bwrap."""
    if program:
        (path / "bwrap").write_text(f"#!/bin/sh\n{program}\n")
        (path / "bwrap").chmod(0o755)
    script = """
import sys
sys.executable_was, sys.executable = sys.executable, sys.argv[1] + "/python"
from heldout.sandbox.bubblewrap import find_bubblewrap
find_bubblewrap()
sys.executable = sys.executable_was
from heldout.sandbox import probe
found = probe()
print(found.level, found.explanation, found.remedy, sep="|")
"""
    run = [sys.executable, "-c", script, str(path)]
    return subprocess.run(run, env={"PATH": str(path)}, capture_output=True, text=True, check=True).stdout


def test_without_bubblewrap_the_level_is_0_and_the_remedy_installs_it(tmp_path):
    level, explanation, remedy = probed_with(tmp_path, "").split("|")
    assert level == "0"
    assert "not installed" in explanation
    assert "apt-get install bubblewrap" in remedy
    assert "make system-deps" in remedy


def test_bubblewrap_that_is_installed_and_does_not_work_gives_level_0_with_its_own_words(tmp_path):
    refuses = "echo 'bwrap: setting up uid map: Permission denied' >&2; exit 1"
    level, explanation, remedy = probed_with(tmp_path, refuses).split("|")
    assert level == "0"
    assert "setting up uid map: Permission denied" in explanation
    assert remedy.strip()


def test_the_level_in_force_fits_the_user(isolation):
    assert f"Level {isolation.level}" in isolation.explanation
    if os.geteuid() != 0:
        assert isolation.level == 1
    if isolation.level == 1:
        assert "Memory is limited per process only" in isolation.explanation
        assert isolation.remedy
