"""Grading what was handed in by a tag: twice, replied to, in bundles, forgotten; and one that breaks its contract."""

from pathlib import Path

import pytest
from tests.evals import tiny
from tests.web.served import git, open_for, write_eval

from heldout.app.eval_finish import forget, reply
from heldout.app.eval_grade import card_of, grade_recorded
from heldout.app.eval_receive import catch_up
from heldout.core.errors import BadInput
from heldout.evals.bundle import verify
from heldout.evals.record.kinds import Kind
from heldout.evals.record.workspace import CandidateRecord, Workspace
from heldout.sandbox import probe
from heldout.web import site

Handed = tuple[Workspace, CandidateRecord, Path]


@pytest.fixture
def handed_in(tmp_path: Path) -> Handed:
    if probe().level == 0:
        pytest.skip("no sandbox here")
    (tmp_path / "eval").mkdir()
    site, _ = open_for(write_eval(tmp_path / "eval"), "ada")
    record = site.workspace.candidate("ada")
    tree = tiny.write_repository(tmp_path / "tree", tiny.tree())
    git("push", "--quiet", str(record.repository), "HEAD:refs/heads/main", "HEAD:refs/tags/submit", cwd=tree)
    catch_up(site.workspace, record)
    return site.workspace, record, tree


def test_grading_twice_writes_one_event_and_replies_stand_on_the_card(handed_in: Handed) -> None:
    workspace, record, _ = handed_in
    first, second = grade_recorded(workspace, record), grade_recorded(workspace, record)
    reply(record, "<script>alert(1)</script> I disagree")

    assert first.receipt == second.receipt
    assert [event.kind for event in record.ledger.events()].count(Kind.GRADED) == 1
    assert card_of(record).replies == ("<script>alert(1)</script> I disagree",)
    shown = site.card_of(record)
    assert shown is not None
    assert "I disagree" in shown
    assert "<script>alert" not in shown
    assert (record.folder / "rows.salt").stat().st_mode & 0o777 == 0o600
    assert first.bundles["sealed"].stat().st_mode & 0o777 == 0o700
    salt = (record.folder / "rows.salt").read_bytes()
    files = [path for path in first.bundles["open"].rglob("*") if path.is_file()]
    assert not [path for path in files if salt in path.read_bytes()]
    for kind in ("sealed", "open"):
        wrong = [line for line in verify(first.bundles[kind], head=first.receipt.head) if not line.agrees]
        assert [line.what for line in wrong] in ([], ["commitment"])

    forget(workspace, record, why="asked for it")
    with pytest.raises(BadInput):
        grade_recorded(workspace, record)
    assert not (record.folder / "graded").exists()
    assert not (record.folder / "bundles").exists()


def test_a_submission_without_its_contract_is_bad_input_and_writes_nothing(handed_in: Handed) -> None:
    workspace, record, tree = handed_in
    git("rm", "--quiet", "submission.toml", cwd=tree)
    git("commit", "--quiet", "--message=no contract", cwd=tree)
    git("push", "--quiet", str(record.repository), "HEAD:refs/heads/main", "HEAD:refs/tags/submit-2", cwd=tree)
    catch_up(workspace, record)
    before = record.ledger.head

    with pytest.raises(BadInput, match=r"submission\.toml"):
        grade_recorded(workspace, record)

    assert record.ledger.head == before
    assert not (record.folder / "graded").exists()
