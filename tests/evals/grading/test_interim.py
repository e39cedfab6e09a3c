"""Interim scores from real runs: released for a better submission, withheld for an equal one, on feedback rows only."""

import hashlib
import subprocess
from pathlib import Path

import pyarrow.parquet
import pytest
from tests.evals import tiny

from heldout.app.eval_interim import interim
from heldout.core.errors import BadInput
from heldout.evals.record.kinds import Kind, Role
from heldout.evals.record.workspace import CandidateRecord, Workspace
from heldout.sandbox import probe


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    if probe().level == 0:
        pytest.skip(f"no sandbox here: {probe().explanation}")
    folder = tiny.write_eval(tmp_path_factory.mktemp("eval"), rows=2_000, days=80).parent
    hashes = {}
    for part in ("data", "answers"):  # the first half of the final rows are the feedback rows
        table = pyarrow.parquet.read_table(folder / part / "final.parquet")
        tiny.write_plainly(table.slice(0, len(table) // 2), folder / part / "feedback.parquet")
        hashes[part] = hashlib.sha256((folder / part / "feedback.parquet").read_bytes()).hexdigest()
    text = (folder / "brief.toml").read_text()
    feedback = f'feedback = {{ path = "data/feedback.parquet", sha256 = "{hashes["data"]}" }}\n'
    text = text.replace("[answers]\n", f'{feedback}[answers]\nfeedback = {{ sha256 = "{hashes["answers"]}" }}\n')
    (folder / "brief.toml").write_text(text)
    return Workspace(folder=folder)


def candidate(workspace: Workspace, name: str, tmp_path: Path, files: dict[str, str]) -> CandidateRecord:
    record = workspace.candidate(name)
    record.ledger.append(Kind.OPENED, {"agreed": {}}, actor=Role.ORGANISER)
    tree = tiny.write_repository(tmp_path / name, files)
    subprocess.run(["git", "clone", "-q", "--bare", "--no-local", tree, record.repository], check=True)
    return record


def test_a_better_submission_is_released_once_and_the_same_again_is_withheld(
    workspace: Workspace, tmp_path: Path
) -> None:
    ada = candidate(workspace, "ada", tmp_path, tiny.tree())

    first, second = interim(workspace, ada), interim(workspace, ada)

    assert first.released
    assert first.lift is not None
    assert first.lift.low is not None
    assert first.lift.low > 0
    assert not second.released
    assert second.lift is None
    events = [event.payload for event in ada.ledger.events() if event.kind is Kind.INTERIM]
    assert [(event or {})["released"] for event in events] == [True, False]
    assert (events[1] or {})["estimate"] is None


def test_one_that_is_no_better_than_the_baseline_learns_no_score(workspace: Workspace, tmp_path: Path) -> None:
    bob = candidate(workspace, "bob", tmp_path, tiny.tree(column="group"))

    scored = interim(workspace, bob)

    assert not scored.released
    assert scored.lift is None


def test_one_that_fails_is_withheld_with_the_reason_and_the_cap_holds(workspace: Workspace, tmp_path: Path) -> None:
    eve = candidate(workspace, "eve", tmp_path, tiny.tree(before_train="raise SystemExit(3)\n"))
    cal = candidate(workspace, "cal", tmp_path, tiny.tree())

    assert "The submission failed" in interim(workspace, eve).why
    assert "All 0 releases" in interim(workspace, cal, most=0).why


def test_a_brief_without_feedback_rows_has_no_interim_score(tmp_path: Path) -> None:
    workspace = Workspace(folder=tiny.write_eval(tmp_path / "eval", rows=60, days=6).parent)
    ada = candidate(workspace, "ada", tmp_path, tiny.tree())

    with pytest.raises(BadInput, match="no feedback rows"):
        interim(workspace, ada)
    assert len(ada.ledger.events()) == 1
