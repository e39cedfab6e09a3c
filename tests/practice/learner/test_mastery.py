"""What is known, how sure, how fast: each number with its n, and undefined where there is little."""

import dataclasses
import datetime as dt
import random
from itertools import pairwise

import pytest

from heldout.practice.attempt import Attempt, Place, Round
from heldout.practice.drill import Family
from heldout.practice.learner.confidence import LEAST, Lean, confidence_of
from heldout.practice.learner.mastery import standings, standings_by_kind
from heldout.practice.learner.pattern import forms_of, pattern_of
from heldout.practice.learner.readiness import current_chance
from heldout.practice.learner.revisits import LONGEST, Chain, due_of, moved_on
from heldout.practice.learner.tracing import CHANCES, PRIOR, Chances, faded, known_by_family, traced

FAMILIES = [family.value for family in Family]
DAY = dt.date(2026, 3, 20)


def attempt(kind="metric/a", *, right=True, done=Round.SPEED, **more):
    given = {"seed": 0, "difficulty": 2, "planted": True, "at": "2026-03-20T18:00:00+00:00", "seconds": 200.0}
    return Attempt(kind=kind, round=done, score=100.0 if right else 40.0, **{**given, **more})


def place(first_key=2.0, points=30.0, worth=30):
    return Place(first_key=first_key, answered=first_key + 5, points=points, worth=worth)


def test_knowledge_tracing_is_bayes_rule_and_a_chance_to_learn():
    # P(known | right) = .4 × .9 / (.4 × .9 + .6 × .2); then one in ten of the rest learns
    assert traced(0.4, True, Chances(guess=0.2, slip=0.1), learns=0.1) == pytest.approx(0.75 + 0.25 * 0.1)
    # P(known | wrong) = .4 × .1 / (.4 × .1 + .6 × .8)
    assert traced(0.4, False, Chances(guess=0.2, slip=0.1), learns=0.0) == pytest.approx(0.04 / 0.52)
    for done in Round:
        for known in (0.01, 0.35, 0.99):
            assert traced(known, False, CHANCES[done]) < traced(known, True, CHANCES[done]) < 1


def test_code_from_nothing_says_more_than_a_closed_question():
    assert traced(PRIOR, True, CHANCES[Round.BLANK_FILE]) > traced(PRIOR, True, CHANCES[Round.SPEED])


def test_what_is_known_fades_to_the_prior_and_never_up():
    assert PRIOR < faded(0.9, 20) < faded(0.9, 5) < 0.9
    assert faded(0.1, 20) == 0.1


def test_a_placement_comes_before_the_attempts():
    known = known_by_family([attempt()], {"metric": (0, 2), "splits": (2, 2)})
    assert known["metric"] < known_by_family([attempt()])["metric"]
    assert known["splits"] > 0.8
    assert "leakage" not in known


def test_a_standing_has_accuracy_speed_and_the_question_that_took_longest_to_begin():
    tried = [
        attempt("metric/a", right=number % 2 == 0, seconds=100.0 + number, places={f"q{number}": place(float(number))})
        for number in range(8)
    ]
    tried.append(attempt("metric/b", done=Round.EXPLANATION, revealed=True))
    found = standings(tried)["metric"]
    assert (found.accuracy.value, found.accuracy.n) == (pytest.approx(4 / 9), 9)  # the reveal earns nothing
    assert found.by_round[Round.SPEED].n == 8
    assert Round.BLANK_FILE not in found.by_round
    assert found.seconds.low <= found.seconds.value == 103.5 <= found.seconds.high
    assert (found.slowest.question, found.slowest.seconds) == ("q7", 7.0)
    by_kind = standings_by_kind(tried)
    assert list(by_kind) == ["metric/a", "metric/b"]
    assert by_kind["metric/b"].seconds.undefined_because == "no speed round yet"
    assert by_kind["metric/b"].slowest is None


def learner_of(said, chance, n=200):
    rng = random.Random(1)
    return [attempt(f"metric/{number % 40}", right=rng.random() < chance, confidence=said) for number in range(n)]


@pytest.mark.parametrize(
    ("said", "chance", "lean"), [(0.9, 0.5, Lean.OVER), (0.4, 0.8, Lean.UNDER), (0.7, 0.7, Lean.NEITHER)]
)
def test_confidence_leans_only_where_its_interval_leaves_out_zero(said, chance, lean):
    found = confidence_of(learner_of(said, chance))
    assert found.lean is lean
    assert found.n == 200
    assert found.gap.value == pytest.approx(said - chance, abs=0.1)
    assert sum(one.rows for one in found.curve) == 200
    assert 0 <= found.brier.value <= 1


def test_confidence_is_unknown_below_ten_attempts_and_reveals_do_not_count():
    few = learner_of(0.9, 0.5, LEAST - 1)
    found = confidence_of(
        [*few, dataclasses.replace(few[0], revealed=True), dataclasses.replace(few[0], confidence=None)]
    )
    assert found.lean is Lean.UNKNOWN
    assert found.n == LEAST - 1
    assert str(LEAST) in found.brier.undefined_because
    assert found.curve == ()


def test_confidence_that_never_varies_and_is_always_right_has_no_interval_and_says_why():
    found = confidence_of([attempt(f"metric/{n}", confidence=1.0) for n in range(LEAST)])
    assert found.lean is Lean.UNKNOWN
    assert found.gap.undefined_because


def test_the_pattern_names_the_form_and_family_that_lose_and_the_drill_that_removes_it():
    kinds = {"metric": ("metric/a", "metric/b"), "leakage": ("leakage/a", "leakage/b")}
    session = [
        attempt("metric/a", places={"number": place(2.0, 10.0), "choice": place(1.0)}),
        attempt("metric/b", places={"number": place(2.0, 0.0), "choice": place(1.5)}),
        *(
            attempt("leakage/b", right=False, places={"number": place(30.0 - n, 5.0), "choice": place(1.0)})
            for n in range(3)
        ),
    ]
    found = pattern_of(session, [], kinds, forms=lambda _: {"number": "number", "choice": "choice"})
    assert (found.form.name, found.form.n) == ("number", 5)
    assert found.form.share == pytest.approx(1 - 25 / 150)
    assert found.family.name == "leakage"
    assert (found.hesitation.question, found.hesitation.seconds) == ("number", 30.0)
    assert (found.next.kind, found.next.round) == ("leakage/b", Round.SPEED)
    assert "60% of the points lost in 3 drills" in found.next.because


def test_little_shows_no_pattern_and_still_names_the_next_drill():
    found = pattern_of([attempt(places={"q": place()})], [], {"metric": ("metric/a",)}, forms=lambda _: {})
    assert (found.form, found.family) == (None, None)
    assert found.next.kind == "metric/a"
    empty = pattern_of([], [], {"metric": ("metric/a",)}, forms=lambda _: {})
    assert (empty.next, empty.hesitation) == (None, None)


def test_the_forms_of_an_attempt_come_from_its_drill_built_again():
    found = forms_of(attempt("metric/accuracy-on-a-rare-class"))
    assert found == {"constant": "number", "verdict": "choice", "first": "choice"}
    assert forms_of(attempt("metric/that-has-left-the-deck")) == {}


def test_a_fault_comes_on_days_two_and_five_and_then_every_five_days():
    chain = moved_on(None, Round.SPEED, DAY)
    days = []
    for _ in range(5):
        due = due_of(chain)
        days.append(((due.day - DAY).days, due.round))
        chain = moved_on(chain, due.round, due.day)
    assert days == [
        (2, Round.EXPLANATION),
        (5, Round.BLANK_FILE),
        (10, Round.SPEED),
        (15, Round.SPEED),
        (20, Round.SPEED),
    ]
    assert all(b - a <= LONGEST for (a, _), (b, _) in pairwise(days))


def test_a_late_explanation_puts_the_blank_file_off_and_only_a_speed_round_opens_a_fault():
    late = DAY + dt.timedelta(days=6)
    chain = moved_on(Chain(opened=DAY, last=DAY), Round.EXPLANATION, late)
    assert due_of(chain).day == late + dt.timedelta(days=2)
    assert moved_on(None, Round.EXPLANATION, DAY) is None
    assert moved_on(None, Round.BLANK_FILE, DAY) is None


def test_the_chance_today_weighs_families_evenly_and_is_undefined_where_little_was_seen():
    often = [attempt(f"{FAMILIES[0]}/a", right=False) for _ in range(60)]
    others = [attempt(f"{family}/a") for family in FAMILIES[1:] for _ in range(4)]
    found = current_chance([*often, *others], FAMILIES, difficulty=2)
    assert 0.75 < found.value < 0.95
    assert found.low < found.value < found.high
    assert found.n == 96
    for few in (often, others[:19], [dataclasses.replace(one, difficulty=1) for one in others]):
        assert not current_chance(few, FAMILIES, difficulty=2).is_defined
