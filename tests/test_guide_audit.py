"""Every command that the guide to audits shows is run, and prints what the guide says it prints."""

from pathlib import Path

from tests.pages import ROOT, examples, run_examples

GUIDE = ROOT / "docs" / "guide" / "audit.md"


def test_every_command_of_the_guide_prints_what_the_guide_says(tmp_path: Path) -> None:
    assert len(examples(GUIDE)) >= 9, "from the alarm to a supported score"
    # threads that wait for each other on a busy machine take many times as long
    ended = run_examples(GUIDE, tmp_path, links=("scripts",), OMP_NUM_THREADS="1")
    audits = [code for command, code in ended if command.startswith("heldout audit")]
    assert audits == [1, 1, 0, 0], "problems in the table, none in the split and in the score on it"
    assert {code for command, code in ended if not command.startswith("heldout audit")} == {0}
