"""The families on models in service: their rules, code and wording, beside what every kind has to hold."""

import ast
import re

import numpy as np
import pytest

from heldout.practice.deck import deck
from heldout.practice.deck.alerts import Rule, parsed, starts, written
from heldout.practice.deck.growth import at_size, slope
from heldout.practice.drill import Difficulty, Drill, Family, Kind
from heldout.practice.exhibit import Lines, Rows
from heldout.practice.question import Form
from heldout.tools.promtool.program import Promtool

FAMILIES = {Family.MONITORING, Family.REPRODUCIBILITY, Family.COMPLEXITY, Family.SERVING}
KINDS = [kind for kind in deck() if kind.family in FAMILIES]
NUMBER = re.compile(r"[+-]?\d[\d,.:%]*|'[a-z ]+'")
EACH = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.family}/{kind.name}")


@pytest.fixture
def promtool() -> Promtool:
    found = Promtool.find()
    if found is None:
        pytest.skip("promtool is not installed (make system-deps)")
    return found


def drills(kind: Kind, seeds: range = range(3)) -> list[Drill]:
    return [kind.build(seed, one, planted) for seed in seeds for one in Difficulty for planted in (True, False)]


@EACH
def test_the_clean_twin_is_worded_like_the_planted_world(kind) -> None:
    for seed in range(5):
        for difficulty in Difficulty:
            planted, clean = (kind.build(seed, difficulty, one).shown for one in (True, False))
            assert _worded(planted.situation) == _worded(clean.situation)
            assert [one.name for one in planted.exhibits] == [one.name for one in clean.exhibits]
            for one, other in zip(planted.questions, clean.questions, strict=True):
                assert (one.name, _worded(one.ask), one.form, one.worth) == (
                    other.name,
                    _worded(other.ask),
                    other.form,
                    other.worth,
                )
                if one.form is Form.ORDER and one.name == "parts":
                    continue  # the parts are those of the profile, the largest four
                assert sorted(map(_worded, one.options)) == sorted(map(_worded, other.options))


@EACH
def test_the_right_option_stands_at_every_place(kind) -> None:
    drawn = [kind.build(seed, Difficulty.EASY, True) for seed in range(50)]
    for name in (one.name for one in drawn[0].shown.questions if one.form is Form.CHOICE):
        shares = [one.keys[name].credit for one in drawn]
        assert {share.index(1.0) for share in shares} == set(range(len(shares[0])))


@EACH
def test_difficulties_and_seeds_give_different_drills(kind) -> None:
    shown = [repr(one.shown) for one in drills(kind)]
    assert len(set(shown)) == len(shown)


@EACH
def test_exhibits_fit_a_screen_and_code_is_code(kind) -> None:
    for drill in drills(kind):
        for one in drill.shown.exhibits:
            if isinstance(one, Rows):
                assert len(one.rows) <= 40
                assert {len(row) for row in one.rows} == {len(one.columns)}
            if isinstance(one, Lines):
                assert max(map(len, one.text.splitlines())) <= 110
            if isinstance(one, Lines) and one.language == "python":
                ast.parse(one.text)


def test_rules_that_were_written_are_read_again() -> None:
    rule = Rule(
        alert="A", metric="m", threshold=0.5, hold=5, labels={"pod": "a"}, notes={"severity": "page", "runbook": "w/1"}
    )
    (read,) = parsed(written([rule]))
    assert (read.expression, read.hold, read.notes, read.line) == (rule.expression, 5, rule.notes, 4)


def test_a_dip_starts_the_wait_anew() -> None:
    rule = Rule(alert="A", metric="m", threshold=1, hold=3)
    assert starts(rule, range(8), [2, 2, 2, 0, 2, 2, 2, 2]) == [7]
    assert starts(rule, range(7), [2, 2, 2, 0, 2, 2, 2]) == []
    assert starts(Rule(alert="A", metric="m", threshold=1), range(3), [2, 0, 2]) == [0, 2]


def test_promtool_accepts_the_rules_that_are_shown(promtool, tmp_path) -> None:
    files = []
    for drill in (drill for kind in KINDS for drill in drills(kind, range(2))):
        for one in drill.shown.exhibits:
            if isinstance(one, Lines) and one.name == "alerts.yml":
                files.append(tmp_path / f"{len(files)}.yml")
                files[-1].write_text(one.text + "\n")
    assert len(files) > 50
    assert promtool.complaint(["check", "rules", *map(str, files)], tmp_path) == ""


def test_promtool_fires_when_the_key_says(promtool, tmp_path) -> None:
    rng = np.random.default_rng(5)
    rules, tests = [], []
    for number in range(14):
        rule = Rule(alert=f"A{number}", metric=f"m{number}", sign="><"[number % 2], threshold=0.5, hold=number % 7)
        values = (rng.random(30) < 0.8).astype(int) if number % 2 == 0 else (rng.random(30) < 0.2).astype(int)
        begun, minutes = starts(rule, range(30), values.tolist()), range(30)
        fires = [
            any(at <= minute and all(map(rule.is_true, values[int(at) : minute + 1])) for at in begun)
            for minute in minutes
        ]
        rules.append(rule)
        tests.append(
            f"- interval: 1m\n  input_series:\n  - series: {rule.metric}\n    values: '{' '.join(map(str, values))}'\n"
            "  alert_rule_test:\n"
            + "".join(
                f"  - eval_time: {minute}m\n    alertname: {rule.alert}\n"
                f"    exp_alerts: [{'{}' if fires[minute] else ''}]\n"
                for minute in minutes
            )
        )
    (tmp_path / "rules.yml").write_text(written(rules) + "\n")
    head = "rule_files: [rules.yml]\nevaluation_interval: 1m\ntests:\n"
    (tmp_path / "test.yml").write_text(head + "".join(tests))
    assert promtool.complaint(["test", "rules", "test.yml"], tmp_path) == ""


def test_the_slope_is_that_of_least_squares() -> None:
    sizes, seconds = [1e3, 2e3, 5e3, 9e3], [0.2, 0.7, 4.1, 15.0]
    assert slope(sizes, seconds) == pytest.approx(np.polyfit(np.log(sizes), np.log(seconds), 1)[0])
    assert at_size([1, 2], [3, 12], 4) == pytest.approx(48)


def _worded(text: str) -> str:
    return NUMBER.sub("#", text)
