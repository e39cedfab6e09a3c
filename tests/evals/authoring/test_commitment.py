"""The opening commitment: unchanged it verifies; a change of holdout, rubric, baseline or scoring code is named."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.evals import tiny

from heldout.core.errors import BadInput
from heldout.evals.authoring import commitment
from heldout.evals.authoring.commitment import commitment_of, opening_of, read_opening, verify_commitment


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tiny.write_eval(tmp_path / "eval", rows=200, days=20).parent
    opening = opening_of(folder, author_seed=1, grader_seed=2)
    (folder / "opening.json").write_bytes(opening.written())
    (folder / "commitment.json").write_text(json.dumps(commitment_of(opening)), encoding="utf-8")
    return folder


def differences(folder: Path) -> list[str]:
    return verify_commitment(folder / "opening.json", folder)


def test_what_was_not_changed_verifies_and_two_openings_of_one_eval_differ(folder: Path) -> None:
    assert differences(folder) == []
    again = opening_of(folder, author_seed=1, grader_seed=2)
    assert commitment_of(again)["commitment"] != json.loads((folder / "commitment.json").read_text())["commitment"]
    assert verify_commitment(read_opening(folder / "opening.json"), folder) == []


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ("minimum = 0.02", "minimum = 0.03", "rubric: section lift"),
        ("[rubric]", "[decision]\npass_score = 0.1\n[rubric]", "rubric: section decision"),
        (
            "architecture = 0.4\nreproducibility = 0.3",
            "architecture = 0.3\nreproducibility = 0.4",
            "rubric: section rubric",
        ),
        ('lowest = "tolerance"', 'lowest = "statistical"', "rubric: section reproducibility"),
        ('cluster = "day"', 'cluster = "id"', "rubric: data.cluster"),
    ],
)
def test_a_change_of_the_rubric_is_named_by_its_section(folder: Path, old: str, new: str, part: str) -> None:
    path = folder / "brief.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    assert differences(folder) == [f"{part} has changed since the opening"]


def test_a_change_of_words_that_score_nothing_is_none(folder: Path) -> None:
    path = folder / "brief.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("hours = 48", "hours = 60"), encoding="utf-8")
    assert differences(folder) == []


@pytest.mark.parametrize(
    ("file", "part"),
    [
        ("data/final.parquet", "holdout: the final features"),
        ("answers/final.parquet", "holdout: the final answers"),
        ("baseline/train.py", "baseline: train.py"),
    ],
)
def test_a_change_of_a_file_is_named(folder: Path, file: str, part: str) -> None:
    (folder / file).write_bytes((folder / file).read_bytes() + b" ")
    assert differences(folder) == [f"{part} has changed since the opening"]
    (folder / file).unlink()
    assert differences(folder)[0].startswith(part)


def test_a_new_file_of_the_baseline_is_named(folder: Path) -> None:
    (folder / "baseline" / "more.py").write_text("", encoding="utf-8")
    assert differences(folder) == ["baseline: more.py is new since the opening"]


def test_a_change_of_the_scoring_code_is_named_by_its_file(folder: Path, tmp_path: Path) -> None:
    sources = Path(commitment.__file__).parents[3]
    copy = tmp_path / "src"
    shutil.copytree(sources / "heldout", copy / "heldout", ignore=shutil.ignore_patterns("__pycache__"))
    lift = copy / "heldout" / "stats" / "lift.py"
    lift.write_text(lift.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    (copy / "heldout" / "evals" / "grading" / "extra.py").write_text("", encoding="utf-8")
    program = (
        "import json, sys; from pathlib import Path;"
        "from heldout.evals.authoring.commitment import verify_commitment as verify;"
        "folder = Path(sys.argv[1]); print(json.dumps(verify(folder / 'opening.json', folder)))"
    )

    def said(path: Path) -> list[str]:
        run = subprocess.run(
            [sys.executable, "-c", program, str(folder)],
            env={**os.environ, "PYTHONPATH": str(path)},
            capture_output=True,
            check=True,
            text=True,
        )
        return json.loads(run.stdout)

    assert said(sources) == []
    assert said(copy) == [
        "scoring: heldout/evals/grading/extra.py is new since the opening",
        "scoring: heldout/stats/lift.py has changed since the opening",
    ]


def test_another_opening_than_the_published_one_is_seen(folder: Path) -> None:
    other = opening_of(folder, author_seed=1, grader_seed=3)
    (folder / "opening.json").write_bytes(other.written())
    assert [said.split(":")[0] for said in differences(folder)] == ["commitment"]
    (folder / "commitment.json").unlink()
    assert differences(folder) == ["commitment: commitment.json is not there, or cannot be read"]


def test_the_opening_covers_the_labels_and_the_code_that_scores(folder: Path) -> None:
    opening = read_opening(folder / "opening.json")
    assert {
        "heldout/evals/grading/scorer.py",
        "heldout/stats/lift.py",
        "heldout/stats/decision.py",
        "heldout/evals/committee/rule.py",
    } <= set(opening.scoring)
    assert all(len(sha256) == 64 for sha256 in (*opening.scoring.values(), *opening.holdout.values()))
    assert len(opening.salt) == 64


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"salt": 1}', "\x00", "[" * 100_000])
def test_what_is_no_opening_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "opening.json").write_text(content, encoding="utf-8")
    with pytest.raises(BadInput, match="no opening"):
        read_opening(tmp_path / "opening.json")
    with pytest.raises(BadInput, match="cannot read"):
        read_opening(tmp_path)
