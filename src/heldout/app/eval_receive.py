"""Reads what a push brought (the conversation in its files, a tag that hands in), and shows the clock on a page."""

import contextlib
import datetime as dt
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from heldout.app.eval_talk import submit
from heldout.core.errors import BadInput
from heldout.core.repository import Repository
from heldout.evals.record.clock import clock_of
from heldout.evals.record.kinds import Kind, Role
from heldout.evals.record.ledger import Event
from heldout.evals.record.reconcile import HANDS_IN, OnPush, locked, reconcile
from heldout.evals.record.scope import opened_in_force
from heldout.evals.record.webhook import post_events
from heldout.evals.record.workspace import CandidateRecord, Workspace
from heldout.evals.talk.on_push import conversation_events
from heldout.tools import git

__all__ = ["ClockShown", "catch_up", "clock_shown", "posting", "reads_pushes"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockShown:
    """A candidate's clock as their page shows it."""

    started: dt.datetime
    ends: dt.datetime
    left_hours: float
    sentence: str


def clock_shown(workspace: Workspace) -> Callable[[CandidateRecord], ClockShown | None]:
    """Return what tells where a candidate's clock stands, None for one that was forgotten."""

    def shown(record: CandidateRecord) -> ClockShown | None:
        events = record.ledger.events()
        if not events or events[0].payload is None:
            return None
        brief = opened_in_force(workspace, record).brief
        clock = clock_of(brief, events, workspace.now())
        late = {"graded": "what comes later is graded, with the delay on the card", "refused": "later is refused"}
        said = f"{clock.waking} in {clock.time_zone} count as waking hours; {late[clock.late]}"
        return ClockShown(
            started=clock.started, ends=clock.ends, left_hours=clock.left, sentence=f"{clock.state}: {said}"
        )

    return shown


def reads_pushes(workspace: Workspace) -> OnPush:
    """Return what reads a push for the ledger: entries that are new become events, a tag that hands in a submission."""

    def read(record: CandidateRecord, event: Event) -> Iterable[str]:
        payload = event.payload or {}
        if str(payload["ref"]).startswith(HANDS_IN):
            return _handed_in(workspace, record, event)
        return _said(workspace, record, payload["old"], payload["new"])

    return read


def catch_up(workspace: Workspace, record: CandidateRecord) -> None:
    """Write the events of what was pushed to a candidate's repository without a server, or while it was killed."""
    with locked(record):
        reconcile(record, on_push=reads_pushes(workspace))


@contextlib.contextmanager
def posting(workspace: Workspace, every: float = 5.0) -> Iterator[None]:
    """Post new events to the eval's webhook, in the background, every so many seconds while the context lasts."""
    ended = threading.Event()

    def post() -> None:
        while not ended.wait(every):
            for record in workspace.candidates():
                with contextlib.suppress(BadInput, OSError):  # said to the organiser by `heldout eval webhook`
                    post_events(workspace, record)

    thread = threading.Thread(target=post, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(timeout=every)


def _said(workspace: Workspace, record: CandidateRecord, old: str, new: str) -> list[str]:
    after, _ = git.snapshot(record.repository, new)
    before = _snapshot(record, old)
    is_rescue = opened_in_force(workspace, record).brief.eval.kind == "rescue"
    with git.knows_commits(record.repository) as is_commit:
        made, messages = conversation_events(
            before, after, record.ledger.events(), is_commit=is_commit, is_rescue=is_rescue
        )
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
