"""The record as evidence: receipts by push, feedback with the hours left for it, refusals for what they were."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from tests.evals import tiny

from heldout.core.collaboration_evidence import CommitFacts, History
from heldout.core.repository import Repository
from heldout.evals.brief import Brief, open_brief
from heldout.evals.record.kinds import Kind, Role
from heldout.evals.record.ledger import Event, Ledger
from heldout.evals.talk.evidence import conversation_of, with_receipts

START = dt.datetime(2026, 3, 2, 8, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


@pytest.fixture(scope="module")
def brief(tmp_path_factory: pytest.TempPathFactory) -> Brief:
    return open_brief(tiny.write_eval(tmp_path_factory.mktemp("eval"), rows=60, days=6)).brief


def recorded(folder: Path, *happened: tuple[float, Kind, dict[str, Any]]) -> tuple[Event, ...]:
    now = [START]
    ledger = Ledger(folder, lambda: now[0])
    agreed = {"time_zone": "UTC", "waking": "08:00-22:00", "hours": 48}
    ledger.append(Kind.OPENED, {"agreed": agreed}, actor=Role.ORGANISER)
    for hours, kind, payload in happened:
        now[0] = START + hours * HOUR
        ledger.append(kind, payload, actor=Role.SERVER)
    return ledger.events()


def test_the_conversation_holds_what_happened_until_it_was_handed_in(brief: Brief, tmp_path: Path) -> None:
    events = recorded(
        tmp_path,
        (5, Kind.UPDATE, {"number": 1}),
        (6, Kind.FEEDBACK, {"number": 1, "text": "why?", "by": "rater"}),
        (7, Kind.PUSH_REFUSED, {"ref": "refs/heads/main", "old": "a", "new": "b", "why": "it would rewrite history"}),
        (8, Kind.PUSH_REFUSED, {"ref": "refs/heads/main", "old": "a", "new": "b", "why": "it has 1 GB"}),
        (9, Kind.FEEDBACK, {"number": 2, "text": "how?", "by": "rater"}),
        (10, Kind.FEEDBACK_ANSWERED, {"number": 2, "text": "so", "commit": "c"}),
        (30, Kind.SUBMITTED, {"commit": "c" * 40, "tag": "submission-1", "late_minutes": 0, "logs_sha256": {}}),
    )
    files = {
        "UPDATES.md": b"## 2026-03-02 10:00\n- done: a\n- next: b\n- metric: roc_auc 0.7 @ abc1234\n",
        "EXPERIMENTS.md": b"| run | metric | value |\n|-|-|-|\n| 1 | f1 | 0.4 |\n",
    }

    said = conversation_of(brief, events, START + 99 * HOUR, Repository(commit="c", files=files))

    assert [(silence.waking_hours, silence.ends) for silence in said.silences] == [
        (5.0, "2026-03-02T13:00+00:00"),
        (15.0, "2026-03-03T14:00+00:00"),
    ]
    assert [(one.number, one.answered, one.waking_hours) for one in said.feedback] == [
        (1, False, 14.0),
        (2, True, 11.0),
    ]
    assert [push.why for push in said.refused] == ["it would rewrite history"]
    assert [(one.file, one.metric, one.value) for one in said.logged] == [
        ("EXPERIMENTS.md", "f1", 0.4),
        ("UPDATES.md", "roc_auc", 0.7),
    ]
    assert (said.updates, said.submitted, said.submitted_at) == (1, "c" * 40, "2026-03-03T14:00+00:00")


def test_a_commit_was_received_with_the_first_push_that_held_it(tmp_path: Path) -> None:
    commits = tuple(
        CommitFacts(commit=name, parents=parents, stated=None, received=None, new_files=1, new_bytes=1)
        for name, parents in (("a", ()), ("b", ("a",)), ("c", ("a",)), ("d", ("b", "c")), ("e", ("d",)))
    )
    events = recorded(
        tmp_path,
        (1, Kind.PUSH, {"ref": "refs/heads/main", "old": "", "new": "b", "commits": 2, "bytes": 9}),
        (2, Kind.PUSH, {"ref": "refs/heads/main", "old": "b", "new": "d", "commits": 2, "bytes": 9}),
        (3, Kind.PUSH, {"ref": "refs/heads/gone", "old": "", "new": "z", "commits": 1, "bytes": 9}),
    )

    found = with_receipts(History(commits=commits, files=()), events)

    hours = [None if c.received is None else (c.received - START.timestamp()) / 3600 for c in found.commits]
    assert hours == [1, 1, 2, 2, None]
