import numpy as np
import pytest
from tests.worlds import as_evidence

from heldout.checks.leakage.arithmetic_identity import arithmetic_identity
from heldout.checks.leakage.deterministic_stratum import deterministic_stratum
from heldout.checks.leakage.model_output_as_feature import model_output_as_feature
from heldout.checks.leakage.named_after_the_outcome import named_after_the_outcome
from heldout.checks.leakage.row_number_tells_label import row_number_tells_label
from heldout.checks.leakage.selection_on_outcome import selection_on_outcome
from heldout.core.evidence import Availability
from heldout.core.finding import Certainty, Ending
from heldout.core.mend import MendKind
from heldout.engine import run
from heldout.faults.planter import Table

N = 4000
LABEL = (np.random.default_rng(1).random(N) < 0.3).astype(int)


@pytest.fixture
def rng():
    return np.random.default_rng(2)


def asked(check, target=LABEL, **columns):
    table = Table(columns={**columns, "late": target}, target="late")
    return run([check], as_evidence({need.name: table for need in check.needs if need.name != "availability"}))


def flagged(findings):
    return {
        witness.where: finding.certainty
        for finding in findings
        for witness in finding.answer.witnesses
        if finding.ending is Ending.PROBLEM
    }


def leaning(rng, by):
    return rng.normal(size=N) + by * LABEL


def test_a_column_named_after_the_outcome_is_strong_by_its_power_and_suspect_below(rng):
    findings = asked(
        named_after_the_outcome, refund_sum=leaning(rng, 2), delay=leaning(rng, 0.7), usage=leaning(rng, 3)
    )
    assert flagged(findings) == {"refund_sum": Certainty.STRONG, "delay": Certainty.SUSPECT}
    assert {finding.answer.mend.kind for finding in findings} == {MendKind.DROP_COLUMNS}


def test_a_name_without_power_and_a_status_of_some_power_are_left_alone(rng):
    findings = asked(named_after_the_outcome, cancelled_by=leaning(rng, 0), marital_status=leaning(rng, 3))
    assert [finding.ending for finding in findings] == [Ending.CLEAR]
    assert flagged(asked(named_after_the_outcome, order_status=leaning(rng, 1.5))) == {
        "order_status": Certainty.SUSPECT
    }


def test_a_word_that_often_is_innocent_asks_for_more_power(rng):
    found = flagged(asked(named_after_the_outcome, approved_limit=leaning(rng, 1.5), closing_sum=leaning(rng, 3)))
    assert found == {"approved_limit": Certainty.SUSPECT, "closing_sum": Certainty.STRONG}


@pytest.mark.parametrize("check", [named_after_the_outcome, model_output_as_feature])
def test_what_is_declared_as_known_in_time_is_not_doubted_for_its_name(rng, check):
    table = Table(columns={"refund": leaning(rng, 3), "predicted": leaning(rng, 3), "late": LABEL}, target="late")
    known = Availability(known=frozenset({"refund", "predicted"}), used=("refund", "predicted"), said_by="the list")
    evidence = as_evidence({need.name: table for need in check.needs if need.name != "availability"})
    assert flagged(run([check], evidence))
    assert not flagged(run([check], {**evidence, "availability": known}))


def test_zero_at_the_clean_end_of_a_trend_is_no_stratum(rng):
    seen = rng.normal(size=N) + 3 * LABEL
    concave = np.where(seen < -0.9, 0, np.where(LABEL == 1, np.maximum(seen, 0), seen) + 0.9)
    assert flagged(asked(deterministic_stratum, concave=np.maximum(concave, 0))) == {}


def test_a_companion_of_a_copy_needs_less_power(rng):
    status = np.where(LABEL == 1, "gone", "there")
    findings = asked(named_after_the_outcome, stay_state=status, stay_state_at=leaning(rng, 0.8))
    assert flagged(findings) == {"stay_state_at": Certainty.STRONG}


def test_a_renamed_twin_joins_its_finding(rng):
    reason = np.where(rng.random(N) < 0.9, LABEL, 1 - LABEL)
    findings = asked(
        named_after_the_outcome, cancel_reason=np.array(["a", "b"])[reason], code=np.array(["y", "x"])[reason]
    )
    assert flagged(findings) == {"cancel_reason": Certainty.STRONG, "code": Certainty.STRONG}
    assert len(findings) == 1


def test_a_score_is_strong_by_name_shape_and_power_and_suspect_without_the_shape(rng):
    odds = np.log(0.3 / 0.7) + 2 * (rng.normal(size=N) + 2 * (LABEL - 0.5))
    scored = {"risk_score": 1 / (1 + np.exp(-odds)), "exam_score": 50 + 10 * leaning(rng, 2), "x": leaning(rng, 2)}
    found = flagged(asked(model_output_as_feature, **scored))
    assert found == {"risk_score": Certainty.STRONG, "exam_score": Certainty.SUSPECT}


def test_a_stretch_of_one_class_is_strong_in_time_but_not_where_classes_come_in_runs(rng):
    when = np.datetime64("2024-01-01", "s") + np.arange(N) * 3600
    kept = np.where(np.arange(N) > 0.85 * N, 1, LABEL)
    (finding,) = asked(selection_on_outcome, kept, opened=when)
    assert finding.certainty is Certainty.STRONG
    runs = np.arange(N) // 400 % 2
    (finding,) = asked(selection_on_outcome, runs, opened=when)
    assert finding.ending is Ending.CAUTION
    (finding,) = asked(selection_on_outcome, opened=when)
    assert finding.ending is Ending.CLEAR


def test_a_note_on_rows_that_all_ended_alike_is_strong_and_a_level_suspect(rng):
    ended = rng.permutation(np.flatnonzero(LABEL == 1))[:150]
    note, desk = np.full(N, np.nan), rng.choice(["a", "b"], N).astype(object)
    note[ended], desk[ended[:120]] = rng.normal(size=150), "c"
    assert flagged(asked(deterministic_stratum, note=note)) == {"note": Certainty.STRONG}
    assert flagged(asked(deterministic_stratum, desk=desk)) == {"desk": Certainty.SUSPECT}
    assert flagged(asked(deterministic_stratum, discharge_type=desk)) == {"discharge_type": Certainty.STRONG}


def test_a_rare_class_makes_no_stratum(rng):
    rare = (rng.random(N) < 0.005).astype(int)
    findings = asked(deterministic_stratum, rare, gap=np.where(rng.random(N) < 0.1, np.nan, rng.normal(size=N)))
    assert flagged(findings) == {}


def test_keys_given_by_class_are_strong_and_keys_that_grow_with_time_are_not():
    given = [f"k{place}" for place in np.argsort(np.argsort(LABEL + np.arange(N) / N))]
    assert flagged(asked(row_number_tells_label, key=given)) == {"key": Certainty.STRONG}
    drifting = (np.random.default_rng(0).random(N) < np.arange(N) / N).astype(int)
    (finding,) = asked(row_number_tells_label, drifting, key=[f"k{i}" for i in range(N)])
    assert finding.certainty in (None, Certainty.SUSPECT)


def test_a_file_that_is_sorted_by_its_label_is_a_caution(rng):
    (finding,) = asked(row_number_tells_label, np.sort(LABEL), x=rng.normal(size=N))
    assert finding.ending is Ending.CAUTION


def test_of_two_compared_columns_the_one_that_was_known_is_not_blamed(rng):
    goal = rng.gamma(3, 100, N)
    pledged = goal * np.exp(rng.normal(size=N)) * 0.8
    findings = asked(arithmetic_identity, (pledged >= goal).astype(int), goal=goal, pledged=np.round(pledged, 6))
    assert flagged(findings) == {"pledged": Certainty.PROVEN}
    home, away = rng.poisson(6, N), rng.poisson(6, N)
    findings = asked(arithmetic_identity, (home > away).astype(int), home=home, away=away)
    assert flagged(findings) == {"home": Certainty.PROVEN, "away": Certainty.PROVEN}
