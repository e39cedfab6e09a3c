"""Every command that the guide to a repository's evidence shows is run, and prints what the guide says it prints."""

import re
from pathlib import Path

from tests.pages import ROOT, examples, run_examples

from heldout.app.look import FAMILIES
from heldout.engine import catalog

GUIDE = ROOT / "docs" / "guide" / "repo-evidence.md"


def test_every_command_of_the_guide_prints_what_the_guide_says(tmp_path: Path) -> None:
    assert len(examples(GUIDE)) == 3
    assert [code for _, code in run_examples(GUIDE, tmp_path)] == [0, 1, 0]


def test_the_guide_names_every_check_of_these_families_but_code() -> None:
    named = set(re.findall(r"\| ([A-Z]{3}\d{3}) \|", GUIDE.read_text(encoding="utf-8")))
    assert named == {check.code for check in catalog() if check.family in FAMILIES and check.family != "code"}
