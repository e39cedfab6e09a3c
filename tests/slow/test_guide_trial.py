"""The guide to trying a brief: its commands are run and print what it says, and it names every kind of broken brief."""

from pathlib import Path

import pytest
from tests.pages import ROOT, examples, run_examples

from heldout.core.brief_trial import FlawKind
from heldout.evals.ladder.references import LADDER
from heldout.sandbox import probe
from heldout.tools.promtool.program import Promtool

GUIDE = ROOT / "docs" / "guide" / "trial-a-brief.md"


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_every_command_of_the_guide_prints_what_the_guide_says(tmp_path: Path) -> None:
    if probe().level == 0:
        pytest.skip(probe().explanation)
    if Promtool.find() is None:
        pytest.skip("promtool is not installed (make system-deps)")
    assert len(examples(GUIDE)) == 6
    assert [code for _, code in run_examples(GUIDE, tmp_path)] == [0, 0, 0, 0, 0, 1]


@pytest.mark.slow
def test_the_guide_names_every_reference_and_every_kind_of_broken_brief() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    assert all(f"| {name} |" in text for name in LADDER)
    assert all(f"| {kind.value}" in text for kind in FlawKind)
