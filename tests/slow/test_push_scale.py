"""Pushes of a size that no submission has, by real git over HTTP: refused with a message, and nothing is lost."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.web.served import Served, assert_refs_and_events_agree, commit, git, open_for, serving, work_tree, write_eval

from heldout.evals.record.kinds import Kind

pytestmark = pytest.mark.slow

GIGABYTE, CHUNK = 1_000_000_000, 10_000_000
REFS = 6_000
"""As many as a client sends in a minute: its own time grows with their square (14 s for 4,000)."""


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this process, the server's, and what it starts put temporary files."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


@pytest.fixture
def served(tmp_path: Path, scratch: Path) -> Iterator[Served]:
    (tmp_path / "eval").mkdir()
    with serving(*open_for(write_eval(tmp_path / "eval"), "ada")) as running:
        yield running


@pytest.fixture
def tree(served: Served, tmp_path: Path) -> Path:
    """A work tree whose first commit was pushed."""
    folder = work_tree(tmp_path / "tree", ("origin", served.remote("ada")))
    git("config", "core.compression", "0", cwd=folder)
    git("push", "--quiet", "origin", "main", cwd=folder)
    return folder


def files_of(served: Served) -> dict[str, bytes]:
    """Return all that the record holds but the ledger and its payloads, which a refusal adds to."""
    home = served.record("ada").folder
    found = (path for path in sorted(home.rglob("*")) if path.is_file() and path.name != "receiving.lock")
    return {
        path.relative_to(home).as_posix(): path.read_bytes()
        for path in found
        if path.relative_to(home).parts[0] not in ("ledger.jsonl", "ledger.length", "payloads")
    }


def refused(served: Served, tree: Path, scratch: Path, *arguments: str, why: str) -> None:
    """Push, and hold what is left to what was there before."""
    ledger = served.record("ada").folder / "ledger.jsonl"
    before, events = ledger.read_bytes(), served.events("ada")
    files, temporary = files_of(served), sorted(scratch.rglob("*"))
    stands = git("ls-remote", "origin", cwd=tree).stdout

    said = git("push", *arguments, cwd=tree, check=False)

    (event,) = served.events("ada")[len(events) :]
    assert said.returncode != 0
    assert why in said.stderr
    assert f"receipt {event.n}" in said.stderr
    assert event.head in said.stderr
    assert event.kind is Kind.PUSH_REFUSED
    assert ledger.read_bytes().startswith(before)
    assert git("ls-remote", "origin", cwd=tree).stdout == stands
    assert files_of(served) == files
    assert sorted(scratch.rglob("*")) == temporary
    assert_refs_and_events_agree(served.record("ada"))


def next_push_is_taken(served: Served, tree: Path) -> None:
    git("reset", "--quiet", "--hard", "origin/main", cwd=tree)
    commit(tree, "a small one")
    git("push", "--quiet", "origin", "main", cwd=tree)
    assert served.events("ada")[-1].kind is Kind.PUSH


def test_a_push_of_a_gigabyte_is_refused_and_leaves_nothing_behind(served: Served, tree: Path, scratch: Path) -> None:
    with (tree / "model.bin").open("wb") as file:
        for _ in range(GIGABYTE // CHUNK):
            file.write(os.urandom(CHUNK))
    git("add", "--all", cwd=tree)
    git("commit", "--quiet", "--message=a model", cwd=tree)

    refused(served, tree, scratch, "origin", "main", why="a push of more than")
    next_push_is_taken(served, tree)


def test_a_push_of_very_many_refs_is_refused_with_one_event(served: Served, tree: Path, scratch: Path) -> None:
    head = git("rev-parse", "HEAD", cwd=tree).stdout.strip()
    lines = "".join(f"{head} refs/heads/b{number:07d}\n" for number in range(REFS))
    (tree / ".git" / "packed-refs").write_text("# pack-refs with: peeled fully-peeled sorted \n" + lines)

    every = "refs/heads/b*:refs/heads/b*"
    refused(served, tree, scratch, "--quiet", "origin", every, why="a push of more than 100 refs")
    (tree / ".git" / "packed-refs").unlink()
    git("fetch", "--quiet", "origin", cwd=tree)
    next_push_is_taken(served, tree)
