"""The guide to the monitoring trial: its commands are run and print what it says, and it names what is really done."""

from pathlib import Path

import pytest
from tests.pages import ROOT, examples, run_examples

from heldout.core.monitoring_evidence import OWN, SCENARIOS
from heldout.evals.grading.drift_days import EPISODE_DAYS, EPISODES, SIZES
from heldout.tools.promtool.program import Promtool

GUIDE = ROOT / "docs" / "guide" / "monitoring-trial.md"


def test_every_command_of_the_guide_prints_what_the_guide_says(tmp_path: Path) -> None:
    if Promtool.find() is None:
        pytest.skip("promtool is not installed (make system-deps)")
    assert len(examples(GUIDE)) == 4
    assert [code for _, code in run_examples(GUIDE, tmp_path)] == [0, 0, 0, 1]


def test_the_guide_names_every_scenario_and_the_sizes_of_drift() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    assert all(name in text for name in (*SCENARIOS, OWN))
    assert f"{EPISODES} episodes of {EPISODE_DAYS} days" in text
    assert "{:g}, {:g}, {:g} and {:g} times the smallest".format(*SIZES) in text
