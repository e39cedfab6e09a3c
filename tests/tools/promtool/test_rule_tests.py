"""The tests that a submission ships for its rules are run, and can read nothing but the submission."""

from collections.abc import Callable
from pathlib import Path

import pytest

from heldout.core.repository import Repository
from heldout.tools.promtool import test as run_tests

Make = Callable[..., Repository]

RULES = "groups:\n- name: a\n  rules:\n  - alert: Down\n    expr: up == 0\n"


def shipped(rules: str, values: str = "0x20", job: str = "a") -> str:
    return f"""rule_files: [{rules}]
evaluation_interval: 1m
tests:
- interval: 1m
  input_series: [{{series: 'up{{job="a"}}', values: '{values}'}}]
  alert_rule_test:
  - {{eval_time: 10m, alertname: Down, exp_alerts: [{{exp_labels: {{job: {job}}}}}]}}
"""


@pytest.mark.usefixtures("promtool")
def test_tests_that_pass_and_tests_that_fail_are_told_apart(repository: Make) -> None:
    files = {"m/rules.yml": RULES, "m/good.yml": shipped("rules.yml"), "m/t/bad.yml": shipped("../*.yml", job="b")}
    found = run_tests(repository(**files))
    assert found.judge.startswith("promtool ")
    assert found.passed == ("m/good.yml",)
    ((path, message),) = found.failed
    assert path == "m/t/bad.yml"
    assert message.isprintable()


@pytest.mark.usefixtures("promtool")
@pytest.mark.parametrize("named", ["{outside}", "../rules.yml", "'*/../../rules.yml'", "x/../../rules.yml"])
def test_a_test_cannot_reach_a_file_outside_the_repository(repository: Make, tmp_path: Path, named: str) -> None:
    (tmp_path / "rules.yml").write_text(RULES)
    found = run_tests(repository(**{"t.yml": shipped(named.format(outside=tmp_path / "rules.yml"))}))
    assert found.failed == (("t.yml", "rule_files names a file outside the repository"),)


@pytest.mark.usefixtures("promtool")
def test_a_test_that_asks_for_endless_series_is_ended_within_its_limits(repository: Make) -> None:
    found = run_tests(repository(**{"r.yml": RULES, "t.yml": shipped("r.yml", values="0x20000000000")}))
    assert found.failed[0][0] == "t.yml"
    assert "within its limits" in found.failed[0][1]


@pytest.mark.usefixtures("promtool")
@pytest.mark.parametrize("rules", ["3", "[a]", "{a: b}"])
def test_rule_files_of_another_shape_fail_the_test(repository: Make, rules: str) -> None:
    found = run_tests(repository(**{"t.yml": f"rule_files: {rules}\ntests: []\n"}))
    assert [path for path, _ in found.failed] == ["t.yml"] or rules == "[a]"


@pytest.mark.usefixtures("without_promtool")
def test_without_promtool_no_test_is_said_to_have_passed(repository: Make) -> None:
    found = run_tests(repository(**{"r.yml": RULES, "t.yml": shipped("r.yml")}))
    assert (found.judge, found.passed, found.failed) == ("nobody (promtool is not installed)", (), ())
