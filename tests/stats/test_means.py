import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats as scipy_stats

from heldout.stats.means import (
    clustered_paired_difference,
    mean_estimate,
    mean_standard_error,
    paired_mean_test,
    ratio_estimate,
)
from heldout.stats.sample import BadSample, Undefined

# Student 1908: extra hours of sleep of ten patients under two drugs, R's `sleep`
SLEEP_1 = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
SLEEP_2 = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]

RNG = np.random.default_rng(5)
VALUES = RNG.normal(2, 1, 40)
CLUSTER = np.repeat(np.arange(8), 5)


def ends(estimate):
    return estimate.low, estimate.high


def test_the_paired_test_of_sleep_is_rs():
    # R 4, t.test(extra ~ group, paired): t = -4.0621, df = 9, p-value = 0.002833, -2.4598858 -0.7001142
    test = paired_mean_test(SLEEP_1, SLEEP_2)
    assert test.statistic == pytest.approx(-4.0621, abs=5e-5)
    assert test.degrees_of_freedom == 9
    assert test.p_value == pytest.approx(0.002833, abs=5e-7)
    assert test.difference.value == pytest.approx(-1.58)
    assert ends(test.difference) == pytest.approx((-2.4598858, -0.7001142), abs=5e-8)
    assert test.design_effect is None


@pytest.mark.parametrize("alternative", ["two-sided", "greater", "less"])
def test_the_paired_test_is_scipys_for_every_alternative(alternative):
    theirs = scipy_stats.ttest_rel(VALUES, VALUES[::-1] + 0.2, alternative=alternative)
    ours = paired_mean_test(VALUES, VALUES[::-1] + 0.2, alternative=alternative)
    assert (ours.statistic, ours.p_value) == pytest.approx((theirs.statistic, theirs.pvalue))
    shifted = paired_mean_test(VALUES, null=1.9, alternative=alternative)
    assert shifted.p_value == pytest.approx(scipy_stats.ttest_1samp(VALUES, 1.9, alternative=alternative).pvalue)


def test_the_mean_of_independent_rows_has_the_one_sample_interval():
    estimate = mean_estimate(VALUES, level=0.9)
    assert ends(estimate) == pytest.approx(tuple(scipy_stats.ttest_1samp(VALUES, 0).confidence_interval(0.9)))
    assert estimate.n == 40


def test_the_clustered_error_is_the_sandwich_written_out():
    residual = VALUES - VALUES.mean()
    meat = sum(residual[c == CLUSTER].sum() ** 2 for c in range(8))
    assert mean_standard_error(VALUES, CLUSTER, correction="CR0") == pytest.approx(np.sqrt(meat) / 40)
    assert mean_standard_error(VALUES, CLUSTER) == pytest.approx(np.sqrt(meat * 8 / 7) / 40)


def test_balanced_clusters_have_the_interval_of_their_means():
    means = VALUES.reshape(8, 5).mean(axis=1)
    assert ends(mean_estimate(VALUES, CLUSTER)) == pytest.approx(ends(mean_estimate(means)))


def test_the_weighted_error_is_linearised_as_in_survey():
    weight = RNG.uniform(0.5, 3, 40)
    mean = np.average(VALUES, weights=weight)
    parts = np.bincount(CLUSTER, weights=weight * (VALUES - mean)) / weight.sum()
    estimate = mean_estimate(VALUES, CLUSTER, weight)
    assert estimate.value == pytest.approx(mean)
    half = scipy_stats.t.ppf(0.975, 7) * np.sqrt(parts @ parts * 8 / 7)
    assert ends(estimate) == pytest.approx((mean - half, mean + half))


@given(st.floats(0.01, 100))
def test_only_the_ratios_of_weights_count(factor):
    weight = np.arange(1, 41)
    assert ends(mean_estimate(VALUES, CLUSTER, weight * factor)) == pytest.approx(
        ends(mean_estimate(VALUES, CLUSTER, weight))
    )


def test_rows_of_weight_zero_are_as_if_not_there():
    weight = (CLUSTER < 6).astype(float)
    with_zeros, without = mean_estimate(VALUES, CLUSTER, weight), mean_estimate(VALUES[:30], CLUSTER[:30])
    assert ends(with_zeros) == pytest.approx(ends(without))
    assert with_zeros.n == 30
    assert with_zeros.method == "mean, t over 6 clusters"


def test_a_ratio_over_ones_is_a_mean():
    for method in ("delta", "fieller"):
        ratio = ratio_estimate(VALUES, np.ones(40), CLUSTER, method=method)
        assert ends(ratio) == pytest.approx(ends(mean_estimate(VALUES, CLUSTER)))


def test_the_delta_error_of_a_ratio_is_cochrans():
    below = RNG.uniform(5, 9, 40)
    ratio = ratio_estimate(VALUES, below)
    covariance = np.cov(VALUES, below) / 40 / below.mean() ** 2
    error = np.sqrt(np.array([1, -ratio.value]) @ covariance @ [1, -ratio.value])
    assert ratio.high - ratio.value == pytest.approx(scipy_stats.t.ppf(0.975, 39) * error)


def test_fiellers_ends_are_the_ratios_that_the_t_test_just_keeps():
    below = RNG.uniform(2, 9, 40)
    ratio = ratio_estimate(VALUES, below, method="fieller")
    for end in ends(ratio):
        assert scipy_stats.ttest_1samp(VALUES - end * below, 0).pvalue == pytest.approx(0.05)


@given(st.randoms(use_true_random=False))
def test_row_order_does_not_matter(random):
    order = random.sample(range(40), 40)
    there = ratio_estimate(VALUES, VALUES**2, CLUSTER)
    assert ends(ratio_estimate(VALUES[order], VALUES[order] ** 2, CLUSTER[order])) == pytest.approx(ends(there))
    assert ends(mean_estimate(VALUES[order], CLUSTER[order])) == pytest.approx(ends(mean_estimate(VALUES, CLUSTER)))


def test_the_clustered_difference_knows_its_clusters_and_their_design_effect():
    other = VALUES - np.repeat(RNG.normal(0, 1, 8), 5)
    test = clustered_paired_difference(VALUES, other, CLUSTER)
    assert (test.units, test.degrees_of_freedom) == (8, 7)
    rows = paired_mean_test(VALUES, other)
    assert test.standard_error == pytest.approx(np.sqrt(test.design_effect) * rows.standard_error)
    assert test.design_effect == pytest.approx(5 * 39 / 40 * 8 / 7)  # whole clusters moved alike
    turned = clustered_paired_difference(other, VALUES, CLUSTER)
    assert turned.statistic == pytest.approx(-test.statistic)
    assert turned.p_value == pytest.approx(test.p_value)


@pytest.mark.parametrize(
    ("estimate", "says"),
    [
        (mean_estimate([3.0]), "two rows"),
        (mean_estimate([1.0, 2.0], cluster=["a", "a"]), "two clusters"),
        (mean_estimate([0.1] * 7), "no variance"),
        (ratio_estimate([1.0, 2.0], [2.0, 4.0]), "no bounds"),
        (ratio_estimate([1.0], [2.0]), "two rows"),
        (ratio_estimate([1.0, 2.0, 4.0, 3.0], [1.0, 2.0, 4.0, 3.0]), "no variance"),
        (ratio_estimate([1, 2, 3, 4, 5], [-1, 2, -3, 3, 0.5]), "reaches 0"),
        (paired_mean_test([0.3, 0.4], [0.2, 0.3]).difference, "no variance"),
    ],
)
def test_an_interval_that_does_not_exist_says_why_and_leaves_the_value(estimate, says):
    assert estimate.value is not None
    assert not estimate.is_defined
    assert says in estimate.undefined_because


def test_values_that_do_not_exist_say_why():
    assert mean_estimate([1, 2], weight=[0, 0]).undefined_because == "all weights are 0"
    assert ratio_estimate([1, 2], [1, -1]).undefined_because == "the denominator adds up to 0"
    with pytest.raises(Undefined, match="weights"):
        mean_standard_error([1, 2], weight=[0, 0])


def test_a_test_without_an_interval_has_no_p_value():
    test = paired_mean_test([1.0, 1.0, 1.0], [0.0, 0.0, 0.0])
    assert test.difference.value == 1
    assert (test.p_value, test.statistic, test.standard_error, test.degrees_of_freedom) == (None,) * 4


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: mean_estimate([]), "values is empty"),
        (lambda: mean_estimate([1, float("nan")]), "row 1"),
        (lambda: mean_estimate([[1, 2]]), "axes"),
        (lambda: mean_estimate([1, 2], weight=[1, -1]), "row 1"),
        (lambda: mean_estimate([1, 2], weight=[1]), "weight 1"),
        (lambda: mean_estimate([1, 2], cluster=["a"]), "shape"),
        (lambda: mean_estimate([1, 2], level=0), "level"),
        (lambda: mean_estimate([1], level=0), "level"),
        (lambda: mean_standard_error([1, 2], correction="HC3"), "correction"),
        (lambda: mean_standard_error([1]), "fewer than two"),
        (lambda: ratio_estimate([1, 2], [1]), "same rows"),
        (lambda: ratio_estimate([1, 2], [1, 2], method="bootstrap"), "bootstrap"),
        (lambda: paired_mean_test([1, 2], [1]), "same rows"),
        (lambda: paired_mean_test([1, 2], null=float("nan")), "null"),
        (lambda: paired_mean_test([1, 2], alternative="larger"), "alternative"),
        (lambda: paired_mean_test([]), "differences is empty"),
    ],
)
def test_input_that_cannot_be_used_is_refused(call, says):
    with pytest.raises(BadSample, match=says):
        call()
