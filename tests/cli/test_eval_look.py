import json
import subprocess
from pathlib import Path

import jsonschema
import pytest
from tests.cli.conftest import Run
from tests.evals.tiny import write_repository

from heldout.report.json import schema


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return write_repository(
        tmp_path / "work", {"train.py": "import random\nprint(random.random())\n", "README.md": "# A\n"}
    )


def test_it_prints_a_verdict_and_leaves_with_the_exit_code_of_an_audit(
    heldout_in_a_folder: Run, repository: Path
) -> None:
    code, out, _ = heldout_in_a_folder("eval", "look", repository)
    assert code == 1
    assert out.startswith("repository work\nproblem: ")
    assert "problem · proven REP003" in out
    assert "--out" not in out
    assert heldout_in_a_folder("eval", "look", repository, "--details")[1].count("REP006") == 1


def test_its_json_is_a_verdict(heldout_in_a_folder: Run, repository: Path) -> None:
    code, out, _ = heldout_in_a_folder("eval", "look", repository, "--json")
    verdict = json.loads(out)
    jsonschema.validate(verdict, schema("verdict"))
    assert code == 1
    assert verdict["facts"]["commit"]
    assert {"architecture", "documentation", "reproducibility"} <= {one["family"] for one in verdict["findings"]}


def test_only_problems_at_the_level_fail(heldout_in_a_folder: Run, repository: Path) -> None:
    (repository / "Dockerfile").write_text(f"FROM python:3.12@sha256:{'0' * 64}\n")
    (repository / "requirements.lock").write_text("")
    (repository / "test_train.py").write_text("import train\n\n\ndef test_a():\n    assert train\n")
    git = ["git", "-C", str(repository), "-c", "user.name=A", "-c", "user.email=a@example.org"]
    subprocess.run([*git, "add", "-A"], check=True)
    subprocess.run([*git, "commit", "-q", "-m", "More"], check=True)
    assert heldout_in_a_folder("eval", "look", repository)[0] == 0
    assert heldout_in_a_folder("eval", "look", repository, "--fail-on", "suspect")[0] == 1


def test_what_is_no_repository_is_refused_on_one_screen(heldout_in_a_folder: Run, tmp_path: Path) -> None:
    code, out, err = heldout_in_a_folder("eval", "look", tmp_path / "gone")
    assert (code, out) == (2, "")
    assert "mend:" in err
    assert len(err.splitlines()) < 12


def test_text_of_the_repository_is_printed_without_escapes(heldout_in_a_folder: Run, tmp_path: Path) -> None:
    repository = write_repository(tmp_path / "evil", {"README.md": "```\npython \x1b[31mgone.py\n```\n", "a.py": ""})
    for options in ((), ("--details",), ("--json",)):
        assert "\x1b" not in heldout_in_a_folder("eval", "look", repository, *options)[1]
