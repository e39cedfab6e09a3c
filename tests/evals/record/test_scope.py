"""An accepted scope makes the next brief of one candidate, and no amendment moves a goalpost."""

import datetime as dt
import hashlib
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.evals import tiny

from heldout.core.errors import BadInput
from heldout.evals.record.kinds import Kind, Role
from heldout.evals.record.scope import accept, amended, brief_in_force, opened_in_force, refuse
from heldout.evals.record.workspace import Workspace

START = dt.datetime(2026, 3, 2, 8, 0, tzinfo=dt.UTC)
AMENDMENT = {"narrowed": "no drift", "tradeoffs": "slower to notice", "accepted": "2026-03-02T08:00:00+00:00"}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    tiny.write_eval(tmp_path / "eval", rows=60, days=6)
    workspace = Workspace(folder=tmp_path / "eval", now=lambda: START)
    ledger = workspace.candidate("ada").ledger
    ledger.append(Kind.OPENED, {"agreed": {}}, actor=Role.ORGANISER)
    for number, tradeoffs in ((1, "slower to notice"), (2, ""), (3, "less to read")):
        asked = {"number": number, "narrowed": "no drift alert", "tradeoffs": tradeoffs, "commit": "c"}
        ledger.append(Kind.RESCOPE_ASKED, asked, actor=Role.SERVER)
    return workspace


def test_an_accepted_proposal_makes_the_next_version_with_its_hash_in_the_record(workspace: Workspace) -> None:
    ada = workspace.candidate("ada")
    assert brief_in_force(workspace, ada) == workspace.folder / "brief.toml"

    accept(workspace, ada, 1, why="fair", changes={"deliverables.monitoring": 'Alerts on "latency" only.'})

    path = brief_in_force(workspace, ada)
    opened = opened_in_force(workspace, ada)
    assert path == ada.folder / "briefs" / "brief-2.toml"
    assert opened.brief.eval.version == 2
    assert opened.brief.deliverables.monitoring == 'Alerts on "latency" only.'
    assert [a.tradeoffs for a in opened.brief.amendments] == ["slower to notice"]
    payload = ada.ledger.events()[-1].payload
    assert payload is not None
    assert payload["brief_sha256"] == hashlib.sha256(path.read_bytes()).hexdigest() == opened.sha256
    assert opened.answers_file("final") == workspace.folder / "answers" / "final.parquet"
    assert brief_in_force(workspace, workspace.candidate("bob")) == workspace.folder / "brief.toml"


def test_amendments_follow_each_other_and_a_refusal_changes_nothing(workspace: Workspace) -> None:
    ada = workspace.candidate("ada")
    accept(workspace, ada, 1, why="fair", changes={"window.hours": 60, "window.grace_minutes": 5})
    refuse(workspace, ada, 2, why="no trade-offs")
    accept(workspace, ada, 3, why="fair too")

    brief = opened_in_force(workspace, ada).brief
    assert [amendment.version for amendment in brief.amendments] == [2, 3]
    assert (brief.window.hours, brief.window.grace_minutes) == (60, 5)
    with pytest.raises(BadInput, match="decided already"):
        refuse(workspace, ada, 1, why="again")


def test_a_proposal_without_tradeoffs_cannot_be_accepted(workspace: Workspace) -> None:
    with pytest.raises(BadInput, match="does not state its tradeoffs"):
        accept(workspace, workspace.candidate("ada"), 2, why="kind")
    with pytest.raises(BadInput, match="no scope proposal 9"):
        accept(workspace, workspace.candidate("ada"), 9, why="kind")


def test_no_key_but_those_of_scope_can_be_amended(workspace: Workspace) -> None:
    text = (workspace.folder / "brief.toml").read_text()
    keys = [f"{table}.{name}" for table, values in tomllib.loads(text).items() for name in values]
    amendable = {key for key in keys if key.startswith(("deliverables.", "window."))}

    for key in [*keys, "holdout", "amendments.version", "data.final.sha256", "rubric.monitoring", "people.consent"]:
        if key in amendable:
            continue
        with pytest.raises(BadInput, match="cannot be amended"):
            amended(text, {key: 1}, AMENDMENT)
    assert amendable == {"deliverables.code", "deliverables.documentation", "deliverables.monitoring", "window.hours"}


def test_everything_that_is_not_amended_stays_as_it_was_written(workspace: Workspace) -> None:
    text = (
        (workspace.folder / "brief.toml")
        .read_text()
        .replace('code = "A repository."', "# what we want\ncode = '''\nA\nrepository.'''  # really")
    )

    new = amended(text, {"deliverables.code": "Less."}, AMENDMENT)

    kept = [line for line in text.split("\n") if line.strip() and line in new.split("\n")]
    assert "# what we want" in kept
    before, after = tomllib.loads(text), tomllib.loads(new)
    assert after["deliverables"]["code"] == "Less."
    assert {key: after[key] for key in after if key not in ("eval", "deliverables", "amendments")} == {
        key: before[key] for key in before if key not in ("eval", "deliverables")
    }


def test_a_brief_that_cannot_be_edited_safely_is_refused(workspace: Workspace) -> None:
    text = (workspace.folder / "brief.toml").read_text().replace("[window]\nhours = 48", "")
    text = "window = { hours = 48 }\n" + text

    with pytest.raises(BadInput, match="cannot be amended"):
        amended(text, {"window.hours": 60}, AMENDMENT)


def test_a_value_that_the_brief_cannot_take_is_refused_and_nothing_is_written(workspace: Workspace) -> None:
    ada = workspace.candidate("ada")
    with pytest.raises(BadInput, match=r"window\.hours"):
        accept(workspace, ada, 1, why="fair", changes={"window.hours": -1})
    assert not (ada.folder / "briefs").exists()
    assert len(ada.ledger.events()) == 4


def test_an_amended_brief_that_was_changed_afterwards_is_not_in_force(workspace: Workspace) -> None:
    ada = workspace.candidate("ada")
    accept(workspace, ada, 1, why="fair")
    path = brief_in_force(workspace, ada)
    path.write_text(path.read_text().replace("minimum = 0.02", "minimum = 0.01"))

    with pytest.raises(BadInput, match="not the one that was accepted"):
        brief_in_force(workspace, ada)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60))
def test_any_text_of_a_person_stays_text(text: str) -> None:
    brief = tiny.BRIEF.format(train="0" * 64, final="1" * 64, answers="2" * 64)

    after = tomllib.loads(amended(brief, {"deliverables.code": text}, {**AMENDMENT, "narrowed": text}))

    assert after["deliverables"]["code"] == after["amendments"][0]["narrowed"] == text
