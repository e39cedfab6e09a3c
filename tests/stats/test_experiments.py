import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats as oracle

from heldout.stats import BadSample, Undefined
from heldout.stats.experiments import (
    ancova,
    chi_square_homogeneity,
    cuped,
    lin_adjusted,
    ratio_lift,
    relative_lift,
    srm,
    student_t,
    student_t_from_summary,
    welch,
    welch_from_summary,
)

SIDES = ("two-sided", "greater", "less")


def world(seed, n=120, effect=0.4, k=1):
    """Outcome, covariates and arms of unequal size, with a slope and a variance that differ by arm."""
    rng = np.random.default_rng(seed)
    x = rng.normal(3, 2, (n, k))
    treated = (rng.random(n) < 0.4).astype(float)
    y = 10 + x.sum(axis=1) * (1 + 0.3 * treated) + effect * treated + rng.normal(0, 1 + treated, n)
    return y, x[:, 0] if k == 1 else x, treated


def ends(estimate):
    return estimate.low, estimate.high


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("null", [0.0, 0.7])
@pytest.mark.parametrize(("test", "pooled"), [(welch, False), (student_t, True)])
def test_the_t_tests_are_scipys(test, pooled, side, null):
    rng = np.random.default_rng(3)
    first, second = rng.normal(1, 1, 17), rng.exponential(2, 9)
    ours = test(first, second, 0.9, null=null, alternative=side)
    theirs = oracle.ttest_ind(first - null, second, equal_var=pooled, alternative=side)
    assert ours.statistic == pytest.approx(theirs.statistic)
    assert ours.p_value == pytest.approx(theirs.pvalue)
    assert ours.degrees_of_freedom == pytest.approx(theirs.df)
    two_sided = oracle.ttest_ind(first, second, equal_var=pooled).confidence_interval(0.9)
    assert ends(ours.difference) == pytest.approx((two_sided.low, two_sided.high))
    assert ours.difference.value == pytest.approx(first.mean() - second.mean())
    assert ours.difference.n == 26


@pytest.mark.parametrize(("test", "from_summary"), [(welch, welch_from_summary), (student_t, student_t_from_summary)])
def test_a_summary_tests_as_its_values_do(test, from_summary):
    rng = np.random.default_rng(4)
    first, second = rng.normal(1, 1, 17), rng.exponential(2, 9)
    summary = from_summary(
        first_mean=first.mean(),
        first_standard_deviation=first.std(ddof=1),
        first_n=17,
        second_mean=second.mean(),
        second_standard_deviation=second.std(ddof=1),
        second_n=9,
        alternative="less",
    )
    values = test(first, second, alternative="less")
    assert summary.p_value == pytest.approx(values.p_value)
    assert ends(summary.difference) == pytest.approx(ends(values.difference))


@given(st.integers(0, 10**6), st.floats(-1e3, 1e3), st.floats(0.01, 100))
@settings(max_examples=40, deadline=None)
def test_the_sign_is_first_minus_second_whatever_unit_and_origin(seed, shift, scale):
    rng = np.random.default_rng(seed)
    first, second = rng.normal(size=8), rng.normal(size=11)
    there, back = welch(first, second), welch(second, first)
    moved = welch(first * scale + shift, second * scale + shift)
    assert there.difference.value == pytest.approx(-back.difference.value)
    assert ends(there.difference) == pytest.approx((-back.difference.high, -back.difference.low))
    assert moved.p_value == pytest.approx(there.p_value, rel=1e-6)
    assert moved.difference.low == pytest.approx(there.difference.low * scale, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize(("first", "second", "reason"), [([1], [1, 2], "one unit"), ([0.1] * 3, [0.3] * 4, "differs")])
def test_samples_without_variance_have_a_difference_and_no_test(first, second, reason):
    test = welch(first, second)
    assert test.difference.value == pytest.approx(np.mean(first) - np.mean(second))
    assert reason in test.difference.undefined_because
    assert (test.statistic, test.p_value, test.standard_error) == (None, None, None)


@pytest.mark.parametrize(
    ("arguments", "options", "said"),
    [
        (([], [1, 2]), {}, "first is empty"),
        (([1, 2], [1, np.nan]), {}, "second holds a value that is not finite"),
        (([1, 2], [1, np.inf]), {}, "row 1"),
        (([[1, 2]], [1, 2]), {}, "2 axes"),
        (([1, 2], [1, 2]), {"level": 95}, "level"),
        (([1, 2], [1, 2]), {"alternative": "larger"}, "alternative"),
    ],
)
def test_what_no_t_test_can_use_is_refused(arguments, options, said):
    with pytest.raises(BadSample, match=said):
        welch(*arguments, **options)


@pytest.mark.parametrize("change", [{"first_n": 1}, {"second_standard_deviation": -1}, {"first_mean": np.nan}])
def test_a_summary_that_cannot_be_one_is_refused(change):
    summary = {"first_mean": 0, "first_standard_deviation": 1, "first_n": 9}
    other = {"second_mean": 0, "second_standard_deviation": 1, "second_n": 9}
    with pytest.raises(BadSample):
        welch_from_summary(**(summary | other | change))


def test_the_mismatch_test_is_scipys_goodness_of_fit():
    counts, shares = [480, 260, 255], [0.5, 0.25, 0.25]
    theirs = oracle.chisquare(counts, np.array(shares) * sum(counts))
    ours = srm(counts, [2, 1, 1])
    assert (ours.statistic, ours.p_value) == pytest.approx((theirs.statistic, theirs.pvalue))
    assert (ours.degrees_of_freedom, ours.n, ours.expected) == (2, 995, (497.5, 248.75, 248.75))
    assert ours.residuals[0] == pytest.approx((480 - 497.5) / 497.5**0.5)


def test_counts_as_planned_show_no_mismatch():
    assert srm([500, 500]).p_value == 1
    assert srm([300, 700], [0.3, 0.7]).statistic == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(
    ("counts", "shares", "said"),
    [
        ([10], None, "1 arms"),
        ([10.5, 3], None, "no count"),
        ([10, -3], None, "position 1"),
        ([5, 5], [1, 1, 1], "2 counts and 3 shares"),
        ([5, 5], [1, 0], "not positive"),
        ([5, np.nan], None, "not finite"),
    ],
)
def test_counts_that_no_experiment_has_are_refused(counts, shares, said):
    with pytest.raises(BadSample, match=said):
        srm(counts, shares)


def test_an_experiment_without_units_says_nothing_of_its_shares():
    with pytest.raises(Undefined, match="no unit"):
        srm([0, 0])
    with pytest.raises(Undefined, match="row 0 has no counts"):
        chi_square_homogeneity([[0, 0], [0, 0]])


@given(st.lists(st.lists(st.integers(1, 60), min_size=3, max_size=3), min_size=2, max_size=4))
def test_homogeneity_is_scipys_and_knows_no_order(table):
    ours = chi_square_homogeneity(table)
    theirs = oracle.chi2_contingency(table, correction=False)
    assert (ours.statistic, ours.p_value) == pytest.approx((theirs.statistic, theirs.pvalue), abs=1e-12)
    assert ours.degrees_of_freedom == theirs.dof
    assert chi_square_homogeneity(table[::-1]).statistic == pytest.approx(ours.statistic, abs=1e-12)
    assert chi_square_homogeneity(np.transpose(table)).effect_size == pytest.approx(ours.effect_size, abs=1e-9)
    assert 0 <= ours.effect_size <= 1 + 1e-12
    assert ours.smallest_expected == pytest.approx(theirs.expected_freq.min())


@pytest.mark.parametrize("table", [[[12, 5], [7, 9]], [[10, 10], [10, 11]], [[3, 0], [0, 3]]])
def test_yates_correction_is_scipys(table):
    ours, theirs = chi_square_homogeneity(table, yates=True), oracle.chi2_contingency(table, correction=True)
    assert (ours.statistic, ours.p_value) == pytest.approx((theirs.statistic, theirs.pvalue))


def test_a_table_that_tells_nothing_is_refused_or_undefined():
    with pytest.raises(Undefined, match="column 1 has no counts"):
        chi_square_homogeneity([[3, 0], [4, 0]])
    with pytest.raises(BadSample, match="1 × 2"):
        chi_square_homogeneity([[3, 4]])
    with pytest.raises(BadSample, match="Yates"):
        chi_square_homogeneity([[3, 4, 1], [1, 2, 3]], yates=True)
    with pytest.raises(BadSample, match="axes"):
        chi_square_homogeneity([3, 4])


def test_cuped_is_welch_on_what_the_covariate_leaves():
    y, x, treated = world(0)
    slope = np.polyfit(x, y, 1)[0]
    left = y - slope * (x - x.mean())
    wanted = welch(left[treated == 1], left[treated == 0])
    ours = cuped(y, x, treated)
    assert ours.theta == pytest.approx(slope)
    assert ours.adjusted.p_value == pytest.approx(wanted.p_value)
    assert ours.variance_ratio == pytest.approx(1 - ours.r_squared) == pytest.approx(1 - np.corrcoef(x, y)[0, 1] ** 2)
    assert ours.unadjusted == welch(y[treated == 1], y[treated == 0])
    assert ours.adjusted.standard_error < ours.unadjusted.standard_error
    assert ours.relative.relative.value == pytest.approx(wanted.first_mean / wanted.second_mean - 1)


@given(st.integers(0, 10**6), st.floats(-50, 50), st.floats(0.1, 10))
@settings(max_examples=30, deadline=None)
def test_adjusted_effects_know_neither_the_covariates_unit_nor_the_order_of_rows(seed, shift, scale):
    y, x, treated = world(seed, n=40)
    order = np.random.default_rng(seed).permutation(40)
    moved = (y[order], (x * scale + shift)[order], treated[order])
    assert cuped(*moved).adjusted.difference.value == pytest.approx(cuped(y, x, treated).adjusted.difference.value)
    for effect in (ancova, lin_adjusted):
        there, here = effect(*moved), effect(y, x, treated)
        assert there.effect.value == pytest.approx(here.effect.value)
        assert there.p_value == pytest.approx(here.p_value, rel=1e-6)
        other = effect(y, x, 1 - treated)
        assert other.effect.value == pytest.approx(-here.effect.value)
        assert other.standard_error == pytest.approx(here.standard_error)


def sandwich(y, design, kind):
    """The textbook's matrices, one by one."""
    n, k = design.shape
    bread = np.linalg.inv(design.T @ design)
    coefficients = bread @ design.T @ y
    residual = y - design @ coefficients
    leverage = np.diag(design @ bread @ design.T)
    squares = {
        "classical": np.full(n, residual @ residual / (n - k)),
        "HC0": residual**2,
        "HC1": residual**2 * n / (n - k),
        "HC2": residual**2 / (1 - leverage),
        "HC3": residual**2 / (1 - leverage) ** 2,
    }[kind]
    return coefficients, np.sqrt(np.diag(bread @ design.T @ np.diag(squares) @ design @ bread))


@pytest.mark.parametrize("kind", ["classical", "HC0", "HC1", "HC2", "HC3"])
@pytest.mark.parametrize("k", [1, 3])
@pytest.mark.parametrize("effect", [ancova, lin_adjusted])
def test_the_regressions_are_the_textbooks(effect, k, kind):
    y, x, treated = world(5, k=k)
    columns = x.reshape(len(y), -1)
    if effect is lin_adjusted:
        centred = columns - columns.mean(axis=0)
        columns = np.column_stack((centred, centred * treated[:, None]))
    coefficients, errors = sandwich(y, np.column_stack((np.ones_like(y), treated, columns)), kind)
    ours = effect(y, x, treated, 0.9, covariance=kind)
    assert ours.coefficients == pytest.approx(tuple(coefficients))
    assert ours.standard_errors == pytest.approx(tuple(errors))
    freedom = len(y) - len(coefficients)
    half = oracle.t.ppf(0.95, freedom) * errors[1]
    assert ends(ours.effect) == pytest.approx((coefficients[1] - half, coefficients[1] + half))
    assert ours.p_value == pytest.approx(2 * oracle.t.sf(abs(coefficients[1] / errors[1]), freedom))
    assert ours.degrees_of_freedom == freedom


def test_lins_effect_is_the_gap_of_two_lines_at_the_mean_covariate():
    y, x, treated = world(6)
    lines = [np.polyval(np.polyfit(x[treated == arm], y[treated == arm], 1), x.mean()) for arm in (1, 0)]
    assert lin_adjusted(y, x, treated).effect.value == pytest.approx(lines[0] - lines[1])


def test_regressions_say_why_they_have_no_interval():
    y, x, treated = world(7, n=12)
    collinear = ancova(y, np.column_stack((x, 2 * x + 1)), treated)
    assert collinear.effect.value is None
    assert "collinear" in collinear.effect.undefined_because
    exact = ancova(3 * treated + x, x, treated)
    assert exact.effect.value == pytest.approx(3)
    assert "fits every unit" in exact.effect.undefined_because
    saturated = ancova([1, 2, 4], [1, 5, 2], [0, 1, 1])
    assert "as many coefficients" in saturated.effect.undefined_because
    alone = np.arange(12) == 3
    lone = ancova(y, alone, treated, covariance="HC3")
    assert "unit 3 alone" in lone.effect.undefined_because
    assert (lone.p_value, lone.standard_errors) == (None, ())


def test_a_covariate_or_outcome_that_never_changes_has_no_cuped():
    with pytest.raises(Undefined, match="covariate is the same"):
        cuped([1.0, 2, 3], [0.1] * 3, [0, 1, 1])
    with pytest.raises(Undefined, match="outcome is the same"):
        cuped([0.3] * 3, [1, 2, 3], [0, 1, 1])


@pytest.mark.parametrize("effect", [cuped, ancova, lin_adjusted])
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (([1, 2, 3], [1, 2, 3], [0, 1, 2]), "arm 2 is neither"),
        (([1, 2, 3], [1, 2, 3], [1, 1, 1]), "one of the two arms"),
        (([1, 2, 3], [1, 2, 3], [0, 1]), "3 outcomes and 2 arms"),
        (([1, 2, 3], [1, 2], [0, 1, 1]), "covariates"),
        (([1, 2, 3], [1, 2, np.nan], [0, 1, 1]), "not finite"),
    ],
)
def test_arms_and_covariates_that_do_not_fit_are_refused(effect, arguments, said):
    with pytest.raises(BadSample, match=said):
        effect(*arguments)


def test_an_unknown_covariance_or_level_is_refused():
    for options in ({"covariance": "HC9"}, {"level": 1.0}):
        with pytest.raises(BadSample):
            ancova(*world(0), **options)


def lift_sample(seed=1, n=60):
    rng = np.random.default_rng(seed)
    return rng.gamma(4, 1.2, n), rng.gamma(4, 1, n + 15)


def test_on_the_log_scale_arms_swapped_give_the_inverse_ratio():
    treatment, control = lift_sample()
    there, back = relative_lift(treatment, control), relative_lift(control, treatment)
    assert (1 + there.relative.low) * (1 + back.relative.high) == pytest.approx(1)
    assert there.p_value == back.p_value == welch(treatment, control).p_value


def test_fiellers_ends_are_the_ratios_that_a_t_test_just_rejects():
    treatment, control = lift_sample()
    own, other = treatment.var(ddof=1) / treatment.size, control.var(ddof=1) / control.size
    ratio = treatment.mean() / control.mean()
    freedom = (own + ratio**2 * other) ** 2 / (
        own**2 / (treatment.size - 1) + (ratio**2 * other) ** 2 / (control.size - 1)
    )
    for end in ends(relative_lift(treatment, control, method="fieller").relative):
        t = (treatment.mean() - (1 + end) * control.mean()) / np.sqrt(own + (1 + end) ** 2 * other)
        assert abs(t) == pytest.approx(oracle.t.ppf(0.975, freedom))


@pytest.mark.parametrize("method", ["log-ratio", "delta", "fieller"])
def test_lifts_keep_under_another_unit_and_agree_on_many_rows(method):
    treatment, control = lift_sample(n=4000)
    lift = relative_lift(treatment, control, method=method).relative
    scaled = relative_lift(treatment * 60, control * 60, method=method).relative
    assert ends(scaled) == pytest.approx(ends(lift))
    assert ends(lift) == pytest.approx(ends(relative_lift(treatment, control).relative), abs=2e-3)


@pytest.mark.parametrize("method", ["log-ratio", "delta", "fieller"])
def test_lifts_cover_the_true_ratio(method):
    rng = np.random.default_rng(8)
    covered = 0
    for _ in range(400):
        lift = relative_lift(rng.exponential(1.2, 80), rng.exponential(1.0, 60), method=method).relative
        covered += lift.low <= 0.2 <= lift.high
    assert 0.92 <= covered / 400 <= 0.98


def test_a_ratio_over_one_row_each_is_a_mean():
    treatment, control = lift_sample()
    ratio = ratio_lift(treatment, np.ones_like(treatment), control, np.ones_like(control))
    mean = relative_lift(treatment, control)
    assert ends(ratio.relative) == pytest.approx(ends(mean.relative))
    assert ratio.p_value == pytest.approx(mean.p_value)


def test_a_ratios_error_is_that_of_leaving_one_user_out_at_a_time():
    rng = np.random.default_rng(2)
    views = rng.poisson(20, 400) + 1
    clicks = rng.binomial(views, rng.beta(2, 8, 400))
    arms = slice(0, 200), slice(200, 400)
    lift = ratio_lift(clicks[arms[0]], views[arms[0]], clicks[arms[1]], views[arms[1]])
    variance = 0.0
    for arm in arms:
        without = (clicks[arm].sum() - clicks[arm]) / (views[arm].sum() - views[arm])
        variance += 199 / 200 * ((without - without.mean()) ** 2).sum()
    assert lift.absolute.standard_error == pytest.approx(np.sqrt(variance), rel=0.01)
    shares = [clicks[arm].sum() / views[arm].sum() for arm in arms]
    assert lift.absolute.difference.value == pytest.approx(shares[0] - shares[1])
    assert lift.relative.value == pytest.approx(shares[0] / shares[1] - 1)
    naive = np.sqrt(sum(p * (1 - p) / views[arm].sum() for p, arm in zip(shares, arms, strict=True)))
    assert lift.absolute.standard_error > 1.3 * naive


@pytest.mark.parametrize(
    ("treatment", "control", "method", "reason"),
    [
        ([1, 2, 3], [1, -1, 0], "delta", "mean is 0"),
        ([1, 2, 3], [3, -2, 1], "delta", "not told from 0"),
        ([-1, -2, -3], [8, 9, 10], "log-ratio", "delta method"),
        ([-5, 6, -1], [8, 9, 10], "log-ratio", "delta method"),
        ([2, 2], [3, 3], "fieller", "differs"),
        ([2], [3, 4], "log-ratio", "one unit"),
    ],
)
def test_a_lift_says_why_it_has_no_interval(treatment, control, method, reason):
    lift = relative_lift(treatment, control, method=method).relative
    assert lift.low is None
    assert reason in lift.undefined_because


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (([1, 2], [1], [1, 2], [1, 1]), "2 numerators and 1 denominators of treatment"),
        (([1, 2], [1, 1], [1, 2], [0, 0]), "control's denominators"),
        (([1, 2], [2, -1], [1, 2], [1, 1]), "treatment's denominators"),
        (([], [], [1, 2], [1, 1]), "0 numerators"),
    ],
)
def test_ratios_that_cannot_be_are_refused(arguments, said):
    with pytest.raises(BadSample, match=said):
        ratio_lift(*arguments)
    with pytest.raises(BadSample, match="method"):
        relative_lift([1, 2], [1, 2], method="log")


@pytest.mark.parametrize("size", [(2, 2), (2, 3), (3, 2)])
def test_the_smallest_samples_are_tested_too(size):
    first, second = np.arange(size[0]) * 1.0, np.arange(size[1]) * 2.0
    assert welch(first, second).p_value == pytest.approx(oracle.ttest_ind(first, second, equal_var=False).pvalue)
