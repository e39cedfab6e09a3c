"""Ten minutes of practice with scripted answers, in a folder that goes: what a learner sees."""

import datetime as dt
import itertools
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.rule import Rule
from rich.text import Text

from heldout.practice.attempt import Attempt, Round
from heldout.practice.drill import Difficulty
from heldout.practice.learner.as_plain import plain_attempt
from heldout.practice.learner.store import open_store
from heldout.practice.milestone import plain_scored, reveal
from heldout.practice.milestone.predictors import reference
from heldout.practice.mock.demo import mini_mock
from heldout.practice.mock.subject import plain
from heldout.practice.plan import Terms, plain_terms
from heldout.practice.session.after import told_after
from heldout.practice.session.beginning import asked_terms
from heldout.practice.session.dealt import Dealt, deal
from heldout.practice.session.desk import PipeDesk
from heldout.practice.session.milestone import sit_milestone
from heldout.practice.session.placement import asked_of, place
from heldout.practice.session.plan_shown import plan_shown
from heldout.practice.session.playing import Table, play
from heldout.practice.session.script import typed_answers
from heldout.practice.session.today import day_shown, plan_now
from heldout.practice.session.worked import worked_audit

__all__ = ["demonstrate"]

START = dt.datetime(2026, 3, 2, 18, 0, tzinfo=dt.UTC)
SOLVED = "metric/accuracy-on-a-rare-class"
EXPLAINED = "splits/customer-on-both-sides"
SEED = 7
SECONDS = 9.0
"""What each line takes, by the demo's clock."""


@dataclass(slots=True)
class _Play:
    """The lines that are typed next, and a clock that each look moves on."""

    lines: list[str] = field(default_factory=list)
    ticks: Iterator[int] = field(default_factory=itertools.count)

    def __iter__(self) -> Iterator[str]:
        while self.lines:
            yield self.lines.pop(0)

    def clock(self) -> float:
        return SECONDS * next(self.ticks)

    def now(self) -> dt.datetime:
        return START + dt.timedelta(seconds=self.clock())


def demonstrate(console: Console) -> dict[str, Any]:
    """Play the first start, placement, two drills, a milestone, a mini-mock, and show the plan; writes nothing.

    The same on every run. Returns what came of it as plain data.
    """
    with tempfile.TemporaryDirectory(prefix="heldout-practice-") as name, open_store(Path(name) / "me") as store:
        script = _Play()
        table = Table(desk=PipeDesk(iter(script), console, clock=script.clock), store=store, now=script.now)

        def act(title: str, *lines: str) -> None:
            console.print(Rule(Text(title), align="left"))
            script.lines[:] = lines

        act("1. heldout practice today: the first start", "", "", "")
        terms = asked_terms(table.desk, START.date(), "UTC")
        terms = _placed(table, terms, act)
        store.save_plan(plain_terms(terms))
        console.print(day_shown(plan_now(store, terms, START)))
        attempts = _drilled(table, act)
        act("5. A milestone: ship or don't", *_called())
        scored = sit_milestone(table, 3, SEED)
        act("6. A mini-mock that interrupts")
        mock = mini_mock(console)
        act("7. heldout practice plan: the fortnight, after this")
        console.print(plan_shown(plan_now(store, terms, START)))
        return {
            "terms": plain_terms(terms),
            "attempts": [plain_attempt(one) for one in attempts],
            "milestone": plain_scored(scored),
            "mock": plain(mock),
        }


def _placed(table: Table, terms: Terms, act: Callable[..., None]) -> Terms:
    """Play the placement: every third question is not known."""
    lines = []
    for number, (dealt, question) in enumerate(asked_of(terms)):
        lines.append("" if number % 3 == 2 else typed_answers(dealt)[question.name])
    act("2. heldout practice plan --placement: one question a family", *lines)
    return place(table, terms)


def _drilled(table: Table, act: Callable[..., None]) -> tuple[Attempt, Attempt]:
    clean = deal(EXPLAINED, SEED, Difficulty.EASY, planted=False)
    first = deal(SOLVED, SEED, Difficulty.MIDDLE, planted=True)
    act("3. A worked audit, then a speed round", "", "80", "?", *typed_answers(first).values())
    worked_audit(clean, table.desk)
    solved = play(table, first, Round.SPEED)
    second = deal(EXPLAINED, SEED, Difficulty.MIDDLE, planted=True)
    act("4. An explanation round, and what the session shows", "70", *_explained(second))
    explained = play(table, second, Round.EXPLANATION)
    table.desk.show(*told_after((solved, explained), 0))
    return solved, explained


def _explained(dealt: Dealt) -> list[str]:
    """Return an explanation that says its first point, and chooses the right option wherever it is asked."""
    points = dealt.drill().points
    rights = ["abcdefgh"[one.probe.right] for one in points[1:]]
    return [points[0].says, "", *rights]


def _called() -> list[str]:
    call = reference(reveal(3, SEED))
    return ["y" if call.ships else "n", *(f"{100 * one:.2f}" for one in (call.effect, call.low, call.high))]
