import datetime as dt
import io
import math
from dataclasses import replace

import pytest
from rich.console import Console

from heldout.practice.mock.aim import Level
from heldout.practice.mock.demo import mini_mock
from heldout.practice.mock.readiness import BAR, Outcome, comparable, outcome_of, outcomes_in, readiness, ready_by


def outcomes(*overall: float, level: Level = Level.SENIOR, rubric: int = 1) -> list[Outcome]:
    start = dt.datetime(2026, 1, 5, 9, tzinfo=dt.UTC)
    return [
        Outcome(
            at=(start + dt.timedelta(days=day)).isoformat(),
            level=level,
            rubric=rubric,
            subject=str(day),
            overall=one,
            points=40,
        )
        for day, one in enumerate(overall)
    ]


@pytest.mark.parametrize("overall", [(), (90.0,), (90.0, 95.0)])
def test_nothing_is_said_before_three_mocks(overall: tuple[float, ...]) -> None:
    said = readiness(outcomes(*overall), Level.SENIOR)

    assert said.mean.value is None
    assert said.is_ready is None
    assert f"{3 - len(overall)} more" in said.statement


def test_three_mocks_give_their_mean_with_students_interval_on_log_odds() -> None:
    said = readiness(outcomes(60, 76, 89), Level.SENIOR)

    share = (0.75 * 120 + 1) / 122
    half = 4.302653 * 0.145258 / math.sqrt(3) / (share * (1 - share))
    assert said.mean.value == 75
    assert said.mean.n == 3
    assert said.mean.low == pytest.approx(100 / (1 + math.exp(half) * (1 - share) / share), abs=1e-2)
    assert said.is_ready is None
    assert "cannot be told" in said.statement


def test_the_bar_is_passed_only_where_the_whole_interval_lies_above() -> None:
    assert readiness(outcomes(93, 94, 95), Level.SENIOR).is_ready is True
    assert readiness(outcomes(40, 41, 42), Level.SENIOR).is_ready is False
    assert ready_by([BAR, BAR, BAR], Level.SENIOR, points=40).is_ready is None


@pytest.mark.parametrize("score", [0.0, 50.0, 100.0])
def test_scores_without_spread_are_as_uncertain_as_chance_makes_them(score: float) -> None:
    mean = readiness(outcomes(score, score, score), Level.SENIOR).mean
    assert mean.low is not None
    assert mean.high is not None
    assert 0 <= mean.low <= score <= mean.high <= 100
    assert mean.high - mean.low > 5


def test_other_levels_older_rubrics_and_a_subject_met_again_do_not_count() -> None:
    old = outcomes(10, 10, rubric=1)
    new = outcomes(80, 82, 84, rubric=2)
    again = Outcome(at="2026-02-01T09:00:00+00:00", level=Level.SENIOR, rubric=2, subject="0", overall=100, points=40)
    other = outcomes(5, 5, 5, level=Level.STAFF, rubric=2)

    assert comparable([again, *new, *old, *other], Level.SENIOR) == new


def test_instants_of_two_zones_are_put_in_their_true_order() -> None:
    late = Outcome(at="2026-01-05T09:00:00-08:00", level=Level.MID, rubric=1, subject="s", overall=90, points=40)
    early = Outcome(at="2026-01-05T10:00:00+01:00", level=Level.MID, rubric=1, subject="s", overall=50, points=40)
    assert comparable([late, early], Level.MID) == [early]


def test_lines_of_the_record_that_are_no_outcome_are_left_out() -> None:
    good = {
        "at": "2026-01-05T09:00:00+00:00",
        "level": "mid",
        "rubric": 1,
        "subject": "s",
        "overall": 61.5,
        "points": 40,
    }
    lines = [good, {}, good | {"level": "boss"}, good | {"overall": None}]
    assert [one.overall for one in outcomes_in(lines)] == [61.5]


def test_a_mock_in_which_not_a_word_was_typed_does_not_count() -> None:
    score = mini_mock(Console(file=io.StringIO()))

    assert outcome_of(score) is not None
    assert outcome_of(replace(score, facts=replace(score.facts, words=0))) is None
    assert outcome_of(replace(score, is_finished=False)) is None
