"""`heldout eval alerts`: exit codes, JSON, and what it says of repositories that have nothing to try."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from heldout.tools.promtool.program import Promtool

GOOD = "groups: [{name: a, rules: [{alert: FeatureDrift, expr: feature_psi > 0.2, for: 10m}]}]\n"
TEST = """rule_files: [a.yml]
tests:
- interval: 1m
  input_series: [{series: feature_psi, values: '0.15x30 0.25x30'}]
  alert_rule_test:
  - {eval_time: 30m, alertname: FeatureDrift, exp_alerts: []}
  - {eval_time: 50m, alertname: FeatureDrift, exp_alerts: [{exp_labels: {}}]}
"""
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def alerts(tmp_path: Path) -> Run:
    if Promtool.find() is None:
        pytest.skip("promtool is not installed (make system-deps)")

    def run(files: dict[str, str], *options: str) -> subprocess.CompletedProcess[str]:
        for name, text in files.items():
            (tmp_path / name).write_text(text)
        who = ("-c", "user.name=A", "-c", "user.email=a@example.org")
        for command in (("init", "-q"), ("add", "-A"), ("commit", "-q", "-m", "Rules")):
            subprocess.run(["git", *who, *command], cwd=tmp_path, check=True)
        command = [sys.executable, "-m", "heldout", "eval", "alerts", str(tmp_path), *options]
        return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)

    return run


def test_a_repository_without_a_strong_problem_exits_with_0_and_the_score_is_printed(alerts: Run) -> None:
    ran = alerts({"a.yml": GOOD, "t.yml": TEST})
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "mutation score: 5 of 5 mutants found by the tests" in ran.stdout


def test_a_rule_that_never_fires_exits_with_1(alerts: Run) -> None:
    ran = alerts({"a.yml": GOOD.replace("0.2", "20")}, "--json")
    assert ran.returncode == 1
    said = json.loads(ran.stdout)
    assert said["trial"]["alerts"][0]["fired"] == []
    assert {one["code"]: one["answer"]["ending"] for one in said["findings"]}["MON003"] == "problem"


def test_a_repository_without_rules_exits_with_2_and_one_screen(alerts: Run) -> None:
    ran = alerts({"README.md": "nothing"})
    assert ran.returncode == 2
    assert "no alert rule" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert ran.stdout == ""


def test_a_folder_that_is_no_repository_exits_with_2(alerts: Run, tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    command = [sys.executable, "-m", "heldout", "eval", "alerts", str(tmp_path / "plain")]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 2
    assert "Traceback" not in ran.stderr
