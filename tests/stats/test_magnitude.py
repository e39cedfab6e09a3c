"""Statistics of numbers far from 0, and of very large and very small ones."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heldout.stats.clusters import clustered_standard_error, satterthwaite
from heldout.stats.equivalence import minimum_effect_test, tost, tost_from_estimate
from heldout.stats.experiments.adjustment import ancova, cuped, lin_adjusted
from heldout.stats.experiments.lifts import ratio_lift, relative_lift
from heldout.stats.experiments.means import student_t, student_t_from_summary, welch, welch_from_summary
from heldout.stats.means import mean_estimate, mean_standard_error, paired_mean_test, ratio_estimate
from heldout.stats.permutation import sign_flip_test
from heldout.stats.repeated_cv import corrected_resampled_t
from heldout.stats.sample import BadSample

RNG = np.random.default_rng(11)
X = np.round(RNG.normal(2, 1, 60), 3)
Y = np.round(X + RNG.normal(0.2, 0.5, 60), 3)
CLUSTER = np.repeat(np.arange(20), 3)
ARM = RNG.integers(0, 2, 60)
WEIGHT = np.round(RNG.uniform(0.5, 2, 60), 2)

SUMMARY = {
    "first_mean": 1.0,
    "first_standard_deviation": 1.0,
    "first_n": 10,
    "second_mean": 2.0,
    "second_standard_deviation": 1.5,
    "second_n": 12,
}

ERRORS = {
    "mean": lambda x, y: mean_standard_error(x),
    "clustered mean": lambda x, y: mean_standard_error(x, CLUSTER),
    "weighted mean": lambda x, y: mean_standard_error(x, CLUSTER, WEIGHT),
    "paired": lambda x, y: paired_mean_test(x, y).standard_error,
    "clustered paired": lambda x, y: paired_mean_test(x, y, cluster=CLUSTER).standard_error,
    "welch": lambda x, y: welch(x, y).standard_error,
    "student": lambda x, y: student_t(x, y).standard_error,
    "cuped": lambda x, y: cuped(y, x, ARM).adjusted.standard_error,
    "ancova": lambda x, y: ancova(y, x, ARM).standard_error,
    "robust ancova": lambda x, y: ancova(y, x, ARM, covariance="HC3").standard_error,
    "lin": lambda x, y: lin_adjusted(y, x, ARM).standard_error,
    "resampled": lambda x, y: corrected_resampled_t(x, 8, 2).standard_error,
    "equivalence": lambda x, y: tost(x, y, 1).standard_error,
    "pooled equivalence": lambda x, y: tost(x, y, 1, equal_variance=True).standard_error,
}


@pytest.mark.parametrize("name", ERRORS)
@pytest.mark.parametrize("offset", [1e6, 1.7e9, 1e11, -1e12])
def test_a_standard_error_does_not_hang_on_where_zero_is(name, offset):
    error = ERRORS[name]
    # what the shifted numbers lost to rounding, at most 1.2e-4, is all that may differ
    assert error(X + offset, Y + offset) == pytest.approx(error(X, Y), rel=1e-3)


@pytest.mark.parametrize("name", ERRORS)
@given(power=st.integers(-430, 490))
def test_a_standard_error_keeps_to_the_unit_of_the_numbers(name, power):
    error, unit = ERRORS[name], 2.0**power
    assert error(X * unit, Y * unit) == pytest.approx(error(X, Y) * unit, rel=1e-12, abs=0)


@pytest.mark.parametrize("name", ["mean", "clustered mean", "weighted mean", "paired", "clustered paired", "resampled"])
def test_a_standard_error_of_tiny_numbers_is_exact(name):
    assert ERRORS[name](X * 2.0**-950, Y * 2.0**-950) == pytest.approx(ERRORS[name](X, Y) * 2.0**-950, rel=1e-12, abs=0)


@pytest.mark.parametrize("covariance", ["classical", "HC2"])
def test_a_covariate_far_from_zero_moves_only_the_intercept(covariance):
    near, far = (ancova(Y + shift, X + shift, ARM, covariance=covariance) for shift in (0, 2.0**20))
    assert far.coefficients[1:] == pytest.approx(near.coefficients[1:], rel=1e-8)
    assert far.standard_errors[1:] == pytest.approx(near.standard_errors[1:], rel=1e-8)
    assert far.r_squared == pytest.approx(near.r_squared, rel=1e-8)
    assert far.coefficients[0] == pytest.approx(near.coefficients[0] + 2.0**20 * (1 - near.coefficients[2]))
    # so far from 0 the intercept's error is all the slope's
    assert far.standard_errors[0] == pytest.approx(2.0**20 * near.standard_errors[2], rel=1e-3)


@pytest.mark.parametrize("where", [0.1, 1e12 / 7])
def test_a_covariate_that_is_the_same_everywhere_is_collinear_wherever_it_lies(where):
    same = np.full(60, where)
    assert "collinear" in ancova(Y, same, ARM).effect.undefined_because
    assert "collinear" in lin_adjusted(Y, np.column_stack((X, same)), ARM).effect.undefined_because
    assert "fits every unit" in ancova(where + 3 * ARM + X, X, ARM).effect.undefined_because


def test_lifts_of_tiny_means_are_those_of_any_others():
    usual, tiny = relative_lift(Y + 9, X + 9), relative_lift((Y + 9) * 2.0**-400, (X + 9) * 2.0**-400)
    assert (tiny.relative.low, tiny.relative.high) == pytest.approx((usual.relative.low, usual.relative.high))
    for method in ("log-ratio", "delta", "fieller"):
        assert "no square" in relative_lift((Y + 9) * 1e100, (X + 9) * 1e-120, method=method).relative.undefined_because
        wide = relative_lift((Y + 9) * 1e10, X * 1e-120 - (X * 1e-120).mean(), method=method).relative
        assert not wide.is_defined


def test_times_in_seconds_have_a_mean_with_an_interval():
    times = mean_estimate(1.7e9 + np.arange(20) / 1000)
    assert times.high - times.low == pytest.approx(2 * 2.093 * np.std(np.arange(20) / 1000, ddof=1) / 20**0.5, rel=1e-3)


def test_a_ratio_far_from_zero_has_its_interval():
    far = ratio_estimate(Y + 1e12, X + 1e12)
    assert far.high - far.low == pytest.approx(2 * 2.001 * (Y - X).std(ddof=1) / 60**0.5 / 1e12, rel=1e-3)


@pytest.mark.parametrize("constant", [0.1, 1 / 3, 1.7e9 + 0.1, 1e100 / 7])
@pytest.mark.parametrize("n", [3, 7, 1000])
def test_what_is_the_same_everywhere_shows_no_variance_wherever_it_lies(constant, n):
    same, clusters = np.full(n, constant), np.arange(n) % 3
    for estimate in (
        mean_estimate(same),
        mean_estimate(same, weight=np.linspace(0.1, 0.9, n)),
        mean_estimate(same, clusters),
        paired_mean_test(same, same / 3).difference,
        corrected_resampled_t(same, 8, 2).difference,
        ratio_estimate(same, same * 0.7),
        tost(same, same / 3, 1).difference,
    ):
        assert "no variance" in estimate.undefined_because


def test_pairs_of_tiny_numbers_have_the_p_value_of_any_others():
    expected, test = paired_mean_test(X, Y), paired_mean_test(X * 1e-160, Y * 1e-160)
    assert test.p_value == pytest.approx(expected.p_value, rel=1e-9)
    assert clustered_standard_error(X * 1e-170) == pytest.approx(clustered_standard_error(X) * 1e-170, abs=0)


def test_degrees_of_freedom_do_not_hang_on_the_unit():
    assert satterthwaite(np.array([1e-250, 1e-250]), np.array([10.0, 10.0])) == pytest.approx(20)
    assert satterthwaite(np.array([1e250, 1e250]), np.array([10.0, 10.0])) == pytest.approx(20)


@pytest.mark.parametrize(
    "call",
    [
        lambda: sign_flip_test([1e308] * 5),
        lambda: mean_standard_error([1e160, 1, 2]),
        lambda: mean_estimate([1e160, 1, 2]),
        lambda: paired_mean_test([1, 2, 3], [1e308, 1, 1]),
        lambda: paired_mean_test([1, 2, 3], null=1e308),
        lambda: ratio_estimate([1, 2], [1e308, 1e308]),
        lambda: clustered_standard_error([1e308, 1e308]),
        lambda: corrected_resampled_t([1e200, 1, 2], 8, 2),
        lambda: tost([1e160, 1], [1, 2], 1),
        lambda: tost([1, 3], [1, 2], 1e300),
        lambda: tost_from_estimate(1e308, 1, 10, 1),
        lambda: minimum_effect_test(1e308, 1, 10, 1),
        lambda: minimum_effect_test(1, 1, 10, 1e308),
        lambda: welch([1e200, 1], [1, 2]),
        lambda: welch([1, 3], [1, 2], null=1e308),
        lambda: student_t_from_summary(**SUMMARY | {"first_standard_deviation": 1e308}),
        lambda: welch_from_summary(**SUMMARY | {"first_mean": 1e308}),
        lambda: cuped(Y, X * 1e200, ARM),
        lambda: ancova(Y * 1e200, X, ARM),
        lambda: ratio_lift(Y * 1e140, X**2 * 1e-120, Y, X**2),
    ],
)
def test_numbers_without_a_square_are_refused(call):
    with pytest.raises(BadSample, match="too large for squares"):
        call()


@pytest.mark.parametrize(
    "call",
    [
        lambda: mean_estimate([1e-300, 2e-300]),
        lambda: tost([1e-160, 2e-160], [1e-160, 3e-160], 1),
        lambda: tost_from_estimate(1, 1e-300, 10, 1),
        lambda: welch([1e-300, 2e-300], [1, 2]),
        lambda: relative_lift(X, Y * 1e-300),
        lambda: ancova(Y, X * 1e-300, ARM),
    ],
)
def test_numbers_too_small_to_square_are_refused(call):
    with pytest.raises(BadSample, match="too small to square"):
        call()


def test_a_summary_of_more_units_than_doubles_count_is_refused():
    with pytest.raises(BadSample, match="doubles skip numbers"):
        welch_from_summary(**SUMMARY | {"first_n": 10**17})


def test_a_ratio_beyond_squares_is_undefined():
    assert "too large" in ratio_estimate([1e149, 2e149, 1e149], [1e-20, 1e-20, 2e-20]).undefined_because


@pytest.mark.parametrize("factor", [1e160, 1e-300, 2.0**-1000])
def test_only_the_ratios_of_weights_count(factor):
    usual, other = mean_estimate(X, CLUSTER, WEIGHT), mean_estimate(X, CLUSTER, WEIGHT * factor)
    assert (other.value, other.low, other.high) == pytest.approx((usual.value, usual.low, usual.high), rel=1e-9)
