"""`heldout eval trial` as a user meets it: refusals on one screen, exit codes, JSON, files."""

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Run
from tests.evals import broken

from heldout.sandbox import probe


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return broken.sound(tmp_path / "eval", rows=600, days=60)


REFUSED: dict[str, tuple[object, ...]] = {
    "an agent that is blank": ("--agent", ""),
    "an agent of blanks": ("--agent", "  "),
    "an agent with half a quotation": ("--agent", "sh -c 'echo"),
    "files that are not there": ("--agent", "true", "--agent-files", "nowhere"),
    "no time": ("--agent", "true", "--agent-minutes", "0"),
    "a time that is no number": ("--agent", "true", "--agent-minutes", "nan"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_asked_is_refused_before_anything_is_written(
    heldout_in_a_folder: Run, folder: Path, tmp_path: Path, what: str
) -> None:
    code, _, err = heldout_in_a_folder("eval", "trial", folder, *REFUSED[what])

    assert code == 2, err
    assert "Traceback" not in err
    assert "the tool itself failed" not in err
    assert len(err.splitlines()) <= 8
    assert not (tmp_path / "trial").exists()


@pytest.mark.parametrize("what", ["nothing", "an empty folder", "a file"])
def test_what_is_no_brief_is_refused(heldout_in_a_folder: Run, tmp_path: Path, what: str) -> None:
    there = tmp_path / "there"
    if what == "an empty folder":
        there.mkdir()
    elif what == "a file":
        there.write_text("this is no brief")

    code, _, err = heldout_in_a_folder("eval", "trial", there)

    assert code == 2, err
    assert "Traceback" not in err


def test_a_table_that_is_not_the_one_of_the_brief_is_refused(heldout_in_a_folder: Run, folder: Path) -> None:
    path = folder / "data" / "final.parquet"
    path.write_bytes(path.read_bytes() + b" ")

    code, _, err = heldout_in_a_folder("eval", "trial", folder)

    assert code == 2
    assert "is not the file that the brief speaks of" in err


def test_what_an_audit_finds_ends_the_trial_with_one_and_three_files(
    heldout_in_a_folder: Run, folder: Path, tmp_path: Path
) -> None:
    if probe().level == 0:
        pytest.skip(probe().explanation)
    broken.rows_in_both(folder)

    code, out, err = heldout_in_a_folder("eval", "trial", folder, "--json", "--out", "tried")

    trial = json.loads(out)
    assert code == 1, err
    assert trial["readiness"] == "to mend"
    assert [flaw["kind"] for flaw in trial["flaws"] if flaw["blocks"]] == ["train and holdout overlap"]
    assert trial["rungs"] == []
    assert sorted(path.name for path in (tmp_path / "tried").iterdir() if path.is_file()) == [
        "trial.html",
        "trial.json",
        "trial.md",
    ]
    assert json.loads((tmp_path / "tried" / "trial.json").read_text()) == trial
    assert not (tmp_path / "tried" / "references").exists(), "nothing was made"
