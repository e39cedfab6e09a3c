"""The guide to the committee day, followed to the letter; what raters do in a browser is sent between its parts."""

import re
from pathlib import Path

from tests.evals.committee import graded
from tests.guides import people
from tests.pages import ROOT
from tests.web.committee import sent, whole_sheet, work_of

from heldout.app.eval_open import reconcile_all
from heldout.evals.committee import state_of
from heldout.evals.record.workspace import Workspace

RULE = "[decision]\npass_score = 0.4\n"
DIFFERENT = {"ada": {"architecture.level": "staff"}, "bob": {"monitoring.level": "senior"}}


def test_the_committee_day_goes_as_the_guide_says(tmp_path: Path) -> None:
    with people((ROOT / "docs" / "guide" / "committee.md", tmp_path / "organiser")) as (organiser,):
        workspace = graded.new_eval(organiser.place / "eval", "ada", "bob", decision=RULE)
        reconcile_all(workspace.folder)
        for section in ("Invite", "Who is finished"):
            organiser.follow(section)
        tokens = dict(re.findall(r"token of rater (.+), shown once: (\S+)", "".join(organiser.said)))
        for name, more in DIFFERENT.items():
            path = f"/works/{work_of(workspace, name)}/final"
            for rater, fields in (("Kim Lee", {}), ("Ola Berg", more)):
                assert sent(int(organiser.port), tokens[rater], path, whole_sheet() | fields).status == 303
        for section in ("The lock", "How far raters agree", "Adjudicate", "Decide"):
            organiser.follow(section)

        assert not organiser.left
        assert {code for _, code in organiser.codes} == {0}
    assert state_of(Workspace(folder=organiser.place / "eval")).lock is not None


def test_what_the_guide_quotes_is_said_somewhere() -> None:
    text = (ROOT / "docs" / "guide" / "committee.md").read_text(encoding="utf-8")
    said = "".join(
        path.read_text(encoding="utf-8")
        for kind in ("*.py", "*.js", "*.html")
        for path in (ROOT / "src" / "heldout").rglob(kind)
        if "committee" in path.parts or "web" in path.parts
    )
    table = text.partition("## If something goes wrong")[2]
    for quoted in re.findall(r"^\| `([^`]+)` \|", table, re.MULTILINE):
        for part in (part.strip() for part in quoted.split("...")):
            assert part in said, part
    for button in ("I have a conflict of interest", "This sheet is final"):
        assert button in said
    assert (ROOT / "docs" / "images" / "committee-sheet.png").is_file()
