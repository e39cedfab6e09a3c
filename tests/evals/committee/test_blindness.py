"""Blind until the lock: no name, no address, no order, no hour, and nobody else's sheet."""

import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path

import pytest
from tests.evals.committee.graded import ADDRESS, AUTHOR, WHY, graded, invited, new_eval, opened, rated, submitted

from heldout.core.errors import BadInput
from heldout.evals.committee import declare_conflict, lock, save, work_for_rater, works_for
from heldout.evals.committee.works import work_called, work_named, works_of
from heldout.evals.record.kinds import Kind, Role
from heldout.evals.record.workspace import Workspace

TELLING = ("hopper", "Grace", "grace.", "navy", "turing", "bletchley", "14:30", "2026-03-02")


@pytest.fixture
def told(workspace: Workspace) -> Workspace:
    """ada said a lot, under her name."""
    ledger = workspace.candidate("ada").ledger
    update = {"commit": "c", "stated_at": "2026-03-02 14:30", "place": 1, "done": f"{AUTHOR} began.", "next": "More."}
    update |= {"assumptions": "", "metrics": [{"name": "auc", "value": 0.7, "commit": "c"}], "line": 1, "number": 1}
    ledger.append(Kind.UPDATE, update, actor=Role.SERVER)
    ledger.append(Kind.UPDATE, {**update, "done": "Begun by ada.", "number": 2, "replaces": 1}, actor=Role.SERVER)
    ledger.append(Kind.QUESTION, {"number": 1, "text": "Why? Hopper", "topic": None}, actor=Role.SERVER)
    ledger.append(Kind.ANSWER, {"question": 1, "text": "So it is, Grace."}, actor=Role.ORGANISER)
    ledger.append(Kind.ACCOMMODATED, {"hours": 2, "what": "a quiet room"}, actor=Role.ORGANISER)
    ledger.append(Kind.REPLIED, {"line": "REP001", "text": f"I, {AUTHOR}, pinned it: {ADDRESS}."}, actor=Role.CANDIDATE)
    invited(workspace, "Kim", "Lou")
    return workspace


def test_what_a_rater_sees_holds_nothing_that_tells_who_made_it(told: Workspace) -> None:
    work = work_called(told, "ada")
    shown = work_for_rater(told, "Kim", work.name)
    text = json.dumps(asdict(shown), default=str)
    assert len(text) > 2_000
    for word in TELLING:
        assert word.lower() not in text.lower().replace("ask grace", ""), word
    assert '"ada' not in text
    assert " ada" not in text
    assert work.commit not in text
    assert "quiet room" not in text
    assert shown.card.submission == work.name
    assert shown.is_whole


def test_what_is_shown_is_the_evidence_of_each_leaf_the_files_and_what_was_said(told: Workspace) -> None:
    shown = work_for_rater(told, "Kim", work_called(told, "ada").name)
    found = {one.leaf.name: [finding.code for finding in one.findings] for one in shown.leaves}
    assert found == {"architecture": ["ARC001"], "reproducibility": ["REP001"], "monitoring": [], "collaboration": []}
    assert [finding.code for finding in shown.rest] == ["LEK001"]
    files = {file.path: file for file in shown.files}
    assert files["train.py"].text == "print('train')  # will train\n"
    assert files["README.md"].text == "# Delays\n\nWritten by [name] ([address]). Ask grace, or [name].\n"
    assert (files["model.bin"].text, files["model.bin"].note) == (None, "not shown: no text")
    assert files["UPDATES.md"].text is None
    assert [(said.kind, dict(said.parts)) for said in shown.said] == [
        (Kind.UPDATE, {"done": "Begun by [name].", "next": "More.", "metrics": "auc 0.7"}),
        (Kind.QUESTION, {"text": "Why? [name]"}),
        (Kind.ANSWER, {"text": "So it is, [name]."}),
    ]
    assert shown.card.replies == ("REP001: I, [name], pinned it: [address].",)


def test_others_sheets_are_hidden_until_the_lock(told: Workspace) -> None:
    work = work_called(told, "ada").name
    rated(told, "Lou", work, "staff")
    before = work_for_rater(told, "Kim", work)
    assert before.others == ()
    assert [sheet.rater for sheet in works_for(told, "Kim")] == ["Kim", "Kim"]
    save(told, "Kim", work, "monitoring", level="mid", reason=WHY)
    lock(told, by="Org", why="early")
    after = work_for_rater(told, "Kim", work)
    assert [sheet.rater for sheet in after.others] == ["Lou"]
    assert after.sheet.marks["monitoring"].level == "mid"


def test_a_rater_with_a_conflict_and_a_stranger_see_nothing(told: Workspace) -> None:
    work = work_called(told, "ada").name
    declare_conflict(told, "Kim", work, why="my sister")
    for rater in ("Kim", "Eve"):
        with pytest.raises(BadInput):
            work_for_rater(told, rater, work)
    with pytest.raises(BadInput, match="was not invited"):
        works_for(told, "Eve")


def test_an_unknown_work_is_refused_in_words_that_tell_nothing(told: Workspace) -> None:
    said = []
    for name in ("ada", "nobody", "work-9999"):
        with pytest.raises(BadInput) as refused:
            work_named(told, name)
        said.append(str(refused.value).replace(name, "X"))
    assert len(set(said)) == 1


def test_numbers_are_stable_and_say_nothing_of_name_or_order(tmp_path: Path) -> None:
    """Of 40 evals with two works, the first name has the lower number in about half."""
    first = Counter[bool]()
    folder = new_eval(tmp_path / "eval", "ada", "bob").folder
    workspace = Workspace(folder=folder)
    for _ in range(40):
        names = {work.candidate: work.name for work in works_of(workspace)[0]}
        assert names == {work.candidate: work.name for work in works_of(workspace)[0]}
        assert len(set(names.values())) == 2
        first[names["ada"] < names["bob"]] += 1
        (folder / "committee" / "works.json").unlink()
    assert 6 <= first[True] <= 34, "40 fair coins leave this once in 100,000"


def test_a_number_is_kept_when_works_come_later_and_none_is_given_twice(workspace: Workspace) -> None:
    before = {work.candidate: work.name for work in works_of(workspace)[0]}
    opened(workspace, "cy")
    submitted(workspace, "cy")
    graded(workspace, "cy")
    after = {work.candidate: work.name for work in works_of(workspace)[0]}
    assert {name: after[name] for name in before} == before
    assert len(set(after.values())) == 3


def test_raters_are_given_works_in_orders_of_their_own(workspace: Workspace) -> None:
    raters = [f"Rater {number}" for number in range(12)]
    invited(workspace, *raters)
    orders = {tuple(sheet.work for sheet in works_for(workspace, rater)) for rater in raters}
    assert len(orders) == 2


def test_the_private_names_are_read_by_their_owner_alone(workspace: Workspace) -> None:
    works_of(workspace)
    assert (workspace.folder / "committee").stat().st_mode & 0o077 == 0
    assert (workspace.folder / "committee" / "works.json").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("text", ["", "[1]", '{"work-12": 3}', '{"work-12": ["ada"]}', '{"ada": "work-12"}', "{"])
def test_names_that_were_edited_are_bad_input(workspace: Workspace, text: str) -> None:
    works_of(workspace)
    (workspace.folder / "committee" / "works.json").write_text(text)
    with pytest.raises(BadInput, match="names of the works cannot be read") as refused:
        works_of(workspace)
    assert "ada" not in refused.value.what
