from pathlib import Path

import pytest

from heldout.core.errors import InfrastructureFailure
from heldout.tools.git_author import Commit, make_repository

WHEN = "2026-01-02T03:04:05+00:00"


def head(directory: Path) -> str:
    return (directory / ".git/refs/heads/main").read_text().strip()


def test_equal_files_and_commits_give_equal_hashes(tmp_path: Path) -> None:
    heads = set()
    for name, mode in (("a", 0o644), ("b", 0o755)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text("text\r\n")
        (tmp_path / name / "file").chmod(mode)
        make_repository(tmp_path / name, [Commit(when=WHEN, message="First", paths=("file",))])
        heads.add(head(tmp_path / name))
    assert len(heads) == 1


def test_a_commit_has_only_its_own_paths(tmp_path: Path) -> None:
    for name in ("first", "second"):
        (tmp_path / name).write_text(name)
    make_repository(tmp_path, [Commit(when=WHEN, message="First", paths=("first",))])
    before = head(tmp_path)
    make_repository(tmp_path, [Commit(when=WHEN, message="Second", paths=(".",))])
    assert head(tmp_path) != before


def test_a_path_that_is_not_there_is_refused_with_what_git_said(tmp_path: Path) -> None:
    with pytest.raises(InfrastructureFailure, match="did not match any files"):
        make_repository(tmp_path, [Commit(when=WHEN, message="First", paths=("absent",))])
