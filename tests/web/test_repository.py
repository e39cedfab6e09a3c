"""Real git clients over real HTTP: each change of a ref has one event, each refusal another, and both a receipt."""

import random
import threading
from pathlib import Path

import pytest
from tests.web.served import ZERO, Served, assert_refs_and_events_agree, changed, commit, git, serving, work_tree

from heldout.evals.record import receive
from heldout.evals.record.kinds import Kind
from heldout.evals.record.ledger import Event
from heldout.evals.record.workspace import CandidateRecord


@pytest.fixture
def tree(served: Served, tmp_path: Path) -> Path:
    """A work tree that is up to date with what ada pushed so far."""
    folder = tmp_path / "tree"
    git("clone", "--quiet", served.remote("ada"), str(folder), cwd=tmp_path)
    commit(folder, f"of {tmp_path.name}")
    return folder


def count(served: Served, *kinds: Kind) -> int:
    return len(served.events("ada", *kinds))


def test_a_push_gets_one_event_and_a_receipt_with_the_ledgers_head(served: Served, tree: Path) -> None:
    before = count(served)

    said = git("push", "origin", "main", cwd=tree).stderr

    (event,) = served.events("ada")[before:]
    assert event.kind is Kind.PUSH
    assert event.payload is not None
    assert event.payload["ref"] == "refs/heads/main"
    assert event.payload["new"] == git("rev-parse", "HEAD", cwd=tree).stdout.strip()
    assert event.payload["commits"] == 1
    assert event.payload["bytes"] > 0
    assert f"remote: receipt {event.n} at {event.at.isoformat(timespec='milliseconds')}, head {event.head}" in said
    assert_refs_and_events_agree(served.record("ada"))


def test_pushing_again_what_is_there_makes_no_event(served: Served, tree: Path) -> None:
    git("push", "origin", "main", cwd=tree)
    before = count(served)

    assert "up-to-date" in git("push", "origin", "main", cwd=tree).stderr

    assert count(served) == before


@pytest.mark.parametrize(
    ("arguments", "ref", "why"),
    [
        (("--force", "origin", "main"), "refs/heads/main", "a force push"),
        (("origin", ":main"), "refs/heads/main", "a deletion"),
        (("origin", "main:refs/notes/x"), "refs/notes/x", "only branches and tags"),
        (("origin", "main:refs/audit/1/heads/main"), "refs/audit/1/heads/main", "only branches and tags"),
        (("--force", "origin", "HEAD:refs/tags/fixed"), "refs/tags/fixed", "a tag that was pushed stays"),
    ],
)
def test_what_would_rewrite_the_record_is_refused_recorded_and_told(
    served: Served, tree: Path, arguments: tuple[str, ...], ref: str, why: str
) -> None:
    git("push", "origin", "main", cwd=tree)
    if not any("tags/fixed" in line for line in git("ls-remote", "origin", cwd=tree).stdout.splitlines()):
        git("push", "origin", "main:refs/tags/fixed", cwd=tree)
    git("commit", "--quiet", "--amend", "--message=rewritten", cwd=tree)
    before, stands = count(served), git("ls-remote", "origin", cwd=tree).stdout

    refused = git("push", *arguments, cwd=tree, check=False)

    (event,) = served.events("ada")[before:]
    assert refused.returncode != 0
    assert event.kind is Kind.PUSH_REFUSED
    assert event.payload is not None
    assert event.payload["ref"] == ref
    assert why in event.payload["why"]
    assert why in refused.stderr
    assert f"receipt {event.n} at" in refused.stderr
    assert event.head in refused.stderr
    assert git("ls-remote", "origin", cwd=tree).stdout == stands
    assert_refs_and_events_agree(served.record("ada"))


def test_a_push_is_taken_whole_or_not_at_all(served: Served, tree: Path) -> None:
    git("push", "origin", "main", cwd=tree)
    before = count(served)

    git("push", "origin", "main:refs/heads/other", ":main", cwd=tree, check=False)

    events = served.events("ada")[before:]
    assert {(event.kind, (event.payload or {})["ref"]) for event in events} == {
        (Kind.PUSH_REFUSED, "refs/heads/main"),
        (Kind.PUSH_REFUSED, "refs/heads/other"),
    }
    assert len(events) == 2
    assert "refs/heads/other" not in git("ls-remote", "origin", cwd=tree).stdout


def test_a_pack_that_git_finds_broken_is_refused_and_recorded(served: Served, tree: Path) -> None:
    before = count(served)
    odd = b"tree " + git("rev-parse", "HEAD^{tree}", cwd=tree).stdout.strip().encode() + b"\nauthor nobody\n\nodd\n"
    (tree / "odd").write_bytes(odd)
    identity = git("hash-object", "-t", "commit", "-w", "--literally", "odd", cwd=tree).stdout.strip()

    refused = git("push", "origin", f"{identity}:refs/heads/odd", cwd=tree, check=False)

    (event,) = served.events("ada")[before:]
    assert refused.returncode != 0
    assert event.kind is Kind.PUSH_REFUSED
    assert event.payload is not None
    assert event.payload["new"] == identity
    assert "refused and recorded" in refused.stderr


def test_more_refs_than_fit_in_a_push_are_refused_with_one_event(served: Served, tree: Path) -> None:
    before = count(served)
    head = git("rev-parse", "HEAD", cwd=tree).stdout.strip()
    (tree / ".git" / "packed-refs").write_text("".join(f"{head} refs/heads/b{number}\n" for number in range(150)))

    refused = git("push", "--quiet", "--all", "origin", cwd=tree, check=False)

    (event,) = served.events("ada")[before:]
    assert refused.returncode != 0
    assert "a push of more than 100 refs" in refused.stderr
    assert event.payload is not None
    assert event.payload["why"] == "a push of more than 100 refs"


def test_a_million_refs_are_refused_without_being_read(served: Served) -> None:
    """As raw packets: git itself takes time that grows with the square of the refs."""
    before = count(served)
    first = f"{ZERO} {'a' * 40} refs/heads/b0000000\0report-status side-band-64k"
    others = "".join(f"006d{ZERO} {'a' * 40} refs/heads/b{number:011d}" for number in range(1_000_000))
    body = f"{len(first) + 4:04x}{first}{others}0000".encode()

    answer = served.ask(
        "POST",
        "/git/ada/git-receive-pack",
        token=served.token("ada"),
        body=body,
        Content_Type="application/x-git-receive-pack-request",
    )

    (event,) = served.events("ada")[before:]
    assert answer.status == 200
    assert b"a push of more than 100 refs" in answer.body
    assert event.kind is Kind.PUSH_REFUSED


def test_what_is_not_sent_to_its_end_takes_nothing(served: Served) -> None:
    """A pack cut in the middle, and one with rubbish in it."""
    before = served.record("ada").ledger.head
    line = f"{ZERO} {'a' * 40} refs/heads/cut\0report-status side-band-64k"
    body = f"{len(line) + 4:04x}{line}0000".encode() + b"PACK\0\0\0\2\0\0\0\1\xff"
    kind = {"Content_Type": "application/x-git-receive-pack-request"}

    answer = served.ask("POST", "/git/ada/git-receive-pack", token=served.token("ada"), body=body, **kind)

    event = served.events("ada")[-1]
    assert b"ng refs/heads/cut" in answer.body
    assert event.kind is Kind.PUSH_REFUSED
    assert served.record("ada").ledger.head != before
    assert_refs_and_events_agree(served.record("ada"))


def test_a_push_over_the_bound_is_refused_with_a_message_and_nothing_is_kept(
    served: Served, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from heldout.web import repository

    monkeypatch.setattr(repository, "MAX_PUSH_BYTES", 3_000_000)
    monkeypatch.setattr(receive, "MAX_PUSH_BYTES", 3_000_000)
    commit(tree, "large", content=random.Random(3).randbytes(8_000_000))
    before, files = count(served), sorted((served.record("ada").repository / "objects").rglob("*"))

    refused = git("push", "origin", "main", cwd=tree, check=False)

    (event,) = served.events("ada")[before:]
    assert refused.returncode != 0
    assert event.kind is Kind.PUSH_REFUSED
    assert "a push of more than 3,000,000 bytes" in refused.stderr
    assert f"receipt {event.n}" in refused.stderr
    assert sorted((served.record("ada").repository / "objects").rglob("*")) == files


def test_audit_refs_keep_each_tip_and_are_hidden_from_those_who_fetch(served: Served, tree: Path) -> None:
    git("push", "origin", "main", cwd=tree)
    event = served.events("ada", Kind.PUSH)[-1]

    kept = served.record("ada").repository / "refs" / "audit" / str(event.n) / "heads" / "main"

    assert kept.read_text().strip() == git("rev-parse", "HEAD", cwd=tree).stdout.strip()
    assert "audit" not in git("ls-remote", "origin", cwd=tree).stdout


def test_a_push_to_another_branch_says_which_one_is_read(served: Served, tree: Path) -> None:
    assert "remote: only main is read" in git("push", "origin", f"main:refs/heads/{tree.parent.name}", cwd=tree).stderr


def test_nobody_else_may_push_or_clone(served: Served, tree: Path, tmp_path: Path) -> None:
    before = count(served)
    for token in (served.token("bob"), "wrong"):
        refused = git("push", served.remote("ada", token), "main", cwd=tree, check=False)
        cloned = git("clone", served.remote("ada", token), str(tmp_path / "copy"), cwd=tmp_path, check=False)
        assert refused.returncode != 0
        assert cloned.returncode != 0
    assert count(served) == before


def test_what_a_push_says_is_read_once_and_answered(served: Served, tmp_path: Path) -> None:
    read: list[tuple[str, str, str]] = []

    def on_push(record: CandidateRecord, event: Event) -> list[str]:
        assert event.payload is not None
        read.append((record.name, event.payload["old"], event.payload["new"]))
        return ["UPDATES.md line 3: number is missing", "\x1b[31mred"]

    tree = work_tree(tmp_path / "tree", ("origin", ""))
    with serving(changed(served, on_push=on_push).site, served.tokens) as ours:
        git("remote", "set-url", "origin", ours.remote("bob"), cwd=tree)
        said = git("push", "origin", "main", cwd=tree).stderr
        git("push", "origin", "main:refs/heads/side", cwd=tree)

    assert read == [("bob", ZERO, git("rev-parse", "HEAD", cwd=tree).stdout.strip())]
    assert "remote: UPDATES.md line 3: number is missing" in said
    assert "\x1b[31mred" not in said


def test_a_push_whose_reading_failed_is_kept_and_read_again(served: Served, tmp_path: Path) -> None:
    fails = True

    def on_push(_record: CandidateRecord, _event: Event) -> list[str]:
        if fails:
            raise RuntimeError("the parser broke")
        return ["read"]

    tree = tmp_path / "tree"
    git("clone", "--quiet", served.remote("bob"), str(tree), cwd=tmp_path)
    commit(tree, "again")
    with serving(changed(served, on_push=on_push).site, served.tokens) as ours:
        git("remote", "set-url", "origin", ours.remote("bob"), cwd=tree)
        said = git("push", "origin", "main", cwd=tree).stderr
        fails = False
        git("fetch", "origin", cwd=tree)
        later = git("push", "origin", "main:refs/tags/next", cwd=tree).stderr

    assert "is read again with the next push" in said
    assert "remote: read" in later
    assert_refs_and_events_agree(served.record("bob"))


def test_candidates_push_at_the_same_time_and_each_record_is_whole(served: Served, tmp_path: Path) -> None:
    trees = []
    for name in ("ada", "bob"):
        for copy in range(2):
            tree = tmp_path / f"{name}{copy}"
            git("clone", "--quiet", served.remote(name), str(tree), cwd=tmp_path)
            commit(tree, f"{name} {copy}")
            trees.append(tree)

    ended: dict[str, int] = {}

    def work(tree: Path) -> None:
        for number in range(3):
            commit(tree, f"{tree.name} {number}")
            ended[f"{tree.name} {number}"] = git(
                "push", "origin", f"HEAD:refs/heads/{tree.name}-{number}", "HEAD:main", cwd=tree, check=False
            ).returncode

    threads = [threading.Thread(target=work, args=(tree,)) for tree in trees]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert 0 in ended.values()
    for name in ("ada", "bob"):
        assert_refs_and_events_agree(served.record(name))


def test_a_damaged_ledger_takes_nothing_and_says_so(served: Served, tree: Path) -> None:
    path = served.record("ada").folder / "ledger.jsonl"
    content = path.read_bytes()
    stands = git("ls-remote", "origin", cwd=tree).stdout
    path.write_bytes(content.replace(b'"n": 0', b'"n": 9', 1))
    try:
        refused = git("push", "origin", "main", cwd=tree, check=False)
        assert refused.returncode != 0
        assert "the record of this eval is damaged" in refused.stderr
    finally:
        path.write_bytes(content)
    assert git("ls-remote", "origin", cwd=tree).stdout == stands
