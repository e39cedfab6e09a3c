"""Metrics, agreement and distances of weights, forecasts, ratings and counts at the ends of what doubles hold."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from heldout.core.lift import LiftScale
from heldout.stats.agreement import (
    cohen_kappa,
    cohen_kappa_from_table,
    gwet_ac1_from_table,
    gwet_ac2,
    icc,
    krippendorff_alpha,
    majority_vote,
    ratings_from_counts,
)
from heldout.stats.calibration.recalibrate import isotonic_fit
from heldout.stats.calibration.unbinned import observed_to_expected
from heldout.stats.distances import jensen_shannon, psi, total_variation, wasserstein, wasserstein_from_counts
from heldout.stats.experiments.counts import chi_square_homogeneity, srm
from heldout.stats.lift import paired_lift
from heldout.stats.metrics.forecasts import interval_score, mase
from heldout.stats.metrics.multiclass import class_table, confusion_matrix, multiclass_accuracy, multiclass_mcc
from heldout.stats.metrics.thresholded import f_beta
from heldout.stats.reproducibility import between_run_bound
from heldout.stats.sample import BadSample
from heldout.stats.score import score_estimate
from heldout.stats.thresholds.costs import expected_cost

RNG = np.random.default_rng(11)
X = np.round(RNG.normal(2, 1, 60), 3)
Y = np.round(X + RNG.normal(0.2, 0.5, 60), 3)
ARM = RNG.integers(0, 2, 60)
CLUSTER = np.repeat(np.arange(20), 3)
WEIGHT = np.round(RNG.uniform(0.5, 2, 60), 2)
PROBABILITY = np.clip(np.round(0.5 * RNG.random(60) + 0.35 * ARM, 2), 0.02, 0.98)
RATINGS = np.where(RNG.random((3, 40)) < 0.6, np.arange(40) % 4, RNG.integers(0, 4, (3, 40))) + 1.0

BINARY = ("roc_auc", "pr_auc", "accuracy", "balanced_accuracy", "f1", "mcc", "precision@0.4", "brier_loss", "log_loss")
REGRESSION = ("mean_absolute_error", "mean_squared_error", "root_mean_squared_error", "r_squared")


def numbers(estimate):
    assert estimate.is_defined
    return estimate.value, estimate.low, estimate.high


@pytest.mark.parametrize("metric", BINARY)
@pytest.mark.parametrize("factor", [1e160, 3e306, 1e-310, 1e-300])
@pytest.mark.parametrize("cluster", [None, CLUSTER])
def test_a_metric_takes_weights_of_any_size(metric, factor, cluster):
    usual = score_estimate(metric, ARM, PROBABILITY, cluster, weight=np.full(60, 1.0))
    other = score_estimate(metric, ARM, PROBABILITY, cluster, weight=np.full(60, factor))
    assert numbers(other) == pytest.approx(numbers(usual), rel=1e-9)


def test_averages_over_classes_and_fits_take_weights_of_any_size():
    usual, other = (multiclass_mcc(ARM, PROBABILITY > 0.4, weight=WEIGHT * factor) for factor in (1, 1e200))
    assert numbers(other) == pytest.approx(numbers(usual))
    assert isotonic_fit(X, Y, weight=WEIGHT * 1e300).y == pytest.approx(isotonic_fit(X, Y, weight=WEIGHT).y)
    assert wasserstein(X, Y, u_weight=WEIGHT * 1e307).value == pytest.approx(wasserstein(X, Y, u_weight=WEIGHT).value)


def test_a_table_of_weights_keeps_their_unit():
    heavy = confusion_matrix([0, 1, 1], [0, 0, 1], weight=[1e200, 2e200, 3e200]).counts
    assert heavy == ((pytest.approx(1e200), 0.0), (pytest.approx(2e200), pytest.approx(3e200)))
    with pytest.raises(BadSample, match="add up"):
        confusion_matrix([0, 1, 1], [0, 1, 1], weight=[1e308, 1e308, 1e308])


@pytest.mark.parametrize("metric", REGRESSION)
@pytest.mark.parametrize("factor", [2.0**-190, 2.0**200])
def test_errors_of_forecasts_keep_to_their_unit(metric, factor):
    power = {"mean_squared_error": 2, "r_squared": 0}.get(metric, 1)
    usual, other = score_estimate(metric, X, Y), score_estimate(metric, X * factor, Y * factor)
    assert numbers(other) == pytest.approx([end * factor**power for end in numbers(usual)], rel=1e-9, abs=0)


@pytest.mark.parametrize("metric", REGRESSION)
@pytest.mark.parametrize(("factor", "said"), [(1e160, "too large"), (1e-160, "too small")])
def test_forecasts_without_squares_are_refused(metric, factor, said):
    for call in (
        lambda: score_estimate(metric, X * factor, Y * factor),
        lambda: paired_lift(X * factor, Y, X, metric=metric, scale=LiftScale.ABSOLUTE),
        lambda: interval_score(X * factor, X - 1, X + 1, 0.9),
        lambda: mase(X, Y, X * factor),
        lambda: wasserstein(X * factor, Y),
    ):
        with pytest.raises(BadSample, match=said):
            call()


def test_quotients_beyond_doubles_are_undefined():
    percent = score_estimate("mean_absolute_percentage_error", np.append(X, 5e-324), np.append(Y, 1.0))
    assert "near 0" in percent.undefined_because
    assert "no square" in score_estimate("r_squared", X * 1e-60, Y * 1e60).undefined_because
    assert "too small to divide by" in mase(X * 1e100, Y, X * 1e-100).undefined_because
    label, near = np.append(np.zeros(59), 1.0), np.append(np.full(59, 2.0**-300), 1.0)
    lift = paired_lift(label, label + 1e70, near, metric="mean_squared_error", scale=LiftScale.RELATIVE)
    assert "too near 0" in lift.estimate.undefined_because


def test_shares_count_by_their_ratios_and_must_expect_something():
    assert srm([90, 110], [1e308, 1e308]) == srm([90, 110])
    with pytest.raises(BadSample, match="arm 1"):
        srm([90, 110], [1, 5e-324])


def test_a_row_that_outweighs_all_others_leaves_no_correlation():
    weight = np.where(np.arange(60) == 0, 1e300, 1.0)
    assert "one class" in multiclass_mcc(ARM, PROBABILITY > 0.4, weight=weight).undefined_because


def test_costs_spreads_and_expectations_have_squares():
    with pytest.raises(BadSample, match="too large"):
        expected_cost(ARM, PROBABILITY, 0.5, c01=1e308)
    with pytest.raises(BadSample, match="too large"):
        between_run_bound(X * 1e200)
    assert between_run_bound(X * 2.0**-700) == pytest.approx(between_run_bound(X) * 2.0**-700, abs=0)
    assert "next to it" in observed_to_expected(ARM, np.full(60, 5e-324)).undefined_because
    with pytest.raises(BadSample, match="the period"):
        krippendorff_alpha(RATINGS, "circular", period=5e-324)


def test_no_rows_are_refused_with_weights_too():
    for call in (class_table, multiclass_accuracy, confusion_matrix):
        with pytest.raises(BadSample, match="no rows"):
            call([], [], weight=[])


def test_a_beta_beyond_squares_is_refused():
    with pytest.raises(BadSample, match="too large"):
        f_beta(1e308)


HUGE = np.array([[1e308, 5, 2], [4, 18, 3], [1, 6, 12]])


@pytest.mark.parametrize(
    "call",
    [
        lambda: psi(HUGE[0], HUGE[1]),
        lambda: psi([1e308, 1e308], [1, 2]),
        lambda: jensen_shannon([2**60, 5], [3, 4]),
        lambda: total_variation([1, 5], [3, 1e308]),
        lambda: wasserstein_from_counts([1e308, 1], [1, 2], [0, 1]),
        lambda: gwet_ac1_from_table(HUGE),
        lambda: cohen_kappa_from_table(HUGE),
        lambda: ratings_from_counts(HUGE),
        lambda: srm([1e308, 1e308]),
        lambda: chi_square_homogeneity(HUGE),
    ],
)
def test_counts_that_doubles_do_not_tell_apart_are_refused(call):
    with pytest.raises(BadSample, match="come to"):
        call()


@pytest.mark.parametrize("unit", [2.0**-900, 2.0**900])
@pytest.mark.parametrize("level", ["interval", "ratio", "ordinal"])
def test_agreement_does_not_hang_on_the_unit_of_ratings(unit, level):
    usual, other = (krippendorff_alpha(RATINGS * by, level).estimate for by in (1, unit))
    assert numbers(other) == pytest.approx(numbers(usual))
    usual, other = (gwet_ac2(RATINGS * by).estimate for by in (1, unit))
    assert numbers(other) == pytest.approx(numbers(usual))


@pytest.mark.parametrize("kind", [Decimal, Fraction])
def test_exact_numbers_are_ratings_like_floats(kind):
    exact = [[kind(int(rating)) for rating in rater] for rater in RATINGS]
    for coefficient in (gwet_ac2, icc, krippendorff_alpha):
        assert coefficient(exact).estimate == coefficient(RATINGS).estimate
    assert cohen_kappa(exact[0], exact[1]).estimate == cohen_kappa(RATINGS[0], RATINGS[1]).estimate
    votes = majority_vote([1, 1, 2], exact[0][:3]).labels.tolist()
    assert votes == majority_vote([1, 1, 2], RATINGS[0, :3]).labels.tolist()


def test_a_decimal_that_is_no_number_is_a_missing_rating():
    gap = [[Decimal(1), Decimal("NaN"), Decimal(2)], [Decimal(1), Decimal(1), Decimal(2)]]
    assert gwet_ac2(gap, floor=0).estimate == gwet_ac2([[1, None, 2], [1, 1, 2]], floor=0).estimate


@pytest.mark.parametrize("call", [class_table, multiclass_accuracy, multiclass_mcc, confusion_matrix])
def test_times_and_numbers_are_not_classes_of_one_kind(call):
    days = np.array(["2026-01-01", "2026-01-02"], dtype="datetime64[D]")
    for label, predicted in (([0, 1], days), (days, [0, 1])):
        with pytest.raises(BadSample, match="labels are"):
            call(label, predicted)
    assert call(days, days)


def test_classes_that_are_listed_as_numbers_are_no_times():
    days = np.array(["2026-01-01", "2026-01-02"], dtype="datetime64[D]")
    with pytest.raises(BadSample, match="classes"):
        class_table(days, days, classes=[1, 2])
