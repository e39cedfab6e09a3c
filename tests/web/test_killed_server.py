"""The real server process, killed at any moment of a push: no event is lost, and none is written twice."""

import contextlib
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.web.served import assert_refs_and_events_agree, commit, git, open_for, work_tree, write_eval

from heldout.evals.record.kinds import Kind, Role
from heldout.evals.record.workspace import CandidateRecord, Workspace
from heldout.tools.git.receiving import refs

ROUNDS = 24


@contextlib.contextmanager
def served(folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run `heldout eval serve`, and give the process and its address once it listens."""
    process = subprocess.Popen(
        [sys.executable, "-m", "heldout", "eval", "serve", str(folder), "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        address = next(line.split()[1] for line in process.stdout if line.startswith("serving "))
        yield process, address
    finally:
        process.kill()
        process.communicate()


def at_rest(record: CandidateRecord) -> None:
    """Wait until no git of a push that lost its server changes anything any more."""
    seen, since = refs(record.repository), 0
    while since < 10:
        time.sleep(0.1)
        now = refs(record.repository)
        seen, since = now, since + 1 if now == seen else 0


def news(record: CandidateRecord) -> list[str]:
    """Return the commits that the push events tell of."""
    return [(event.payload or {})["new"] for event in record.ledger.events() if event.kind is Kind.PUSH]


def refusals(record: CandidateRecord) -> list[Mapping[str, Any]]:
    """Return what the events of refusals say."""
    return [event.payload or {} for event in record.ledger.events() if event.kind is Kind.PUSH_REFUSED]


@pytest.mark.timeout(900)
def test_a_server_killed_at_any_moment_of_a_push_loses_and_doubles_nothing(tmp_path: Path) -> None:
    folder = write_eval(tmp_path / "eval")
    _, tokens = open_for(folder, "ada")
    record = Workspace(folder=folder).candidate("ada")
    tree = work_tree(tmp_path / "tree", ("origin", ""))
    rng, acknowledged = random.Random(7), 0
    for number in range(ROUNDS):
        tip = commit(tree, f"number {number}")
        with served(folder) as (process, address):
            remote = address.replace("http://", f"http://ada:{tokens[Role.CANDIDATE, 'ada']}@") + "/git/ada"
            git("remote", "set-url", "origin", remote, cwd=tree)
            moment = threading.Timer(rng.uniform(0.05, 1.3), process.kill)
            moment.start()
            also = [":refs/heads/b0"] if number % 4 == 3 else []  # a deletion, so that all of this push is refused
            asked = ["main", f"main:refs/heads/b{number}", *also]
            pushed = git("push", "origin", *asked, cwd=tree, check=False)
            moment.cancel()
            process.kill()
        if pushed.returncode == 0:
            acknowledged += 1
            assert tip in news(record), "a push was acknowledged, and has no event"
        elif "refused and recorded" in pushed.stderr:
            acknowledged += 1
            assert tip in [payload["new"] for payload in refusals(record)], "a refusal was told, and has no event"
    at_rest(record)

    with served(folder):
        pass  # starting is what finds the rest

    assert_refs_and_events_agree(record)
    named = [(payload["push"], payload["ref"]) for payload in refusals(record)]
    assert len(set(named)) == len(named)
    assert 0 < acknowledged < ROUNDS, "no push was hit, or none was not"


def test_the_server_stops_on_ctrl_c_and_shows_the_organisers_token_once(tmp_path: Path) -> None:
    folder = write_eval(tmp_path / "eval")
    said = []
    for _ in range(2):
        process = subprocess.Popen(
            [sys.executable, "-m", "heldout", "eval", "serve", str(folder), "--port", "0"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line)
            if line.startswith("serving "):
                break
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
        assert (process.returncode, err) == (0, "")
        said.append("".join(lines))
    assert "organiser's token, shown once: " in said[0]
    assert "token" not in said[1]
