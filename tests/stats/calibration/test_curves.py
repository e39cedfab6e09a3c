import numpy as np
import pytest
from scipy import special
from sklearn.calibration import calibration_curve

from heldout.stats import BadSample, Undefined
from heldout.stats.calibration import (
    expected_calibration_error,
    hosmer_lemeshow,
    observed_to_expected,
    reliability_curve,
    spiegelhalter,
)


def world(seed, n=1000, intercept=0.0):
    rng = np.random.default_rng(seed)
    log_odds = rng.normal(-1, 1.2, n)
    return (rng.random(n) < special.expit(intercept + log_odds)).astype(float), special.expit(log_odds)


@pytest.mark.parametrize("strategy", ["uniform", "quantile"])
def test_the_curve_is_that_of_scikit_learn(strategy):
    label, score = world(0)
    observed, predicted = calibration_curve(label, score, n_bins=8, strategy=strategy)
    curve = reliability_curve(label, score, bins=8, strategy=strategy, closed="right")
    assert [part.observed.value for part in curve] == pytest.approx(observed)
    assert [part.mean_score for part in curve] == pytest.approx(predicted)
    assert sum(part.rows for part in curve) == 1000
    assert all(part.observed.low <= part.observed.value <= part.observed.high for part in curve)
    assert all(part.low_edge <= part.mean_score <= part.high_edge for part in curve)


def test_the_closed_side_says_where_a_score_on_an_edge_belongs():
    def means(closed):
        return [part.rows for part in reliability_curve([0, 1, 1], [0.1, 0.5, 0.9], bins=[0, 0.5, 1], closed=closed)]

    assert means("left") == [1, 2]
    assert means("right") == [2, 1]
    assert means(None) == [1, 2]


def test_ties_everywhere_make_one_bin():
    (only,) = reliability_curve([0, 1, 1, 0], [0.3] * 4, bins=10)
    assert (only.rows, only.mean_score, only.observed.value) == (4, pytest.approx(0.3), 0.5)


@pytest.mark.parametrize("norm", ["l1", "l2", "max"])
def test_the_calibration_error_is_that_of_a_plain_loop(norm):
    label, score = world(1)
    gaps, weights = [], []
    for low in np.arange(15) / 15:
        inside = (score >= low) & (score < low + 1 / 15)
        if inside.any():
            gaps.append(abs(score[inside].mean() - label[inside].mean()))
            weights.append(inside.mean())
    gaps, weights = np.array(gaps), np.array(weights)
    wanted = {"l1": weights @ gaps, "l2": (weights @ gaps**2) ** 0.5, "max": gaps.max()}[norm]
    assert expected_calibration_error(label, score, norm=norm).value == pytest.approx(wanted)


@pytest.mark.parametrize("n", [300, 60_000])
def test_the_expectation_without_miscalibration_is_what_calibrated_worlds_show(n):
    errors = [expected_calibration_error(*world(seed, n), worlds=0).value for seed in range(40)]
    told = expected_calibration_error(*world(0, n))
    assert told.expected_if_calibrated == pytest.approx(np.mean(errors), rel=0.12)
    assert told.expected_if_calibrated < told.high_if_calibrated


def test_rows_drawn_by_bin_and_row_by_row_agree():
    label, score = world(2, 20_000)
    by_row = expected_calibration_error(label, score)
    by_bin = expected_calibration_error(np.append(label, 0), np.append(score, 0.1))
    assert by_bin.expected_if_calibrated == pytest.approx(by_row.expected_if_calibrated, rel=0.08)


def test_the_p_value_is_small_with_miscalibration_and_uniform_without():
    assert expected_calibration_error(*world(3, intercept=1.0)).p_value == pytest.approx(1 / 201)
    below = [expected_calibration_error(*world(seed, 300), worlds=99).p_value <= 0.2 for seed in range(100)]
    assert 0.08 < np.mean(below) < 0.34


def test_the_same_seed_draws_the_same_worlds():
    label, score = world(4)
    assert expected_calibration_error(label, score) == expected_calibration_error(label, score)
    assert expected_calibration_error(label, score, seed=1) != expected_calibration_error(label, score)


def test_hosmer_lemeshow_is_that_of_a_plain_loop_over_quantile_groups():
    label, score = world(5)
    edges = np.quantile(score, np.linspace(0, 1, 11))
    statistic = 0.0
    for low, high in zip([-1, *edges[1:-1]], edges[1:], strict=True):
        inside = (score > low) & (score <= high)
        expected = score[inside].sum()
        gap = (label[inside].sum() - expected) ** 2
        statistic += gap / expected + gap / (inside.sum() - expected)
    test = hosmer_lemeshow(label, score)
    assert test.statistic == pytest.approx(statistic)
    assert test.degrees_of_freedom == 8
    assert hosmer_lemeshow(label, score, external=True).degrees_of_freedom == 10


def test_hosmer_lemeshow_and_spiegelhalter_keep_their_level_with_calibrated_scores():
    fits = [hosmer_lemeshow(*world(seed, 600), external=True).p_value < 0.05 for seed in range(300)]
    zs = [spiegelhalter(*world(seed, 600)).p_value < 0.05 for seed in range(300)]
    assert np.mean(fits) < 0.09
    assert 0.015 < np.mean(zs) < 0.09


def test_spiegelhalter_turns_no_sign_with_the_class_and_observed_over_expected_sees_the_shift():
    label, score = world(6, intercept=0.7)
    assert spiegelhalter(1 - label, 1 - score).z == pytest.approx(spiegelhalter(label, score).z)
    ratio = observed_to_expected(label, score)
    assert ratio.value == pytest.approx(label.sum() / score.sum())
    assert 1 < ratio.low < ratio.value < ratio.high


def test_what_does_not_exist_is_said():
    with pytest.raises(Undefined, match="no label moves"):
        spiegelhalter([0, 1, 1], [0.5, 1.0, 0.0])
    with pytest.raises(Undefined, match="too few for the test"):
        hosmer_lemeshow([0, 1], [0.5, 0.5])
    with pytest.raises(Undefined, match="all 0 or all 1"):
        hosmer_lemeshow([0, 1, 0, 1], [0.0, 0.5, 0.6, 0.7], groups=4)
    assert "nothing is expected" in observed_to_expected([0, 1], [0, 0]).undefined_because
    assert observed_to_expected([0, 0], [0.1, 0.2]).low is None


@pytest.mark.parametrize(
    ("more", "says"),
    [({"norm": "l3"}, "norm"), ({"worlds": -1}, "worlds"), ({"closed": "both"}, "closed"), ({"bins": True}, "bins")],
)
def test_options_out_of_range_are_refused(more, says):
    with pytest.raises(BadSample, match=says):
        expected_calibration_error([0, 1], [0.2, 0.6], **more)
