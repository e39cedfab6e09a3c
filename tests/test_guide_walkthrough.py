"""The guide to walkthroughs: its commands are run on a small graded eval, and print what it says."""

from pathlib import Path

import pytest
from tests.evals import tiny
from tests.evals.walkthrough.conftest import careful_tree
from tests.pages import ROOT, run_examples
from tests.web.served import git, open_for

from heldout.app.eval_grade import grade_recorded
from heldout.app.eval_receive import catch_up
from heldout.sandbox import probe
from heldout.tools.promtool.program import Promtool

GUIDE = ROOT / "docs" / "guide" / "walkthrough.md"


def test_every_command_of_the_guide_prints_what_the_guide_says(tmp_path: Path) -> None:
    if probe().level == 0:
        pytest.skip(probe().explanation)
    if Promtool.find() is None:
        pytest.skip("promtool is not installed (make system-deps)")
    tiny.write_eval(tmp_path / "eval", rows=1500, days=50)
    (tmp_path / "eval" / "kit").mkdir()
    (tmp_path / "eval" / "commitment.json").write_text('{"commitment": "' + "c" * 64 + '"}')
    site, _ = open_for(tmp_path / "eval", "ada")
    record = site.workspace.candidate("ada")
    tree = tiny.write_repository(tmp_path / "tree", careful_tree())
    git("push", "--quiet", str(record.repository), "HEAD:refs/heads/main", "HEAD:refs/tags/submit", cwd=tree)
    catch_up(site.workspace, record)
    grade_recorded(site.workspace, record)

    assert [code for _, code in run_examples(GUIDE, tmp_path)] == [0, 0]
