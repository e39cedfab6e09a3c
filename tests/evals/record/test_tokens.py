"""Tokens: random, kept as hashes that only the owner reads, and worthless once revoked."""

import stat
import threading
from pathlib import Path

import pytest

from heldout.core.errors import BadInput
from heldout.evals.record.kinds import Role
from heldout.evals.record.tokens import Holder, Tokens


def test_a_token_says_whose_it_is_and_stands_nowhere(tmp_path: Path) -> None:
    tokens = Tokens(tmp_path / "tokens.json")

    token = tokens.issue(Role.CANDIDATE, "ada")

    assert tokens.whose(token) == Holder(role=Role.CANDIDATE, name="ada")
    assert len(token) >= 43
    assert token not in (tmp_path / "tokens.json").read_text()
    assert stat.S_IMODE((tmp_path / "tokens.json").stat().st_mode) == 0o600


@pytest.mark.parametrize("token", ["", "x", "x" * 43, "x" * 100_000, "\udcff", "ä"])
def test_what_is_no_token_is_nobodys(tmp_path: Path, token: str) -> None:
    tokens = Tokens(tmp_path / "tokens.json")
    assert tokens.whose(token) is None
    tokens.issue(Role.ORGANISER)
    assert tokens.whose(token) is None


def test_a_revoked_token_is_worthless_and_others_stay_good(tmp_path: Path) -> None:
    tokens = Tokens(tmp_path / "tokens.json")
    old, other = tokens.issue(Role.CANDIDATE, "ada"), tokens.issue(Role.CANDIDATE, "bob")

    assert tokens.revoke(Role.CANDIDATE, "ada") == 1

    assert tokens.whose(old) is None
    assert tokens.whose(other) is not None
    assert not tokens.has(Role.CANDIDATE, "ada")


def test_tokens_issued_at_the_same_time_are_all_kept(tmp_path: Path) -> None:
    issued: list[str] = []
    threads = [
        threading.Thread(target=lambda: issued.append(Tokens(tmp_path / "tokens.json").issue(Role.RATER)))
        for _ in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [Tokens(tmp_path / "tokens.json").whose(token) is None for token in issued] == [False] * 12


def test_a_damaged_file_lets_nobody_in(tmp_path: Path) -> None:
    (tmp_path / "tokens.json").write_text('[{"sha256": 1}')

    with pytest.raises(BadInput, match="cannot be read"):
        Tokens(tmp_path / "tokens.json").whose("x")
