"""The decision: by the rule, with what the organiser set, or by a person; recorded once, read by the candidate."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from tests.evals.committee.graded import WHY

from heldout.app import eval_committee
from heldout.app.eval_committee import decide
from heldout.app.eval_finish import forget
from heldout.core.errors import BadInput
from heldout.core.lift import Band
from heldout.evals.committee import restart
from heldout.evals.committee.adjudication import adjudicate
from heldout.evals.committee.decided_file import read_decisions
from heldout.evals.committee.decision import Decided, deduct, override, set_multiplier, would_be
from heldout.evals.committee.packages import read_packages
from heldout.evals.committee.works import work_called, works_of
from heldout.evals.record.kinds import Kind
from heldout.evals.record.workspace import Workspace

RULE = """[decision]
target_score = 0.9
pass_score = 0.3
[[decision.deductions]]
name = "late"
points = 0.05
when = "handed in after the grace"
"""


def ready(workspace: Workspace) -> str:
    """Set the level that is open, and return bob's work."""
    work = work_called(workspace, "bob").name
    adjudicate(workspace, work, "architecture", level="senior", reason=WHY, by="Org")
    return work


def of_bob(workspace: Workspace) -> Decided:
    (one,) = [one for one in would_be(workspace) if one.candidate == "bob"]
    return one


def test_a_level_that_is_open_keeps_the_decision_away(after: Workspace) -> None:
    bob = work_called(after, "bob").name
    with pytest.raises(BadInput, match=f"1 level is open: {bob}: architecture"):
        decide(after)
    assert not (after.folder / "committee" / "decisions.json").exists()
    assert not [event for event in after.candidate("ada").ledger.events() if event.kind is Kind.DECIDED]


def test_a_decision_is_recorded_once_for_the_candidate_and_names_no_rater(after: Workspace) -> None:
    ready(after)
    decided, path = decide(after)
    decide(after)
    assert {one.candidate: one.band for one in decided} == {"ada": Band.PASS, "bob": Band.PASS}
    for name in ("ada", "bob"):
        (event,) = [event for event in after.candidate(name).ledger.events() if event.kind is Kind.DECIDED]
        text = json.dumps(event.payload)
        assert "Kim" not in text
        assert "Lou" not in text
        assert event.payload is not None
        assert (event.payload["band"], event.payload["levels"]["reproducibility"]) == ("pass", "senior")
    plain = json.loads(path.read_text())["candidates"]
    assert plain["bob"]["leaves"]["architecture"]["given"] == {"Kim": "mid", "Lou": "senior"}
    assert plain["bob"]["levels"]["architecture"] == "senior"
    assert "collaboration" not in plain["ada"]["levels"], "it has no weight, and may stay open"


def test_multiplier_and_deductions_have_an_author_and_a_reason_and_can_be_taken_back(after: Workspace) -> None:
    work = ready(after)
    plain = of_bob(after).ruled.score
    set_multiplier(after, work, 0.5, by="Org", reason="half was agreed upon")
    deduct(after, work, "0.1", by="Org", reason="no lock file given")
    deduct(after, work, 0.02, by="Org", reason="late by a day")
    one = of_bob(after)
    assert one.ruled.score == pytest.approx(plain * 0.5 - 0.12)
    assert [(taken.points, taken.by) for taken in one.rulings.deductions] == [(0.1, "Org"), (0.02, "Org")]
    assert one.rulings.multiplier_reason == "half was agreed upon"
    deduct(after, work, 0, by="Org", reason="it was there after all")
    set_multiplier(after, work, 1, by="Org", reason="agreed to drop it")
    assert of_bob(after).ruled.score == plain


def test_what_the_organiser_sets_is_refused_without_author_reason_or_sense(after: Workspace) -> None:
    work = ready(after)
    for act, says in (
        (lambda: set_multiplier(after, work, -1, by="Org", reason=WHY), "the multiplier is -1"),
        (lambda: set_multiplier(after, work, float("nan"), by="Org", reason=WHY), "the multiplier is nan"),
        (lambda: set_multiplier(after, work, 1, by="", reason=WHY), "nobody sets"),
        (lambda: set_multiplier(after, work, 1, by="Org", reason=""), "fewer than 3 words"),
        (lambda: deduct(after, work, "late", by="Org", reason=WHY), "no deduction"),
        (lambda: deduct(after, work, "nan", by="Org", reason=WHY), "no deduction"),
        (lambda: deduct(after, work, 2, by="Org", reason=WHY), "no deduction"),
        (lambda: set_multiplier(after, work, 1, by="x" * 81, reason=WHY), "cannot be the name of who sets"),
        (lambda: deduct(after, work, 0, by="Org\x1b[31m", reason=WHY), "cannot be the name of who sets"),
        (lambda: deduct(after, work, 0, by="\udcff", reason=WHY), "cannot be the name of who sets"),
        (lambda: adjudicate(after, work, "monitoring", level="mid", by="\u202egrO", reason=WHY), "cannot be the name"),
        (lambda: restart(after, by="x" * 81, why="anew"), "cannot be the name of who begins"),
        (lambda: restart(after, by="Org", why="x" * 5_001), "the reason has 5,001 characters"),
        (lambda: override(after, "work-1", Band.PASS, by="Org", reason=WHY), "was not there"),
    ):
        with pytest.raises(BadInput, match=says):
            act()
    assert of_bob(after).rulings.deductions == ()


def test_a_person_may_give_another_band_and_both_are_kept(after: Workspace) -> None:
    work = ready(after)
    override(after, work, Band.FAIL, by="Org", reason="the interview showed it")
    (one,) = decide(after, [work])[0]
    assert (one.band, one.ruled.band) == (Band.FAIL, Band.PASS)
    override(after, work, None, by="Org", reason="the rule holds after all")
    assert decide(after, [work])[0][0].band is Band.PASS
    events = [event.payload for event in after.candidate("bob").ledger.events() if event.kind is Kind.DECIDED]
    assert [payload["band"] for payload in events if payload] == ["fail", "pass"]
    assert events[0] is not None
    assert events[0]["override"] == {"band": "fail", "by": "Org", "reason": "the interview showed it"}
    assert events[0]["by_rule"] == "pass"


def test_a_rule_that_changed_after_the_lock_is_refused(after: Workspace) -> None:
    ready(after)
    brief = after.folder / "brief.toml"
    brief.write_text(brief.read_text() + RULE)
    with pytest.raises(BadInput, match="the rule of decision of the brief changed since the lock"):
        decide(after)


def test_decisions_of_a_lock_that_was_taken_back_are_none(after: Workspace) -> None:
    work = ready(after)
    decide(after)
    assert len(read_decisions(after)) == 2
    restart(after, [work], by="Org", why="a new card")
    assert read_decisions(after) == {}
    assert not (after.folder / "committee" / "decisions.json").exists()


def test_a_restart_between_deciding_and_writing_leaves_no_decision(
    after: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready(after)

    def overtaken(*said: Any) -> tuple[Decided, ...]:
        decided = would_be(*said)
        restart(after, by="Org", why="a card changed")
        return decided

    monkeypatch.setattr(eval_committee, "would_be", overtaken)
    with pytest.raises(BadInput, match="began anew meanwhile"):
        decide(after)
    assert read_decisions(after) == {}
    assert not [event for event in after.candidate("ada").ledger.events() if event.kind is Kind.DECIDED]


def test_forgetting_a_candidate_deletes_what_raters_said_and_leaves_the_chain(after: Workspace) -> None:
    ready(after)
    decide(after)
    committee = after.candidate("bob").folder / "committee"
    lines = (committee / "ledger.jsonl").read_bytes()
    number = work_called(after, "bob").name

    forget(after, after.candidate("bob"), why="asked for it")
    forget(after, after.candidate("bob"), why="asked again")

    assert (committee / "ledger.jsonl").read_bytes().startswith(lines)
    for path in (path for path in after.folder.rglob("*") if path.is_file() and "committee" in path.parts):
        if "ada" not in path.parts:
            assert WHY.encode() not in path.read_bytes(), path
            assert b'"bob"' not in path.read_bytes(), path
    assert set(read_decisions(after)) == {"ada"}
    assert [work.candidate for work in works_of(after)[0]] == ["ada"]
    assert number in json.loads((after.folder / "committee" / "works.json").read_text()), "it is not given again"
    with pytest.raises(BadInput, match="what the record held was deleted"):
        work_called(after, "bob")
    assert len(would_be(after)) == 1


def test_neither_the_candidates_ledger_nor_a_bundle_folder_holds_a_sheet(after: Workspace) -> None:
    ready(after)
    decide(after)
    record = after.candidate("bob")
    for part in ("ledger.jsonl", "payloads"):
        path = record.folder / part
        for file in [path] if path.is_file() else sorted(path.iterdir()):
            assert WHY.encode() not in file.read_bytes()
            assert b"Kim" not in file.read_bytes()


def test_packages_are_the_organisations_own_file(tmp_path: Path) -> None:
    path = tmp_path / "packages.toml"
    path.write_text('[pass]\nmid = "Step 3"\n[target]\nstaff = "Step 9"\n')
    table = read_packages(path)
    assert table.text(Band.PASS, "mid") == "Step 3"
    assert table.text(Band.TARGET, "staff") == "Step 9"
    assert table.text(Band.FAIL, "mid") is None
    for text, says in (
        ('[best]\nmid = "x"\n', "unknown key best"),
        ("[pass]\nmid = 3\n", "mid is 3"),
        ("[", "not TOML"),
    ):
        path.write_text(text)
        with pytest.raises(BadInput, match=says):
            read_packages(path)
    with pytest.raises(BadInput, match="cannot read"):
        read_packages(tmp_path / "none.toml")


def test_an_announced_deduction_is_made_by_its_name(all_rated: Path, two_graded: Path, tmp_path: Path) -> None:
    """The rule stood in the brief before the lock."""
    from tests.evals.committee.graded import invited, rated

    folder = tmp_path / "eval"
    shutil.copytree(two_graded, folder)
    (folder / "brief.toml").write_text((folder / "brief.toml").read_text() + RULE)
    workspace = Workspace(folder=folder.resolve())
    invited(workspace, "Kim", "Lou")
    for rater in ("Kim", "Lou"):
        for work in works_of(workspace)[0]:
            rated(workspace, rater, work.name, "mid")
    work = work_called(workspace, "bob").name
    assert of_bob(workspace).band is Band.PASS
    deduct(workspace, work, "late", by="Org", reason="two hours after the grace")
    one = of_bob(workspace)
    assert one.rulings.deductions[0].points == 0.05
    assert one.band is Band.FAIL, "a third less 0.05 is below 0.3"
