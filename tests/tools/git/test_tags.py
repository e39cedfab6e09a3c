"""Tags of submissions: made once, never moved."""

from collections.abc import Callable
from pathlib import Path

import pytest

from heldout.core.errors import BadInput
from heldout.tools.git import commit_named, make_tag

Git = Callable[..., str]


def test_a_tag_stands_for_its_commit_and_is_never_moved(git: Git, repository: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare.git"
    first = commit_named(repository)
    git("commit", "--quiet", "--allow-empty", "--message=More", cwd=repository)
    git("clone", "--quiet", "--bare", "--no-local", str(repository), str(bare), cwd=tmp_path)

    make_tag(bare, "submission-1", first)
    make_tag(bare, "submission-1", first)

    assert commit_named(bare, "submission-1") == first
    with pytest.raises(BadInput, match="cannot be made"):
        make_tag(bare, "submission-1", commit_named(bare))
    assert commit_named(bare, "submission-1") == first


@pytest.mark.parametrize("name", ["", "-x", "../x", "a b", "a.lock", "A", "a..b"])
def test_a_name_that_git_could_misread_is_refused(repository: Path, name: str) -> None:
    with pytest.raises(BadInput, match="cannot name a tag"):
        make_tag(repository / ".git", name, "0" * 40)


def test_a_commit_that_is_not_there_gets_no_tag(repository: Path) -> None:
    with pytest.raises(BadInput, match="cannot be made"):
        make_tag(repository / ".git", "submission-1", "1" * 40)
