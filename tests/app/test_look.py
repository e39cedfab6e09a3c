"""A repository is looked at without a brief, whatever is in it; the checks of its files run in a limited process."""

import subprocess
from pathlib import Path

import pytest
from tests.evals.tiny import write_repository

from heldout.app.look import EVIDENCE, FAMILIES, look_at_repository
from heldout.core.finding import Certainty, Ending
from heldout.core.verdict import ExitCode, Verdict
from heldout.demo import write_submissions
from heldout.engine import catalog
from heldout.tools import process


@pytest.fixture(scope="module")
def submissions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Verdict]:
    paths = write_submissions(tmp_path_factory.mktemp("submissions"))
    return {path.name: look_at_repository(path) for path in paths}


def ending(verdict: Verdict, code: str) -> Ending:
    return next(finding.ending for finding in verdict.findings if finding.code == code)


def committed(folder: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    folder.mkdir(exist_ok=True)
    git = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org"]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-q", "--allow-empty", "-m", "All"]):
        subprocess.run([*git, *command], cwd=folder, check=True, capture_output=True)
    return folder


def test_every_check_of_these_families_that_a_repository_can_answer_is_asked(submissions: dict[str, Verdict]) -> None:
    asked = {finding.code for finding in submissions["careful"].findings}
    of_families = {check.code: {need.name for need in check.needs} for check in catalog() if check.family in FAMILIES}
    assert asked == {code for code, needs in of_families.items() if needs <= EVIDENCE}
    assert {code for code in of_families if code not in asked} == {"REP001", "COD008", "DOC009", "DOC010"}


def test_nothing_is_found_in_the_careful_submission(submissions: dict[str, Verdict]) -> None:
    told = {finding.code: finding.answer.claim for finding in submissions["careful"].findings}
    fine = (Ending.CLEAR, Ending.NOT_APPLICABLE)  # its learner is written by hand, which checks of code do not follow
    clear = {finding.code for finding in submissions["careful"].findings if finding.ending in fine}
    lacking = set() if process.find("hadolint") else {"REP004"}
    assert {code: claim for code, claim in told.items() if code not in clear | lacking} == {}
    assert submissions["careful"].exit_code() == ExitCode.CLEAR


def test_the_other_submissions_differ_in_what_is_proven(submissions: dict[str, Verdict]) -> None:
    proven = {
        name: {finding.code for finding in verdict.problems(Certainty.STRONG)} for name, verdict in submissions.items()
    }
    assert proven["leaky"] == {"REP003"}
    assert {"ARC001", "ARC003", "REP002", "REP003"} <= proven["notebook"]
    assert ending(submissions["notebook"], "REP006") is Ending.CAUTION


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"a.bin": bytes(range(256)) * 100, "README.md": b"\xff\xfe\x00" * 100, "a.py": b"\x00\x01"},
        {"big.py": b"x = 1\n" * 200_000, "README.md": b"# a\n" * 300_000},
        {"README.md": "# Mod\u00e8le\n".encode("latin-1"), "tr\u00e9.py": b"# \xe9\nimport random\nrandom.random()\n"},
        {"Dockerfile": b"\xffFROM", ".gitlab-ci.yml": b"a: [", "Makefile": b"a: a\n\tmake a\n", "a.ipynb": b"{"},
    ],
    ids=["empty", "binary", "huge", "another encoding", "broken settings"],
)
def test_an_odd_repository_is_answered(files: dict[str, bytes], tmp_path: Path) -> None:
    verdict = look_at_repository(committed(tmp_path / "odd", files))
    assert Ending.CRASHED not in {finding.ending for finding in verdict.findings}
    assert verdict.exit_code() == ExitCode.PROBLEM


def test_a_readme_that_is_too_large_is_not_called_missing(tmp_path: Path) -> None:
    verdict = look_at_repository(committed(tmp_path / "large", {"README.md": b"# a\n" * 300_000}))
    assert ending(verdict, "DOC001") is Ending.CAUTION
    assert verdict.facts["not read, above 1 MB"] == "1 files"


def test_many_files_are_answered(tmp_path: Path) -> None:
    files = {f"p{number // 100}/m{number}.py": b"import random\n" for number in range(3_000)}
    verdict = look_at_repository(committed(tmp_path / "many", files))
    assert Ending.CRASHED not in {finding.ending for finding in verdict.findings}


def test_without_hadolint_its_check_has_no_evidence_and_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = process.find
    monkeypatch.setattr(process, "find", lambda name: None if name == "hadolint" else find(name))
    repository = write_repository(tmp_path / "one", {"Dockerfile": "FROM scratch\n"})
    (finding,) = (one for one in look_at_repository(repository).findings if one.code == "REP004")
    assert finding.ending is Ending.NO_EVIDENCE
    assert "pip install 'heldout[eval]'" in finding.answer.claim


def test_what_was_changed_since_the_commit_is_noted(tmp_path: Path) -> None:
    repository = write_repository(tmp_path / "one", {"README.md": "# One\n"})
    (repository / "README.md").write_text("# Two\n")
    assert any("README.md has changes" in note for note in look_at_repository(repository).notes)
