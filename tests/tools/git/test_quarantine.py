"""Nothing of a foreign .git runs or reaches elsewhere; each attack is first seen to work on git itself."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from heldout.core.errors import BadInput
from heldout.tools.git import quarantine, snapshot

Git = Callable[..., str]


def payload(tmp_path: Path, mark: Path) -> str:
    script = tmp_path / "payload.sh"
    script.write_text(f"#!/bin/sh\ntouch {mark}\ncat\n")
    script.chmod(0o755)
    return str(script)


def test_a_file_system_monitor_of_the_repository_is_not_run(git: Git, repository: Path, tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    git("config", "core.fsmonitor", payload(tmp_path, mark), cwd=repository)
    snapshot(repository)
    assert not mark.exists()
    git("status", cwd=repository)
    assert mark.exists(), "the control: plain git runs it"


def test_a_filter_of_the_repository_is_not_run(git: Git, repository: Path, tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    (repository / ".gitattributes").write_text("*.py filter=evil\n")
    git("add", "--all", cwd=repository)
    git("commit", "--quiet", "--message=Attributes", cwd=repository)
    git("config", "filter.evil.smudge", payload(tmp_path, mark), cwd=repository)
    snapshot(repository)
    assert not mark.exists()
    (repository / "train.py").unlink()
    git("checkout", "--", "train.py", cwd=repository)
    assert mark.exists(), "the control: plain git runs it"


def test_a_hook_of_the_repository_is_not_run(git: Git, repository: Path, tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    (repository / ".git" / "hooks" / "post-checkout").symlink_to(payload(tmp_path, mark))
    snapshot(repository)
    assert not mark.exists()
    git("checkout", "--quiet", "main", cwd=repository)
    assert mark.exists(), "the control: plain git runs it"


def test_a_missing_object_is_not_fetched_by_a_program_that_the_repository_names(
    git: Git, repository: Path, tmp_path: Path
) -> None:
    mark = tmp_path / "ran"
    blob = git("rev-parse", "HEAD:train.py", cwd=repository)
    (repository / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    git("config", "core.repositoryFormatVersion", "1", cwd=repository)
    git("config", "extensions.partialClone", "evil", cwd=repository)
    git("config", "remote.evil.url", "ssh://nowhere.invalid/x", cwd=repository)
    git("config", "core.sshCommand", f"touch {mark}; exit 1;", cwd=repository)
    with pytest.raises(BadInput, match=r"lacks the content of train\.py"):
        snapshot(repository)
    assert not mark.exists()
    with pytest.raises(subprocess.CalledProcessError):
        git("cat-file", "-p", blob, cwd=repository)
    assert mark.exists(), "the control: plain git runs it"


def test_objects_of_another_repository_cannot_be_borrowed(git: Git, repository: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.mkdir()
    git("init", "--quiet", cwd=secret)
    blob = git("hash-object", "-w", "--stdin", cwd=secret, stdin=b"labels")
    (repository / ".git" / "objects" / "info" / "alternates").write_text(f"{secret}/.git/objects\n")
    with pytest.raises(BadInput, match="borrows objects"):
        snapshot(repository)
    assert git("cat-file", "-p", blob, cwd=repository) == "labels", "the control: plain git reads it"


def test_a_replacement_does_not_change_what_a_commit_says(git: Git, repository: Path) -> None:
    blob = git("rev-parse", "HEAD:train.py", cwd=repository)
    other = git("hash-object", "-w", "--stdin", cwd=repository, stdin=b"replaced")
    git("replace", blob, other, cwd=repository)
    assert snapshot(repository)[0].files["train.py"] == b"print('train')\n"
    assert git("show", "HEAD:train.py", cwd=repository) == "replaced", "the control: plain git follows it"


def test_an_object_that_is_not_what_its_name_says_is_refused(git: Git, repository: Path) -> None:
    blob = git("rev-parse", "HEAD:train.py", cwd=repository)
    other = git("hash-object", "-w", "--stdin", cwd=repository, stdin=b"forged")
    objects = repository / ".git" / "objects"
    target = objects / blob[:2] / blob[2:]
    target.unlink()
    (objects / other[:2] / other[2:]).rename(target)
    with pytest.raises(BadInput, match=r"train\.py is not what its hash promises"):
        snapshot(repository)
    assert git("cat-file", "-p", blob, cwd=repository) == "forged", "the control: plain git believes it"


def test_the_callers_own_git_variables_do_not_redirect_the_reading(
    git: Git, repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = snapshot(repository)
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(tmp_path / "elsewhere"))
    assert snapshot(repository) == before


def test_a_plain_folder_is_told_how_to_become_a_repository(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="is no git repository") as caught:
        snapshot(tmp_path)
    assert caught.value.mend.startswith("git init && git add -A && git commit")


def test_a_folder_inside_a_repository_is_not_taken_for_the_repository(repository: Path) -> None:
    with pytest.raises(BadInput, match="is no git repository"):
        snapshot(repository / "tools")


def test_a_folder_that_is_not_there_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="is no folder"):
        snapshot(tmp_path / "nowhere")


def test_a_repository_without_a_commit_says_so(git: Git, tmp_path: Path) -> None:
    git("init", "--quiet", cwd=tmp_path)
    with pytest.raises(BadInput, match="has no commit HEAD"):
        snapshot(tmp_path)


def test_a_linked_work_tree_is_refused_with_a_way_out(git: Git, repository: Path, tmp_path: Path) -> None:
    git("worktree", "add", "--quiet", str(tmp_path / "linked"), cwd=repository)
    with pytest.raises(BadInput, match="link to another folder") as caught:
        snapshot(tmp_path / "linked")
    assert "git clone" in caught.value.mend


def test_references_in_reftables_are_refused_with_a_way_out(repository: Path) -> None:
    (repository / ".git" / "reftable").mkdir()
    with pytest.raises(BadInput, match="reftables"):
        snapshot(repository)


def test_a_pipe_among_the_references_does_not_hang(repository: Path) -> None:
    os.mkfifo(repository / ".git" / "refs" / "heads" / "pipe")
    with pytest.raises(BadInput, match="refs/heads/pipe is no regular file"):
        snapshot(repository)


def test_a_link_in_place_of_the_objects_is_refused(repository: Path, tmp_path: Path) -> None:
    (repository / ".git" / "objects").rename(tmp_path / "objects")
    (repository / ".git" / "objects").symlink_to(tmp_path / "objects")
    with pytest.raises(BadInput, match="objects is no folder"):
        snapshot(repository)


def test_a_link_in_place_of_head_is_refused(repository: Path, tmp_path: Path) -> None:
    (repository / ".git" / "HEAD").rename(tmp_path / "HEAD")
    (repository / ".git" / "HEAD").symlink_to(tmp_path / "HEAD")
    with pytest.raises(BadInput, match="HEAD cannot be read"):
        snapshot(repository)


@pytest.mark.parametrize(("name", "value", "said"), [("MAX_FILES", 3, "file number 4"), ("MAX_MB", 0, "above 0 MB")])
def test_a_repository_above_the_bounds_is_refused_before_git_reads_it(
    repository: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: int, said: str
) -> None:
    monkeypatch.setattr(quarantine, name, value)
    with pytest.raises(BadInput, match=said):
        snapshot(repository)
