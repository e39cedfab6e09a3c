import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.calibration import _sigmoid_calibration
from sklearn.isotonic import IsotonicRegression

from heldout.stats import BadSample, Undefined
from heldout.stats.calibration import isotonic_fit, platt_fit


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(-3, 3), st.integers(1, 4)), min_size=1, max_size=30))
def test_the_isotonic_fit_is_that_of_scikit_learn_with_ties_and_weights(drawn):
    x, y, weight = (np.array(column, float) for column in zip(*drawn, strict=True))
    for increasing in (True, False):
        fit = isotonic_fit(x, y, weight=weight, increasing=increasing)
        oracle = IsotonicRegression(increasing=increasing, out_of_bounds="clip").fit(x, y, sample_weight=weight)
        assert fit.fitted == pytest.approx(oracle.predict(x), abs=1e-9)
        between = np.linspace(-1, 7, 33)
        assert fit.predict(between) == pytest.approx(oracle.predict(between), abs=1e-9)


def test_a_monotone_change_of_x_changes_no_fitted_value():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(2, 200))
    assert isotonic_fit(x, y).fitted == pytest.approx(isotonic_fit(np.exp(x), y).fitted)


def test_platts_sigmoid_is_that_of_scikit_learn():
    rng = np.random.default_rng(1)
    score = rng.normal(size=500)
    label = (rng.random(500) < 1 / (1 + np.exp(-3 * score - 1))).astype(float)
    a, b = _sigmoid_calibration(score, label)
    fit = platt_fit(label, score)
    assert (fit.slope, fit.intercept) == pytest.approx((-a, -b), rel=1e-4)
    assert fit.predict(score) == pytest.approx(1 / (1 + np.exp(a * score + b)), abs=1e-4)


def test_smoothing_gives_separated_classes_a_fit_that_does_not_exist_without():
    label, score = [0, 0, 1, 1], [-2, -1, 1, 2]
    assert 0 < platt_fit(label, score).slope < 10
    with pytest.raises(Undefined, match="separate"):
        platt_fit(label, score, smoothed=False)


@pytest.mark.parametrize("label", [[0, 0], [1, 1]])
def test_one_class_teaches_no_sigmoid(label):
    with pytest.raises(Undefined, match="one class"):
        platt_fit(label, [0.1, 0.2])


def test_a_constant_score_teaches_no_sigmoid():
    with pytest.raises(Undefined, match="same in every row"):
        platt_fit([0, 1], [3, 3])


@pytest.mark.parametrize(
    ("x", "y", "weight", "says"),
    [
        ([], [], None, "empty"),
        ([1, 2], [1], None, "2 x, 1 y"),
        ([1, 2], [1, float("inf")], None, "not finite"),
        ([1, 2], [1, 2], [1, 0], "row 1"),
        ([[1, 2]], [1, 2], None, "2 axes"),
    ],
)
def test_what_no_fit_takes_is_refused(x, y, weight, says):
    with pytest.raises(BadSample, match=says):
        isotonic_fit(x, y, weight=weight)
