"""The guide to what comes after the cards, followed to the letter in a copy of an eval with three graded candidates."""

from tests.pages import ROOT, run_examples

from heldout.evals.record.workspace import Workspace

GUIDE = ROOT / "docs" / "guide" / "after-the-eval.md"


def test_the_guide_is_followed_to_the_letter(graded: Workspace) -> None:
    ended = run_examples(GUIDE, graded.folder.parent)

    assert len(ended) == 10
    assert {code for _, code in ended} == {0}
