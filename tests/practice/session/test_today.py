"""A day's session: what is planned is played, what is under way comes first, and milestones are scored."""

import datetime as dt
import io
import itertools
import json
from collections.abc import Iterable
from pathlib import Path

import pytest
from rich.console import Console
from tests.practice.session.sitting import Sitting

from heldout.practice.attempt import Round
from heldout.practice.drill import Difficulty
from heldout.practice.learner.store import Store, open_store
from heldout.practice.milestone import reveal
from heldout.practice.milestone.predictors import reference
from heldout.practice.plan import Level, Terms, Work, plan_of
from heldout.practice.session.dealt import deal
from heldout.practice.session.desk import Left
from heldout.practice.session.milestone import seed_of, sit_milestone
from heldout.practice.session.plan_shown import plan_shown
from heldout.practice.session.playing import Table, pending, play
from heldout.practice.session.script import typed_answers
from heldout.practice.session.today import day_shown, plan_now, play_today

START = dt.date(2026, 3, 2)
TERMS = Terms(start=START, level=Level.SENIOR, hours=0.5, zone="UTC")
KIND = "metric/accuracy-on-a-rare-class"


class Day:
    """A table on a day of the plan, at which lines are typed."""

    def __init__(self, store: Store, lines: Iterable[str], day: int = 1) -> None:
        self.sitting = Sitting(lines)
        ticks = itertools.count()
        begins = dt.datetime(2026, 3, 1 + day, 18, 0, tzinfo=dt.UTC)
        self.table = Table(desk=self.sitting.desk, store=store, now=lambda: begins + dt.timedelta(minutes=next(ticks)))


@pytest.fixture
def store(tmp_path: Path) -> Iterable[Store]:
    with open_store(tmp_path / "me") as opened:
        opened.save_profile({"saw_worked_audit": True})
        yield opened


def solving(store: Store, day: int = 1) -> Iterable[str]:
    """Type what the reference solution says to whatever speed round is planned next."""
    while True:
        plan = plan_now(store, TERMS, dt.datetime(2026, 3, 1 + day, 18, 0, tzinfo=dt.UTC))
        today = plan.on(plan.today)
        waiting = [block.item for block in today.blocks if not block.done] if today else []
        if not waiting:
            return
        item = waiting[0]
        planted = True
        from heldout.practice.plan import is_planted

        planted = is_planted(item.seed)
        yield ""
        yield "90"
        yield from typed_answers(deal(item.kind, item.seed, Difficulty(item.difficulty), planted)).values()


def test_a_day_is_played_to_its_end(store: Store) -> None:
    day = Day(store, solving(store))
    played = play_today(day.table, TERMS)
    assert len(played) == 5
    assert {one.score for one in played} == {100}
    assert "That is all for today." in day.sitting.said
    families = [one.family for one in played]
    assert all(a != b for a, b in itertools.pairwise(families)), "classes of faults are mixed"


def test_what_is_put_off_is_not_asked_again_today(store: Store) -> None:
    day = Day(store, ["s"] * 5)
    assert play_today(day.table, TERMS) == ()
    assert "The rest was put off." in day.sitting.said


def test_the_plan_of_a_day_tells_the_family_and_not_the_fault(store: Store) -> None:
    day = Day(store, [])
    plan = plan_now(store, TERMS, day.table.now())
    day.sitting.console.print(day_shown(plan))
    today = plan.on(plan.today)
    assert today is not None
    assert not any(block.item.kind.partition("/")[2] in day.sitting.said for block in today.blocks)


def test_outside_the_fortnight_the_day_says_what_to_do(store: Store) -> None:
    for now, says in (("2026-02-01", "begins on Monday 02 March"), ("2026-06-01", "begins another")):
        sitting = Sitting([])
        sitting.console.print(day_shown(plan_now(store, TERMS, dt.datetime.fromisoformat(f"{now}T12:00:00+00:00"))))
        assert says in sitting.said


def test_a_day_of_rest_plans_nothing(store: Store) -> None:
    sitting = Sitting([])
    sitting.console.print(day_shown(plan_now(store, TERMS, dt.datetime(2026, 3, 7, 12, tzinfo=dt.UTC))))
    assert "Rest: nothing is planned" in sitting.said


def test_a_round_under_way_comes_first_and_a_finished_one_is_not_played_twice(store: Store) -> None:
    dealt = deal(KIND, 7, Difficulty.MIDDLE, planted=True)
    lines = list(typed_answers(dealt).values())
    with pytest.raises(Left):
        play(Day(store, ["90", lines[0]]).table, dealt, Round.SPEED)
    day = Day(store, [*lines[1:]])
    with pytest.raises(Left):
        play_today(day.table, TERMS)
    assert "It goes on where it was left" in day.sitting.said
    assert [one.score for one in store.attempts()] == [100]
    # killed between the recording and the removal of the draft
    store.save_draft({"activity": {"kind": KIND}, "after": 0, "kept": {"lines": [], "typing": ""}})
    assert pending(day.table) is None
    assert store.draft() is None


def test_a_round_of_a_deck_that_has_changed_is_put_aside_and_said(store: Store) -> None:
    dealt = deal(KIND, 7, Difficulty.MIDDLE, planted=True)
    with pytest.raises(Left):
        play(Day(store, ["90"]).table, dealt, Round.SPEED)
    draft = store.draft()
    assert draft is not None
    store.save_draft({**draft, "activity": {**draft["activity"], "shown": "0" * 64}})
    day = Day(store, [])
    assert pending(day.table) is None
    assert "earlier deck" in day.sitting.said
    assert store.draft() is None


def called(day: int, seed: int) -> list[str]:
    call = reference(reveal(day, seed))
    return ["y" if call.ships else "n", *(f"{100 * one:.3f}%" for one in (call.effect, call.low, call.high))]


def test_a_milestone_takes_a_call_reveals_and_keeps_the_score(store: Store) -> None:
    day = Day(store, ["perhaps", "1", "2", "3", "y", "5", "6", "7", *called(3, 7)])
    scored = sit_milestone(day.table, 3, 7)
    assert scored.decides
    assert "Please type y or n" in day.sitting.said
    assert "is none" in day.sitting.said
    assert f"{scored.points:.0f} of 100 points" in day.sitting.said
    assert json.loads((store.folder / "milestones.jsonl").read_text())["day"] == 3
    assert store.draft() is None


def test_a_milestone_that_was_left_goes_on_and_counts_on_its_day(store: Store) -> None:
    terms = Terms(start=START, level=Level.SENIOR, hours=0.5, zone="UTC")
    seed = seed_of(terms)
    first, *rest = called(3, seed)
    with pytest.raises(Left):
        sit_milestone(Day(store, [first], day=3).table, 3, seed)
    day = Day(store, [*rest, "s", "s", "s", "s", "s"], day=3)
    play_today(day.table, terms)
    plan = plan_now(store, terms, day.table.now())
    today = plan.on(plan.today)
    assert today is not None
    assert [block.done for block in today.blocks if block.item.work is Work.MILESTONE] == [True]


def test_coverage_is_told_from_three_milestones_on(store: Store) -> None:
    for number in (3, 5, 7):
        day = Day(store, called(number, 7), day=number)
        sit_milestone(day.table, number, 7)
        assert ("Over 3 milestones" in day.sitting.said) is (number == 7)


def test_a_break_of_the_day_has_its_own_line_and_one_hour_is_one() -> None:
    terms = Terms(start=START, level=Level.MID, hours=1.0)
    plan = plan_of(terms, (), START)
    console = Console(file=io.StringIO(), width=80)
    console.print(day_shown(plan), plan_shown(plan))
    said = console.file.getvalue()
    assert said.count("break") == 1
    assert "18:48    10   break" in said
    assert "begin whenever you like" in said
    assert "1 hour a day" in said
