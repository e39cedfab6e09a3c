"""The end of an eval: what is forgotten stays forgotten, whoever runs meanwhile; closing twice reveals once."""

import fcntl
import subprocess
import sys
from pathlib import Path

import pytest
from tests.web.served import commit, git, open_for, serving, work_tree, write_eval

from heldout.app.eval_finish import close, forget
from heldout.app.eval_open import open_candidate, reconcile_all, terms_of
from heldout.app.eval_talk import answer, give_feedback
from heldout.core.errors import BadInput
from heldout.evals.record.kinds import Kind, Role
from heldout.evals.record.workspace import CandidateRecord, Workspace

SECRET = "my mother is ill"


@pytest.fixture
def ada(tmp_path: Path) -> CandidateRecord:
    (tmp_path / "eval").mkdir()
    site, _ = open_for(write_eval(tmp_path / "eval"), "ada")
    record = site.workspace.candidate("ada")
    record.ledger.append(Kind.QUESTION, {"number": 1, "text": SECRET, "topic": ""}, actor=Role.SERVER)
    return record


def workspace_of(record: CandidateRecord) -> Workspace:
    return Workspace(folder=record.folder.parents[1])


def said_anywhere(record: CandidateRecord) -> list[Path]:
    files = (path for path in record.folder.rglob("*") if path.is_file())
    return [path for path in files if SECRET.encode() in path.read_bytes()]


def test_forgetting_deletes_what_appends_that_were_killed_left_behind(ada: CandidateRecord) -> None:
    (ada.folder / "payloads" / ".part-abc").write_text(SECRET)
    (ada.folder / "payloads" / f"{'a' * 64}.json").write_text(SECRET)

    done = forget(workspace_of(ada), ada, why="asked for it")

    assert said_anywhere(ada) == []
    assert done.payloads == 2
    (last,) = [event.payload for event in ada.ledger.events() if event.kind is Kind.FORGOTTEN]
    assert last == {"payloads": 2, "why": "asked for it"}


def test_nothing_is_written_to_a_record_that_was_forgotten(ada: CandidateRecord) -> None:
    workspace = workspace_of(ada)
    forget(workspace, ada, why="asked for it")
    count = len(ada.ledger.events())

    for write in (
        lambda: give_feedback(ada, SECRET),
        lambda: answer(ada, 1, SECRET),
        lambda: ada.ledger.append(Kind.REPLIED, {"line": "", "text": SECRET}, actor=Role.CANDIDATE),
        lambda: open_candidate(workspace.folder, "ada", terms_of(workspace.folder), consents=True),
    ):
        with pytest.raises(BadInput):
            write()

    assert reconcile_all(workspace.folder) == ()
    assert not ada.repository.exists()
    assert said_anywhere(ada) == []
    assert len(ada.ledger.events()) == count
    assert len([forget(workspace, ada, why="again"), forget(workspace, ada, why="and again")]) == 2


def test_a_push_after_forgetting_is_refused_and_brings_nothing_back(tmp_path: Path) -> None:
    (tmp_path / "eval").mkdir()
    site, tokens = open_for(write_eval(tmp_path / "eval"), "ada", "bob")
    with serving(site, tokens) as served:
        tree = work_tree(tmp_path / "tree", ("eval", served.remote("ada")))
        git("push", "--quiet", "eval", "main", cwd=tree)
        record = served.record("ada")
        forget(site.workspace, record, why="asked for it")
        commit(tree, SECRET)
        pushed = git("push", "eval", "main", cwd=tree, check=False)
        asked = {
            path: served.ask("GET", path, token=tokens[Role.ORGANISER, ""]).status
            for path in ("/", "/c/ada", "/c/ada/events.json", "/c/ada/card")
        }
        fetched = served.ask(
            "GET", "/git/ada/info/refs?service=git-upload-pack", token=tokens[Role.ORGANISER, ""]
        ).status

    assert pushed.returncode != 0
    assert not record.repository.exists()
    assert said_anywhere(record) == []
    assert asked == {"/": 200, "/c/ada": 200, "/c/ada/events.json": 200, "/c/ada/card": 404}
    assert 400 <= fetched < 500


def test_forgetting_waits_for_no_grading_and_deletes_nothing_below_it(ada: CandidateRecord) -> None:
    folder = ada.folder / "graded" / ".heldout"
    folder.mkdir(parents=True)
    with (folder / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(BadInput, match="another grading"):
            forget(workspace_of(ada), ada, why="asked for it")

    assert said_anywhere(ada) != []
    forget(workspace_of(ada), ada, why="asked for it")
    assert not (ada.folder / "graded").exists()


FORGETTER = """
import os, shutil, sys
from pathlib import Path
from heldout.app import eval_finish
from heldout.evals.record.workspace import Workspace
left = [int(sys.argv[2])]
def tick():
    if left[0] == 0:
        os.kill(os.getpid(), 9)
    left[0] -= 1
unlink, remove = Path.unlink, eval_finish._remove
Path.unlink = lambda self, **named: (tick(), unlink(self, **named))[1]
eval_finish._remove = lambda path: (tick(), remove(path))[1]
workspace = Workspace(folder=Path(sys.argv[1]))
eval_finish.forget(workspace, workspace.candidate("ada"), why="asked for it")
"""


@pytest.mark.parametrize("left", [0, 1, 2, 3])
def test_forgetting_that_was_killed_is_ended_by_the_next_call(ada: CandidateRecord, left: int) -> None:
    workspace = workspace_of(ada)
    argv = [sys.executable, "-c", FORGETTER, str(workspace.folder), str(left)]
    killed = subprocess.run(argv, check=False, capture_output=True, text=True)
    assert killed.returncode == -9, killed.stderr

    forget(workspace, ada, why="asked for it")

    assert said_anywhere(ada) == []
    assert not ada.repository.exists()
    assert [event.payload for event in ada.ledger.events() if event.kind is not Kind.FORGOTTEN] == [None, None]


def test_the_folder_of_a_candidate_is_its_owners_alone(ada: CandidateRecord) -> None:
    assert ada.folder.stat().st_mode & 0o777 == 0o700


def test_closing_without_an_opening_is_bad_input(ada: CandidateRecord) -> None:
    with pytest.raises(BadInput, match="no opening"):
        close(workspace_of(ada), ada)
