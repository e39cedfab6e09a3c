import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats as oracle

from heldout.stats import BadSample, Undefined
from heldout.stats.sample_size import (
    auc_cases,
    auc_power,
    clusters_needed,
    design_effect,
    effective_n,
    kish_effective_n,
    minimum_detectable_effect,
    minimum_detectable_lift,
    proportion_n,
    proportion_power,
    t_test_difference,
    t_test_n,
    t_test_power,
)


def test_t_tests_need_what_r_prints():
    # power.t.test's and pwr.t.test's documentation
    assert t_test_n(0.9, 1, alternative="one-sided") == pytest.approx(17.84713, abs=1e-5)
    assert t_test_n(0.8, 0.5) == pytest.approx(63.76561, abs=1e-5)
    one_sample = t_test_power(60, 0.2, alpha=0.1, kind="one-sample")
    assert one_sample == pytest.approx(0.4555818, abs=1e-7)
    assert t_test_power(60, 0.2, alpha=0.1, kind="paired") == one_sample


def test_strict_power_counts_the_wrong_side_as_well():
    assert t_test_power(20, 0.0) == pytest.approx(0.05)
    assert t_test_power(20, 0.0, strict=False) == pytest.approx(0.025)
    assert proportion_power(20, 0.3, 0.3, strict=True) == pytest.approx(0.05)


@pytest.mark.parametrize("alternative", ["two-sided", "one-sided"])
@pytest.mark.parametrize("ratio", [1.0, 2.5])
def test_power_is_the_share_of_simulated_t_tests_that_reject(alternative, ratio):
    rng = np.random.default_rng(0)
    first, second = rng.normal(0.8, 1.5, (12, 8000)), rng.normal(0, 1.5, (int(12 * ratio), 8000))
    side = "two-sided" if alternative == "two-sided" else "greater"
    rejected = oracle.ttest_ind(first, second, alternative=side).pvalue < 0.05
    power = t_test_power(12, 0.8, 1.5, alternative=alternative, ratio=ratio)
    assert rejected.mean() == pytest.approx(power, abs=0.02)


@given(
    st.floats(0.1, 0.99),
    st.floats(0.05, 3),
    st.sampled_from([0.01, 0.05]),
    st.sampled_from(["two-sample", "one-sample", "paired"]),
    st.sampled_from(["two-sided", "one-sided"]),
)
@settings(max_examples=60, deadline=None)
def test_units_power_and_difference_answer_each_other(power, difference, alpha, kind, alternative):
    n = t_test_n(power, difference, 1.3, alpha, kind, alternative=alternative)
    reached = t_test_power(n, difference, 1.3, alpha, kind, alternative=alternative)
    if n > 2:
        assert reached == pytest.approx(power, abs=1e-8)
        found = t_test_difference(n, power, 1.3, alpha, kind, alternative=alternative)
        assert found == pytest.approx(difference, rel=1e-6)
    else:
        assert reached >= power
    assert t_test_power(n, -difference, 1.3, alpha, kind, alternative=alternative) == pytest.approx(reached)


def test_power_stays_sound_at_many_units_and_large_effects():
    powers = [t_test_power(n, 0.01) for n in (10, 1e3, 1e5, 4e5, 6e5, 1e7)]
    assert powers == sorted(powers)
    assert powers[-1] == pytest.approx(1)
    assert t_test_power(499_999, 0.005) == pytest.approx(t_test_power(500_003, 0.005), abs=1e-5)
    assert t_test_power(50, 40) == pytest.approx(1)
    with pytest.raises(Undefined, match="more than"):
        t_test_n(0.9, 1e-6)


def test_shares_need_what_r_and_cohen_print():
    assert proportion_n(0.9, 0.5, 0.75) == pytest.approx(76.7, abs=0.01)
    # pwr.2p.test(h = .3, n = 80, alternative = "greater")
    second = math.sin(math.asin(math.sqrt(0.5)) + 0.15) ** 2
    power = proportion_power(80, 0.5, second, alternative="one-sided", method="arcsine")
    assert power == pytest.approx(0.5996777, abs=1e-7)


@pytest.mark.parametrize("method", ["pooled", "unpooled", "arcsine"])
@pytest.mark.parametrize("ratio", [1.0, 3.0])
@pytest.mark.parametrize("alternative", ["two-sided", "one-sided"])
def test_units_and_power_of_shares_answer_each_other(method, ratio, alternative):
    options = {"method": method, "ratio": ratio, "alternative": alternative}
    n = proportion_n(0.85, 0.1, 0.15, 0.01, **options)
    assert proportion_power(n, 0.1, 0.15, 0.01, **options) == pytest.approx(0.85)
    swapped = proportion_n(0.85, 0.15, 0.1, 0.01, **(options | {"ratio": 1 / ratio}))
    assert swapped == pytest.approx(n * ratio)


@pytest.mark.parametrize("ratio", [1.0, 2.0])
def test_the_continuity_correction_adds_about_what_fleiss_says(ratio):
    plain = proportion_n(0.8, 0.1, 0.2, ratio=ratio)
    corrected = proportion_n(0.8, 0.1, 0.2, ratio=ratio, continuity=True)
    assert corrected - plain == pytest.approx((1 + ratio) / (ratio * 0.1), rel=0.05)


def test_the_power_of_an_auc_is_near_that_of_simulated_tests():
    rng = np.random.default_rng(1)
    shift = math.sqrt(2) * oracle.norm.ppf(0.7)
    rejected = 0
    for _ in range(600):
        test = oracle.mannwhitneyu(rng.normal(shift, 1, 41), rng.normal(0, 1, 41), method="asymptotic")
        rejected += test.pvalue < 0.05
    assert rejected / 600 == pytest.approx(auc_power(41, 0.7), abs=0.05)


@pytest.mark.parametrize("alternative", ["two-sided", "one-sided"])
@pytest.mark.parametrize("kappa", [0.5, 1.0, 9.0])
def test_cases_and_power_of_an_auc_answer_each_other(kappa, alternative):
    cases = auc_cases(0.65, 0.8, 0.01, kappa, alternative=alternative)
    assert auc_power(cases, 0.65, 0.01, kappa, alternative=alternative) == pytest.approx(0.8)


def test_the_detectable_effect_is_found_with_its_power():
    of_normal = 2 * (oracle.norm.ppf(0.975) + oracle.norm.ppf(0.8))
    assert minimum_detectable_effect(2.0) == pytest.approx(of_normal, abs=1e-4)
    effect = minimum_detectable_effect(1.0, 20, 0.05, 0.9)
    critical = oracle.t.ppf(0.975, 20)
    found = oracle.nct.sf(critical, 20, effect) + oracle.nct.cdf(-critical, 20, effect)
    assert found == pytest.approx(0.9)
    assert effect > minimum_detectable_effect(1.0, 20, 0.05, 0.9, alternative="one-sided")


@pytest.mark.parametrize("sizes", [[4, 4, 4], [1, 2, 9]])
def test_the_design_effect_is_that_of_the_correlation_matrix(sizes):
    icc, n = 0.3, sum(sizes)
    owner = np.repeat(np.arange(len(sizes)), sizes)
    correlation = np.where(owner[:, None] == owner, icc, 0.0)
    np.fill_diagonal(correlation, 1.0)
    variance_of_mean = correlation.sum() / n**2
    variation = np.std(sizes) / np.mean(sizes)
    effect = design_effect(np.mean(sizes), icc, size_variation=variation)
    assert effect == pytest.approx(variance_of_mean * n)
    assert effective_n(n, effect) == pytest.approx(1 / variance_of_mean)


@given(st.lists(st.floats(0.1, 50), min_size=1, max_size=20), st.floats(1e-3, 1e200))
def test_weights_are_worth_at_most_their_number_and_know_no_unit(weights, scale):
    worth = kish_effective_n(weights)
    assert 1 - 1e-9 <= worth <= len(weights) + 1e-9
    assert kish_effective_n(np.array(weights) * scale) == pytest.approx(worth)
    assert kish_effective_n([*weights, 0.0]) == pytest.approx(worth)


def test_clusters_of_one_row_are_rows():
    assert clusters_needed(0.3, 1.0, 1, 0.2) == pytest.approx(t_test_n(0.8, 0.3))
    assert clusters_needed(0.3, 1.0, 10, 1.0) == pytest.approx(t_test_n(0.8, 0.3))


def test_the_detectable_lift_follows_the_design_and_the_clusters():
    plain = minimum_detectable_lift(0.1, 0.3, 1000, 2000)
    error = 0.3 * math.sqrt(1 / 1000 + 1 / 2000)
    assert plain == pytest.approx(minimum_detectable_effect(error, 2998) / 0.1)
    assert minimum_detectable_lift(0.1, 0.3, 4000, 8000, design_effect=4) == pytest.approx(plain)
    assert minimum_detectable_lift(0.1, 0.3, 1000, 2000, clusters=10) > plain
    assert minimum_detectable_lift(-0.1, 0.3, 1000, 2000) == plain


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: t_test_power(1, 1), "1 units"),
        (lambda: t_test_power(np.nan, 1), "nan units"),
        (lambda: t_test_power(9, 1, 0), "standard deviation 0"),
        (lambda: t_test_power(9, 1, alpha=0), "alpha"),
        (lambda: t_test_power(9, 1, kind="two"), "kind"),
        (lambda: t_test_power(9, 1, alternative="greater"), "alternative"),
        (lambda: t_test_power(2, 1, ratio=0.0), "ratio 0"),
        (lambda: t_test_n(0.9, 0), "difference of 0"),
        (lambda: t_test_n(0.04, 1), "power of 0.04"),
        (lambda: t_test_difference(1, 0.9), "1 units"),
        (lambda: proportion_power(0, 0.1, 0.2), "0 units"),
        (lambda: proportion_power(9, -0.1, 0.2), "shares"),
        (lambda: proportion_power(9, 0.1, 0.2, method="exact"), "method"),
        (lambda: proportion_n(0.9, 0.2, 0.2), "equal shares"),
        (lambda: proportion_n(1.0, 0.1, 0.2), "power of 1"),
        (lambda: auc_cases(0.5), "AUC of 0.5"),
        (lambda: auc_cases(0.7, kappa=-1), "ratio -1"),
        (lambda: auc_power(0, 0.7), "0 cases"),
        (lambda: minimum_detectable_effect(0), "standard error 0"),
        (lambda: minimum_detectable_effect(1, 0), "0 degrees"),
        (lambda: design_effect(0.5, 0.1), "clusters of 0.5"),
        (lambda: design_effect(5, 1.1), "icc 1.1"),
        (lambda: effective_n(0, 1), "0 rows"),
        (lambda: effective_n(5, 0), "effect of 0"),
        (lambda: kish_effective_n([0, 0]), "weights"),
        (lambda: kish_effective_n([1, -1]), "weights"),
        (lambda: minimum_detectable_lift(0, 1, 9, 9), "baseline mean of 0"),
        (lambda: minimum_detectable_lift(1, 1, 9, 9, clusters=2), "0.0 degrees"),
        (lambda: clusters_needed(0, 1, 5, 0.1), "difference of 0"),
    ],
)
def test_parameters_out_of_range_are_refused(call, said):
    with pytest.raises(BadSample, match=said):
        call()


def test_shares_at_the_ends_have_no_normal_approximation():
    with pytest.raises(Undefined, match="no unit varies"):
        proportion_power(10, 0, 1)
