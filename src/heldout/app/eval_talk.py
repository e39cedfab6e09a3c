"""The organiser's side of the conversation: answers, scope, time, feedback, submissions, and what the record says."""

import datetime as dt
import hashlib
import os
import stat
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from heldout.core.errors import BadInput
from heldout.evals.brief import open_brief
from heldout.evals.record.clock import Clock, Gap, Standing, clock_of, gaps
from heldout.evals.record.kinds import Kind, Role
from heldout.evals.record.ledger import Event, Receipt
from heldout.evals.record.scope import opened_in_force
from heldout.evals.record.workspace import CandidateRecord, Workspace
from heldout.tools import git

__all__ = [
    "Status",
    "Submitted",
    "accommodate",
    "answer",
    "cancel",
    "extend",
    "give_feedback",
    "opened_candidate",
    "opened_workspace",
    "status_of",
    "submit",
]

MOST_LOGS = 20
MOST_LOG_BYTES = 200_000_000
MOST_HOURS = 24 * 366.0
CHUNK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """The receipt of a submission, where it stands in time, its commit and tag; None for a receipt that is refused."""

    receipt: Receipt
    standing: Standing
    commit: str
    tag: str
    is_taken: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The state of one candidate's eval for the organiser: the clock, what waits for whom, and gaps in updates."""

    name: str
    clock: Clock
    brief_version: int
    events: int
    updates: int
    gaps: tuple[Gap, ...]
    open_questions: tuple[int, ...]
    open_proposals: tuple[int, ...]
    open_feedback: tuple[int, ...]
    refused_pushes: int
    submitted: str


def opened_workspace(folder: Path) -> Workspace:
    """Return the workspace of an eval. Raises BadInput where there is none, as in a kit or a bundle."""
    if not (folder / "brief.toml").is_file():
        raise BadInput(f"{folder} is no eval", expected="the folder that heldout eval new wrote", mend="check the path")
    if not open_brief(folder).answers_file("final").is_file():
        raise BadInput(
            f"{folder} has a brief, and not the answers that an organiser holds",
            expected="the folder that heldout eval new wrote",
            mend="a kit and a bundle can only be read: name the eval that they came from",
        )
    return Workspace(folder=folder)


def opened_candidate(folder: Path, name: str) -> tuple[Workspace, CandidateRecord]:
    """Return the workspace of an eval and the record of a candidate. Raises BadInput where it was not opened."""
    workspace = opened_workspace(folder)
    candidate = workspace.candidate(name)
    if not (candidate.folder / "ledger.jsonl").is_file():
        known = ", ".join(one.name for one in workspace.candidates()) or "nobody yet"
        raise BadInput(f"the eval was not opened for {name}", expected=f"one of: {known}", mend="heldout eval open")
    return workspace, candidate


def answer(candidate: CandidateRecord, number: int, text: str) -> Receipt:
    """Answer a question. Raises BadInput where nobody asked it, or nothing is said."""
    asked = _numbers(candidate.ledger.events(), Kind.QUESTION)
    if number not in asked:
        raise BadInput(f"{candidate.name} asked no question {number}", expected=_listed(asked))
    return _said(candidate, Kind.ANSWER, {"question": number, "text": _text(text, "the answer")})


def extend(candidate: CandidateRecord, hours: float, *, why: str, cost: float = 0.0) -> Receipt:
    """Extend the window. It costs nothing unless the organiser says so. Raises BadInput."""
    if cost < 0:
        raise BadInput(f"the cost is {cost:g}", where="--cost", expected="0 or more")
    return _said(candidate, Kind.EXTENDED, {"hours": _hours(hours), "why": _text(why, "the reason"), "cost": cost})


def accommodate(candidate: CandidateRecord, hours: float, *, what: str) -> Receipt:
    """Record an accommodation: free, and seen by the organiser and the candidate alone. Raises BadInput."""
    agreed = {"hours": _hours(hours, least=0.0), "what": _text(what, "the accommodation")}
    return _said(candidate, Kind.ACCOMMODATED, agreed)


def give_feedback(candidate: CandidateRecord, text: str, *, by: Role = Role.ORGANISER) -> tuple[int, Receipt]:
    """Record feedback of the organiser or a rater, and return its number. Raises BadInput."""
    number = max(_numbers(candidate.ledger.events(), Kind.FEEDBACK), default=0) + 1
    payload = {"number": number, "text": _text(text, "the feedback"), "by": by.value}
    return number, candidate.ledger.append(Kind.FEEDBACK, payload, actor=by)


def cancel(candidate: CandidateRecord, *, why: str, by: Role = Role.ORGANISER) -> Receipt:
    """Cancel the eval of a candidate. Raises BadInput where it is over already."""
    over = [event for event in candidate.ledger.events() if event.kind in (Kind.CANCELLED, Kind.CLOSED)]
    if over:
        raise BadInput(f"the eval of {candidate.name} is {over[-1].kind} already", expected="a running eval")
    return candidate.ledger.append(Kind.CANCELLED, {"why": _text(why, "the reason")}, actor=by)


def submit(
    workspace: Workspace,
    candidate: CandidateRecord,
    *,
    commit: str = "HEAD",
    logs: Sequence[Path] = (),
    actor: Role = Role.CANDIDATE,
    at: dt.datetime | None = None,
    by_push: int | None = None,
) -> Submitted:
    """Hand in a commit of the candidate's repository: tag it, archive raw logs, and write the receipt.

    `at` is when it was received, now where it is not given; `by_push` the event of the tag that handed it in.

    Within the grace it counts as in time; later it is graded with the delay, or refused, as the brief says. A refusal
    is recorded and changes nothing. The last submission counts. Raises BadInput where the eval is over, the commit is
    not there, or a log is no plain file or too large; nothing is recorded then.
    """
    events = candidate.ledger.events()
    if any(event.kind in (Kind.CANCELLED, Kind.CLOSED) for event in events):
        raise BadInput(f"the eval of {candidate.name} is over", expected="a running eval")
    opened = opened_in_force(workspace, candidate)
    found = git.commit_named(candidate.repository, commit)
    archived = _archived(candidate, logs)
    first = sum(event.kind is Kind.SUBMITTED for event in events) + 1
    tag = git.free_tag(candidate.repository, "submission", found, first=first)
    clock = clock_of(opened.brief, events, workspace.now())
    standing = clock.standing(clock.now if at is None else at)
    pushed = {} if by_push is None else {"by_push": by_push}
    if standing.becomes == "refused":
        why = f"handed in {standing.minutes_late:.1f} minutes after the end; the brief refuses what is late"
        refused = {"ref": f"refs/tags/{tag}", "old": "0" * len(found), "new": found, "why": why, **pushed}
        receipt = candidate.ledger.append(Kind.PUSH_REFUSED, refused, actor=Role.SERVER)
        return Submitted(receipt=receipt, standing=standing, commit=found, tag="", is_taken=False)
    git.make_tag(candidate.repository, tag, found)
    payload = {"commit": found, "tag": tag, "late_minutes": standing.minutes_late, "logs_sha256": archived, **pushed}
    receipt = candidate.ledger.append(Kind.SUBMITTED, payload, actor=actor)
    return Submitted(receipt=receipt, standing=standing, commit=found, tag=tag, is_taken=True)


def status_of(workspace: Workspace, candidate: CandidateRecord) -> Status:
    """Return where a candidate's eval stands. Raises BadInput where it was not opened."""
    events = candidate.ledger.events()
    brief = opened_in_force(workspace, candidate).brief
    now = workspace.now()
    submitted = [event for event in events if event.kind is Kind.SUBMITTED]
    answered = {e.payload["question"] for e in events if e.kind is Kind.ANSWER and e.payload}
    return Status(
        name=candidate.name,
        clock=clock_of(brief, events, now),
        brief_version=brief.eval.version,
        events=len(events),
        updates=sum(event.kind is Kind.UPDATE and "replaces" not in (event.payload or {}) for event in events),
        gaps=gaps(brief, events, now),
        open_questions=tuple(sorted(_numbers(events, Kind.QUESTION) - answered)),
        open_proposals=_left(events, Kind.RESCOPE_ASKED, Kind.RESCOPE_ANSWERED),
        open_feedback=_left(events, Kind.FEEDBACK, Kind.FEEDBACK_ANSWERED),
        refused_pushes=sum(event.kind is Kind.PUSH_REFUSED for event in events),
        submitted=str((submitted[-1].payload or {}).get("commit", "")) if submitted else "",
    )


def _archived(candidate: CandidateRecord, logs: Sequence[Path]) -> dict[str, str]:
    """Copy logs to `logs/SHA256` beside the payloads, and return their hashes by name."""
    if len(logs) > MOST_LOGS:
        raise BadInput(f"there are {len(logs)} logs", where="--logs", expected=f"at most {MOST_LOGS}; pack them")
    hashes: dict[str, str] = {}
    for path in logs:
        if path.name in hashes:
            raise BadInput(f"two logs are called {path.name}", where="--logs", mend="rename one of them")
        hashes[path.name] = _kept(path, candidate.folder / "logs")
    return hashes


def _kept(path: Path, folder: Path) -> str:
    try:
        source = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise BadInput(f"the log cannot be read: {error.strerror}", where=str(path), mend="check the path") from None
    facts = os.fstat(source)
    if not stat.S_ISREG(facts.st_mode) or facts.st_size > MOST_LOG_BYTES:
        os.close(source)
        raise BadInput(
            "the log is no plain file, or too large",
            where=str(path),
            expected=f"a file of at most {MOST_LOG_BYTES:,} bytes",
            mend="pack it (gzip), or leave parts out and say so",
        )
    with os.fdopen(source, "rb") as reader:
        folder.mkdir(parents=True, exist_ok=True)
        handle, partial = tempfile.mkstemp(dir=folder, prefix=".part-")
        digest, left = hashlib.sha256(), facts.st_size
        with os.fdopen(handle, "wb") as writer:
            while left and (chunk := reader.read(min(left, CHUNK))):
                digest.update(chunk)
                writer.write(chunk)
                left -= len(chunk)
            writer.flush()
            os.fsync(writer.fileno())
    Path(partial).replace(folder / digest.hexdigest())
    return digest.hexdigest()


def _said(candidate: CandidateRecord, kind: Kind, payload: Mapping[str, Any]) -> Receipt:
    return candidate.ledger.append(kind, payload, actor=Role.ORGANISER)


def _numbers(events: Sequence[Event], kind: Kind) -> set[int]:
    return {event.payload["number"] for event in events if event.kind is kind and event.payload}


def _left(events: Sequence[Event], asked: Kind, answered: Kind) -> tuple[int, ...]:
    return tuple(sorted(_numbers(events, asked) - _numbers(events, answered)))


def _listed(numbers: set[int]) -> str:
    return "one of: " + (", ".join(map(str, sorted(numbers))) or "none was asked yet")


def _text(text: str, what: str) -> str:
    if not text.strip():
        raise BadInput(f"{what} is empty", expected="a sentence")
    return text.strip()


def _hours(hours: float, *, least: float = 1e-9) -> float:
    if not least <= hours <= MOST_HOURS:
        raise BadInput(f"{hours:g} hours", where="HOURS", expected=f"more than 0, and at most {MOST_HOURS:,.0f}")
    return hours
