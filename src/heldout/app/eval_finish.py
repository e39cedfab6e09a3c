"""Ends an eval: the reply to a card, the opening revealed, a person's payloads deleted."""

import contextlib
import shutil
from dataclasses import dataclass
from pathlib import Path

from heldout.app.eval_export import forget_in_keys, keys_of
from heldout.app.eval_grade import bundle, has_card, write_card
from heldout.app.grade import BASIS, STATE
from heldout.core.errors import BadInput
from heldout.evals.authoring.commitment import OPENING, verify_commitment
from heldout.evals.committee.forgetting import forget_rated
from heldout.evals.grading.journal import open_journal, sha256_of
from heldout.evals.record.kinds import Kind, Role
from heldout.evals.record.ledger import Receipt
from heldout.evals.record.reconcile import locked
from heldout.evals.record.tokens import Tokens
from heldout.evals.record.workspace import CandidateRecord, Workspace

__all__ = ["Forgotten", "close", "forget", "reply"]

PERSONAL = ("repo.git", "logs", "briefs", "graded", "bundles", "webhook.json")
"""What a candidate wrote or what was made of it, below their folder; the ledger stays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """What was deleted: payloads of events, and folders; the receipt of the event that says so."""

    payloads: int
    folders: tuple[str, ...]
    receipt: Receipt


def reply(record: CandidateRecord, text: str, *, line: str = "") -> Receipt:
    """Record a candidate's reply to the card, and write the card with it. Raises BadInput before the grading."""
    events = record.ledger.events()
    if not any(event.kind is Kind.GRADED for event in events):
        raise BadInput(f"{record.name} has no card to reply to yet", mend="heldout eval grade EVAL NAME")
    if not text.strip():
        raise BadInput("the reply is empty", expected="a sentence")
    receipt = record.ledger.append(Kind.REPLIED, {"line": line.strip(), "text": text.strip()}, actor=Role.CANDIDATE)
    if has_card(record):
        write_card(record)
    return receipt


def close(workspace: Workspace, record: CandidateRecord) -> tuple[Receipt, tuple[str, ...]]:
    """Close a candidate's eval: reveal the opening, and say in what the eval differs from it.

    Done twice, it returns the first receipt, and ends what was broken off. Raises BadInput where there is no opening.
    """
    opening = workspace.folder / OPENING
    if not opening.is_file():
        raise BadInput("this eval has no opening to reveal", where=str(opening), expected="what `eval new` wrote")
    differences = tuple(verify_commitment(opening, workspace.folder))
    with locked(record):
        before = next((event for event in record.ledger.events() if event.kind is Kind.CLOSED), None)
        if before is None:
            receipt = record.ledger.append(Kind.CLOSED, {"revealed": sha256_of(opening)}, actor=Role.ORGANISER)
        else:
            receipt = Receipt(n=before.n, at=before.at.isoformat(timespec="milliseconds"), head=before.head)
    if (record.folder / "graded" / record.name / BASIS).is_file():
        bundle(workspace, record, "sealed")
        bundle(workspace, record, "open")
    return receipt, differences


def forget(workspace: Workspace, record: CandidateRecord, *, why: str) -> Forgotten:
    """Delete what is known of a candidate but the chain of events, which stays whole. Doing it twice does no harm.

    The event that says so comes first: after it the ledger takes nothing more, whoever runs meanwhile. Raises BadInput
    where the ledger or the key of an export is damaged, or the candidate is being graded at this moment.
    """
    with locked(record), contextlib.ExitStack() as held:
        keys_of(workspace)  # one that is damaged would stop it half way
        for folder in (record.folder / "graded", record.folder / "graded" / "interim"):
            if (folder / STATE).is_dir():
                held.enter_context(open_journal(folder / STATE))
        events = record.ledger.events()
        there = [event for event in events if event.payload is not None and event.kind is not Kind.FORGOTTEN]
        said = {"payloads": len(there), "why": why}
        receipt = record.ledger.append(Kind.FORGOTTEN, said, actor=Role.ORGANISER)
        record.ledger.forget_all()
        folders = tuple(name for name in PERSONAL if (record.folder / name).exists())
        for name in folders:
            _remove(record.folder / name)
        forget_in_keys(workspace, record.name)
        Tokens(workspace.folder / "tokens.json").revoke(Role.CANDIDATE, record.name)
    forget_rated(workspace, record, why=why)
    return Forgotten(payloads=len(there), folders=folders, receipt=receipt)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
