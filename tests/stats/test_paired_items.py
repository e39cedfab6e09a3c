"""The paired difference of two systems' scores: against slow re-computation, and where nothing can be said."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from heldout.stats.paired_items import BOOTSTRAP_BELOW, compare_items, items_mean
from heldout.stats.paired_proportions import mcnemar, tango
from heldout.stats.sample import BadSample

RNG = np.random.default_rng(5)
EASY = RNG.normal(size=400)
ONE, TWO = EASY + RNG.normal(size=400), EASY + 0.2 + RNG.normal(size=400)
DAY = np.repeat(np.arange(40), 10)


def test_scores_of_0_and_1_get_tangos_interval_and_mcnemars_mid_p():
    one, two = (ONE > 0).astype(float), (TWO > 0).astype(float)
    both, new, lost = int((one * two).sum()), int((two > one).sum()), int((one > two).sum())
    pair = compare_items(one, two)
    expected = tango(both, new, lost, 400 - both - new - lost)
    assert (pair.difference.low, pair.difference.value, pair.difference.high) == (
        expected.low,
        expected.value,
        expected.high,
    )
    assert pair.p_value == mcnemar(new, lost).p_value
    assert pair.test.startswith("McNemar")


def test_numbers_of_independent_items_get_the_paired_t_interval():
    from scipy import stats

    pair = compare_items(ONE, TWO)
    expected = stats.ttest_rel(TWO, ONE).confidence_interval(0.95)
    assert (pair.difference.low, pair.difference.high) == pytest.approx((expected.low, expected.high))
    assert pair.test.startswith("sign-flip")
    assert pair.p_value == pytest.approx(stats.ttest_rel(TWO, ONE).pvalue, abs=0.01)


def test_many_items_are_tested_by_t():
    from scipy import stats

    one = RNG.normal(size=12_000)
    two = one + RNG.normal(0.01, 1, 12_000)
    pair = compare_items(one, two)
    assert pair.p_value == pytest.approx(stats.ttest_rel(two, one).pvalue)
    assert pair.test == "paired t over 12,000 items"


def test_the_clustered_standard_error_is_that_of_the_clusters_sums():
    gain = TWO - ONE
    sums = np.array([(gain - gain.mean())[day == DAY].sum() for day in range(40)])
    expected = math.sqrt((sums**2).sum() * 40 / 39) / 400
    pair = compare_items(ONE, TWO, DAY)
    assert pair.standard_error == pytest.approx(expected)
    assert pair.degrees_of_freedom == 39
    assert pair.clusters == 40


def test_few_clusters_get_the_studentised_bootstrap_and_many_t():
    few, many = compare_items(ONE, TWO, DAY), compare_items(ONE, TWO, np.arange(400) // 3)
    assert few.difference.method == "studentised bootstrap of 40 clusters"
    assert many.clusters > BOOTSTRAP_BELOW
    assert many.difference.method.startswith("paired t over")
    low, high = few.difference.value - few.difference.low, few.difference.high - few.difference.value
    assert 1.5 * few.standard_error < low < 3 * few.standard_error
    assert 1.5 * few.standard_error < high < 3 * few.standard_error


def test_fewer_than_ten_clusters_get_t_and_one_gets_no_interval():
    assert compare_items(ONE, TWO, np.arange(400) // 50).difference.method == "paired t over 8 clusters"
    lonely = compare_items(ONE, TWO, np.zeros(400))
    assert not lonely.difference.is_defined
    assert lonely.difference.value == pytest.approx((TWO - ONE).mean())
    assert lonely.p_value is None
    assert "there is 1" in lonely.difference.undefined_because


def test_the_difference_is_above_0_where_the_candidate_is_better_whatever_the_direction():
    up, down = compare_items(ONE, TWO, DAY), compare_items(ONE, TWO, DAY, higher_is_better=False)
    assert up.difference.value == -down.difference.value > 0
    binary_up = compare_items(ONE > 0, TWO > 0)
    binary_down = compare_items(ONE > 0, TWO > 0, higher_is_better=False)
    assert binary_up.difference.low == pytest.approx(-binary_down.difference.high)
    assert up.p_value == down.p_value


def test_equal_numbers_differ_by_0_exactly_and_equal_outcomes_keep_an_interval():
    same = compare_items(ONE, ONE)
    assert (same.difference.low, same.difference.high) == (0.0, 0.0)
    assert same.detectable is None
    outcomes = compare_items(ONE > 0, ONE > 0)
    assert outcomes.difference.low < 0 < outcomes.difference.high
    clustered = compare_items(ONE > 0, ONE > 0, DAY)
    expected = tango(40, 0, 0, 0)
    assert (clustered.difference.low, clustered.difference.high) == (expected.low, expected.high)
    assert clustered.p_value is None


def test_an_equal_step_on_every_item_has_no_interval_as_nothing_varies():
    pair = compare_items(np.arange(30.0), np.arange(30.0) + 1)
    assert pair.difference.value == 1
    assert not pair.difference.is_defined
    assert pair.detectable is None


def test_pairing_helps_where_scores_correlate():
    noisy = compare_items(EASY, EASY + RNG.normal(0.1, 0.1, 400))
    width = noisy.difference.high - noisy.difference.low
    assert noisy.correlation > 0.98
    assert width < 0.2 * (noisy.unpaired.high - noisy.unpaired.low)


def test_the_variance_of_runs_widens_the_interval_and_lowers_the_degrees_of_freedom():
    without, with_runs = compare_items(ONE, TWO), compare_items(ONE, TWO, runs=[(0.01, 2)])
    assert with_runs.standard_error == pytest.approx(math.hypot(without.standard_error, 0.1))
    assert with_runs.degrees_of_freedom < 20
    assert with_runs.test.startswith("paired t")


def test_a_design_effect_of_repeated_items_is_their_number():
    one, two = np.repeat(ONE[:100], 4), np.repeat(TWO[:100], 4)
    pair = compare_items(one, two, np.repeat(np.arange(100), 4))
    assert pair.design_effect == pytest.approx(4, rel=0.02)


def test_a_detectable_difference_is_found_in_four_of_five_worlds():
    detectable = compare_items(ONE, TWO).detectable
    rng = np.random.default_rng(1)
    spread = float((TWO - ONE).std(ddof=1))
    found = 0
    for _ in range(600):
        gain = rng.normal(detectable, spread, 400)
        found += gain.mean() > 1.9659 * gain.std(ddof=1) / 20
    assert found / 600 == pytest.approx(0.8, abs=0.05)


def test_a_binary_difference_above_1_is_never_called_detectable():
    assert compare_items([0, 1, 0], [1, 0, 1]).detectable is None


@given(
    hnp.arrays(np.float64, st.integers(4, 60), elements=st.floats(-100, 100)),
    st.randoms(use_true_random=False),
)
@settings(max_examples=50, deadline=None)
def test_the_order_of_items_does_not_matter(values, random):
    other = values[::-1] + np.arange(values.size)
    order = list(range(values.size))
    random.shuffle(order)
    first, second = compare_items(values, other), compare_items(values[order], other[order])
    assert first.difference.value == pytest.approx(second.difference.value, abs=1e-9)
    assert (first.standard_error or 0) == pytest.approx(second.standard_error or 0, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize(
    ("one", "two", "said"),
    [
        ([1, 2], [1], "2 and 1 scores"),
        ([], [], "no items"),
        ([1.0, math.nan], [1.0, 2.0], "not finite"),
        ([1, 2], [math.inf, 1], "not finite"),
        (["a"], [1], "not a number"),
    ],
)
def test_bad_samples_are_refused(one, two, said):
    with pytest.raises(BadSample, match=said):
        compare_items(one, two)


def test_the_mean_of_outcomes_is_wilsons_and_of_clustered_ones_t():
    assert items_mean([1, 0, 1, 1]).method == "Wilson"
    assert items_mean(ONE, DAY).method == "t over 40 clusters"
    assert not items_mean([2.5]).is_defined
