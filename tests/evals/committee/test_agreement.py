"""Agreement of a panel: raw below thirty units, coefficients from there on, and each rater beside the others."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from heldout.core.errors import BadInput
from heldout.evals.brief import open_brief
from heldout.evals.committee.agreement import FEWEST_UNITS, agreement, agreement_of
from heldout.evals.committee.levels import CANNOT_TELL, LEAVES, LEVELS
from heldout.evals.committee.locked import Locked, locked
from heldout.evals.committee.sheets import Invited, Lock, Mark, Sheet, State
from heldout.evals.committee.works import Work, work_called
from heldout.evals.record.kinds import Role
from heldout.evals.record.workspace import Workspace
from heldout.stats import committee_agreement

START = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)


def panel(workspace: Workspace, levels: np.ndarray) -> Locked:
    """Return a locked panel of levels (raters, works, leaves), -1 where a rater cannot tell."""
    raters = [f"R{number}" for number in range(levels.shape[0])]
    works = [
        Work(name=f"work-{10 + n}", candidate=f"c{n}", record=workspace.candidate(f"c{n}"), commit="c", card_sha256="0")
        for n in range(levels.shape[1])
    ]

    def sheet(rater: int, work: int) -> Sheet:
        said = [LEVELS[level] if level >= 0 else CANNOT_TELL for level in levels[rater, work]]
        at = START + dt.timedelta(hours=work)
        marks = {
            leaf: Mark(leaf=leaf, level=level, reason="so it is", at=at, n=0)
            for leaf, level in zip(LEAVES, said, strict=True)
        }
        return Sheet(rater=raters[rater], work=works[work].name, round=1, marks=marks, is_final=True, began=at)

    sheets = {
        work.name: {name: sheet(rater, number) for rater, name in enumerate(raters)}
        for number, work in enumerate(works)
    }
    lock = Lock(
        at=START, by="", why="", missing=(), works=(), sheets={}, rubric_sha256="", decision_sha256="", cards={}
    )
    state = State(
        invited=tuple(Invited(name=name, role=Role.RATER) for name in raters), lock=lock, rounds={}, seen=frozenset()
    )
    brief = open_brief(workspace.folder).brief
    return Locked(brief=brief, state=state, lock=lock, works=tuple(works), sheets=sheets)


def test_below_thirty_units_there_is_raw_agreement_and_the_list_of_disagreements(after: Workspace) -> None:
    found = agreement(after)
    assert (found.works, found.raters, found.pooled.units) == (2, ("Kim", "Lou"), 7)
    assert found.pooled.raw.value == pytest.approx(6 / 7)
    assert found.pooled.alpha.value is None
    assert f"takes {FEWEST_UNITS} units" in (found.pooled.alpha.undefined_because or "")
    (apart,) = found.disagreements
    assert (apart.work, apart.leaf, apart.steps) == (work_called(after, "bob").name, "architecture", 1)
    assert dict(apart.levels) == {"Kim": "mid", "Lou": "senior"}
    assert found.by_leaf["collaboration"].units == 1
    kim, lou = found.severity
    assert (kim.rater, kim.units, kim.works, kim.cannot_tell) == ("Kim", 7, 2, 1)
    assert kim.deviation.value == pytest.approx(-1 / 7)
    assert lou.deviation.value == pytest.approx(1 / 7)


def test_before_the_lock_there_is_no_agreement_to_be_seen(workspace: Workspace) -> None:
    with pytest.raises(BadInput, match="not locked yet"):
        agreement(workspace)


def test_from_thirty_units_on_the_coefficients_are_those_of_the_pooled_units(workspace: Workspace) -> None:
    rng = np.random.default_rng(3)
    levels = np.clip(rng.integers(0, 4, (1, 12, 4)) + rng.integers(-1, 2, (3, 12, 4)), 0, 3)
    levels[0, 0, 0] = -1
    found = agreement_of(panel(workspace, levels))
    flat = levels.reshape(3, -1).astype(float)
    flat[flat < 0] = np.nan
    expected = committee_agreement(flat, np.repeat(np.arange(12), 4), categories=range(4))
    assert found.pooled.units == 48
    assert found.pooled.alpha == expected
    assert found.pooled.alpha.is_defined
    assert found.by_leaf["monitoring"].alpha.value is None, "12 units of a leaf are few"
    assert [apart.steps for apart in found.disagreements] == sorted(
        (apart.steps for apart in found.disagreements), reverse=True
    )


def test_a_severe_and_a_drifting_rater_are_shown_and_not_corrected(workspace: Workspace) -> None:
    rng = np.random.default_rng(4)
    works = 30
    truth = rng.integers(1, 3, (works, 4))
    drift = np.where(np.arange(works) < works // 2, 0, 1)[:, None]
    levels = np.stack([truth, truth, truth - 1, truth + drift])
    found = agreement_of(panel(workspace, levels))
    one, _, severe, drifting = found.severity
    assert severe.deviation.high is not None
    assert severe.deviation.high < -1
    assert severe.deviation.n == works * 4
    assert drifting.drift.low is not None
    assert drifting.drift.low > 1, "a level over thirty works, by a step in their middle"
    assert one.drift.high is not None
    assert one.drift.high < 0
    assert drifting.drift.value is not None
    assert severe.drift.value == pytest.approx(-drifting.drift.value / 3, abs=0.4)


def test_a_single_rater_and_a_unit_rated_once_have_no_agreement(workspace: Workspace) -> None:
    alone = agreement_of(panel(workspace, np.ones((1, 3, 4), dtype=int)))
    assert alone.pooled.raw.value is None
    assert alone.severity[0].deviation.value is None
    both = np.ones((2, 3, 4), dtype=int)
    both[1] = -1
    assert agreement_of(panel(workspace, both)).pooled.units == 0


def test_a_conflict_keeps_a_sheet_out(after: Workspace) -> None:
    found = locked(after)
    work = work_called(after, "bob").name
    closed = {**found.sheets, work: {"Kim": found.sheets[work]["Kim"]}}
    assert agreement_of(replace(found, sheets=closed)).disagreements == ()
