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


def test_fewer_than_ten_clusters_that_differ_give_no_interval():
    few = compare_items(ONE, TWO, np.arange(400) // 50)
    assert few.difference.undefined_because.startswith("only 8 of 8 clusters differ: an interval takes 10")
    assert few.detectable is None
    lonely = compare_items(ONE, TWO, np.zeros(400))
    assert not lonely.difference.is_defined
    assert lonely.difference.value == pytest.approx((TWO - ONE).mean())
    assert lonely.p_value is None
    assert "there is 1" in lonely.difference.undefined_because


@pytest.mark.parametrize("many", [30, 60, 99, 150])
def test_a_few_items_of_a_few_clusters_show_no_difference(many):
    cluster = np.repeat(np.arange(many), 10)
    one, two = np.ones(many * 10), np.ones(many * 10)
    for changed in range(1, 10):
        one[10 * (changed - 1)] = 0
        pair = compare_items(one, two, cluster)
        assert f"only {changed} of {many} clusters differ" in pair.difference.undefined_because
        assert pair.p_value == pytest.approx(0.5 ** (changed - 1), abs=0.02)
    one[90] = 0
    assert compare_items(one, two, cluster).difference.is_defined


def test_the_one_sided_test_against_a_margin_is_the_sign_flips_of_the_shifted_differences():
    gain = TWO - ONE
    for margin in (-0.1, 0.05):
        found = compare_items(ONE, TWO, DAY, threshold=margin).one_sided_p_value
        sums = np.bincount(DAY, gain) - margin * np.bincount(DAY)
        flips = np.random.default_rng(9).choice([-1, 1], (20_000, 40)) @ np.abs(sums)
        assert found == pytest.approx((flips >= sums.sum()).mean(), abs=0.015)


def test_one_sided_tests_of_no_margin_are_half_the_two_sided_one():
    up, down = (compare_items(ONE, TWO, DAY, higher_is_better=way, threshold=0.0) for way in (True, False))
    assert up.one_sided_p_value == up.p_value / 2
    assert down.one_sided_p_value == 1 - down.p_value / 2
    counted = compare_items(ONE > 0, TWO > 0, threshold=0.0)
    assert counted.one_sided_p_value == counted.p_value / 2


def test_outcomes_of_independent_items_are_held_against_a_margin_by_tangos_interval_alone():
    assert compare_items(ONE > 0, TWO > 0, threshold=0.05).one_sided_p_value is None
    assert compare_items(ONE > 0, TWO > 0).one_sided_p_value is None


def test_many_units_and_runs_are_held_against_a_margin_by_t():
    from scipy import stats

    pair = compare_items(ONE, TWO, runs=[(1e-12, 2)], threshold=0.1)
    assert pair.one_sided_p_value == pytest.approx(
        stats.ttest_1samp(TWO - ONE, 0.1, alternative="greater").pvalue, rel=1e-3
    )


def test_claims_that_take_interval_and_test_are_false_in_at_most_one_of_twenty_null_worlds():
    rng = np.random.default_rng(21)
    claims = 0
    for seed in range(200):
        sizes = np.maximum(1, (rng.pareto(1.0, 40) * 3).astype(int).clip(0, 200))
        cluster = np.repeat(np.arange(40), sizes)
        one, two = (rng.normal(size=40)[cluster] + rng.normal(size=cluster.size) for _ in range(2))
        pair = compare_items(one, two, cluster, seed=seed)
        if pair.difference.is_defined and pair.p_value <= 0.05:
            claims += not pair.difference.low <= 0 <= pair.difference.high
    assert claims <= 17, "10 expected at most, and a standard deviation of 3"


def test_the_difference_is_above_0_where_the_candidate_is_better_whatever_the_direction():
    up, down = compare_items(ONE, TWO, DAY), compare_items(ONE, TWO, DAY, higher_is_better=False)
    assert up.difference.value == -down.difference.value > 0
    binary_up = compare_items(ONE > 0, TWO > 0)
    binary_down = compare_items(ONE > 0, TWO > 0, higher_is_better=False)
    assert binary_up.difference.low == pytest.approx(-binary_down.difference.high)
    assert up.p_value == down.p_value


def test_equal_scores_prove_nothing_except_as_counts_of_independent_outcomes():
    for same in (compare_items(ONE, ONE), compare_items(ONE > 0, ONE > 0, DAY), compare_items([0.5, 0.5], [0.5, 0.5])):
        assert same.difference.value == 0
        assert "differs, so they do not tell how far others may" in same.difference.undefined_because
        assert not same.inner.is_defined
        assert (same.p_value, same.detectable) == (None, None)
    outcomes = compare_items(ONE > 0, ONE > 0)
    assert outcomes.difference.low < 0 < outcomes.difference.high


@pytest.mark.parametrize("step", [1.0, 0.1])
def test_an_equal_step_on_every_item_has_no_interval_as_nothing_varies(step):
    for cluster in (None, np.arange(30) // 2):
        pair = compare_items(np.arange(30.0) / 7, np.arange(30.0) / 7 + step, cluster)
        assert pair.difference.value == pytest.approx(step)
        assert "by the same amount" in pair.difference.undefined_because
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
    nearly = items_mean(np.r_[np.zeros(3), np.ones(397)], DAY)
    assert 0 < nearly.low < nearly.value < nearly.high < 1
    assert nearly.method == "t over 40 clusters, logit scale"
    assert not items_mean([2.5]).is_defined
