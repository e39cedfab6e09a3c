"""The ledger is brought up to the repository: over a path as in a rehearsal, and after what was broken off."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.web.served import ZERO, assert_refs_and_events_agree, commit, git, work_tree

from heldout.evals.record import reconcile as module
from heldout.evals.record.kinds import Kind, Role
from heldout.evals.record.ledger import Event
from heldout.evals.record.reconcile import OnPush, Recorded, locked, nothing, reconcile
from heldout.evals.record.workspace import CandidateRecord, Workspace
from heldout.tools.git.receiving import make_receiver


@pytest.fixture
def record(tmp_path: Path) -> CandidateRecord:
    record = Workspace(folder=tmp_path / "eval").candidate("ada")
    make_receiver(record.repository)
    record.ledger.append(Kind.OPENED, {}, actor=Role.ORGANISER)
    return record


@pytest.fixture
def tree(tmp_path: Path, record: CandidateRecord) -> Path:
    return work_tree(tmp_path / "tree", ("origin", str(record.repository)))


def caught_up(record: CandidateRecord, on_push: OnPush = nothing) -> tuple[Recorded, ...]:
    with locked(record):
        return reconcile(record, on_push=on_push)[0]


def test_each_push_over_a_path_is_found_with_its_own_step(record: CandidateRecord, tree: Path) -> None:
    for number in range(3):
        commit(tree, f"number {number}")
        git("push", "origin", "main", cwd=tree)

    recorded = caught_up(record)

    assert [one.commits for one in recorded] == [2, 1, 1]
    assert caught_up(record) == ()
    assert_refs_and_events_agree(record)


def test_a_ref_that_moved_behind_the_hooks_is_found_and_called_found(record: CandidateRecord, tree: Path) -> None:
    git("push", "origin", "main", cwd=tree)
    caught_up(record)
    for hook in (record.repository / "hooks").iterdir():
        hook.unlink()
    commit(tree, "behind")
    git("push", "origin", "main", cwd=tree)

    (one,) = caught_up(record)

    payload = record.ledger.events()[-1].payload
    assert payload is not None
    assert payload["found"] is True
    assert one.commits == payload["commits"] == 1
    assert_refs_and_events_agree(record)


def test_a_ref_that_was_removed_behind_the_server_is_found(record: CandidateRecord, tree: Path) -> None:
    git("push", "origin", "main", "main:refs/heads/side", cwd=tree)
    caught_up(record)
    subprocess.run(["git", "update-ref", "-d", "refs/heads/side"], cwd=record.repository, check=True)

    (one,) = caught_up(record)

    assert (one.ref, one.new) == ("refs/heads/side", ZERO)
    assert caught_up(record) == ()


@pytest.mark.parametrize("moment", ["append", "strike_out", "keep"])
def test_whoever_is_stopped_in_the_middle_goes_on_where_it_stopped(
    record: CandidateRecord, tree: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    git("push", "origin", "main", "main:refs/heads/side", cwd=tree)
    git("push", "origin", ":main", cwd=tree, check=False)

    def stopping_after(work: Callable[..., object]) -> Callable[..., object]:
        def stopped(*arguments: object, **named: object) -> object:
            work(*arguments, **named)
            raise KeyboardInterrupt

        return stopped

    owner = {"append": type(record.ledger), "strike_out": module.push_journal, "keep": module.receiving}[moment]
    for _ in range(4):
        with monkeypatch.context() as patch:
            patch.setattr(owner, moment, stopping_after(getattr(owner, moment)))
            try:
                caught_up(record)
            except KeyboardInterrupt:
                continue
    caught_up(record)

    kinds = [event.kind for event in record.ledger.events()]
    assert kinds == [Kind.OPENED, Kind.PUSH, Kind.PUSH, Kind.PUSH_REFUSED]
    assert_refs_and_events_agree(record)


def test_a_push_that_was_not_read_is_read_by_the_next_run(record: CandidateRecord, tree: Path) -> None:
    git("push", "origin", "main", cwd=tree)
    read: list[str] = []

    def stops(_record: CandidateRecord, event: Event) -> list[str]:
        read.append((event.payload or {})["new"])
        raise KeyboardInterrupt

    def reads(_record: CandidateRecord, event: Event) -> list[str]:
        read.append((event.payload or {})["new"])
        return []

    with pytest.raises(KeyboardInterrupt):
        caught_up(record, stops)
    caught_up(record, reads)
    caught_up(record, reads)

    assert read == [git("rev-parse", "HEAD", cwd=tree).stdout.strip()] * 2


def test_forgotten_payloads_do_not_make_pushes_found_again(record: CandidateRecord, tree: Path) -> None:
    git("push", "origin", "main", cwd=tree)
    caught_up(record)
    for event in record.ledger.events():
        record.ledger.forget(event.payload_sha256)

    assert caught_up(record) == ()


def test_a_record_that_was_closed_takes_no_more_events(record: CandidateRecord, tree: Path) -> None:
    record.ledger.append(Kind.CLOSED, {"revealed": True}, actor=Role.ORGANISER)
    git("push", "origin", "main", cwd=tree)

    assert caught_up(record) == ()
