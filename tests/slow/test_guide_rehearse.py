"""The guide to a rehearsal: its commands are run, and print what it says."""

from pathlib import Path

import pytest
from tests.pages import ROOT, examples, run_examples

from heldout.sandbox import probe
from heldout.tools.promtool.program import Promtool

GUIDE = ROOT / "docs" / "guide" / "rehearse.md"


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_every_command_of_the_guide_prints_what_the_guide_says(tmp_path: Path) -> None:
    if probe().level == 0:
        pytest.skip(probe().explanation)
    if Promtool.find() is None:
        pytest.skip("promtool is not installed (make system-deps)")
    codes = [code for _, code in run_examples(GUIDE, tmp_path)]
    assert len(codes) == len(examples(GUIDE)) == 16
    assert codes == [*[0] * 14, 1, 0]  # the alerts of the guide are to be mended
