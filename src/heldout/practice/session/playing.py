"""Plays the rounds of drills at a desk, from a learner's folder: each key is kept, and each attempt recorded."""

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from rich.text import Text

from heldout.practice.attempt import Attempt, Round
from heldout.practice.drill import Difficulty
from heldout.practice.learner.store import Store
from heldout.practice.session.dealt import Dealt, deal
from heldout.practice.session.desk import Desk
from heldout.practice.session.kept import KeptDesk

__all__ = ["Table", "keeping", "pending", "play"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Where a learner plays: the desk, their folder, and the clock."""

    desk: Desk
    store: Store
    now: Callable[[], dt.datetime]


def play(table: Table, dealt: Dealt, done: Round) -> Attempt:
    """Play a round and record it; one that was ended in the middle goes on from what is kept of it. Raises Left."""
    desk = keeping(table, _activity(dealt, done))
    attempt = _round(done, table)(dealt, desk, now=table.now)
    table.store.record(attempt)
    return attempt


def keeping(table: Table, activity: Mapping[str, Any]) -> KeptDesk:
    """Return a desk that keeps what is typed as the draft of an activity, and goes on from one that is there."""
    draft = table.store.draft() or {}
    kept = draft.get("kept") if draft.get("activity") == activity else None
    before = len(table.store.attempts())
    return KeptDesk(
        table.desk,
        lambda lines: table.store.save_draft({"activity": activity, "after": before, "kept": lines}),
        kept,
    )


def pending(table: Table) -> tuple[Dealt, Round] | None:
    """Return the round that is under way, None where none is.

    A draft whose drill is not the same any more (the deck has moved on since) cannot go on: it is dropped, and said.
    """
    draft = table.store.draft()
    if draft is None:
        return None
    if draft.get("after") != len(table.store.attempts()):  # it was recorded, and the process ended before this went
        table.store.drop_draft()
        return None
    activity = draft.get("activity")
    if isinstance(activity, dict) and "kind" not in activity:
        return None  # a sitting, which goes on by itself
    found = _round_of(activity) if isinstance(activity, dict) else None
    if found is None:
        table.store.drop_draft()
        table.desk.show(Text("A round that was under way belongs to an earlier deck; it was put aside."))
    return found


def _round_of(activity: Mapping[str, Any]) -> tuple[Dealt, Round] | None:
    try:
        dealt = deal(activity["kind"], activity["seed"], Difficulty(activity["difficulty"]), activity["planted"])
        done = Round(activity["round"])
    except (AttributeError, ImportError, KeyError, OverflowError, TypeError, ValueError):
        return None
    return (dealt, done) if _activity(dealt, done) == activity else None


def _activity(dealt: Dealt, done: Round) -> dict[str, Any]:
    shown = hashlib.sha256(repr(dealt.drill().shown).encode()).hexdigest()
    return {
        "kind": dealt.name,
        "seed": dealt.seed,
        "difficulty": int(dealt.difficulty),
        "planted": dealt.planted,
        "round": done.value,
        "shown": shown,
    }


def _round(done: Round, table: Table) -> Callable[..., Attempt]:
    match done:  # each is imported when it is played: the first question does not wait for the others
        case Round.SPEED:
            from heldout.practice.session.speed import speed_round

            return speed_round
        case Round.EXPLANATION:
            from heldout.practice.session.explanation import explanation_round

            return explanation_round
        case Round.BLANK_FILE:
            from heldout.practice.session.blank_file import blank_file_round

            return partial(blank_file_round, folder=table.store.folder / "files")
