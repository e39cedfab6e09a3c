import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm, ttest_ind, ttest_rel

from heldout.stats.equivalence import minimum_effect_test, tost, tost_from_estimate
from heldout.stats.means import clustered_paired_difference
from heldout.stats.sample import BadSample

RNG = np.random.default_rng(2)
FIRST, SECOND = RNG.normal(0, 1, 30), RNG.normal(0.1, 2, 30)


@pytest.mark.parametrize(
    ("options", "oracle"),
    [
        ({}, lambda x, y, side: ttest_ind(x, y, equal_var=False, alternative=side)),
        ({"equal_variance": True}, lambda x, y, side: ttest_ind(x, y, alternative=side)),
        ({"paired": True}, lambda x, y, side: ttest_rel(x, y, alternative=side)),
    ],
)
def test_the_two_tests_are_scipys_one_sided_ones(options, oracle):
    ours = tost(FIRST, SECOND, (-0.9, 1.1), **options)
    lower, upper = oracle(FIRST + 0.9, SECOND, "greater"), oracle(FIRST - 1.1, SECOND, "less")
    assert (ours.statistic_lower, ours.p_lower) == pytest.approx((lower.statistic, lower.pvalue))
    assert (ours.statistic_upper, ours.p_upper) == pytest.approx((upper.statistic, upper.pvalue))
    assert ours.p_value == max(ours.p_lower, ours.p_upper)
    assert ours.degrees_of_freedom == pytest.approx(lower.df)


@given(st.floats(0.05, 3), st.floats(-2, 2), st.floats(0.01, 0.2))
def test_equivalence_is_the_interval_at_one_minus_two_alpha_within_the_margins(width, shift, alpha):
    test = tost(FIRST + shift, SECOND, width, alpha=alpha)
    assert test.difference.level == pytest.approx(1 - 2 * alpha)
    assert test.is_equivalent == (-width < test.difference.low and test.difference.high < width)


def test_turning_the_groups_round_swaps_the_tests():
    there, back = tost(FIRST, SECOND, (-0.5, 0.8)), tost(SECOND, FIRST, (-0.8, 0.5))
    assert (there.p_lower, there.p_upper) == pytest.approx((back.p_upper, back.p_lower))


def test_pairs_may_come_in_clusters():
    cluster = np.repeat(np.arange(10), 3)
    test = tost(FIRST, SECOND, 1.0, paired=True, cluster=cluster)
    assert test.standard_error == clustered_paired_difference(FIRST, SECOND, cluster).standard_error
    assert test.degrees_of_freedom == 9


def test_an_estimate_is_tested_as_its_sample_is():
    whole = tost(FIRST, SECOND, 1.0)
    quoted = tost_from_estimate(whole.difference.value, whole.standard_error, whole.degrees_of_freedom, 1.0, n=60)
    assert (quoted.p_lower, quoted.p_upper) == (whole.p_lower, whole.p_upper)
    assert (quoted.difference.low, quoted.difference.high) == (whole.difference.low, whole.difference.high)
    normal = tost_from_estimate(0.1, 0.2, math.inf, 0.5)
    assert normal.p_upper == pytest.approx(norm.cdf(-2))


def test_an_effect_is_tested_against_its_gate():
    test = minimum_effect_test(0.05, 0.01, math.inf, gate=0.03)
    assert test.statistic == pytest.approx(2)
    assert test.p_value == pytest.approx(norm.sf(2))
    assert test.p_value + test.p_value_below == pytest.approx(1)


@given(st.floats(-1, 1), st.floats(0.01, 1), st.floats(1, 200), st.floats(0.01, 1))
def test_equivalence_is_both_gates_tested_at_once(value, error, df, margin):
    test = tost_from_estimate(value, error, df, margin)
    assert test.p_lower == pytest.approx(minimum_effect_test(value, error, df, -margin).p_value)
    assert test.p_upper == pytest.approx(minimum_effect_test(value, error, df, margin).p_value_below)


@pytest.mark.parametrize(
    ("test", "says"),
    [
        (tost([1.0, 1.0], [1.0, 1.0], 1), "no variance"),
        (tost([1.0], [1.0, 2.0], 1), "single row"),
        (tost([1.0, 2.0], [1.0, 2.0], 1, paired=True), "no variance"),
        (tost([1.0], [2.0], 1, paired=True), "two rows"),
        (tost([1.0, 2.0], [1.0, 3.0], 1, paired=True, cluster=["a", "a"]), "two clusters"),
    ],
)
def test_a_sample_that_shows_no_variance_is_never_equivalent(test, says):
    assert says in test.difference.undefined_because
    assert (test.p_value, test.is_equivalent) == (None, None)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: tost([1, 2], [1, 2], 0), "margin"),
        (lambda: tost([1, 2], [1, 2], (1, -1)), "margin"),
        (lambda: tost([1, 2], [1, 2], (1, 2, 3)), "margin"),
        (lambda: tost([1, 2], [1, 2], float("nan")), "margin"),
        (lambda: tost([1, 2], [1, 2], 1, alpha=0.5), "alpha"),
        (lambda: tost([], [1, 2], 1), "first is empty"),
        (lambda: tost([1, 2], [], 1), "second is empty"),
        (lambda: tost([1, 2], [1, float("inf")], 1), "second"),
        (lambda: tost([1, 2], [1], 1, paired=True), "same rows"),
        (lambda: tost([1, 2], [1, 2], 1, cluster=[1, 2]), "paired"),
        (lambda: tost_from_estimate(0, 0, 9, 1), "above 0"),
        (lambda: tost_from_estimate(0, 1, 0, 1), "above 0"),
        (lambda: tost_from_estimate(0, 1, float("nan"), 1), "degrees_of_freedom is nan"),
        (lambda: tost_from_estimate(float("nan"), 1, 9, 1), "finite"),
        (lambda: minimum_effect_test(0, -1, 9, 1), "above 0"),
        (lambda: minimum_effect_test(0, 1, 9, float("inf")), "gate"),
    ],
)
def test_input_that_cannot_be_used_is_refused(call, says):
    with pytest.raises(BadSample, match=says):
        call()
