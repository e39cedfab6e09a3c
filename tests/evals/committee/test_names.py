"""Names of raters: two that a reader could take for one are refused."""

import pytest
from tests.evals.committee.graded import invited

from heldout.core.errors import BadInput
from heldout.evals.committee.names import checked_name
from heldout.evals.committee.roster import invite
from heldout.evals.committee.sheets import state_of
from heldout.evals.record.kinds import Role
from heldout.evals.record.workspace import Workspace


@pytest.mark.parametrize(
    "like",
    ["Kim Oneil", "kim oneil", " Kim   Oneil ", "KIM O'NEIL", "Kim Ónéil", "Кіm Оnеіl", "Kim\u00a0Oneil", "K1m 0nei|"],
)
def test_a_name_that_reads_like_one_that_was_invited_is_refused(workspace: Workspace, like: str) -> None:
    invited(workspace, "Kim Oneil")
    with pytest.raises(BadInput, match="is invited already"):
        invite(workspace, like)
    with pytest.raises(BadInput, match="is invited already"):
        invite(workspace, like, role=Role.ADJUDICATOR)
    assert [one.name for one in state_of(workspace).invited] == ["Kim Oneil"]


@pytest.mark.parametrize("other", ["Kim Oneil 2", "Kim", "Oneil Kimberly", "李雷", "Jörg Müller"])
def test_another_name_is_taken(workspace: Workspace, other: str) -> None:
    invited(workspace, "Kim Oneil", other)
    assert state_of(workspace).raters == ("Kim Oneil", other)


@pytest.mark.parametrize("name", ["", "  ", "---", "\u200b", "a\x00b", "a" * 61, "\u202eKim"])
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(BadInput, match="cannot name a rater"):
        checked_name(name)
