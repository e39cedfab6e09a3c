"""The lock: by itself when all is final, early for a reason, and what it holds."""

import shutil

import pytest
from tests.evals.committee.graded import graded, invited, opened, rated, submitted

from heldout.app.eval_committee import committee_status
from heldout.core.errors import BadInput
from heldout.evals.committee import declare_conflict, finalise, lock, restart
from heldout.evals.committee.locked import locked
from heldout.evals.committee.roster import invite
from heldout.evals.committee.sheets import state_of
from heldout.evals.committee.works import works_of
from heldout.evals.record.kinds import Role
from heldout.evals.record.workspace import Workspace


@pytest.fixture
def works(workspace: Workspace) -> list[str]:
    invited(workspace, "Kim", "Lou")
    return [work.name for work in works_of(workspace)[0]]


def test_the_lock_comes_by_itself_with_the_last_final_sheet(workspace: Workspace, works: list[str]) -> None:
    for rater in ("Kim", "Lou"):
        for work in works:
            assert state_of(workspace).lock is None
            rated(workspace, rater, work)
    lock_ = state_of(workspace).lock
    assert lock_ is not None
    assert (lock_.by, lock_.missing, sorted(lock_.works)) == ("", (), sorted(works))
    assert {work: set(said) for work, said in lock_.sheets.items()} == {work: {"Kim", "Lou"} for work in works}
    assert lock(workspace, by="Org") == lock_, "locking twice changes nothing"
    assert committee_status(workspace).waits_for == ()


def test_a_sheet_that_was_taken_back_keeps_the_lock_away(workspace: Workspace, works: list[str]) -> None:
    rated(workspace, "Kim", works[0])
    finalise(workspace, "Kim", works[0], is_final=False)
    for rater, work in (("Kim", works[1]), ("Lou", works[0]), ("Lou", works[1])):
        rated(workspace, rater, work)
    assert committee_status(workspace).waits_for == (f"Kim has not finished {works[0]}.",)
    finalise(workspace, "Kim", works[0])
    assert state_of(workspace).lock is not None


def test_the_last_conflict_brings_the_lock_too_and_its_sheet_counts_nowhere(
    workspace: Workspace, works: list[str]
) -> None:
    invite(workspace, "Max")
    for rater in ("Kim", "Lou"):
        for work in works:
            rated(workspace, rater, work)
    rated(workspace, "Max", works[0], final=False)
    rated(workspace, "Max", works[1])
    declare_conflict(workspace, "Max", works[0], why="my cousin")
    assert state_of(workspace).lock is not None
    assert set(locked(workspace).sheets[works[0]]) == {"Kim", "Lou"}
    assert set(locked(workspace).sheets[works[1]]) == {"Kim", "Lou", "Max"}


def test_the_lock_waits_for_works_that_are_to_come_and_names_no_candidate(
    workspace: Workspace, works: list[str]
) -> None:
    opened(workspace, "cy")
    for rater in ("Kim", "Lou"):
        for work in works:
            rated(workspace, rater, work)
    assert committee_status(workspace).waits_for == ("1 more work is to come.",)
    submitted(workspace, "cy")
    graded(workspace, "cy")
    status = committee_status(workspace)
    assert len(status.waits_for) == 2
    assert all(word not in " ".join(status.waits_for) for word in ("ada", "bob", "cy"))


def test_an_early_lock_names_the_missing_and_asks_for_a_reason_below_two_raters(
    workspace: Workspace, works: list[str]
) -> None:
    for work in works:
        rated(workspace, "Kim", work)
    rated(workspace, "Lou", works[0])
    with pytest.raises(BadInput, match=f"fewer than 2 final sheets: {works[1]}"):
        lock(workspace, by="Org")
    with pytest.raises(BadInput, match="nobody locks"):
        lock(workspace, by=" ", why="x")
    assert state_of(workspace).lock is None
    done = lock(workspace, by="Org", why="Lou is ill")
    assert (done.by, done.why, done.missing) == ("Org", "Lou is ill", (f"Lou on {works[1]}",))
    with pytest.raises(BadInput, match="the sheets were locked"):
        invite(workspace, "Max")
    assert invite(workspace, "Ann", role=Role.ADJUDICATOR).name == "Ann"


def test_no_work_is_not_locked(workspace: Workspace) -> None:
    for name in ("ada", "bob"):
        (workspace.candidate(name).folder / "graded" / name / "card.json").unlink()
    invited(workspace, "Kim", "Lou")
    with pytest.raises(BadInput, match="there is no work to be rated"):
        lock(workspace, by="Org", why="so")
    assert committee_status(workspace).waits_for == ("There is no work to be rated yet.",)


def test_a_rubric_or_a_card_that_changed_is_not_locked(workspace: Workspace, works: list[str]) -> None:
    brief = workspace.folder / "brief.toml"
    before = brief.read_text()
    for rater in ("Kim", "Lou"):
        for work in works:
            rated(workspace, rater, work, final=(rater, work) != ("Lou", works[1]))
    brief.write_text(before.replace("architecture = 0.4", "architecture = 0.3").replace("ing = 0.3", "ing = 0.4"))
    with pytest.raises(BadInput, match="the rubric of the brief changed since"):
        lock(workspace, by="Org", why="early")
    brief.write_text(before)
    graded(workspace, "ada", reproducibility="fails")
    with pytest.raises(BadInput, match=r"the card of work-\d+ changed since"):
        lock(workspace, by="Org", why="early")


@pytest.mark.parametrize("what", ["rubric", "rule", "card", "sheet"])
def test_what_changed_after_the_lock_is_named(workspace: Workspace, works: list[str], what: str) -> None:
    for rater in ("Kim", "Lou"):
        for work in works:
            rated(workspace, rater, work)
    assert locked(workspace).works
    brief = workspace.folder / "brief.toml"
    if what == "rubric":
        brief.write_text(
            brief.read_text().replace("architecture = 0.4", "architecture = 0.3").replace("g = 0.3", "g = 0.4")
        )
    elif what == "rule":
        brief.write_text(brief.read_text() + "[decision]\npass_score = 0.5\n")
    elif what == "card":
        graded(workspace, "ada", reproducibility="fails")
    else:
        shutil.rmtree(workspace.candidate("bob").folder / "committee")
    with pytest.raises(BadInput, match=f"the {what}.* changed since the lock"):
        locked(workspace)


def test_a_restart_takes_the_lock_back_keeps_old_sheets_and_remembers_what_was_seen(
    workspace: Workspace, works: list[str]
) -> None:
    for rater in ("Kim", "Lou"):
        for work in works:
            rated(workspace, rater, work)
    with pytest.raises(BadInput, match="for a reason"):
        restart(workspace, by="Org", why=" ")
    restart(workspace, [works[0]], by="Org", why="the card was wrong")
    state = state_of(workspace)
    assert (state.lock, state.seen, state.round_of(works[0]), state.round_of(works[1])) == (
        None,
        frozenset({works[0]}),
        2,
        1,
    )
    status = committee_status(workspace)
    assert len(status.waits_for) == 2, "the other work's sheets are still final"
    for rater in ("Kim", "Lou"):
        rated(workspace, rater, works[0], "staff")
    assert state_of(workspace).lock is not None
