"""Decides on a candidate's reply to a card: an accepted correction makes an amended card beside the graded one."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from heldout.app.eval_grade import bundle, has_card, write_card
from heldout.core.card import Card
from heldout.core.correction import ALLOWED, LineVersion
from heldout.core.errors import BadInput
from heldout.core.finding import Ending, Finding
from heldout.evals.amend import amended, replies_of, version_of
from heldout.evals.cards import read_card
from heldout.evals.grading.journal import sha256_of
from heldout.evals.record.kinds import Kind, Role
from heldout.evals.record.ledger import Event, Receipt
from heldout.evals.record.reconcile import locked
from heldout.evals.record.workspace import CandidateRecord, Workspace

__all__ = ["Decided", "Wish", "decide_reply"]

SCORED = frozenset({"lift", "score", "supported", "band", "reported", "price", "class", "reproducibility class"})
"""Lines that rest on labels or on runs: grading again moves them, and nothing else."""

MOST = 2_000
"""Characters of a reason or a text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What an accepted reply makes of a finding: its code, which of several of that code, its ending, its claim."""

    code: str = ""
    place: int | None = None
    ending: Ending | None = None
    text: str = ""

    @property
    def is_empty(self) -> bool:
        """True where nothing is asked for."""
        return not self.code and self.place is None and self.ending is None and not self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """The receipt of the decision, the card as it stands now, and the files that were written."""

    receipt: Receipt
    card: Card
    files: tuple[Path, ...]


def decide_reply(
    workspace: Workspace, record: CandidateRecord, reply: int, *, accept: bool, why: str, by: str, wish: Wish
) -> Decided:
    """Accept or refuse a reply, by its number (the first is 1), and write the card anew, and bundles that are there.

    Raises BadInput where there is no such reply or finding, the reply was decided before, the line rests on labels, or
    the record was deleted; nothing is written then.
    """
    said = {"why": _text(why, "--why"), "by": _text(by, "--by", most=80)}
    with locked(record):
        events = record.ledger.events()
        graded = _graded(record, events)
        sha256 = sha256_of(record.folder / "graded" / record.name / "card.json")
        _check_reply(record, events, reply, sha256)
        payload: dict[str, Any] = {"reply": reply, "accepted": accept, **said, "card_sha256": sha256}
        if accept:
            payload |= _change(amended(graded, sha256, events), wish, said["why"])
        elif not wish.is_empty:
            raise BadInput(
                "a refused reply changes no line", expected="--refuse without --finding, --ending and --text"
            )
        receipt = record.ledger.append(Kind.CORRECTED, payload, actor=Role.ORGANISER)
        files = write_card(record)
    if (record.folder / "bundles" / "sealed").is_dir():
        bundle(workspace, record, "sealed")
    if (record.folder / "bundles" / "open").is_dir():
        bundle(workspace, record, "open")
    return Decided(receipt=receipt, card=read_card(files[1]), files=files)


def _graded(record: CandidateRecord, events: tuple[Event, ...]) -> Card:
    if any(event.kind is Kind.FORGOTTEN for event in events):
        raise BadInput(f"what was known of {record.name} was deleted", expected="a record that was not forgotten")
    if not has_card(record):
        raise BadInput(f"{record.name} has no card yet", mend="heldout eval grade EVAL NAME")
    return read_card(record.folder / "graded" / record.name / "card.json")


def _check_reply(record: CandidateRecord, events: tuple[Event, ...], number: int, sha256: str) -> None:
    replies = replies_of(events)
    if not 1 <= number <= len(replies) or replies[number - 1] is None:
        known = f"1 to {len(replies)}" if replies else f"none yet: {record.name} replied nothing"
        raise BadInput(f"{record.name} made no reply {number}", where="--reply", expected=known)
    decided = [event.payload for event in events if event.kind is Kind.CORRECTED and event.payload]
    for before in decided:
        if before["reply"] == number and before["card_sha256"] == sha256:
            write_card(record)  # a process that was killed may have kept the decision and not its card
            what = "accepted" if before["accepted"] else "refused"
            raise BadInput(
                f"reply {number} was {what} already: {before['why']}",
                where="--reply",
                expected="a reply that waits for an answer",
                mend="ask the candidate for another reply, and decide on that one",
            )


def _change(card: Card, wish: Wish, why: str) -> Mapping[str, Any]:
    place, finding = _found(card, wish)
    before = version_of(finding)
    ending = before.ending if wish.ending is None else wish.ending
    if wish.ending is None and not wish.text.strip():
        raise BadInput(
            "nothing would change",
            expected="--ending, --text or both, with --accept",
            mend="refuse the reply, or say what the line becomes",
        )
    if wish.ending is not None and (ending not in ALLOWED or _is_worse(before.ending, ending)):
        allowed = [one.value for one in ALLOWED if not _is_worse(before.ending, one)]
        raise BadInput(
            f"{finding.code} ended {before.ending.value}, and a reply cannot make it {ending.value}",
            where="--ending",
            expected=" or ".join(allowed),
            mend="grade again where the work itself is to be judged anew",
        )
    claim = _text(wish.text, "--text") if wish.text.strip() else f"After a reply a person says: {why}"
    certainty = before.certainty if ending is before.ending else None
    after = LineVersion(ending=ending, certainty=certainty, claim=claim)
    if after == before:
        raise BadInput(f"{finding.code} says so already", expected="another ending or another text")
    return {"finding": finding.code, "place": place, "before": asdict(before), "after": asdict(after)}


def _found(card: Card, wish: Wish) -> tuple[int, Finding]:
    if not wish.code:
        raise BadInput("an accepted reply corrects a line", where="--finding", expected="the code of a finding")
    if wish.code.lower() in SCORED:
        raise BadInput(
            f"{wish.code} rests on labels or runs, and no reply corrects it",
            where="--finding",
            expected="the code of a finding, such as REP001",
            mend="mend what was wrong, and grade again: heldout eval grade EVAL NAME",
        )
    found = [finding for finding in card.findings if finding.code == wish.code]
    if not found:
        codes = ", ".join(dict.fromkeys(finding.code for finding in card.findings))
        raise BadInput(f"the card has no finding {wish.code}", where="--finding", expected=f"one of {codes}")
    if wish.place is None and len(found) > 1:
        lines = "; ".join(f"{at} {one.answer.claim[:80]}" for at, one in enumerate(found[:9], start=1))
        raise BadInput(f"{wish.code} has {len(found)} findings", where="--which", expected=f"one of: {lines}")
    place = wish.place or 1
    if not 1 <= place <= len(found):
        raise BadInput(f"{wish.code} has no finding {place}", where="--which", expected=f"1 to {len(found)}")
    return place, found[place - 1]


def _is_worse(before: Ending, after: Ending) -> bool:
    """Tell whether a candidate would lose by it: what is clear, or was not asked, stays without caution."""
    return after is Ending.CAUTION and before not in (Ending.PROBLEM, Ending.CAUTION)


def _text(text: str, where: str, most: int = MOST) -> str:
    text = " ".join(text.split())
    if not text or len(text) > most:
        raise BadInput(f"{where} has {len(text):,} characters", where=where, expected=f"1 to {most:,} characters")
    return text
