"""A repository's history: every commit and content once, in order, within bounds, and nothing of people."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from heldout.core.errors import BadInput
from heldout.engine import catalog, run
from heldout.tools.git import history

Git = Callable[..., str]


def commit(git: Git, repository: Path, files: dict[str, str | None], message: str = "More") -> str:
    for name, text in files.items():
        path = repository / name
        if text is None:
            path.unlink()
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    git("add", "--all", cwd=repository)
    git("commit", "--quiet", f"--message={message}", cwd=repository)
    return git("rev-parse", "HEAD", cwd=repository)


def test_commits_come_oldest_first_with_what_each_brought(git: Git, repository: Path) -> None:
    first = git("rev-parse", "HEAD", cwd=repository)
    second = commit(git, repository, {"notes.txt": "one\n", "copy.py": "print('train')\n"})
    third = commit(git, repository, {"notes.txt": "two\n"})

    found = history(repository)

    assert [(c.commit, c.new_files, c.new_bytes) for c in found.commits][1:] == [(second, 1, 4), (third, 1, 4)]
    assert found.commits[0].commit == first
    assert found.commits[0].stated == 1704067200
    past = {(file.path, file.content): (file.commit, file.is_current) for file in found.files}
    assert past["notes.txt", b"one\n"] == (second, False)
    assert past["notes.txt", b"two\n"] == (third, True)
    assert past["tools/run.sh", b"#!/bin/sh\n"] == (first, True)
    assert found.omitted == ()
    assert "Ada" not in repr(found)
    assert "example.org" not in repr(found)


def test_merged_branches_and_other_tips_are_walked_each_after_its_parents(git: Git, repository: Path) -> None:
    git("checkout", "--quiet", "-b", "side", cwd=repository)
    side = commit(git, repository, {"side.txt": "side\n"})
    git("checkout", "--quiet", "main", cwd=repository)
    commit(git, repository, {"main.txt": "main\n"})
    git("merge", "--quiet", "--no-edit", "side", cwd=repository)
    git("checkout", "--quiet", "-b", "lost", cwd=repository)
    lost = commit(git, repository, {"lost.txt": "lost\n"})
    git("checkout", "--quiet", "main", cwd=repository)

    names = [found.commit for found in history(repository).commits]
    both = history(repository, ("main", lost))

    assert len(names) == 4
    assert side in names
    assert names[-1] == git("rev-parse", "main", cwd=repository)
    assert {file.path: file.is_current for file in both.files}["lost.txt"] is False
    assert both.commits[-1].commit == lost


def test_a_bare_repository_gives_the_same_history(git: Git, repository: Path, tmp_path: Path) -> None:
    commit(git, repository, {"notes.txt": "one\n"})
    git("clone", "--quiet", "--bare", "--no-local", str(repository), str(tmp_path / "bare.git"), cwd=tmp_path)

    assert history(tmp_path / "bare.git") == history(repository)


def test_what_is_too_large_is_left_out_and_said_and_what_follows_is_read(git: Git, repository: Path) -> None:
    commit(git, repository, {"a-large.bin": "x" * 1_000_001, "b-small.txt": "small\n"})

    found = history(repository)

    assert found.omitted == ("1 contents above 1,000,000 bytes were not read.",)
    assert "b-small.txt" in {file.path for file in found.files}
    assert found.commits[-1].new_bytes == 1_000_007


def test_bounds_leave_out_and_say_so(git: Git, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = sys.modules[history.__module__]
    for number in range(5):
        commit(git, repository, {f"{number}/file.txt": f"{number}\n"})
    monkeypatch.setattr(module, "MAX_COMMITS", 3)
    assert len(history(repository).commits) == 3
    assert "older than the last 3" in history(repository).omitted[0]
    monkeypatch.setattr(module, "MAX_COMMITS", 100)
    monkeypatch.setattr(module, "MAX_FILES", 2)
    assert any("were left out, above" in text for text in history(repository).omitted)
    monkeypatch.setattr(module, "MAX_FILES", 100)
    monkeypatch.setattr(module, "MAX_TREES", 4)
    assert any("folders were left out" in text for text in history(repository).omitted)


def test_links_and_odd_names_are_no_obstacle(git: Git, repository: Path) -> None:
    (repository / "link").symlink_to("/etc/passwd")
    commit(git, repository, {"bad\x1b[31mname.txt": "odd\n"})

    found = history(repository)

    assert "link" not in {file.path for file in found.files}
    assert any(file.content == b"odd\n" for file in found.files)


def test_a_history_of_thousands_of_commits_in_a_row_is_read(git: Git, repository: Path) -> None:
    stream = "".join(
        f"commit refs/heads/long\nmark :{n + 1}\ncommitter A <a@b> {1700000000 + n} +0000\ndata 1\nx"
        + ("" if n == 0 else f"\nfrom :{n}")
        + f"\nM 644 inline f{n % 20}.txt\ndata {len(str(n))}\n{n}\n"
        for n in range(2_000)
    )
    git("fast-import", "--quiet", cwd=repository, stdin=stream.encode())

    assert len(history(repository, ("long",)).commits) == 2_000


def test_a_secret_that_was_removed_is_found_in_its_commit_and_never_shown(git: Git, repository: Path) -> None:
    token = "hf_" + "QzVbNmKjHgFdSaPoIuYtReWqZxCvBnMlKj"
    where = commit(git, repository, {"train.py": f"import hub\n\nhub.login('{token}')\n"})
    commit(git, repository, {"train.py": "import hub\n"})

    (check,) = [check for check in catalog() if check.code == "COL004"]
    (finding,) = run([check], {"history": history(repository)})

    (witness,) = finding.answer.witnesses
    assert finding.certainty is not None
    assert finding.certainty.value == "strong"
    assert (witness.where, witness.line) == ("train.py", 3)
    assert where[:12] in witness.note
    assert "no longer" in witness.note
    assert token[4:] not in repr(finding)


def test_a_damaged_repository_is_refused(git: Git, repository: Path) -> None:
    tree = git("rev-parse", "HEAD^{tree}", cwd=repository)
    path = repository / ".git" / "objects" / tree[:2] / tree[2:]
    path.unlink()
    with pytest.raises(BadInput, match="lacks the content"):
        history(repository)
