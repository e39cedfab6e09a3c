"""What is said after a session."""

import io
from dataclasses import replace

from rich.console import Console

from heldout.practice.attempt import Attempt, Place, Round
from heldout.practice.session.after import command_of, hesitation_said, pattern_said, seen_in, told_after

KIND = "metric/accuracy-on-a-rare-class"


def attempt(*, score: float, planted: bool = True, seed: int = 1, wait: float = 3.0) -> Attempt:
    share = score / 100
    places = {
        "constant": Place(first_key=wait, answered=wait + 9, points=35 * share, worth=35),
        "verdict": Place(first_key=2.0, answered=9.0, points=45 * share, worth=45),
        "first": Place(first_key=2.0, answered=9.0, points=20 * share, worth=20),
    }
    return Attempt(
        kind=KIND,
        seed=seed,
        difficulty=2,
        planted=planted,
        round=Round.SPEED,
        at="2026-03-02T18:00:00+00:00",
        seconds=60.0,
        score=score,
        places=places,
    )


def said(attempts: list[Attempt], before: int = 0) -> str:
    console = Console(file=io.StringIO(), width=120)
    console.print(*told_after(attempts, before))
    return console.file.getvalue()


def test_nothing_is_said_after_nothing() -> None:
    assert told_after([attempt(score=0)], 1) == ()


def test_the_hesitation_names_the_question_and_the_drill_that_follows_can_be_dealt() -> None:
    text = said([attempt(score=20, wait=41.0)])
    assert "41 s before the first key at “A high accuracy”, constant." in text
    assert "heldout practice drill metric/" in text
    assert "0 of 1 solved" in text


def test_a_pattern_needs_more_than_one_drill() -> None:
    one = [attempt(score=20)]
    assert "Too little to tell from 1 drill" in pattern_said(seen_in(one, []), one)


def test_faults_seen_where_there_is_none_are_the_pattern() -> None:
    clean = [attempt(score=20, planted=False, seed=seed) for seed in range(3)]
    assert "3 of 3 drills without a fault went wrong" in pattern_said(seen_in(clean, []), clean)


def test_a_session_without_loss_says_so() -> None:
    done = [attempt(score=100)]
    assert pattern_said(seen_in(done, []), done) == "Nothing was lost that stands out."


def test_an_untimed_session_has_no_hesitation() -> None:
    assert hesitation_said(seen_in([replace(attempt(score=100), places={})], []).hesitation) == "No question was timed."


def test_a_round_that_went_wrong_comes_again_in_its_round() -> None:
    done = [replace(attempt(score=10), round=Round.EXPLANATION)]
    seen = seen_in(done, [attempt(score=100, seed=2)])
    assert seen.next is not None
    assert ("--round explanation" in command_of(seen.next)) is (seen.next.round is Round.EXPLANATION)


def test_a_hesitation_at_a_blank_file_does_not_name_the_drill_that_dealt_it() -> None:
    text = said([replace(attempt(score=20, wait=41.0), round=Round.BLANK_FILE)])
    assert "41 s before the first key at a blank file of choice of a metric, constant." in text
    assert "A high accuracy" not in text
