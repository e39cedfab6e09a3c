"""A commit's author may be called by one of Heldout's own words: raters read the whole card all the same."""

import pytest
from tests.evals.committee import graded
from tests.evals.committee.graded import FILES, invited, submitted

from heldout.evals.committee import work_for_rater
from heldout.evals.committee.works import work_called
from heldout.evals.record.workspace import Workspace

OWN_WORDS = ("architecture", "REP001", "file", "roc_auc", "bitwise", "reproducibility", "lock")


@pytest.mark.parametrize("author", OWN_WORDS)
def test_an_author_with_a_word_of_ours_for_a_name_hides_no_evidence(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, author: str
) -> None:
    invited(workspace, "Kim")
    monkeypatch.setitem(graded.AUTHORSHIP, "NAME", author)
    submitted(workspace, "ada", {**FILES, "by.txt": f"by {author}"})
    shown = work_for_rater(workspace, "Kim", work_called(workspace, "ada").name)
    found = {one.leaf.name: [finding.code for finding in one.findings] for one in shown.leaves}
    assert found == {"architecture": ["ARC001"], "reproducibility": ["REP001"], "monitoring": [], "collaboration": []}
    kinds = [witness.kind for one in shown.leaves for finding in one.findings for witness in finding.answer.witnesses]
    assert kinds == ["file"]
    assert (shown.card.metric, shown.card.reproducibility) == ("roc_auc", "bitwise")
    assert "by [name]" in [file.text for file in shown.files]
