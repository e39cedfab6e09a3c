import numpy as np
import pytest
from tests.worlds import profiled

from heldout.checks.leakage.mass_point_purity import mass_point_purity
from heldout.core.finding import Certainty, Ending
from heldout.engine import run
from heldout.faults.planter import Table

RNG = np.random.default_rng(5)
N = 3000
LABEL = (RNG.random(N) < 0.4).astype(int)
NOISE = RNG.normal(size=N)


@pytest.fixture
def rng():
    return np.random.default_rng(6)


def asked(target=LABEL, **columns):
    return run([mass_point_purity], {"profile": profiled(Table(columns={**columns, "y": target}, target="y"))})


def flagged(findings):
    return {
        tuple(witness.where for witness in finding.answer.witnesses): (
            finding.answer.witnesses[0].note,
            finding.certainty,
        )
        for finding in findings
        if finding.ending is Ending.PROBLEM
    }


def filled_for(rows, values=NOISE):
    return np.where(rows, values, np.nan)


def test_a_field_that_is_filled_for_one_class_is_strong(rng):
    boat = filled_for((LABEL == 1) & (rng.random(N) < 0.9))
    assert flagged(asked(boat=boat)) == {("boat",): ("not null", Certainty.STRONG)}


def test_a_field_that_is_missing_for_one_class_is_strong(rng):
    kept = filled_for(~((LABEL == 1) & (rng.random(N) < 0.9)))
    assert flagged(asked(kept=kept)) == {("kept",): ("null", Certainty.STRONG)}


def test_an_amount_above_zero_for_one_class_is_strong():
    spent = np.where(LABEL == 1, np.abs(NOISE) + 0.01, 0.0)
    assert flagged(asked(spent=spent))[("spent",)][1] is Certainty.STRONG


def test_one_pure_level_alone_is_suspect(rng):
    deposit = np.where((LABEL == 1) & (rng.random(N) < 0.5), "non refund", rng.choice(["none", "full"], N))
    assert flagged(asked(deposit=deposit)) == {("deposit",): ("non refund", Certainty.SUSPECT)}


def test_zero_is_one_level_of_a_flag_and_so_suspect(rng):
    flag = np.where(rng.random(N) < 0.97, LABEL, 1 - LABEL)
    assert flagged(asked(flag=flag))[("flag",)][1] is Certainty.SUSPECT


def test_columns_that_share_their_gaps_are_reported_once(rng):
    rows = (LABEL == 1) & (rng.random(N) < 0.9)
    findings = asked(body=filled_for(rows), boat=filled_for(rows, NOISE**2), other=filled_for(rng.random(N) < 0.5))
    assert list(flagged(findings)) == [("boat", "body")]


def test_a_pure_mass_that_covers_little_of_its_class_is_left_alone(rng):
    parking = np.where((LABEL == 0) & (rng.random(N) < 0.2), 1.0, 0.0)
    assert flagged(asked(parking=parking)) == {}


def test_gaps_that_lean_towards_a_class_are_innocent(rng):
    income = filled_for(rng.random(N) > 0.1 + 0.5 * LABEL)
    assert flagged(asked(income=income)) == {}


@pytest.mark.parametrize("prevalence", [0.01, 0.05])
def test_noise_is_not_pure_because_one_class_is_rare(prevalence, rng):
    rare = (rng.random(20_000) < prevalence).astype(int)
    noise = np.where(rng.random(20_000) < 0.5, rng.normal(size=20_000), np.nan)
    (finding,) = asked(rare, noise=noise, level=rng.choice(["a", "b"], 20_000))
    assert finding.ending is Ending.CLEAR


def test_a_mass_of_a_class_among_several_is_found(rng):
    classes = rng.integers(0, 3, N)
    findings = asked(classes, stage=filled_for(classes == 2))
    assert flagged(findings) == {("stage",): ("not null", Certainty.STRONG)}


def test_a_pure_mass_of_few_rows_is_a_caution(rng):
    label = np.arange(100) % 2
    field = np.where((label == 1) & (np.arange(100) < 76), 1.5, np.nan)
    (finding,) = asked(label, field=field, x=rng.normal(size=100))
    assert finding.ending is Ending.CAUTION
    assert "field" in finding.answer.claim


def test_a_numeric_label_has_no_purity():
    (finding,) = asked(NOISE, x=filled_for(LABEL == 1))
    assert finding.ending is Ending.NOT_APPLICABLE
