"""What of a commit becomes evidence or files, and what is refused with its path named."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from heldout.core.errors import BadInput
from heldout.tools.git import commit as tree
from heldout.tools.git import export, notes, snapshot

Git = Callable[..., str]


def commit_all(git: Git, repository: Path) -> None:
    git("add", "--all", cwd=repository)
    git("commit", "--quiet", "--message=More", cwd=repository)


def commit_tree(git: Git, repository: Path, *entries: bytes) -> None:
    """Commit a top folder of `entries` as they are, whatever git would say about them."""
    blob = git("hash-object", "-w", "--stdin", cwd=repository, stdin=b"content")
    raw = b"".join(entry + b"\0" + bytes.fromhex(blob) for entry in entries)
    made = git("hash-object", "-t", "tree", "-w", "--literally", "--stdin", cwd=repository, stdin=raw)
    git("update-ref", "HEAD", git("commit-tree", made, "-m", "Odd", cwd=repository), cwd=repository)


def test_a_snapshot_holds_the_files_of_the_commit_and_the_parsed_contract(git: Git, repository: Path) -> None:
    (repository / "train.py").write_text("print('changed, not committed')\n")
    evidence, commit = snapshot(repository)
    assert dict(evidence.files) == {
        "submission.toml": b'[build]\nlock = "requirements.lock"\n',
        "tools/run.sh": b"#!/bin/sh\n",
        "train.py": b"print('train')\n",
    }
    assert commit == evidence.commit == git("rev-parse", "HEAD", cwd=repository)
    assert evidence.submission == {"build": {"lock": "requirements.lock"}}


def test_a_bare_clone_gives_the_same_snapshot(git: Git, repository: Path, tmp_path: Path) -> None:
    git("clone", "--quiet", "--bare", "--no-local", str(repository), str(tmp_path / "bare.git"), cwd=tmp_path)
    assert snapshot(tmp_path / "bare.git") == snapshot(repository)


def test_a_packed_repository_with_packed_references_gives_the_same_snapshot(git: Git, repository: Path) -> None:
    before = snapshot(repository)
    git("gc", "--quiet", cwd=repository)
    assert not (repository / ".git" / "refs" / "heads" / "main").exists()
    assert snapshot(repository) == before


def test_a_repository_with_sha256_names_can_be_read(git: Git, tmp_path: Path) -> None:
    path = tmp_path / "long"
    path.mkdir()
    git("init", "--quiet", "--object-format=sha256", cwd=path)
    (path / "a.txt").write_text("a")
    commit_all(git, path)
    evidence, commit = snapshot(path)
    assert (dict(evidence.files), len(commit)) == ({"a.txt": b"a"}, 64)


def test_an_earlier_commit_can_be_asked_for_by_hash_branch_or_tag(git: Git, repository: Path) -> None:
    first = git("rev-parse", "HEAD", cwd=repository)
    git("tag", "--annotate", "v1", "--message=One", cwd=repository)
    (repository / "later.py").write_text("")
    commit_all(git, repository)
    assert "later.py" not in snapshot(repository, first)[0].files
    assert snapshot(repository, "v1")[1] == first
    assert "later.py" in snapshot(repository, "main")[0].files


@pytest.mark.parametrize("revision", ["--all", "main..v1", "HEAD:train.py", "@{u}", "", "a b"])
def test_a_revision_that_is_no_plain_name_is_refused(repository: Path, revision: str) -> None:
    with pytest.raises(BadInput, match="names no commit"):
        snapshot(repository, revision)


def test_an_export_holds_the_same_files_readable_by_all_and_no_git_folder(repository: Path, tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        commit = export(repository, tmp_path / "out")
    finally:
        os.umask(before)
    evidence, found = snapshot(repository)
    paths = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert {str(path.relative_to(tmp_path / "out")): path.read_bytes() for path in paths} == dict(evidence.files)
    assert commit == found
    modes = {
        path.name: stat.S_IMODE(path.stat().st_mode) for path in [tmp_path / "out", *(tmp_path / "out").rglob("*")]
    }
    assert modes == {"out": 0o755, "tools": 0o755, "run.sh": 0o755, "train.py": 0o644, "submission.toml": 0o644}


def test_an_export_never_writes_over_files_that_are_there(repository: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    with pytest.raises(BadInput, match="already there"):
        export(repository, tmp_path / "out")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["mine.txt"]


def test_a_refused_export_leaves_nothing_behind(git: Git, repository: Path, tmp_path: Path) -> None:
    (repository / "zz_link").symlink_to("/etc/passwd")
    commit_all(git, repository)
    (tmp_path / "outputs").mkdir()
    with pytest.raises(BadInput, match="zz_link is a symbolic link"):
        export(repository, tmp_path / "outputs" / "out")
    assert list((tmp_path / "outputs").iterdir()) == []


def test_a_submodule_is_refused_by_name(git: Git, repository: Path) -> None:
    git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},vendor", cwd=repository)
    git("commit", "--quiet", "--message=Vendor", cwd=repository)
    with pytest.raises(BadInput, match="vendor is a submodule"):
        snapshot(repository)


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ([b"100644 new\nline"], r"new\\nline"),
        ([b"100644 \x1b[31mred"], r"\\x1b\[31mred"),
        ([b"100644 \xff\xfe"], "cannot be used"),
        ([b"100644 a/b"], "cannot be used"),
        ([b"100644 " + b"n" * 300], "at most 255 bytes"),
        ([b"100644 .."], "not allowed"),
        ([b"100644 .GIT"], "not allowed"),
        ([b"100644 twice", b"100755 twice"], "there twice"),
        ([b"100644 \xe2\x80\xaegnp.py"], "cannot be used"),
        ([b"060000 device"], "an entry of mode 60000"),
        ([b"100644"], "damaged"),
        ([b"40000 folder"], "is a blob object"),
    ],
)
def test_an_entry_that_no_sound_tree_has_is_refused(
    git: Git, repository: Path, entries: list[bytes], said: str
) -> None:
    commit_tree(git, repository, *entries)
    with pytest.raises(BadInput, match=said) as caught:
        snapshot(repository)
    assert str(caught.value).isascii()


def test_a_name_with_shell_metacharacters_is_only_a_name(git: Git, repository: Path, tmp_path: Path) -> None:
    (repository / "$(touch pwned); rm -rf *.py").write_text("x")
    commit_all(git, repository)
    export(repository, tmp_path / "out")
    assert (tmp_path / "out" / "$(touch pwned); rm -rf *.py").read_text() == "x"


def test_a_file_above_a_megabyte_is_exported_and_omitted_from_the_evidence(
    git: Git, repository: Path, tmp_path: Path
) -> None:
    (repository / "weights.bin").write_bytes(b"0" * (tree.READ_BYTES + 1))
    commit_all(git, repository)
    evidence, _ = snapshot(repository)
    assert evidence.omitted == ("weights.bin",)
    assert "weights.bin" not in evidence.files
    export(repository, tmp_path / "out")
    assert (tmp_path / "out" / "weights.bin").stat().st_size == tree.READ_BYTES + 1


def test_a_file_that_unpacks_to_too_much_is_refused_by_name(git: Git, repository: Path) -> None:
    (repository / "zeros.bin").write_bytes(bytes(tree.MAX_FILE_BYTES + 1))
    commit_all(git, repository)
    (repository / "zeros.bin").unlink()
    with pytest.raises(BadInput, match=r"zeros\.bin has 50,000,001 bytes"):
        snapshot(repository)


def test_a_commit_of_too_many_bytes_is_refused_with_the_path_that_is_over(
    git: Git, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tree, "MAX_TOTAL_BYTES", 1_000)
    (repository / "train.py").write_bytes(b"#" * 990)
    commit_all(git, repository)
    with pytest.raises(BadInput, match="is over the whole commit's size"):
        snapshot(repository)


def test_a_tree_that_unfolds_into_millions_of_files_is_refused(git: Git, repository: Path) -> None:
    name, kind = git("hash-object", "-w", "--stdin", cwd=repository, stdin=b"x"), "100644 blob"
    for _ in range(10):
        listing = "".join(f"{kind} {name}\t{letter}\n" for letter in "abcdefghij")
        name, kind = git("mktree", cwd=repository, stdin=listing.encode()), "040000 tree"
    git("update-ref", "HEAD", git("commit-tree", name, "-m", "Bomb", cwd=repository), cwd=repository)
    with pytest.raises(BadInput, match="entry number 10,001"):
        snapshot(repository)


def test_a_tree_deeper_than_any_program_needs_is_refused(git: Git, repository: Path) -> None:
    name = git("hash-object", "-w", "--stdin", cwd=repository, stdin=b"x")
    listing = f"100644 blob {name}\td\n"
    for _ in range(tree.MAX_DEPTH + 2):
        name = git("mktree", cwd=repository, stdin=listing.encode())
        listing = f"040000 tree {name}\td\n"
    git("update-ref", "HEAD", git("commit-tree", name, "-m", "Deep", cwd=repository), cwd=repository)
    with pytest.raises(BadInput, match="is too deep"):
        snapshot(repository)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff", "not UTF-8"),
        (b"[build\n", "not TOML"),
        (b"a = " + b"[" * 50_000, "not TOML"),
        (b"#" * 200_000, "large"),
        (b"a" + b".a" * 49_000 + b" = 1", "too many parts"),
        (b"a = " + b"9" * 5_000, "digits"),
    ],
)
def test_a_contract_that_is_no_toml_is_bad_input(git: Git, repository: Path, content: bytes, said: str) -> None:
    (repository / "submission.toml").write_bytes(content)
    commit_all(git, repository)
    with pytest.raises(BadInput, match=said):
        snapshot(repository)


def test_a_commit_without_a_contract_has_none(git: Git, repository: Path) -> None:
    git("rm", "--quiet", "submission.toml", cwd=repository)
    git("commit", "--quiet", "--message=Less", cwd=repository)
    assert snapshot(repository)[0].submission is None


def test_notes_name_what_is_not_in_the_commit(git: Git, repository: Path) -> None:
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n"
    (repository / "model.bin").write_text(pointer)
    commit_all(git, repository)
    evidence, _ = snapshot(repository)
    (repository / "train.py").write_text("print('later')\n")
    (repository / "tools" / "run.sh").unlink()
    assert notes(repository, evidence) == (
        "model.bin is a Git LFS pointer: its content is not part of the submission",
        "tools/run.sh is in the commit, but no longer in the folder",
        "train.py has changes that are not in the commit",
    )


def test_a_clean_work_tree_needs_no_notes(repository: Path) -> None:
    assert notes(repository, snapshot(repository)[0]) == ()
