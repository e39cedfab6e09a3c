"""Alert rules as drills show and evaluate them, held against promtool."""

import numpy as np
import pytest

from heldout.practice.deck import deck
from heldout.practice.deck.alerts import Rule, parsed, starts, written
from heldout.practice.drill import Difficulty, Drill, Family, Kind
from heldout.practice.exhibit import Lines
from heldout.tools.promtool.program import Promtool

FAMILIES = {Family.MONITORING, Family.REPRODUCIBILITY, Family.COMPLEXITY, Family.SERVING}
KINDS = [kind for kind in deck() if kind.family in FAMILIES]


@pytest.fixture
def promtool() -> Promtool:
    found = Promtool.find()
    if found is None:
        pytest.skip("promtool is not installed (make system-deps)")
    return found


def drills(kind: Kind, seeds: range = range(3)) -> list[Drill]:
    return [kind.build(seed, one, planted) for seed in seeds for one in Difficulty for planted in (True, False)]


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
