"""Makes the amended card: the graded one and what the ledger says of replies to it, and nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from heldout.core.card import Card
from heldout.core.correction import Correction, LineVersion
from heldout.core.finding import Certainty, Ending, Finding
from heldout.evals.grading.audit import axis_again
from heldout.evals.record.kinds import Kind
from heldout.evals.record.ledger import Event

__all__ = ["amended", "corrected", "finding_at", "replies_of", "version_of"]


def amended(graded: Card, card_sha256: str, events: Sequence[Event]) -> Card:
    """Return the graded card, whose file has this hash, with its replies and what was decided on them.

    The same card and events give the same amended card, so that it can be worked out again. Band, lift, class and
    prices stay: only grading again moves those.
    """
    replies = replies_of(events)
    card = replace(graded, replies=tuple(_line(one) for one in replies))
    decided = [event.payload for event in events if event.kind is Kind.CORRECTED and event.payload]
    made = []
    for payload in decided:
        number = int(payload["reply"])
        reply = replies[number - 1] if number <= len(replies) else {}
        holds = payload["card_sha256"] == card_sha256
        correction = _correction(payload, reply or {}, holds=holds)
        if correction.accepted and holds:
            before, card = corrected(card, correction)
            correction = replace(correction, before=before)
        made.append(correction)
    return replace(card, corrections=tuple(made))


def replies_of(events: Sequence[Event]) -> list[Mapping[str, Any] | None]:
    """Return what was replied, in order; None where it was deleted. The first is reply 1."""
    return [event.payload for event in events if event.kind is Kind.REPLIED]


def corrected(card: Card, correction: Correction) -> tuple[LineVersion, Card]:
    """Return the line as it stood, and the card with it corrected and the axes scored anew."""
    at = finding_at(card, correction.code, correction.place)
    finding, after = card.findings[at], correction.after
    assert after is not None, "an accepted correction says what the line becomes"
    is_open = after.ending in (Ending.PROBLEM, Ending.CAUTION)
    answer = replace(
        finding.answer,
        ending=after.ending,
        certainty=after.certainty,
        claim=after.claim,
        to_do=finding.answer.to_do if is_open else "",
        mend=finding.answer.mend if is_open else None,
    )
    findings = (*card.findings[:at], replace(finding, answer=answer), *card.findings[at + 1 :])
    beside = card.collaboration
    changed = replace(
        card,
        findings=findings,
        axes=tuple(axis_again(axis, findings) for axis in card.axes),
        collaboration=None if beside is None else axis_again(beside, findings),
    )
    return version_of(finding), changed


def finding_at(card: Card, code: str, place: int) -> int:
    """Return where the finding stands: the `place`th (the first is 1) of its code. Raises IndexError."""
    return [at for at, finding in enumerate(card.findings) if finding.code == code][place - 1]


def version_of(finding: Finding) -> LineVersion:
    """Return a finding as a line."""
    return LineVersion(ending=finding.ending, certainty=finding.certainty, claim=finding.answer.claim)


def _line(reply: Mapping[str, Any] | None) -> str:
    if reply is None:
        return "(deleted)"
    return f"{reply['line']}: {reply['text']}" if reply["line"] else str(reply["text"])


def _correction(payload: Mapping[str, Any], reply: Mapping[str, Any], *, holds: bool) -> Correction:
    after = payload.get("after")
    return Correction(
        reply=int(payload["reply"]),
        line=str(reply.get("line", "")),
        said=str(reply.get("text", "")),
        accepted=bool(payload["accepted"]),
        why=str(payload["why"]),
        by=str(payload["by"]),
        code=str(payload.get("finding", "")),
        place=int(payload.get("place", 1)),
        after=None if after is None else _version(after),
        holds=holds,
    )


def _version(plain: Mapping[str, Any]) -> LineVersion:
    certainty = plain["certainty"]
    return LineVersion(
        ending=Ending(plain["ending"]),
        certainty=None if certainty is None else Certainty(certainty),
        claim=str(plain["claim"]),
    )
