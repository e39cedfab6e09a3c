import numpy as np
import pytest
from scipy import special
from sklearn.linear_model import LogisticRegression

from heldout.stats import METRICS, BadSample
from heldout.stats.calibration import calibration_slope, mean_miscalibration, recalibrated


def world(seed, n=800, intercept=0.0, slope=1.0):
    rng = np.random.default_rng(seed)
    log_odds = rng.normal(-1, 1.2, n)
    return (rng.random(n) < special.expit(intercept + slope * log_odds)).astype(float), special.expit(log_odds)


def test_the_fit_is_that_of_an_unpenalised_logistic_regression():
    label, score = world(0, intercept=0.4, slope=0.7)
    fit = calibration_slope(label, score)
    oracle = LogisticRegression(C=np.inf, tol=1e-10, max_iter=1000).fit(special.logit(score)[:, None], label)
    assert fit.intercept.value == pytest.approx(oracle.intercept_[0], abs=1e-5)
    assert fit.slope.value == pytest.approx(oracle.coef_[0, 0], abs=1e-5)


def test_the_standard_errors_are_those_of_the_inverse_information():
    label, score = world(1, n=300)
    fit = calibration_slope(label, score)
    x = special.logit(score)
    chance = special.expit(fit.intercept.value + fit.slope.value * x)
    design = np.column_stack([np.ones(300), x])
    covariance = np.linalg.inv(design.T @ np.diag(chance * (1 - chance)) @ design)
    assert fit.intercept_standard_error == pytest.approx(covariance[0, 0] ** 0.5)
    assert fit.slope_standard_error == pytest.approx(covariance[1, 1] ** 0.5)
    assert fit.covariance == pytest.approx(covariance[0, 1])
    assert fit.slope.high - fit.slope.value == pytest.approx(1.959964 * covariance[1, 1] ** 0.5, rel=1e-6)


def test_in_the_large_makes_the_expected_positives_the_observed_ones():
    label, score = world(2, intercept=0.5)
    fit = calibration_slope(label, score)
    assert recalibrated(score, fit.in_the_large.value, 1.0).sum() == pytest.approx(label.sum())
    chance = recalibrated(score, fit.in_the_large.value, 1.0)
    assert fit.in_the_large_standard_error == pytest.approx((chance * (1 - chance)).sum() ** -0.5)


def test_the_likelihood_ratio_is_twice_the_log_loss_that_recalibration_saves():
    label, score = world(3, intercept=0.3, slope=0.8)
    fit = calibration_slope(label, score)
    loss = METRICS["log_loss"]
    saved = loss.value(label, score) - loss.value(label, recalibrated(score, fit.intercept.value, fit.slope.value))
    assert fit.likelihood_ratio == pytest.approx(2 * 800 * saved, abs=1e-8)
    assert fit.p_value == pytest.approx(np.exp(-fit.likelihood_ratio / 2))
    assert fit.unreliability == pytest.approx((fit.likelihood_ratio - 2) / 800)


def test_calibrated_scores_are_covered_and_rejected_as_often_as_promised():
    slopes = rejected = 0
    for seed in range(300):
        fit = calibration_slope(*world(seed, n=400))
        slopes += fit.slope.low <= 1 <= fit.slope.high
        rejected += fit.p_value < 0.05
    assert 0.92 < slopes / 300 < 0.98
    assert rejected / 300 < 0.09


def test_the_other_class_and_another_order_give_the_same_slope():
    label, score = world(4)
    fit, turned = calibration_slope(label, score), calibration_slope(1 - label, 1 - score)
    assert turned.slope.value == pytest.approx(fit.slope.value)
    assert turned.intercept.value == pytest.approx(-fit.intercept.value)
    order = np.random.default_rng(0).permutation(800)
    assert calibration_slope(label[order], score[order]).slope.low == pytest.approx(fit.slope.low)


def test_many_rows_start_from_a_part_of_them_and_end_at_the_same_fit():
    label, score = world(5, n=90_000)
    order = np.argsort(score)  # the rows of the first part are then special
    assert calibration_slope(label[order], score[order]).slope.value == pytest.approx(
        calibration_slope(label, score).slope.value, rel=1e-9
    )
    blocks = np.argsort(label, kind="stable")
    assert calibration_slope(label[blocks], score[blocks]).intercept.value == pytest.approx(
        calibration_slope(label, score).intercept.value, rel=1e-7
    )


def test_rows_repeated_within_clusters_do_not_narrow_the_interval():
    label, score = world(6)
    once = calibration_slope(label, score, cluster=np.arange(800))
    nine = calibration_slope(np.repeat(label, 9), np.repeat(score, 9), cluster=np.repeat(np.arange(800), 9))
    for name in ("intercept", "slope", "in_the_large"):
        assert getattr(nine, name).low == pytest.approx(getattr(once, name).low)
    assert once.slope_standard_error == pytest.approx(calibration_slope(label, score).slope_standard_error, rel=0.1)


def test_extreme_scores_are_found_too_extreme_by_the_factor_that_was_planted():
    label, score = world(7, n=40_000)
    fit = calibration_slope(label, special.expit(2 * special.logit(score)))
    assert fit.slope.low < 0.5 < fit.slope.high
    assert fit.intercept.low < 0 < fit.intercept.high


@pytest.mark.parametrize(
    ("label", "score", "slope_says", "large_says"),
    [
        ([1, 1, 1], [0.2, 0.5, 0.9], "one class", "one class"),
        ([0, 1, 0, 1], [0.3] * 4, "same in every row", None),
        ([0, 0, 1, 1], [0.1, 0.2, 0.7, 0.8], "separate", None),
        ([1, 1, 0, 0], [0.1, 0.2, 0.2, 0.8], "separate", None),
        ([0, 1, 0, 1], [0.3, 0.4, 1.0, 0.2], "row 2 has a score of 1", "row 2 has a score of 1"),
    ],
)
def test_what_does_not_exist_is_undefined_with_its_reason(label, score, slope_says, large_says):
    fit = calibration_slope(label, score)
    assert fit.slope.value is None
    assert fit.slope_standard_error is None
    assert fit.p_value is None
    assert slope_says in fit.slope.undefined_because
    assert slope_says in mean_miscalibration(label, score).undefined_because
    if large_says is None:
        assert fit.in_the_large.value is not None
    else:
        assert large_says in fit.in_the_large.undefined_because


def test_few_rows_of_a_class_have_a_value_and_a_standard_error_and_no_interval():
    label, score = world(8, n=30)
    assert label.sum() < 10
    fit = calibration_slope(label, score)
    assert fit.slope.value is not None
    assert fit.slope_standard_error > 0
    assert fit.slope.low is None
    assert "10 are needed" in fit.slope.undefined_because
    assert mean_miscalibration(label, score).low is None


def test_a_single_cluster_tells_no_error():
    label, score = world(9)
    fit = calibration_slope(label, score, cluster=np.zeros(800))
    assert fit.slope.value is not None
    assert fit.slope_standard_error is None
    assert "two clusters" in fit.slope.undefined_because


def test_scores_of_0_and_1_are_moved_in_by_clip():
    label, score = world(10)
    score[:2] = 0, 1
    assert calibration_slope(label, score).slope.value is None
    clipped = calibration_slope(label, score, clip=1e-3)
    assert clipped.slope.value == pytest.approx(calibration_slope(label, np.clip(score, 1e-3, 1 - 1e-3)).slope.value)


def test_mean_miscalibration_is_the_mean_distance_to_the_recalibrated_score_and_covers_the_planted_one():
    label, score = world(11, intercept=0.8, slope=0.6)
    fit = calibration_slope(label, score)
    moved = recalibrated(score, fit.intercept.value, fit.slope.value)
    assert mean_miscalibration(label, score).value == pytest.approx(np.abs(moved - score).mean())
    _, many = world(12, n=200_000)
    truth = np.abs(recalibrated(many, 0.8, 0.6) - many).mean()
    covered = 0
    for seed in range(300):
        found = mean_miscalibration(*world(seed, n=1500, intercept=0.8, slope=0.6))
        covered += found.low <= truth <= found.high
    assert 0.92 < covered / 300 < 0.98


def test_mean_miscalibration_is_wider_by_cluster():
    label, score = world(13, intercept=0.8)
    once = mean_miscalibration(label, score)
    nine = mean_miscalibration(np.repeat(label, 9), np.repeat(score, 9), cluster=np.repeat(np.arange(800), 9))
    assert (nine.low, nine.high) == pytest.approx((once.low, once.high))


@pytest.mark.parametrize(
    ("more", "says"), [({"clip": 0.5}, "clip"), ({"level": 95}, "level"), ({"cluster": [1]}, "one cluster for each")]
)
def test_options_out_of_range_are_refused(more, says):
    for function in (calibration_slope, mean_miscalibration):
        with pytest.raises(BadSample, match=says):
            function([0, 1], [0.4, 0.6], **more)
