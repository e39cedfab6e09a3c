"""What a session leaves: the pattern in what was lost, where the hesitation was, and the one drill that removes it."""

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from heldout.practice.attempt import Attempt, Place
from heldout.practice.deck import kind_named
from heldout.practice.drill import Difficulty
from heldout.practice.question import Form
from heldout.practice.session.dealt import deal
from heldout.practice.session.words import FAMILIES, counted

__all__ = ["Remedy", "hesitation_of", "pattern_of", "remedy_of", "told_after"]

LEAST_STATED = 3
"""Stated confidences from which they are compared with what came of them."""
FAR = 0.25
"""A gap between stated and reached from which it is the pattern."""
FORMS = {
    Form.CHOICE: "naming what the evidence says",
    Form.NUMBER: "the numbers that have to be worked out",
    Form.PICK: "pointing at the rows or lines",
    Form.ORDER: "the order of what to do",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """The drill to do next, and why."""

    kind: str
    difficulty: int
    why: str

    @property
    def command(self) -> str:
        """Return the command that deals it."""
        return f"heldout practice drill {self.kind} --difficulty {self.difficulty}"


def told_after(attempts: Sequence[Attempt], before: int) -> tuple[RenderableType, ...]:
    """Return what is said after a session; `before` attempts were there when it began. Nothing after no attempt."""
    done = attempts[before:]
    if not done:
        return ()
    remedy = remedy_of(done)
    rows = Table.grid(padding=(0, 2))
    rows.add_column(style="bold")
    rows.add_row("Pattern", Text(pattern_of(done)))
    rows.add_row("Hesitation", Text(hesitation_of(done, attempts)))
    rows.add_row("Next", Text(f"{remedy.command}\n{remedy.why}"))
    solved = sum(one.is_right for one in done)
    head = f"\nThis session: {solved} of {len(done)} solved, {sum(one.seconds for one in done) / 60:.0f} minutes."
    return Text(head, style="bold"), rows


def pattern_of(done: Sequence[Attempt]) -> str:
    """Say what the lost points have in common; of several patterns the one that cost most."""
    lost = [one for one in done if not one.is_right]
    stated = [(one.confidence, one.is_right) for one in done if one.confidence is not None]
    if not lost:
        return f"Nothing in common: {len(done)} of {len(done)} were solved."
    clean = [one for one in done if not one.planted]
    missed = [one for one in lost if not one.planted]
    if missed and len(missed) == len(lost):
        return f"A fault was seen where there is none: {len(missed)} of {len(clean)} without one went wrong."
    if len(stated) >= LEAST_STATED:
        gap = statistics.fmean(said for said, _ in stated) - statistics.fmean(right for _, right in stated)
        if abs(gap) > FAR:
            side = "more" if gap > 0 else "less"
            drills = counted(len(stated), "drill")
            return f"Confidence: {abs(gap):.0%} {side} was promised than was reached, over {drills}."
    return _by_form(lost)


def _by_form(lost: Sequence[Attempt]) -> str:
    gone: Counter[Form] = Counter()
    worth: Counter[Form] = Counter()
    for attempt in lost:
        for form, place in _places(attempt):
            gone[form] += round(place.worth - place.points)
            worth[form] += place.worth
    if not +gone:
        families = ", ".join(dict.fromkeys(FAMILIES[kind_named(one.kind).family] for one in lost))
        return f"Lost in {families}: hints, a reveal, or an explanation that left points out."
    form = max(gone, key=lambda form: (gone[form], form))
    drills = counted(len(lost), "drill")
    return f"Most was lost in {FORMS[form]}: {gone[form]} of {worth[form]} points, over {drills}."


def _places(attempt: Attempt) -> list[tuple[Form, Place]]:
    """Return the places of a speed round with the form of their question; none where the deck has moved on."""
    try:
        dealt = deal(attempt.kind, attempt.seed, Difficulty(attempt.difficulty), attempt.planted)
    except KeyError:
        return []
    forms = {one.name: one.form for one in dealt.drill().shown.questions}
    return [(forms[name], place) for name, place in attempt.places.items() if name in forms]


def hesitation_of(done: Sequence[Attempt], attempts: Sequence[Attempt]) -> str:
    """Say before which question the first key came last, against what is usual."""
    waits = [(place.first_key, name, one) for one in done for name, place in one.places.items()]
    if not waits:
        return "No question was timed."
    usual = statistics.median(place.first_key for one in attempts for place in one.places.values())
    count = sum(len(one.places) for one in attempts)
    longest, name, attempt = max(waits, key=lambda wait: wait[0])
    where = f"“{kind_named(attempt.kind).title}”, {name}"
    return f"{longest:.0f} s before the first key at {where}; your median is {usual:.0f} s (n = {count})."


def remedy_of(done: Sequence[Attempt]) -> Remedy:
    """Return the drill that asks again for what was lost most: easier where little was earned, harder after no loss."""
    lost = [one for one in done if not one.is_right]
    if not lost:
        last = done[-1]
        harder = min(last.difficulty + 1, 3)
        return Remedy(kind=last.kind, difficulty=harder, why="All was solved: the same fault, less plain.")
    worst = min(lost, key=lambda one: (one.score, -one.seconds))
    easier = max(worst.difficulty - (worst.score < 40), 1)
    return Remedy(kind=worst.kind, difficulty=easier, why=f"It earned {worst.score:.0f} of 100 points just now.")
