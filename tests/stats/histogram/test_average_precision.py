import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sklearn import metrics as oracle
from tests.stats.histogram.samples import SHAPES, adversarial, shaped

from heldout.stats.histogram import average_precision_histogram
from heldout.stats.histogram.average_precision import (
    average_precision,
    average_precision_slack,
    average_precision_variance,
)
from heldout.stats.histogram.binary_scores import BinaryScores
from heldout.stats.histogram.leveling import levels_within
from heldout.stats.histogram.levels import exact_levels
from heldout.stats.sample import BadSample


def average_precision_score(label, score, **more):
    """scikit-learn's, of ranks, as it sums in the type of the scores and adds them up."""
    return oracle.average_precision_score(label, np.unique(score, return_inverse=True)[1].astype(float), **more)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("tolerance", [0.0, 1e-4, 1e-2])
def test_the_value_lies_within_the_tolerance_of_scikit_learns(shape, tolerance):
    label, score = shaped(shape)
    found = average_precision_histogram(label, score, tolerance=tolerance)
    assert abs(found.value - average_precision_score(label, score)) <= tolerance + 1e-12
    if found.low is not None:
        assert found.low < found.value < found.high


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(adversarial(), st.sampled_from([0.0, 1e-3, 1.0]))
def test_the_bound_holds_for_scores_made_to_fool_the_bins(few_rows_are_many, sample, tolerance):
    label, score = sample
    levels = levels_within(BinaryScores.of(label, score), average_precision_slack, tolerance)
    bound = average_precision_slack(levels).sum()
    assert bound <= tolerance
    assert abs(average_precision(levels) - average_precision_score(label, score)) <= bound + 1e-12


def test_the_variance_is_that_of_the_derivatives_by_row_weight():
    label, score = shaped("tied", n=60, seed=3)
    step, influence = 1e-5, []
    for row in range(label.size):
        up, down = np.ones(label.size), np.ones(label.size)
        up[row] += step
        down[row] -= step
        values = [average_precision_score(label, score, sample_weight=weight) for weight in (up, down)]
        influence.append((values[0] - values[1]) / (2 * step))
    variance = average_precision_variance(exact_levels(BinaryScores.of(label, score)))
    assert variance == pytest.approx(np.square(influence).sum(), rel=1e-6)


def test_the_interval_of_bins_is_that_of_sorted_rows():
    label, score = shaped("ordinary")
    fast, exact = (average_precision_histogram(label, score, tolerance=t) for t in (1e-4, 0))
    assert "within" in fast.method
    assert "within" not in exact.method
    assert fast.high - fast.low == pytest.approx(exact.high - exact.low, rel=1e-3)


def test_intervals_cover_about_as_often_as_they_say():
    rng = np.random.default_rng(7)
    big = rng.random(400_000) < 0.2
    truth = average_precision_score(big, rng.normal(big * 1.2))
    inside = 0
    for _ in range(400):
        label = rng.random(600) < 0.2
        found = average_precision_histogram(label, rng.normal(label * 1.2))
        inside += found.low <= truth <= found.high
    assert 0.91 < inside / 400 < 0.98


def test_one_class_few_rows_and_a_perfect_order_have_no_interval():
    assert "one class" in average_precision_histogram([1, 1], [0.1, 0.2]).undefined_because
    assert "19 rows" in average_precision_histogram([1] * 19 + [0] * 50, np.arange(69.0)).undefined_because
    perfect = average_precision_histogram([0] * 50 + [1] * 50, np.arange(100.0))
    assert perfect.value == 1
    assert "no row moves" in perfect.undefined_because


@pytest.mark.parametrize("settings", [{"level": 1.5}, {"tolerance": -1e-6}])
def test_settings_out_of_range_are_refused(settings):
    with pytest.raises(BadSample, match=r"level|tolerance"):
        average_precision_histogram([0, 1], [0.1, 0.2], **settings)
