"""The rule of decision: neutral by default, never kinder to a lower level, and said in words."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.evals import tiny

from heldout.core.lift import Band
from heldout.evals.brief import Brief, DecisionSection, open_brief
from heldout.evals.committee.levels import LEAVES, LEVELS
from heldout.evals.committee.rule import Deduction, needed, rule

ORDER = list(Band)
ALL_MID = dict.fromkeys(LEAVES, "mid")


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Brief:
    return open_brief(tiny.write_eval(tmp_path_factory.mktemp("eval"), rows=60, days=10)).brief


def with_rule(brief: Brief, **decision: Any) -> Brief:
    return brief.model_copy(update={"decision": DecisionSection.model_validate(decision)})


@pytest.mark.parametrize("band", Band)
@pytest.mark.parametrize("level", LEVELS)
def test_the_bands_of_the_lift_stand_where_the_brief_says_nothing(plain: Brief, band: Band, level: str) -> None:
    ruled = rule(plain, band, dict.fromkeys(LEAVES, level))
    assert ruled.band is band
    assert ruled.level == level
    assert ruled.score == pytest.approx({"junior": 0, "mid": 1 / 3, "senior": 2 / 3, "staff": 1}[level])


def test_a_score_is_weights_times_points_times_multiplier_less_deductions(plain: Brief) -> None:
    levels = {**ALL_MID, "architecture": "staff", "collaboration": "staff"}
    taken = (Deduction(points=0.1, reason="late", by="Org"), Deduction(points=0.05, reason="no lock", by="Org"))
    ruled = rule(plain, Band.PASS, levels, multiplier=0.5, deductions=taken)
    assert ruled.mean == pytest.approx(0.4 * 1 + 0.6 / 3)
    assert ruled.score == pytest.approx(0.6 * 0.5 - 0.15)
    assert rule(plain, Band.PASS, ALL_MID, deductions=taken * 9).score == 0, "never below 0"
    assert "0.1 deducted: late." in ruled.reasons


@pytest.mark.parametrize(
    ("decision", "levels", "band", "says"),
    [
        ({"floor": {"monitoring": "senior"}}, {}, Band.FAIL, "monitoring is mid, below the floor senior"),
        ({"floor": {"collaboration": "senior"}}, {}, Band.FAIL, "collaboration is mid"),
        ({"floor": {"monitoring": "mid"}}, {}, Band.TARGET, ""),
        ({"pass_score": 0.5}, {}, Band.FAIL, "below 0.5: fail at most"),
        ({"target_score": 0.5}, {}, Band.PASS, "below 0.5: pass at most"),
        ({"target_score": 1 / 3}, {}, Band.TARGET, ""),
        ({"pass_score": 1.0}, dict.fromkeys(LEAVES, "staff"), Band.TARGET, ""),
        ({"points": {"mid": 0.9, "senior": 0.9}, "target_score": 0.9}, {}, Band.TARGET, ""),
        ({"floor": {"monitoring": "senior"}, "target_score": 0.5}, {}, Band.FAIL, "below the floor"),
    ],
)
def test_floors_and_thresholds_lower_a_band(
    plain: Brief, decision: dict[str, Any], levels: dict[str, str], band: Band, says: str
) -> None:
    ruled = rule(with_rule(plain, **decision), Band.TARGET, {**ALL_MID, **levels})
    assert ruled.band is band
    assert says in " ".join(ruled.reasons)


def test_what_the_lift_does_not_decide_waits_for_a_person(plain: Brief) -> None:
    strict = with_rule(plain, floor={"monitoring": "staff"}, pass_score=0.9)
    ruled = rule(strict, Band.UNDECIDED, ALL_MID)
    assert ruled.band is Band.UNDECIDED
    assert any("below the floor" in reason for reason in ruled.reasons)
    assert any("a person does" in reason for reason in ruled.reasons)


def test_a_leaf_is_needed_for_its_weight_or_its_floor(plain: Brief) -> None:
    assert needed(plain) == ("architecture", "reproducibility", "monitoring")
    assert needed(with_rule(plain, floor={"collaboration": "mid"})) == LEAVES


share = st.floats(0, 1).map(lambda value: round(value, 3))
level = st.sampled_from(LEVELS)


@st.composite
def rules(draw: st.DrawFn) -> dict[str, Any]:
    low, high = sorted((draw(share), draw(share)))
    points = sorted(draw(st.tuples(share, share, share, share)))
    floor = {leaf: draw(st.none() | level) for leaf in LEAVES}
    return {
        "pass_score": low,
        "target_score": high,
        "points": dict(zip(LEVELS, points, strict=True)),
        "floor": floor,
    }


@given(
    decision=rules(),
    band=st.sampled_from(ORDER),
    levels=st.tuples(level, level, level, level),
    raised=st.sampled_from(LEAVES),
    multiplier=st.floats(0, 10),
    points=st.lists(share, max_size=3),
)
def test_a_higher_level_never_lowers_a_band_nor_a_deduction_raises_one(
    plain: Brief,
    decision: dict[str, Any],
    band: Band,
    levels: tuple[str, ...],
    raised: str,
    multiplier: float,
    points: list[float],
) -> None:
    brief = with_rule(plain, **decision)
    lower = dict(zip(LEAVES, levels, strict=True))
    higher = {**lower, raised: LEVELS[min(LEVELS.index(lower[raised]) + 1, 3)]}
    taken = [Deduction(points=one, reason="so", by="Org") for one in points]
    below = rule(brief, band, lower, multiplier=multiplier, deductions=taken)
    above = rule(brief, band, higher, multiplier=multiplier, deductions=taken)
    free = rule(brief, band, lower, multiplier=multiplier)
    assert ORDER.index(above.band) >= ORDER.index(below.band)
    assert above.score >= below.score
    assert ORDER.index(free.band) >= ORDER.index(below.band)
    assert ORDER.index(below.band) <= ORDER.index(band), "levels only lower the band of the lift"
    assert (below.band is Band.UNDECIDED) is (band is Band.UNDECIDED)
