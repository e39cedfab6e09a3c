"""Receives one push over HTTP: git takes it or not, the ledger says so, and the pusher is told."""

import secrets
from dataclasses import dataclass
from typing import BinaryIO

from heldout.core.errors import BadInput
from heldout.evals.record.reconcile import ENDED, OnPush, Recorded, locked, nothing, reconcile, refuse
from heldout.evals.record.workspace import CandidateRecord
from heldout.tools.git import receiving
from heldout.tools.git.http_backend import Backend, Request
from heldout.tools.git.packets import Asked, Unreadable, answers, read_commands, refusal, with_messages
from heldout.tools.git.push_hook import MAX_PER_PUSH, REF, ZERO

__all__ = ["MAX_PUSH_BYTES", "Push", "receive_push"]

MAX_PUSH_BYTES = receiving.MAX_PUSH_BYTES
MAX_REPOSITORY_BYTES = 2_000_000_000
SECONDS = 300
ANSWER_BYTES = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """What a client sent: a file that begins with the commands; `is_whole` is False where it was over the bound."""

    body: BinaryIO
    size: int
    is_whole: bool = True
    protocol: str = ""


def receive_push(record: CandidateRecord, push: Push, on_push: OnPush = nothing) -> bytes:
    """Take or refuse a push, and return the answer for the client's git, with a receipt for each ref.

    Raises BadInput where it is no push at all. One push of a candidate is taken at a time.
    """
    push.body.seek(0)
    try:
        asked = read_commands(push.body, MAX_PER_PUSH)
    except Unreadable as error:
        raise BadInput(f"this is no push: {error}", expected="what git push sends") from None
    push.body.seek(0)
    name = secrets.token_hex(8)
    with locked(record):
        try:
            before = reconcile(record, on_push=on_push)
            why = _why_not(record, push, asked)
        except BadInput:
            return _told(asked, "the record of this eval is damaged; nothing was taken, tell the organiser", [])
        if why:
            return _told(asked, why, _refuse_all(record, asked, why, name))
        answer, messages = _taken(record, push, asked, name, on_push)
        earlier = [*map(str, before[0]), *before[1]]  # of a push whose receipt never reached the pusher
        return with_messages(answer, asked, [*earlier, *messages])


def _why_not(record: CandidateRecord, push: Push, asked: Asked) -> str:
    ended = next((event.kind for event in record.ledger.events() if event.kind in ENDED), None)
    if ended is not None:
        return ENDED[ended]
    if len(asked.commands) > MAX_PER_PUSH:
        return f"a push of more than {MAX_PER_PUSH} refs"
    if not push.is_whole or push.size > MAX_PUSH_BYTES:
        return f"a push of more than {MAX_PUSH_BYTES:,} bytes; data and models are no part of a submission"
    if receiving.size_of(record.repository) + push.size > MAX_REPOSITORY_BYTES:
        return f"the repository would be over {MAX_REPOSITORY_BYTES:,} bytes"
    if any(not REF.fullmatch(command.ref) for command in asked.commands):
        return "only branches and tags with plain names are kept (refs/heads/..., refs/tags/...)"
    return ""


def _refuse_all(record: CandidateRecord, asked: Asked, why: str, name: str) -> list[Recorded]:
    if why in ENDED.values():
        return []  # nothing is added to a record that was closed
    if len(asked.commands) > MAX_PER_PUSH:
        return refuse(record, why, [("", ZERO, ZERO)], push=name)
    return refuse(record, why, [(command.ref, command.old, command.new) for command in asked.commands], push=name)


def _told(asked: Asked, why: str, recorded: list[Recorded]) -> bytes:
    reasons = dict.fromkeys((command.ref for command in asked.commands), why)
    return refusal(asked, reasons, unpack=why, messages=[f"refused: {why}", *map(str, recorded)])


def _taken(record: CandidateRecord, push: Push, asked: Asked, name: str, on_push: OnPush) -> tuple[bytes, list[str]]:
    request = Request(service="git-receive-pack", body=push.body, size=push.size, protocol=push.protocol, push=name)
    with Backend(record.repository, request, seconds=SECONDS) as backend:
        answer = backend.read(ANSWER_BYTES)
        while backend.read(1 << 16):
            pass  # git must not wait for a reader
        backend.wait()
    told = answers(answer, asked)
    recorded, lines = reconcile(record, on_push=on_push, told=told, push=name)
    ours = [one for one in recorded if one.push == name]
    missed = [c for c in asked.commands if c.ref not in {one.ref for one in ours} and c.old != c.new]
    for command in missed:  # what git refused before its hooks
        if receiving.refs(record.repository).get(command.ref) != command.new:
            why = told.get(command.ref, "git did not take it")
            ours += refuse(record, why, [(command.ref, command.old, command.new)], push=name)
    return answer, [*map(str, ours), *_advice(asked, lines)]


def _advice(asked: Asked, lines: tuple[str, ...]) -> list[str]:
    branches = {command.ref for command in asked.commands if command.ref.startswith("refs/heads/")}
    if branches and receiving.DEFAULT_BRANCH not in branches:
        return [*lines, f"only {receiving.DEFAULT_BRANCH.removeprefix('refs/heads/')} is read and graded"]
    return list(lines)
