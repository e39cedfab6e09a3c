"""SIGKILL in each phase, then the same command again: the same card but for its volatile fields."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from tests.evals import tiny

from heldout.app.grade import STATE
from heldout.sandbox import probe

PHASES = ("receive", "environment", "train", "predict", "permute", "score", "folds", "prices", "audit")
PATIENCE_SECONDS = 120


def command(eval_folder: Path, repository: Path, out: Path) -> list[str]:
    options = ["--out", str(out), "--seed", "5"]
    return [sys.executable, "-m", "heldout", "eval", "grade", str(eval_folder), str(repository), *options]


def kill_in(phase: str, argv: list[str], out: Path) -> None:
    """Start a grading and kill it as soon as its journal says that `phase` has begun."""
    journal = out / STATE / "journal.jsonl"
    begun = journal.stat().st_size if journal.exists() else 0
    sign = '"event": "audit"' if phase == "audit" else f'"event": "started", "phase": "{phase}"'
    grading = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while grading.poll() is None and time.monotonic() < deadline:
        if journal.exists() and sign in journal.read_text(encoding="utf-8")[begun:]:
            break
        time.sleep(0.005)
    grading.kill()
    assert grading.wait() == -signal.SIGKILL, f"the grading was not in {phase} when it ended"


def steady(path: Path) -> dict[str, Any]:
    """Return a card without its volatile fields."""
    card: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    for place in card["volatile"]:
        owner, field = place.split("[*].")
        for item in card[owner]:
            del item[field]
    return card


def test_a_grading_killed_in_every_phase_ends_in_the_same_card(tmp_path: Path, eval_folder: Path) -> None:
    isolation = probe()
    if isolation.level == 0:
        pytest.skip(f"no sandbox here: {isolation.explanation}")
    files = tiny.tree(column="after", features=("x", "after"), split="random", value=0.99)
    repository = tiny.write_repository(tmp_path / "leaky", files)
    for phase in PHASES:
        kill_in(phase, command(eval_folder, repository, tmp_path / "killed"), tmp_path / "killed")
    for out in ("killed", "whole"):
        argv = command(eval_folder, repository, tmp_path / out)
        ended = subprocess.run(argv, capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended.stderr
    killed, whole = (tmp_path / out / "leaky" for out in ("killed", "whole"))
    assert steady(killed / "card.json") == steady(whole / "card.json")
    assert sorted(path.name for path in killed.iterdir()) == sorted(path.name for path in whole.iterdir())
    assert not list((tmp_path / "killed" / STATE / "steps").glob(".partial-*"))
