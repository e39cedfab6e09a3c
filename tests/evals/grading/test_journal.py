import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from heldout.core.errors import BadInput
from heldout.evals.grading.journal import open_journal

KILLED = """
import os, signal, sys
from pathlib import Path
from heldout.evals.grading.journal import open_journal

def work(folder):
    (folder / "half").write_text("written")
    os.kill(os.getpid(), signal.SIGKILL)

with open_journal(Path(sys.argv[1])) as journal:
    journal.step("train", {"seed": 1}, lambda folder: (folder / "whole").write_text("x") and {"n": 1})
    journal.step("train", {"seed": 2}, work)
"""


def test_a_finished_step_is_not_done_again(tmp_path: Path) -> None:
    done: list[str] = []

    def work(folder: Path) -> dict[str, int]:
        done.append(folder.name)
        (folder / "model").write_text("weights")
        return {"rows": 3}

    for _ in range(2):
        with open_journal(tmp_path) as journal:
            step = journal.step("train", {"seed": 1}, work)
            assert step.result == {"rows": 3}
            assert (step.folder / "model").read_text() == "weights"
    assert len(done) == 1
    with open_journal(tmp_path) as journal:
        journal.step("train", {"seed": 2}, work)
    assert len(done) == 2


@pytest.mark.parametrize("change", ["edit", "add", "remove"])
def test_an_artefact_that_was_changed_is_made_again(tmp_path: Path, change: str) -> None:
    done: list[int] = []

    def work(folder: Path) -> dict[str, int]:
        done.append(1)
        (folder / "model").write_text("weights")
        return {}

    with open_journal(tmp_path) as journal:
        model = journal.step("train", {}, work).folder / "model"
    if change == "edit":
        model.write_text("weighty")
    elif change == "add":
        (model.parent / "more").write_text("")
    else:
        model.unlink()
    with open_journal(tmp_path) as journal:
        assert (journal.step("train", {}, work).folder / "model").read_text() == "weights"
        assert not (model.parent / "more").exists()
    assert len(done) == 2


def test_a_kill_leaves_whole_steps_and_nothing_half_made(tmp_path: Path) -> None:
    ended = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False)
    assert ended.returncode == -signal.SIGKILL
    assert list((tmp_path / "steps").glob(".partial-*"))
    with open_journal(tmp_path) as journal:
        assert not list((tmp_path / "steps").glob(".partial-*"))
        step = journal.step("train", {"seed": 1}, lambda _folder: pytest.fail("was finished"))
        assert (step.folder / "whole").read_text() == "x"
        assert journal.step("train", {"seed": 2}, lambda _folder: {"n": 2}).result == {"n": 2}


def test_a_line_that_was_never_finished_is_cut_off(tmp_path: Path) -> None:
    with open_journal(tmp_path) as journal:
        journal.step("train", {}, lambda _folder: {"n": 1})
    file = tmp_path / "journal.jsonl"
    whole = file.read_text()
    file.write_text(whole + '{"event": "finished", "step": "')
    with open_journal(tmp_path) as journal:
        assert journal.step("train", {}, lambda _folder: pytest.fail("was finished")).result == {"n": 1}
        journal.note("card")
    assert [json.loads(line)["event"] for line in file.read_text().splitlines()] == ["started", "finished", "card"]


def test_a_step_that_raises_leaves_nothing(tmp_path: Path) -> None:
    def fail(folder: Path) -> dict[str, int]:
        (folder / "model").write_text("half")
        raise BadInput("no")

    with open_journal(tmp_path) as journal:
        with pytest.raises(BadInput):
            journal.step("train", {}, fail)
        assert not list((tmp_path / "steps").iterdir())
        assert journal.step("train", {}, lambda _folder: {"n": 1}).result == {"n": 1}


def test_programs_that_differ_in_what_may_be_executed_are_different(tmp_path: Path) -> None:
    """Else a submission that copies the baseline, and fails for a lack of that, would have failed in its place."""
    digests = set()
    with open_journal(tmp_path) as journal:
        for mode in (0o644, 0o755):

            def work(folder: Path, mode: int = mode) -> dict[str, int]:
                (folder / "train.sh").write_text("#!/bin/sh\n")
                (folder / "train.sh").chmod(mode)
                return {}

            digests.add(journal.step("receive", {"mode": mode}, work).digest)
    assert len(digests) == 2


def test_two_gradings_in_one_folder_are_refused(tmp_path: Path) -> None:
    with open_journal(tmp_path), pytest.raises(BadInput, match="another grading is running"), open_journal(tmp_path):
        pass
    with open_journal(tmp_path):
        pass


def test_a_link_that_turns_elsewhere_is_a_changed_artefact(tmp_path: Path) -> None:
    def work(folder: Path) -> dict[str, int]:
        (folder / "python").symlink_to("/usr/bin/true")
        return {}

    with open_journal(tmp_path) as journal:
        link = journal.step("environment", {}, work).folder / "python"
    link.unlink()
    link.symlink_to("/usr/bin/false")
    with open_journal(tmp_path) as journal:
        journal.step("environment", {}, work)
    assert link.readlink() == Path("/usr/bin/true")
