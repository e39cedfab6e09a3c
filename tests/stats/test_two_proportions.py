import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from heldout.stats.proportions import agresti_coull, jeffreys, wilson
from heldout.stats.sample import BadSample, Undefined
from heldout.stats.two_proportions import fisher_exact, odds_ratio, risk_ratio, two_proportion_test

ASPIRIN = (189, 11034, 104, 11037)
"""Heart attacks of the Physicians' Health Study, placebo and aspirin: Agresti 2007, Categorical Data Analysis, §2.2."""

groups = st.tuples(st.integers(1, 40), st.integers(1, 40), st.integers(1, 40), st.integers(1, 40))


def ends(estimate):
    return estimate.low, estimate.value, estimate.high


def test_the_published_ratios_of_the_aspirin_trial():
    assert ends(risk_ratio(*ASPIRIN)) == pytest.approx((1.43, 1.82, 2.31), abs=5e-3)
    assert ends(odds_ratio(*ASPIRIN)) == pytest.approx((1.44, 1.83, 2.33), abs=5e-3)


def test_the_lady_tasting_tea_as_r_prints_it():
    tea = fisher_exact(3, 4, 1, 4)
    assert tea.p_value == pytest.approx(0.4857, abs=5e-5)
    assert (tea.odds_ratio.low, tea.odds_ratio.value) == pytest.approx((0.2117329, 6.408309), rel=5e-5)
    # R's search stops at 621.93; at the end itself all four cups are guessed with chance .975
    omega = tea.odds_ratio.high
    assert omega**4 / (1 + 16 * omega + 36 * omega**2 + 16 * omega**3 + omega**4) == pytest.approx(0.975, abs=1e-9)
    assert fisher_exact(3, 4, 1, 4, alternative="greater").p_value == pytest.approx(0.2429, abs=5e-5)


@given(cells=groups, level=st.sampled_from([0.8, 0.95]))
def test_ratios_and_tests_are_those_of_scipy(cells, level):
    a, b, c, d = cells
    table = [[a, b], [c, d]]
    counts = (a, a + b, c, c + d)
    risks = stats.contingency.relative_risk(a, a + b, c, c + d)
    assert ends(risk_ratio(*counts, level)) == pytest.approx(
        (*risks.confidence_interval(level)[:1], risks.relative_risk, risks.confidence_interval(level)[1])
    )
    odds = stats.contingency.odds_ratio(table, kind="sample")
    low, high = odds.confidence_interval(level)
    assert ends(odds_ratio(*counts, level)) == pytest.approx((low, odds.statistic, high))
    test = two_proportion_test(*counts)
    pearson = stats.chi2_contingency(table, correction=False)
    assert (test.statistic**2, test.p_value) == pytest.approx((pearson.statistic, pearson.pvalue))


@given(cells=groups)
def test_exchanged_groups_have_the_inverse_ratios_and_the_mirrored_tests(cells):
    a, b, c, d = cells
    there, back = (a, a + b, c, c + d), (c, c + d, a, a + b)
    for ratio in (risk_ratio, odds_ratio):
        low, value, high = ends(ratio(*back))
        assert ends(ratio(*there)) == pytest.approx((1 / high, 1 / value, 1 / low))
    for test in (two_proportion_test, fisher_exact):
        greater = test(*there, alternative="greater").p_value
        assert greater == pytest.approx(test(*back, alternative="less").p_value)


@given(n=st.integers(1, 200), share=st.floats(0, 1), level=st.sampled_from([0.9, 0.99]))
def test_intervals_of_one_share_hold_it_and_mirror(n, share, level):
    hits = round(share * n)
    for interval in (agresti_coull, jeffreys):
        one, other = interval(hits, n, level), interval(n - hits, n, level)
        assert 0 <= one.low <= one.value <= one.high <= 1
        assert (one.low, one.high) == pytest.approx((1 - other.high, 1 - other.low))
    inside, around = wilson(hits, n, level), agresti_coull(hits, n, level)
    assert around.low <= inside.low + 1e-12 <= inside.high <= around.high + 1e-12


def test_jeffreys_is_the_posterior_of_half_a_success_and_half_a_failure_more():
    posterior = stats.beta(3.5, 17.5)
    assert ends(jeffreys(3, 20)) == pytest.approx((posterior.ppf(0.025), 0.15, posterior.ppf(0.975)))
    assert (jeffreys(0, 20).low, jeffreys(20, 20).high) == (0, 1)


def test_what_counts_of_0_leave_undefined():
    assert "no success" in risk_ratio(3, 10, 0, 10).undefined_because
    none = risk_ratio(0, 10, 3, 10)
    assert none.value == 0
    assert "standard error" in none.undefined_because
    assert "standard error" in risk_ratio(10, 10, 7, 7).undefined_because
    assert "divides" in odds_ratio(10, 10, 3, 10).undefined_because
    assert odds_ratio(10, 10, 3, 10, add_half=True).value == pytest.approx(10.5 / 0.5 * 7.5 / 3.5)
    for ratio in (risk_ratio, odds_ratio):
        assert "no rows" in ratio(0, 0, 1, 2).undefined_because
    assert "upper end" in fisher_exact(10, 10, 3, 10).odds_ratio.undefined_because
    assert fisher_exact(0, 10, 3, 10).odds_ratio.low == 0
    for test in (two_proportion_test, fisher_exact):
        for counts in ((0, 0, 1, 2), (0, 5, 0, 5), (5, 5, 5, 5)):
            with pytest.raises(Undefined):
                test(*counts)
    for interval in (agresti_coull, jeffreys):
        assert "no rows" in interval(0, 0).undefined_because


@pytest.mark.parametrize("counts", [(3, 2, 1, 2), (-1, 2, 1, 2), (0.5, 2, 1, 2), (1, np.inf, 1, 2), (1, 1e300, 1, 2)])
@pytest.mark.parametrize("function", [risk_ratio, odds_ratio, two_proportion_test, fisher_exact])
def test_what_is_no_share_is_refused(function, counts):
    with pytest.raises(BadSample):
        function(*counts)
    with pytest.raises(BadSample, match="level"):
        function(1, 2, 1, 2, 1.0)
    for interval in (agresti_coull, jeffreys):
        with pytest.raises(BadSample):
            interval(*counts[:2])


@pytest.mark.parametrize("function", [two_proportion_test, fisher_exact])
def test_an_unknown_alternative_is_refused(function):
    with pytest.raises(BadSample, match="alternative"):
        function(1, 2, 1, 2, alternative="larger")
