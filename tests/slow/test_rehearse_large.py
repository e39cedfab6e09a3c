"""The default brief and two million rows are opened, within bounded memory, and a kill at any time loses nothing."""

import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.app import rehearsed

from heldout.app.practice_rehearse import Asked, begin
from heldout.evals.check import check_submission
from heldout.sandbox import probe

pytestmark = pytest.mark.slow
ROWS = 2_000_000
MOST_MB = 1_000
BEGINS = "from heldout.app.practice_rehearse import *; from pathlib import Path; import sys; "
HANDS_IN = (
    "from heldout.app.practice_hand_in import hand_in; print(hand_in(find(Path(sys.argv[1]))).card.decision.band)"
)


def python(program: str, *given: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", BEGINS + program, *given]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)


def killed_when(process: "subprocess.Popen[str]", sign: Path) -> None:
    """Kill a process and all that it started as soon as something is there; it has to be at work still."""
    for _ in range(6000):
        if sign.exists() or process.poll() is not None:
            break
        time.sleep(0.01)
    assert process.poll() is None, "it ended before it could be killed"
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def test_two_million_rows_are_opened_in_bounded_memory_and_after_a_kill(tmp_path: Path) -> None:
    out = tmp_path / "rehearsal"
    starts = f"begin(Asked(rows={ROWS}, seed=7), Path(sys.argv[1]))"
    killed_when(python(starts, str(out)), tmp_path / ".part-rehearsal" / "eval" / "data" / "train.parquet")
    assert not out.exists()
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    again = python(starts, str(out))
    again.communicate()
    assert again.returncode == 0
    assert max(before, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) < MOST_MB * 1024
    assert not (tmp_path / ".part-rehearsal").exists()
    rows = [pq.read_metadata(out / "eval" / "data" / f"{part}.parquet").num_rows for part in ("train", "final")]
    assert sum(rows) == ROWS
    assert json.loads((out / "eval" / "answers" / "truth.json").read_text())["best_roc_auc"] > 0.75
    assert check_submission(out / "eval", out / "work").facts


def test_the_flights_are_the_default(tmp_path: Path) -> None:
    begun = begin(Asked(), tmp_path / "rehearsal")
    assert begun.is_new
    assert begun.rehearsal.state.brief == "flights"
    checked = check_submission(begun.rehearsal.eval_folder, begun.rehearsal.work)
    assert checked.facts[0] == "submission.toml, its lock and its commands are in order."


def test_a_hand_in_that_was_killed_goes_on(tmp_path: Path) -> None:
    if probe().level == 0:
        pytest.skip(probe().explanation)
    brief = rehearsed.write_brief(tmp_path / "brief")
    rehearsal = begin(Asked(brief=brief, seed=5), tmp_path / "rehearsal").rehearsal
    rehearsed.commit(rehearsal.work, rehearsed.work())
    journal = rehearsal.record.folder / "graded" / ".heldout" / "journal.jsonl"
    killed_when(python(HANDS_IN, str(rehearsal.folder)), journal)
    again = python(HANDS_IN, str(rehearsal.folder))
    said, _ = again.communicate()
    assert (again.returncode, said.strip()) == (0, "target")
    events = [event.kind for event in rehearsal.record.ledger.events()]
    assert events.count("submitted") == 1
    assert events.count("graded") == 1
