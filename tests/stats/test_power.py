import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats as oracle
from tests.stats.lifts import lift

from heldout.core.lift import Band, LiftScale, LiftTarget
from heldout.stats import BadSample, band_probabilities, decide, lift_power

TARGET = LiftTarget(scale=LiftScale.RELATIVE, minimum=0.02, target=0.05)


@pytest.mark.parametrize("df", [2, 19, 60, 500])
@pytest.mark.parametrize("true_lift", [0.0, 0.02, 0.035, 0.05])
@pytest.mark.parametrize("error", [0.005, 0.01, 0.03])
def test_power_is_that_of_the_noncentral_t(df, true_lift, error):
    shift = (true_lift - 0.02) / error
    reach = oracle.t.ppf(0.95, df)
    chances = band_probabilities(error, df, TARGET, true_lift)
    assert lift_power(error, true_lift, TARGET, df) == pytest.approx(oracle.nct.sf(reach, df, shift), abs=1e-4)
    assert chances[Band.FAIL] == pytest.approx(oracle.nct.cdf(-reach, df, shift), abs=1e-4)


def test_the_chances_are_the_shares_of_the_rule_over_many_worlds():
    rng = np.random.default_rng(5)
    error, df, true_lift, worlds = 0.015, 30, 0.05, 4000
    bands = [
        decide(
            lift(true_lift + error * rng.normal(), error * np.sqrt(rng.chisquare(df) / df), clusters=df + 1),
            TARGET,
            "bitwise",
            "tolerance",
        ).band
        for _ in range(worlds)
    ]
    for band, chance in band_probabilities(error, df, TARGET, true_lift).items():
        assert bands.count(band) / worlds == pytest.approx(chance, abs=4 * np.sqrt(0.25 / worlds))


@given(st.floats(1e-4, 0.2), st.floats(1, 1000), st.floats(-0.2, 0.3), st.floats(0.6, 0.99))
def test_the_chances_are_chances_and_sum_to_one(error, df, true_lift, confidence):
    target = dataclasses.replace(TARGET, confidence=confidence)
    chances = band_probabilities(error, df, target, true_lift)
    assert list(chances) == list(Band)
    assert all(-1e-9 <= chance <= 1 + 1e-9 for chance in chances.values())
    assert sum(chances.values()) == pytest.approx(1)


def test_at_the_minimum_each_error_is_as_rare_as_asked_for():
    chances = band_probabilities(0.01, 60, TARGET, 0.02)
    assert chances[Band.FAIL] == pytest.approx(0.05, abs=1e-4)
    assert chances[Band.PASS] + chances[Band.TARGET] == pytest.approx(0.05, abs=1e-4)


@pytest.mark.parametrize(("error", "df"), [(0.0, 60), (-1.0, 60), (0.01, 0), (float("nan"), 60)])
def test_a_spread_that_is_none_is_refused(error, df):
    with pytest.raises(BadSample, match=r"standard error|standard_error"):
        lift_power(error, 0.05, TARGET, df)
