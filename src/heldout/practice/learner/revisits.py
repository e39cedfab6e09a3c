"""When a fault comes again: rounds on days d, d + 2 and d + 5, and every five days after that."""

import datetime as dt
from dataclasses import dataclass, replace

from heldout.practice.attempt import Round

__all__ = ["AFTER", "LONGEST", "Chain", "Due", "due_of", "moved_on"]

AFTER = {Round.SPEED: 0, Round.EXPLANATION: 2, Round.BLANK_FILE: 5}
"""Days after the first round on which each is due."""
LONGEST = 5
"""Days between two meetings of a fault, at most. Nothing is drawn at random: the same history, the same days."""
APART = 2
"""Days at least between a late explanation and the blank file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """The rounds of one fault: when it was opened, explained, coded, and last met."""

    opened: dt.date
    last: dt.date
    explained: dt.date | None = None
    coded: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """The next round of a fault and the day from which it is due."""

    round: Round
    day: dt.date


def due_of(chain: Chain) -> Due:
    """Return what comes next: the explanation, the blank file, and a speed round every five days after them.

    >>> first = dt.date(2028, 2, 27)
    >>> due_of(Chain(opened=first, last=first)).day.isoformat()
    '2028-02-29'
    """
    if chain.explained is None:
        return Due(round=Round.EXPLANATION, day=_after(chain.opened, AFTER[Round.EXPLANATION]))
    if chain.coded is None:
        due, apart = _after(chain.opened, AFTER[Round.BLANK_FILE]), _after(chain.explained, APART)
        return Due(round=Round.BLANK_FILE, day=max(due, apart))
    return Due(round=Round.SPEED, day=_after(chain.last, LONGEST))


def moved_on(chain: Chain | None, done: Round, day: dt.date) -> Chain | None:
    """Return the chain after a round on a day. Only a speed round opens one; None stays None for the others."""
    if chain is None:
        return Chain(opened=day, last=day) if done is Round.SPEED else None
    if done is Round.EXPLANATION and chain.explained is None:
        return replace(chain, explained=day, last=day)
    if done is Round.BLANK_FILE and chain.coded is None:
        return replace(chain, coded=day, explained=chain.explained or day, last=day)
    return replace(chain, last=day)


def _after(day: dt.date, days: int) -> dt.date:
    return day + dt.timedelta(days=days)
