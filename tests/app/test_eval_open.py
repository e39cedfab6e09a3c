"""Opening an eval: consent before the clock, terms that stay as agreed, one token; a second time changes nothing."""

import datetime as dt
import json
import threading
from pathlib import Path

import pytest
from tests.web.served import commit, git, work_tree, write_eval

from heldout.app.eval_open import Giving, Opened, consent_of, open_candidate, reconcile_all, terms_of, tokens_of
from heldout.core.errors import BadInput
from heldout.evals.record.kinds import Kind, Role
from heldout.evals.record.workspace import Workspace


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_eval(tmp_path / "eval")


def opened(folder: Path, **named: object) -> Opened:
    return open_candidate(folder, "ada", terms_of(folder), consents=True, **named)  # type: ignore[arg-type]  # passed on


def test_opening_records_brief_commitment_terms_and_consent(folder: Path) -> None:
    terms = terms_of(folder, time_zone="Europe/Berlin", waking="09:00-17:00", hours=24)
    start = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)

    done = open_candidate(folder, "ada", terms, consents=True, now=lambda: start)

    (event,) = done.record.ledger.events()
    payload = event.payload or {}
    assert (event.kind, event.at) == (Kind.OPENED, start)
    assert payload["agreed"] == {"time_zone": "Europe/Berlin", "waking": "09:00-17:00", "hours": 24}
    assert payload["commitment"] == "c" * 64
    assert payload["consent"]["given"] is True
    assert payload["consent"]["text"] in consent_of(folder)
    assert (done.record.folder / "briefs" / "brief-1.toml").read_bytes() == (folder / "brief.toml").read_bytes()
    assert (done.record.repository / "HEAD").is_file()


def test_no_clock_starts_without_consent(folder: Path) -> None:
    with pytest.raises(BadInput, match="consent"):
        open_candidate(folder, "ada", terms_of(folder), consents=False)

    assert Workspace(folder=folder).candidates() == ()


def test_opening_twice_starts_no_clock_again_and_gives_no_second_token(folder: Path) -> None:
    first, second = opened(folder), opened(folder)

    assert first.token is not None
    assert second.token is None
    assert second.receipt is None
    assert len(second.record.ledger.events()) == 1


def test_opening_at_the_same_time_opens_once(folder: Path) -> None:
    done: list[Opened] = []
    threads = [threading.Thread(target=lambda: done.append(opened(folder))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(one.receipt is not None for one in done) == 1
    assert sum(one.token is not None for one in done) == 1
    assert len(done[0].record.ledger.events()) == 1


def test_a_new_token_makes_the_old_one_worthless(folder: Path) -> None:
    old = opened(folder).token
    new = opened(folder, token=Giving.ANEW).token
    tokens = tokens_of(Workspace(folder=folder))

    assert old is not None
    assert new is not None
    assert tokens.whose(old) is None
    assert tokens.whose(new) is not None


def test_other_terms_than_those_agreed_are_refused(folder: Path) -> None:
    opened(folder)

    with pytest.raises(BadInput, match="on other terms"):
        open_candidate(folder, "ada", terms_of(folder, hours=96), consents=True)


@pytest.mark.parametrize(
    "terms",
    [
        {"time_zone": "Mars/Olympus"},
        {"time_zone": "../../etc/passwd"},
        {"time_zone": ""},
        {"waking": "8-22"},
        {"waking": "08:00-08:00"},
        {"hours": 0.0},
        {"hours": float("nan")},
        {"hours": 1e9},
    ],
)
def test_terms_that_make_no_sense_are_refused(folder: Path, terms: dict[str, object]) -> None:
    with pytest.raises(BadInput):
        terms_of(folder, **terms)  # type: ignore[arg-type]  # wrong on purpose


@pytest.mark.parametrize("name", ["../x", "", "A", "a b", "-x", "a" * 41])
def test_a_name_that_is_none_is_refused(folder: Path, name: str) -> None:
    with pytest.raises(BadInput, match="cannot name a candidate"):
        open_candidate(folder, name, terms_of(folder), consents=True)


def test_a_rehearsal_has_no_token_and_finds_what_was_pushed_to_the_folder(folder: Path, tmp_path: Path) -> None:
    done = opened(folder, token=Giving.NONE)
    tree = work_tree(tmp_path / "tree", ("origin", str(done.record.repository)))
    git("push", "origin", "main", cwd=tree)
    commit(tree, "second")
    git("push", "origin", "main", cwd=tree)

    found = reconcile_all(folder)

    assert done.token is None
    assert not tokens_of(Workspace(folder=folder)).has(Role.CANDIDATE, "ada")
    assert [(record.name, one.ref, one.commits) for record, one in found] == [("ada", "refs/heads/main", 1)] * 2
    assert reconcile_all(folder) == ()


def test_a_commitment_that_cannot_be_read_opens_nothing(folder: Path) -> None:
    (folder / "commitment.json").write_text(json.dumps(["no"]))

    with pytest.raises(BadInput, match="commitment"):
        opened(folder)
    assert Workspace(folder=folder).candidates() == ()
