"""Brings the ledger up to what happened to a candidate's repository: one event per change of a ref, one per refusal.

What git holds is the truth, and the notes of its hooks say what else was asked. Whoever is killed at any moment leaves
both on the disk; the next run finds what has no event yet. So no event is lost, and none is written twice: the name of
each attempt stands in its event.
"""

import contextlib
import fcntl
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from heldout.core.errors import BadInput
from heldout.core.repository import shown
from heldout.evals.record.kinds import Kind, Role
from heldout.evals.record.ledger import Event, Receipt
from heldout.evals.record.workspace import CandidateRecord
from heldout.tools.git import push_journal, receiving
from heldout.tools.git.push_hook import ZERO

__all__ = ["ENDED", "HANDS_IN", "OnPush", "Recorded", "locked", "nothing", "reconcile", "refuse"]

OnPush = Callable[[CandidateRecord, Event], Iterable[str]]
"""Reads what a push of the default branch or of a tag to hand in brought, and returns lines for the pusher.

It is called again for a push whose reading was broken off, so it writes nothing that it finds written.
"""

HANDS_IN = "refs/tags/submit"
"""A pushed tag whose name begins so hands in the commit that it names."""

ENDED = {
    Kind.CANCELLED: "the eval was cancelled",
    Kind.CLOSED: "the eval was closed",
    Kind.FORGOTTEN: "what this record held was deleted",
}
BROKEN_OFF = "the push was broken off before git took it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One event that was written for a ref: a push, or, with its reason in `why`, a refusal."""

    receipt: Receipt
    ref: str
    old: str
    new: str
    commits: int | None = None
    why: str | None = None
    push: str = ""

    def __str__(self) -> str:
        """Say it in a line, for whoever pushed."""
        made = f"receipt {self.receipt.n} at {self.receipt.at}, head {self.receipt.head}"
        ref = shown(self.ref) if self.ref else "the push"
        if self.why is not None:
            return f"refused and recorded: {ref}: {shown(self.why, 300)} ({made})"
        counted = "" if self.commits is None else f", {self.commits:,} commit{'s' * (self.commits != 1)}"
        return f"{made}: {ref} is at {self.new[:12]}{counted}"


def nothing(_record: CandidateRecord, _event: Event) -> Iterable[str]:
    """Read nothing out of a push."""
    return ()


@contextlib.contextmanager
def locked(record: CandidateRecord) -> Iterator[None]:
    """Keep all others from receiving for this candidate, in this process and any other."""
    record.folder.mkdir(parents=True, exist_ok=True)
    with (record.folder / "receiving.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def reconcile(
    record: CandidateRecord, *, on_push: OnPush = nothing, told: Mapping[str, str] | None = None, push: str = ""
) -> tuple[tuple[Recorded, ...], tuple[str, ...]]:
    """Write the events that are missing; return them in order, and what `on_push` says to the pusher.

    The caller holds `locked(record)`. `told` are git's own reasons for the refs that it refused in the push of this
    name. Refs that moved though no hook noted it get a push event that says `found: true`. Raises BadInput where the
    ledger is damaged.
    """
    if not (record.repository / "HEAD").is_file():
        return (), ()
    events = record.ledger.events()
    if not events or any(event.kind in ENDED for event in events):
        return (), ()
    run = _Run(record, events, told or {}, push)
    run.go_through()
    return tuple(run.recorded), _read(record, on_push)


def refuse(record: CandidateRecord, why: str, commands: Sequence[tuple[str, str, str]], *, push: str) -> list[Recorded]:
    """Write one refusal for each (ref, old, new)."""
    return [_refused(record, update, why, push) for update in commands]


class _Run:
    """One comparison of notes and refs with the ledger."""

    def __init__(self, record: CandidateRecord, events: Sequence[Event], told: Mapping[str, str], push: str) -> None:
        self.record = record
        self.recorded: list[Recorded] = []
        self._told, self._push = told, push
        self._tips: dict[str, str] = {}
        self._known: set[tuple[str, str]] = set()
        for event in events:
            self._learn(event)
        self._live = receiving.refs(record.repository)
        self._journal = push_journal.read_journal(record.repository)

    def go_through(self) -> None:
        """Write what is missing, then strike out the notes that were dealt with."""
        waiting = set()
        for attempt in self._journal.attempts:
            if (attempt.push, attempt.ref) in self._known:
                continue
            if not self._settle(attempt):
                waiting.add(attempt.push)
        for ref in sorted({*self._live, *self._tips}):
            new, old = self._live.get(ref, ZERO), self._tips.get(ref, ZERO)
            if new != old:
                commits = receiving.commits_between(self.record.repository, old, new)
                self._accept(ref, old, new, commits=commits, bytes=None, found=True)
        if self._journal.attempts or self._journal.committed:
            push_journal.strike_out(self.record.repository, self._journal, open_pushes=waiting)

    def _learn(self, event: Event) -> None:
        payload = event.payload
        if payload is not None and event.kind in (Kind.PUSH, Kind.PUSH_REFUSED):
            self._known.add((payload.get("push", ""), payload["ref"]))
        if event.kind is Kind.PUSH:
            forgotten = receiving.kept(self.record.repository, event.n) or {}
            self._tips |= {payload["ref"]: payload["new"]} if payload is not None else forgotten
            self._tips = {ref: tip for ref, tip in self._tips.items() if tip != ZERO}
        if event.kind is Kind.SUBMITTED and payload is not None:
            self._tips[f"refs/tags/{payload['tag']}"] = payload["commit"]

    def _settle(self, attempt: push_journal.Attempt) -> bool:
        """Write the event of an attempt; tell whether its end is known."""
        ref, old, new = attempt.ref, attempt.old, attempt.new
        is_in = (old, new, ref) in self._journal.committed or self._live.get(ref) == new
        if attempt.why is None and is_in:
            if self._tips.get(ref) != new:
                self._accept(ref, old, new, commits=attempt.commits, bytes=attempt.bytes, push=attempt.push)
            return True
        is_ours = attempt.push == self._push
        if attempt.why is None and not is_ours and attempt.may_go_on:
            return False
        why = attempt.why or (self._told.get(ref) if is_ours else None) or BROKEN_OFF
        self.recorded.append(_refused(self.record, (ref, old, new), why, attempt.push))
        return True

    def _accept(self, ref: str, old: str, new: str, **facts: Any) -> None:
        payload = {"ref": ref, "old": old, "new": new, **facts}
        receipt = self.record.ledger.append(Kind.PUSH, payload, actor=Role.SERVER)
        self._tips[ref] = new
        commits, push = facts["commits"], facts.get("push", "")
        self.recorded.append(Recorded(receipt=receipt, ref=ref, old=old, new=new, commits=commits, push=push))


def _refused(record: CandidateRecord, update: tuple[str, str, str], why: str, push: str) -> Recorded:
    ref, old, new = update
    payload = {"ref": ref, "old": old, "new": new, "why": why, "push": push}
    receipt = record.ledger.append(Kind.PUSH_REFUSED, payload, actor=Role.SERVER)
    return Recorded(receipt=receipt, ref=ref, old=old, new=new, why=why, push=push)


def _for_pusher(error: BadInput) -> list[str]:
    """Say what is wrong, and not where: that may be a path of this machine."""
    parts = (("", error.what), ("expected: ", error.expected), ("mend: ", error.mend))
    return [f"{label}{text}" for label, text in parts if text]


def _read(record: CandidateRecord, on_push: OnPush) -> tuple[str, ...]:
    """Keep the tip of each push that has none kept, once `on_push` has read it."""
    lines: list[str] = []
    for event in record.ledger.events():
        if event.kind is not Kind.PUSH or receiving.kept(record.repository, event.n) is not None:
            continue
        payload = event.payload
        if payload is None:
            continue
        is_read = payload["ref"] == receiving.DEFAULT_BRANCH or payload["ref"].startswith(HANDS_IN)
        if is_read and payload["new"] != ZERO:
            try:
                lines.extend(on_push(record, event))
            except BadInput as error:
                lines.extend(_for_pusher(error))
            except Exception as error:  # what was pushed is kept and recorded, whatever becomes of reading it
                print(f"heldout: reading push {event.n} of {record.name} failed: {error!r}", file=sys.stderr)  # noqa: T201 - the server's log
                lines.append("what this push says could not be read; it is kept, and is read again with the next push")
                continue
        receiving.keep(record.repository, event.n, payload["ref"], payload["new"])
    return tuple(lines)
