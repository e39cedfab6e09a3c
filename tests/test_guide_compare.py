"""Every command that the guide to comparisons shows is run, and prints what the guide says it prints."""

from pathlib import Path

from tests.pages import ROOT, examples, run_examples

GUIDE = ROOT / "docs" / "guide" / "compare.md"


def test_every_command_of_the_guide_prints_what_the_guide_says(tmp_path: Path) -> None:
    assert len(examples(GUIDE)) >= 5
    ended = run_examples(GUIDE, tmp_path, links=("examples", "scripts"))
    assert {code for _, code in ended} == {0}
    assert sorted(path.name for path in (tmp_path / "reports").iterdir()) == ["report.html", "report.json", "report.md"]
