"""What a rater may do before the lock, and what is refused; nothing that was refused is lost or written."""

import datetime as dt
from dataclasses import replace

import pytest
from tests.evals.committee.graded import WHY, graded, invited, opened, rated, submitted

from heldout.core.errors import BadInput
from heldout.evals.committee import CANNOT_TELL, LEAVES, declare_conflict, finalise, lock, restart, save
from heldout.evals.committee.place import Place
from heldout.evals.committee.sheets import Sheet, sheets_of, state_of
from heldout.evals.committee.works import work_called
from heldout.evals.record.kinds import Kind, Role
from heldout.evals.record.workspace import Workspace


@pytest.fixture
def work(workspace: Workspace) -> str:
    invited(workspace, "Kim", "Lou", "Max")
    return work_called(workspace, "ada").name


def sheet(workspace: Workspace, rater: str, work: str) -> Sheet:
    return sheets_of(workspace, work_called(workspace, work), state_of(workspace))[rater]


def events(workspace: Workspace, candidate: str = "ada") -> int:
    return len(Place(workspace=workspace).ledger_of(workspace.candidate(candidate)).events())


def test_each_save_is_one_event_with_author_leaf_level_reason_and_time(workspace: Workspace, work: str) -> None:
    mark = save(workspace, "Kim", work, "monitoring", level="Senior", reason=" it fires\r\nin tests ")
    (event,) = Place(workspace=workspace).ledger_of(workspace.candidate("ada")).events()
    assert event.payload is not None
    assert (event.kind, event.actor, event.at) == (Kind.RATED, Role.RATER, mark.at)
    said = {key: event.payload[key] for key in ("rater", "leaf", "level", "reason", "round")}
    assert said == {
        "rater": "Kim",
        "leaf": "monitoring",
        "level": "senior",
        "reason": "it fires\nin tests",
        "round": 1,
    }
    assert sheet(workspace, "Kim", work).marks == {"monitoring": mark}


def test_what_says_nothing_new_appends_nothing(workspace: Workspace, work: str) -> None:
    assert save(workspace, "Kim", work, "monitoring", level=None, reason=" ").n == -1
    first = save(workspace, "Kim", work, "monitoring", level="mid", reason=WHY)
    assert save(workspace, "Kim", work, "monitoring", level="mid", reason=f" {WHY}\n") == first
    assert events(workspace) == 1
    save(workspace, "Kim", work, "monitoring", level="mid", reason=WHY + " too")
    save(workspace, "Kim", work, "monitoring", level=None, reason="")
    assert events(workspace) == 3
    finalise(workspace, "Kim", work, is_final=False)
    assert events(workspace) == 3


def test_a_sheet_is_final_once_each_leaf_has_a_level_and_a_reason_and_can_be_taken_back(
    workspace: Workspace, work: str
) -> None:
    for leaf in LEAVES[:-1]:
        save(workspace, "Kim", work, leaf, level="mid", reason=WHY)
    with pytest.raises(BadInput, match="no level for collaboration"):
        finalise(workspace, "Kim", work)
    save(workspace, "Kim", work, LEAVES[-1], level=CANNOT_TELL, reason="no idea")
    with pytest.raises(BadInput, match="no reason for collaboration"):
        finalise(workspace, "Kim", work)
    save(workspace, "Kim", work, LEAVES[-1], level=CANNOT_TELL, reason="there is no record")
    assert finalise(workspace, "Kim", work).is_final
    with pytest.raises(BadInput, match="marked as final"):
        save(workspace, "Kim", work, "monitoring", level="staff", reason=WHY)
    assert not finalise(workspace, "Kim", work, is_final=False).is_final
    assert save(workspace, "Kim", work, "monitoring", level="staff", reason=WHY).level == "staff"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"rater": "Eve"}, "was not invited"),
        ({"rater": "kim"}, "was not invited"),
        ({"rater": "Ann"}, "was not invited"),
        ({"work": "ada"}, "there is no work 'ada'"),
        ({"work": "work-1"}, "there is no work"),
        ({"leaf": "style"}, "there is no leaf"),
        ({"level": "principal"}, "there is no level"),
        ({"reason": "x " * 3000}, "characters"),
    ],
)
def test_who_or_what_is_not_there_is_refused(workspace: Workspace, work: str, given: dict[str, str], says: str) -> None:
    said = {"rater": "Kim", "work": work, "leaf": "monitoring", "level": "mid", "reason": WHY, **given}
    with pytest.raises(BadInput, match=says):
        save(workspace, said["rater"], said["work"], said["leaf"], level=said["level"], reason=said["reason"])
    assert events(workspace) == 0


def test_a_rating_after_the_lock_is_refused(workspace: Workspace, work: str) -> None:
    for rater in ("Kim", "Lou"):
        for candidate in ("ada", "bob"):
            rated(workspace, rater, work_called(workspace, candidate).name)
    lock(workspace, by="Org")
    count = events(workspace)
    for act in (
        lambda: save(workspace, "Max", work, "monitoring", level="mid", reason=WHY),
        lambda: save(workspace, "Kim", work, "monitoring", level="mid", reason=WHY),
        lambda: finalise(workspace, "Kim", work, is_final=False),
        lambda: declare_conflict(workspace, "Max", work, why="a friend"),
    ):
        with pytest.raises(BadInput, match="the sheets were locked on"):
            act()
    assert events(workspace) == count


@pytest.mark.parametrize("change", ["weights", "anchors"])
def test_a_rubric_that_changed_in_between_is_refused_until_it_is_restored_or_begun_anew(
    workspace: Workspace, work: str, change: str
) -> None:
    save(workspace, "Kim", work, "monitoring", level="mid", reason=WHY)
    brief = workspace.folder / "brief.toml"
    before = brief.read_text()
    if change == "weights":
        brief.write_text(before.replace("architecture = 0.4", "architecture = 0.3").replace("ing = 0.3", "ing = 0.4"))
    else:
        anchors = "".join(
            f"[rubric.anchors.{leaf}]\n"
            + "".join(f'{level} = "other"\n' for level in ("junior", "mid", "senior", "staff"))
            for leaf in LEAVES
        )
        brief.write_text(before + anchors)
    with pytest.raises(BadInput, match=r"the rubric of the brief .* changed since Kim began") as refused:
        save(workspace, "Kim", work, "architecture", level="mid", reason=WHY)
    assert "heldout eval restart" in refused.value.mend
    brief.write_text(before)
    save(workspace, "Kim", work, "architecture", level="mid", reason=WHY)
    assert set(sheet(workspace, "Kim", work).marks) == {"architecture", "monitoring"}


def test_a_card_that_changed_is_refused_and_one_graded_again_alike_is_not(workspace: Workspace, work: str) -> None:
    save(workspace, "Kim", work, "monitoring", level="mid", reason=WHY)
    graded(workspace, "ada")
    save(workspace, "Kim", work, "architecture", level="mid", reason=WHY)
    graded(workspace, "ada", reproducibility="fails")
    with pytest.raises(BadInput, match=f"the card of {work} changed since Kim began"):
        save(workspace, "Kim", work, "architecture", level="staff", reason=WHY)
    assert restart(workspace, [work], by="Org", why="it was graded anew") == (work,)
    now = sheet(workspace, "Kim", work)
    assert (now.round, dict(now.marks)) == (2, {})
    assert events(workspace) == 2, "the old sheet is kept"
    save(workspace, "Kim", work, "architecture", level="staff", reason=WHY)
    assert sheet(workspace, "Kim", work).marks["architecture"].level == "staff"


def test_a_conflict_closes_the_sheet_with_its_reason(workspace: Workspace, work: str) -> None:
    save(workspace, "Kim", work, "monitoring", level="mid", reason=WHY)
    closed = declare_conflict(workspace, "Kim", work, why="I know whose work this is")
    assert (closed.conflict, closed.declared_by, closed.counts) == ("I know whose work this is", "rater", False)
    with pytest.raises(BadInput, match="conflict of interest"):
        save(workspace, "Kim", work, "monitoring", level="staff", reason=WHY)
    with pytest.raises(BadInput, match="conflict of interest"):
        finalise(workspace, "Kim", work)
    with pytest.raises(BadInput, match="could be withdrawn by the rater"):
        declare_conflict(workspace, "Kim", work, why="no", withdrawn=True)
    restart(workspace, by="Org", why="anew")
    assert sheet(workspace, "Kim", work).conflict is not None, "it holds in each round"
    declare_conflict(workspace, "Kim", work, why="a wrong click", by=Role.ORGANISER, withdrawn=True)
    assert save(workspace, "Kim", work, "monitoring", level="staff", reason=WHY).level == "staff"
    with pytest.raises(BadInput, match="fewer than 1 words"):
        declare_conflict(workspace, "Kim", work, why=" ")


def test_a_candidate_without_submission_or_card_has_no_work(workspace: Workspace, work: str) -> None:
    opened(workspace, "cy")
    later = replace(workspace, now=lambda: dt.datetime.now(dt.UTC) + dt.timedelta(days=30))
    for place, says in (
        (workspace, "nothing was handed in yet; the clock is running"),
        (later, "nothing was handed in"),
    ):
        with pytest.raises(BadInput, match="cy has no work to be rated") as refused:
            work_called(place, "cy")
        assert refused.value.what.endswith(f": {says}")
        assert "heldout eval submit" in refused.value.mend
    submitted(workspace, "cy")
    with pytest.raises(BadInput, match="there is no card yet"):
        work_called(workspace, "cy")
    graded(workspace, "cy")
    assert work_called(workspace, "cy").candidate == "cy"
