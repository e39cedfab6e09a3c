"""Twenty raters save at once over real HTTP; the server is killed in the middle: what it acknowledged is there."""

import http.client
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from tests.web.committee import Tokens, convened, sent, whole_sheet, work_of
from tests.web.served import raw
from tests.web.test_killed_server import served

from heldout.evals.committee import LEAVES, LEVELS, sheets_of, state_of, work_named
from heldout.evals.record.kinds import Role
from heldout.evals.record.workspace import Workspace
from heldout.web.pages import COOKIE

RATERS = tuple(f"{sign * 3} Rater" for sign in "ABCDEFGHJKMNPQRSTUWZ")
ROUNDS = 30
BEFORE_THE_KILL = 100
"""Acknowledged saves, of all raters together."""


@dataclass(kw_only=True)
class Desk:
    """One rater at work: what was sent and what was acknowledged by (work, leaf), and every page that they saw."""

    name: str
    token: str
    port: int
    sent: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    acknowledged: dict[tuple[str, str], int] = field(default_factory=dict)
    pages: list[str] = field(default_factory=list)

    def word(self, number: int) -> str:
        return f"written by {self.name.replace(' ', '-')}, version {number} of this reason"

    def rate(self, works: tuple[str, ...], stop: threading.Event, count: threading.Semaphore) -> None:
        """Save one reason after another until the server is gone."""
        for number in range(ROUNDS):
            for work in works:
                for leaf in LEAVES:
                    if stop.is_set() or not self._save(work, leaf, number, count):
                        return
                self.pages.append(self._look(f"/works/{work}"))

    def _save(self, work: str, leaf: str, number: int, count: threading.Semaphore) -> bool:
        said = self.sent.setdefault((work, leaf), [])
        said.append(self.word(number))
        fields = {f"{leaf}.level": LEVELS[number % len(LEVELS)], f"{leaf}.reason": said[-1]}
        try:
            answer = sent(self.port, self.token, f"/works/{work}/leaf", fields)
        except (OSError, http.client.HTTPException):
            return False
        assert answer.status == 200, answer.text
        self.acknowledged[work, leaf] = len(said) - 1
        count.release()
        return True

    def _look(self, path: str) -> str:
        try:
            return raw(self.port, "GET", path, None, {"Cookie": f"{COOKIE}={self.token}"}).text
        except (OSError, http.client.HTTPException):
            return ""


def until_killed(folder: Path, tokens: Tokens, works: tuple[str, ...]) -> list[Desk]:
    stop, count = threading.Event(), threading.Semaphore(0)
    with served(folder) as (process, address):
        port = urlsplit(address).port or 0
        desks = [Desk(name=name, token=tokens[Role.RATER, name], port=port) for name in RATERS]
        with ThreadPoolExecutor(len(desks)) as pool:
            running = [pool.submit(desk.rate, works, stop, count) for desk in desks]
            for _ in range(BEFORE_THE_KILL):
                assert count.acquire(timeout=60), [one.exception() for one in running if one.done()]
            process.kill()
            process.wait()
            stop.set()
            for one in running:
                one.result()
    return desks


def stored(workspace: Workspace, works: tuple[str, ...]) -> Mapping[tuple[str, str, str], str]:
    state = state_of(workspace)
    return {
        (name, work, leaf): mark.reason
        for work in works
        for name, sheet in sheets_of(workspace, work_named(workspace, work), state).items()
        for leaf, mark in sheet.marks.items()
    }


@pytest.mark.timeout(300)
def test_twenty_raters_at_once_see_only_their_own_and_lose_nothing_to_a_killed_server(tmp_path: Path) -> None:
    site, tokens = convened(tmp_path / "eval", ("ada", "bob"), RATERS)
    works = tuple(work_of(site.workspace, name) for name in ("ada", "bob"))

    desks = until_killed(site.workspace.folder, tokens, works)

    found = stored(site.workspace, works)
    assert sum(len(desk.acknowledged) for desk in desks) > len(RATERS)
    for desk in desks:
        others = {other.name.replace(" ", "-") for other in desks if other is not desk}
        assert not [page for page in desk.pages if any(name in page for name in others)], "a sheet of another was seen"
        for (work, leaf), last in desk.acknowledged.items():
            said = desk.sent[work, leaf]
            assert found[desk.name, work, leaf] in said[last:], "an acknowledged save is gone, or an older one stands"
    assert any(desk.name.replace(" ", "-") in page for desk in desks for page in desk.pages), (
        "pages hold one's own words"
    )

    with served(site.workspace.folder) as (_, address), ThreadPoolExecutor(len(desks)) as pool:
        port = urlsplit(address).port or 0

        def finish(desk: Desk) -> list[int]:
            fields = whole_sheet("mid", desk.word(99))
            return [sent(port, desk.token, f"/works/{work}/final", fields).status for work in works]

        assert {status for statuses in pool.map(finish, desks) for status in statuses} == {303}
        page = raw(port, "GET", f"/works/{works[0]}", None, {"Cookie": f"{COOKIE}={desks[0].token}"}).text

    assert state_of(site.workspace).lock is not None, "the last final sheet locks"
    assert set(stored(site.workspace, works).values()) == {desk.word(99) for desk in desks}
    assert all(desk.word(99) in page for desk in desks), "after the lock every sheet is there"
