"""After the lock: the common level stands, the others are set by somebody with a reason, and every edit is kept."""

import pytest
from tests.evals.committee.graded import WHY, invited

from heldout.core.errors import BadInput
from heldout.evals.committee import declare_conflict, restart
from heldout.evals.committee.adjudication import adjudicate, settled, to_adjudicate
from heldout.evals.committee.roster import invite
from heldout.evals.committee.works import work_called
from heldout.evals.record.kinds import Role
from heldout.evals.record.workspace import Workspace


def test_levels_that_are_common_stand_and_the_others_are_open(after: Workspace) -> None:
    ada, bob = work_called(after, "ada"), work_called(after, "bob")
    said = {leaf: (one.level, one.how) for leaf, one in settled(after, ada).items()}
    assert said == {
        "architecture": ("mid", "all raters gave it"),
        "reproducibility": ("senior", "all raters gave it"),
        "monitoring": ("junior", "all raters gave it"),
        "collaboration": (None, "raters cannot tell"),
    }
    assert settled(after, bob)["architecture"].how == "raters differ"
    assert dict(settled(after, bob)["architecture"].given) == {"Kim": "mid", "Lou": "senior"}
    assert {(name, one.leaf) for name, one in to_adjudicate(after)} == {
        (ada.name, "collaboration"),
        (bob.name, "architecture"),
    }


def test_every_edit_is_kept_with_author_reason_and_what_it_replaced(after: Workspace) -> None:
    invite(after, "Ann", role=Role.ADJUDICATOR)
    bob = work_called(after, "bob")
    adjudicate(after, bob.name, "architecture", level="mid", reason=WHY, by="Ann", role=Role.ADJUDICATOR)
    adjudicate(after, bob.name, "architecture", level="mid", reason=WHY, by="Ann", role=Role.ADJUDICATOR)
    one = adjudicate(after, bob.name, "architecture", level="staff", reason="the tests say so", by="Org")
    assert (one.level, one.how) == ("staff", "set by Org: the tests say so")
    assert [(edit.level, edit.by, edit.role, edit.replaces) for edit in one.edits] == [
        ("mid", "Ann", Role.ADJUDICATOR, None),
        ("staff", "Org", Role.ORGANISER, "mid"),
    ]
    common = adjudicate(after, bob.name, "monitoring", level="mid", reason="the rules fire", by="Org")
    assert common.edits[0].replaces == "junior", "a common level can be set otherwise, and says so"


def test_who_may_not_and_what_is_no_level_is_refused(after: Workspace) -> None:
    invite(after, "Ann", role=Role.ADJUDICATOR)
    work = work_called(after, "bob").name
    declare_conflict(after, "Ann", work, why="my former student")
    given = {"level": "mid", "reason": WHY}
    for said, says in (
        ({"by": "Eve", "role": Role.ADJUDICATOR}, "was not invited to adjudicate"),
        ({"by": "Kim", "role": Role.ADJUDICATOR}, "was not invited to adjudicate"),
        ({"by": "Kim", "role": Role.RATER}, "set by somebody"),
        ({"by": " "}, "nobody sets the level"),
        ({"by": "Ann", "role": Role.ADJUDICATOR}, "conflict of interest"),
        ({"by": "Org", "level": "cannot tell"}, "there is no level"),
        ({"by": "Org", "reason": "because"}, "fewer than 3 words"),
    ):
        with pytest.raises(BadInput, match=says):
            adjudicate(after, work, "architecture", **{**given, **said})  # type: ignore[arg-type]  # fields by name
    with pytest.raises(BadInput, match="was not there when"):
        adjudicate(after, "ada", "architecture", level="mid", reason=WHY, by="Org")
    assert settled(after, work_called(after, "bob"))["architecture"].edits == ()


def test_before_the_lock_nothing_is_set(workspace: Workspace) -> None:
    invited(workspace, "Kim", "Lou")
    with pytest.raises(BadInput, match="not locked yet"):
        adjudicate(workspace, work_called(workspace, "ada").name, "monitoring", level="mid", reason=WHY, by="Org")


def test_a_restart_leaves_adjudications_in_history(after: Workspace) -> None:
    work = work_called(after, "bob")
    adjudicate(after, work.name, "architecture", level="mid", reason=WHY, by="Org")
    restart(after, [work.name], by="Org", why="a new card")
    with pytest.raises(BadInput, match="not locked yet"):
        settled(after, work)
