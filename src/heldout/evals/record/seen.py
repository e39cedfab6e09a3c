"""Events as somebody may see them: payloads by their right, and nothing that tells a rater of an accommodation."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from heldout.evals.record.kinds import KINDS, Kind, Role
from heldout.evals.record.ledger import Event

__all__ = ["SeenEvent", "payload_seen", "seen_by"]

HIDDEN_FROM_RATERS = {Kind.OPENED: ("agreed",), Kind.UPDATE: ("stated_at",)}
"""What tells where somebody lives, or how long they had."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenEvent:
    """An event in the eyes of a role. `n` and `at` are None where the order or the hour could tell what is hidden."""

    n: int | None
    at: str | None
    kind: Kind
    actor: Role
    says: str
    payload: Mapping[str, Any] | None


def payload_seen(event: Event, role: Role | None) -> Mapping[str, Any] | None:
    """Return what a role may read of a payload that it may see."""
    hidden = HIDDEN_FROM_RATERS.get(event.kind, ()) if role is Role.RATER else ()
    payload = event.payload
    return payload if payload is None else {key: value for key, value in payload.items() if key not in hidden}


def seen_by(events: Iterable[Event], role: Role) -> tuple[SeenEvent, ...]:
    """Return the events that `role` may see, in order.

    A hidden event leaves no place behind. For a rater numbers and times are left out, as a missing number, or hours
    beyond the agreed ones, would tell that something was agreed.
    """
    is_open = role is not Role.RATER
    return tuple(
        SeenEvent(
            n=event.n if is_open else None,
            at=event.at.isoformat(timespec="seconds") if is_open else None,
            kind=event.kind,
            actor=event.actor,
            says=KINDS[event.kind].says,
            payload=payload_seen(event, role),
        )
        for event in events
        if role in KINDS[event.kind].seen_by or role is Role.SERVER
    )
