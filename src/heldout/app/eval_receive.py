"""Reads what a push brought: the conversation in its files, and a tag that hands in."""

import contextlib
from collections.abc import Iterable

from heldout.app.eval_talk import submit
from heldout.core.errors import BadInput
from heldout.core.repository import Repository
from heldout.evals.record.kinds import Kind, Role
from heldout.evals.record.ledger import Event
from heldout.evals.record.reconcile import HANDS_IN, OnPush
from heldout.evals.record.workspace import CandidateRecord, Workspace
from heldout.evals.talk.on_push import conversation_events
from heldout.tools import git

__all__ = ["ClockShown", "clock_shown", "reads_pushes"]

NOTHING = "0" * 40


def reads_pushes(workspace: Workspace) -> OnPush:
    """Return what reads a push for the ledger: entries that are new become events, a tag that hands in a submission."""

    def read(record: CandidateRecord, event: Event) -> Iterable[str]:
        payload = event.payload or {}
        if str(payload["ref"]).startswith(HANDS_IN):
            return _handed_in(workspace, record, event)
        return _said(record, payload["old"], payload["new"])

    return read


def _said(record: CandidateRecord, old: str, new: str) -> list[str]:
    after, _ = git.snapshot(record.repository, new)
    before = _snapshot(record, old)
    made, messages = conversation_events(before, after, record.ledger.events(), is_commit=_knows(record))
    for kind, payload in made:
        record.ledger.append(kind, payload, actor=Role.SERVER)
    counted = [f"recorded: {len(made)} {'entry' if len(made) == 1 else 'entries'} of the conversation"] if made else []
    return [*counted, *messages]


def _handed_in(workspace: Workspace, record: CandidateRecord, event: Event) -> list[str]:
    events = record.ledger.events()
    taken = (Kind.SUBMITTED, Kind.PUSH_REFUSED)
    if any(one.kind in taken and (one.payload or {}).get("by_push") == event.n for one in events):
        return []  # read before, and broken off after that
    commit = str((event.payload or {})["new"])
    done = submit(workspace, record, commit=commit, actor=Role.SERVER, at=event.at, by_push=event.n)
    late = done.standing.minutes_late
    when = "in time" if late == 0 else f"{late:.1f} minutes after the end ({done.standing.becomes})"
    what = "handed in" if done.is_taken else "not taken"
    return [f"{what}: commit {done.commit[:12]}, {when}; receipt {done.receipt.n}, head {done.receipt.head}"]


def _snapshot(record: CandidateRecord, commit: str) -> Repository | None:
    if set(commit) == {"0"}:
        return None
    with contextlib.suppress(BadInput):
        return git.snapshot(record.repository, commit)[0]
    return None


class _knows:  # noqa: N801 - stands where a function is asked for
    """Tells whether a commit is in a repository."""

    def __init__(self, record: CandidateRecord) -> None:
        self._record = record

    def __call__(self, commit: str) -> bool:
        try:
            git.commit_named(self._record.repository, commit)
        except BadInput:
            return False
        return True
