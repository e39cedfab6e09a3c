"""The monitoring exercise under the real promtool: right rules are told right, careless ones what they miss."""

import pytest
from tests.practice.rehearsal.rules import CARELESS, RIGHT

from heldout.core.repository import Repository
from heldout.practice.rehearsal.alarms import Alarms, alarms, windows_of
from heldout.practice.rehearsal.exercise import INTERVAL, RECOVERY, TOPICS, draw
from heldout.practice.rehearsal.words import alarm_lines
from heldout.tools import promtool
from heldout.tools.promtool.program import Promtool


def judged(rules: str, seed: int) -> Alarms:
    if Promtool.find() is None:
        pytest.skip("promtool is not installed (make system-deps)")
    exercise = draw(seed)
    repository = Repository(commit="", files={"alerts.yml": rules.encode()})
    return alarms(exercise, promtool.play(repository, exercise.series, windows_of(exercise), interval=INTERVAL))


def test_the_rules_that_the_description_asks_for_tell_everything_and_nothing_else() -> None:
    found = judged(RIGHT, seed=11)
    assert found.is_clean
    assert [one.ending for one in found.told] == ["in time"] * 6
    assert found.harmless == 21


def test_careless_rules_are_told_what_they_missed_and_what_they_told_in_vain() -> None:
    found = judged(CARELESS, seed=11)
    assert not found.is_clean
    assert {one.alert for one in found.false_alarms} == {"CpuHigh"}
    assert {wrong.stretch.what for wrong in found.false_alarms} == {"an import"}
    assert {(one.stretch.topic, one.ending) for one in found.told} == {
        ("CPU", "in time"),
        ("latency", "too late"),
        ("drift", "missed"),
    }
    assert (found.untold, found.apart) == (("drift",), ("Elsewhere",))
    said = "\n".join(alarm_lines(found))
    assert "false alarm: CpuHigh at" in said
    assert "told in time: 2 of 6; false alarms: 2 in" in said


def test_rules_that_promtool_refuses_are_no_alarms() -> None:
    found = judged(RIGHT.replace("> 3.5", "> > 3.5"), seed=11)
    assert not found.is_clean
    assert found.refused
    assert not found.false_alarms


def test_the_stretches_of_a_topic_do_not_overlap_and_each_has_two_that_are_bad() -> None:
    for seed in range(50):
        stretches = draw(seed).stretches
        for topic in (one.topic for one in TOPICS):
            mine = [one for one in stretches if one.topic == topic]
            assert [one.is_bad for one in mine].count(True) == 2
            ends = [one.end + (RECOVERY if one.is_bad else 0) for one in mine]
            assert all(end <= following.begin for end, following in zip(ends, mine[1:], strict=False))
            assert all(one.begin < one.end for one in mine)


def test_a_seed_draws_the_same_series_and_another_one_others() -> None:
    assert draw(4) == draw(4)
    assert draw(4).series != draw(5).series
