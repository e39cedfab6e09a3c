"""A receiving repository, pushed to over its path as in a rehearsal: the hooks judge and note, nothing is lost."""

import subprocess
from pathlib import Path

import pytest
from tests.tools.git.conftest import Git

from heldout.core.errors import BadInput
from heldout.tools.git.push_journal import read_journal, strike_out
from heldout.tools.git.receiving import CONFIG, commits_between, keep, kept, make_receiver, refs

ZERO = "0" * 40


@pytest.fixture
def receiver(tmp_path: Path) -> Path:
    path = tmp_path / "a folder with a blank" / "repo.git"
    make_receiver(path)
    return path


def refused(git: Git, *arguments: str, cwd: Path) -> str:
    with pytest.raises(subprocess.CalledProcessError) as error:
        git(*arguments, cwd=cwd)
    return str(error.value.stderr.decode())


def test_the_hooks_note_what_was_asked_and_what_was_done(git: Git, repository: Path, receiver: Path) -> None:
    git("push", "--quiet", str(receiver), "main", cwd=repository)
    git("commit", "--quiet", "--amend", "--message=other", cwd=repository)
    said = refused(git, "push", "--quiet", "--force", str(receiver), "main", cwd=repository)

    journal = read_journal(receiver)
    first, second = journal.attempts
    assert (first.ref, first.old, first.why, first.commits) == ("refs/heads/main", ZERO, None, 1)
    assert first.bytes > 0
    assert journal.committed == {(ZERO, first.new, "refs/heads/main")}
    assert "a force push" in (second.why or "")
    assert "a force push" in said
    assert refs(receiver) == {"refs/heads/main": first.new}


def test_git_itself_refuses_rewriting_where_the_hook_is_gone(git: Git, repository: Path, receiver: Path) -> None:
    git("push", "--quiet", str(receiver), "main", cwd=repository)
    (receiver / "hooks" / "pre-receive").unlink()
    git("commit", "--quiet", "--amend", "--message=other", cwd=repository)

    assert "non-fast-forward" in refused(git, "push", "--force", str(receiver), "main", cwd=repository)
    assert "deletion prohibited" in refused(git, "push", str(receiver), ":main", cwd=repository)
    assert "hidden ref" in refused(git, "push", str(receiver), "main:refs/audit/x", cwd=repository)


def test_a_pack_over_the_bound_is_broken_off_by_git(git: Git, repository: Path, receiver: Path) -> None:
    import random

    (receiver / "config").write_text(CONFIG.replace("maxInputSize = 200000000", "maxInputSize = 100000"))
    (repository / "large").write_bytes(random.Random(1).randbytes(300_000))
    git("add", "large", cwd=repository)
    git("commit", "--quiet", "--message=large", cwd=repository)

    assert "exceeds maximum allowed size" in refused(git, "push", str(receiver), "main", cwd=repository)
    assert refs(receiver) == {}


def test_more_refs_than_fit_are_refused_in_one_note(git: Git, repository: Path, receiver: Path) -> None:
    for number in range(101):
        git("update-ref", f"refs/heads/b{number}", "HEAD", cwd=repository)

    said = refused(git, "push", "--quiet", str(receiver), "refs/heads/*:refs/heads/*", cwd=repository)

    assert "a push of more than 100 refs" in said
    (attempt,) = read_journal(receiver).attempts
    assert attempt.ref == ""


def test_a_tag_of_a_file_and_a_name_with_odd_signs_are_refused(git: Git, repository: Path, receiver: Path) -> None:
    blob = git("rev-parse", "HEAD:train.py", cwd=repository)
    assert "stands for no commit" in refused(git, "push", str(receiver), f"{blob}:refs/tags/x", cwd=repository)
    assert "plain names" in refused(git, "push", str(receiver), "main:refs/heads/a;b", cwd=repository)


def test_making_it_again_sets_right_what_was_changed(git: Git, repository: Path, receiver: Path) -> None:
    git("push", "--quiet", str(receiver), "main", cwd=repository)
    before = refs(receiver)
    (receiver / "config").write_text("[receive]\n\tdenyDeletes = false\n")
    (receiver / "hooks" / "post-receive").write_text("#!/bin/sh\ntouch /tmp/owned\n")

    make_receiver(receiver)

    assert (receiver / "config").read_text() == CONFIG
    assert sorted(path.name for path in (receiver / "hooks").iterdir()) == ["pre-receive", "reference-transaction"]
    assert refs(receiver) == before


def test_a_repository_that_borrows_objects_is_refused(receiver: Path) -> None:
    (receiver / "objects" / "info" / "alternates").write_text("/elsewhere\n")

    with pytest.raises(BadInput, match="borrows objects"):
        make_receiver(receiver)


def test_tips_are_kept_by_the_number_of_their_event(git: Git, repository: Path, receiver: Path) -> None:
    git("push", "--quiet", str(receiver), "main", cwd=repository)
    tip = refs(receiver)["refs/heads/main"]

    keep(receiver, 7, "refs/heads/main", tip)

    assert kept(receiver, 7) == {"refs/heads/main": tip}
    assert kept(receiver, 8) is None
    assert refs(receiver) == {"refs/heads/main": tip}
    assert "audit" not in git("ls-remote", str(receiver), cwd=repository)
    assert commits_between(receiver, ZERO, tip) == 1


def test_notes_are_struck_out_but_those_of_pushes_that_go_on(git: Git, repository: Path, receiver: Path) -> None:
    git("push", "--quiet", str(receiver), "main", cwd=repository)
    git("push", "--quiet", str(receiver), "main:refs/heads/other", cwd=repository)
    journal = read_journal(receiver)
    with (receiver / "heldout" / "journal.jsonl").open("ab") as file:
        file.write(b'{"is": "attempt", "pu')

    strike_out(receiver, journal, open_pushes={journal.attempts[1].push})

    assert [attempt.ref for attempt in read_journal(receiver).attempts] == ["refs/heads/other"]
    assert not journal.attempts[0].may_go_on


def test_a_relative_path_is_read_too(
    receiver: Path, repository: Path, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    git("push", "--quiet", str(receiver), "main", cwd=repository)
    monkeypatch.chdir(receiver.parent.parent)

    assert refs(receiver.relative_to(Path.cwd())) == refs(receiver)
