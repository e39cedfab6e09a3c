"""What a push brought is read into the ledger: submissions by tags, the conversation; whatever names or crashes."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.web.served import Served, commit, git, open_for, serving, work_tree, write_eval

from heldout.app.eval_receive import catch_up, reads_pushes
from heldout.evals.record.kinds import Kind


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    (tmp_path / "eval").mkdir()
    site, tokens = open_for(write_eval(tmp_path / "eval"), "ada")
    with serving(replace(site, on_push=reads_pushes(site.workspace)), tokens) as found:
        yield found


def test_a_tag_hands_in_before_any_branch_once_and_stays_where_it_is(served: Served, tmp_path: Path) -> None:
    tree = work_tree(tmp_path / "tree", ("eval", served.remote("ada")))
    first = git("rev-parse", "HEAD", cwd=tree).stdout.strip()
    git("tag", "submit-1", cwd=tree)
    git("push", "--quiet", "eval", "submit-1", cwd=tree)
    git("push", "--quiet", "eval", "submit-1", cwd=tree)
    commit(tree, "second")
    git("tag", "--force", "submit-1", cwd=tree)
    moved = git("push", "--force", "eval", "submit-1", cwd=tree, check=False)

    assert moved.returncode != 0
    assert [event.payload["commit"] for event in served.events("ada", Kind.SUBMITTED) if event.payload] == [first]


def test_an_annotated_tag_hands_in_its_commit_and_one_of_a_tree_nothing(served: Served, tmp_path: Path) -> None:
    tree = work_tree(tmp_path / "tree", ("eval", served.remote("ada")))
    git("tag", "--annotate", "--message=done", "submit-done", cwd=tree)
    git("tag", "submit-tree", "HEAD^{tree}", cwd=tree)
    git("push", "--quiet", "eval", "submit-done", cwd=tree)
    git("push", "--quiet", "eval", "submit-tree", cwd=tree, check=False)

    (submitted,) = served.events("ada", Kind.SUBMITTED)
    assert submitted.payload is not None
    assert submitted.payload["commit"] == git("rev-parse", "HEAD", cwd=tree).stdout.strip()


def test_names_that_the_record_would_give_keep_nobody_from_handing_in(served: Served, tmp_path: Path) -> None:
    tree = work_tree(tmp_path / "tree", ("eval", served.remote("ada")))
    for name in ("submission-1", "submission-2"):
        git("tag", name, cwd=tree)
    git("push", "--quiet", "eval", "submission-1", "submission-2", cwd=tree)
    second = commit(tree, "second")
    git("tag", "submit", cwd=tree)
    said = git("push", "eval", "submit", cwd=tree).stderr

    assert "handed in" in said
    (submitted,) = served.events("ada", Kind.SUBMITTED)
    assert submitted.payload is not None
    assert (submitted.payload["commit"], submitted.payload["tag"]) == (second, "submission-3")


def test_thousands_of_metrics_cost_one_process_and_each_commit_is_told(
    served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = work_tree(tmp_path / "tree", ("eval", served.remote("ada")))
    known = git("rev-parse", "HEAD", cwd=tree).stdout.strip()
    started: list[object] = []
    real = subprocess.Popen.__init__
    monkeypatch.setattr(subprocess.Popen, "__init__", lambda self, *a, **k: (started.append(a), real(self, *a, **k))[1])
    metrics = "".join(f"- metric: auc 0.5 @ {number:07x}\n" for number in range(5_000))
    (tree / "UPDATES.md").write_text(
        f"## 2026-03-02 10:00\n- done: x\n- next: y\n- metric: auc 0.8 @ {known}\n{metrics}"
    )
    git("add", "--all", cwd=tree)
    git("commit", "--quiet", "--message=update", cwd=tree)
    git("push", "--quiet", "eval", "main", cwd=tree)

    (update,) = served.events("ada", Kind.UPDATE)
    assert update.payload is not None
    assert [metric["found"] for metric in update.payload["metrics"]] == [True] + [False] * (
        len(update.payload["metrics"]) - 1
    )
    assert len(started) < 60


def test_what_cannot_be_read_names_no_place_of_the_server(served: Served, tmp_path: Path) -> None:
    tree = work_tree(tmp_path / "tree", ("eval", served.remote("ada")))
    (tree / "link").symlink_to("/etc/passwd")
    commit(tree, "a link")
    said = git("push", "eval", "main", cwd=tree).stderr

    assert "link" in said
    assert str(served.site.workspace.folder) not in said


READER = """
import os, sys
from heldout.app import eval_receive
from heldout.evals.record.ledger import Ledger
from heldout.evals.record.workspace import Workspace
from pathlib import Path
real, left = Ledger.append, [int(sys.argv[2])]
def append(self, *rest, **named):
    if left[0] == 0:
        os.kill(os.getpid(), 9)
    left[0] -= 1
    return real(self, *rest, **named)
Ledger.append = append
workspace = Workspace(folder=Path(sys.argv[1]))
eval_receive.catch_up(workspace, workspace.candidate("ada"))
"""


def test_a_reader_killed_between_any_two_events_loses_none_and_doubles_none(tmp_path: Path) -> None:
    (tmp_path / "eval").mkdir()
    site, _ = open_for(write_eval(tmp_path / "eval"), "ada")
    record = site.workspace.candidate("ada")
    tree = work_tree(tmp_path / "tree", ("eval", str(record.repository)))
    updates = "".join(f"## 2026-03-02 1{hour}:00\n- done: part {hour}\n- next: more\n\n" for hour in range(4))
    (tree / "UPDATES.md").write_text(updates)
    commit(tree, "updates")
    git("tag", "submit", cwd=tree)
    git("push", "--quiet", "eval", "main", "submit", cwd=tree)

    codes = [
        subprocess.run([sys.executable, "-c", READER, str(site.workspace.folder), str(left)], check=False).returncode
        for left in (0, 1, 1, 1, 1, 1, 1, 1, 9)
    ]
    catch_up(site.workspace, record)

    assert codes.count(-signal.SIGKILL) >= 7
    kinds = [event.kind for event in record.ledger.events()]
    assert kinds.count(Kind.UPDATE) == 4
    assert kinds.count(Kind.SUBMITTED) == 1
    pushed = [event.payload or {} for event in record.ledger.events() if event.kind is Kind.PUSH]
    assert sum("found" not in payload for payload in pushed) == 2
