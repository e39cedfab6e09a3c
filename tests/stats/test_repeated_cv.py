import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t

from heldout.stats.means import paired_mean_test
from heldout.stats.repeated_cv import corrected_resampled_t
from heldout.stats.sample import BadSample

RNG = np.random.default_rng(9)
folds = st.lists(st.integers(-50, 50).map(lambda x: x / 100), min_size=2, max_size=30).filter(lambda x: len(set(x)) > 1)


@given(folds, st.integers(50, 1000), st.integers(10, 500))
def test_the_statistic_is_the_naive_one_times_the_correction(differences, train_rows, test_rows):
    naive = paired_mean_test(differences)
    test = corrected_resampled_t(differences, train_rows, test_rows)
    assert test.naive_standard_error == pytest.approx(naive.standard_error)
    shrink = np.sqrt(1 + len(differences) * test_rows / train_rows)
    assert test.statistic == pytest.approx(naive.statistic / shrink)
    assert test.p_value == pytest.approx(2 * t.sf(abs(test.statistic), len(differences) - 1))
    half = t.ppf(0.975, len(differences) - 1) * test.standard_error
    assert (test.difference.low, test.difference.high) == pytest.approx(
        (np.mean(differences) - half, np.mean(differences) + half)
    )


def test_ten_times_tenfold_has_the_wellknown_factor():
    # Bouckaert & Frank 2004, PAKDD: (1/100 + 1/9) s² for 10 × 10-fold cross-validation
    differences = RNG.normal(0.01, 0.02, 100)
    test = corrected_resampled_t(differences, 900, 100)
    assert test.standard_error == pytest.approx(np.sqrt((1 / 100 + 1 / 9) * differences.var(ddof=1)))


def test_folds_that_share_rows_as_assumed_are_rejected_at_the_level_and_by_the_naive_test_far_too_often():
    shared = 1 / 10  # the correlation of folds that Nadeau and Bengio assume, test / (train + test)
    rejected = {"corrected": 0, "naive": 0}
    for _ in range(2000):
        differences = np.sqrt(shared) * RNG.normal() + np.sqrt(1 - shared) * RNG.normal(size=20)
        rejected["corrected"] += corrected_resampled_t(differences, 900, 100).p_value <= 0.05
        rejected["naive"] += paired_mean_test(differences).p_value <= 0.05
    assert rejected["corrected"] / 2000 == pytest.approx(0.05, abs=0.02)
    assert rejected["naive"] / 2000 > 0.2


def test_the_alternatives_share_out_one():
    greater = corrected_resampled_t([0.1, 0.2, 0.05], 90, 10, alternative="greater").p_value
    less = corrected_resampled_t([0.1, 0.2, 0.05], 90, 10, alternative="less").p_value
    assert greater + less == pytest.approx(1)
    assert greater < 0.5


@pytest.mark.parametrize(("differences", "says"), [([0.1], "two folds"), ([0.1, 0.1, 0.1], "no variance")])
def test_folds_that_tell_no_error_say_so(differences, says):
    test = corrected_resampled_t(differences, 90, 10)
    assert test.difference.value == pytest.approx(0.1)
    assert says in test.difference.undefined_because
    assert (test.p_value, test.statistic) == (None, None)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: corrected_resampled_t([], 90, 10), "empty"),
        (lambda: corrected_resampled_t([0.1, float("nan")], 90, 10), "row 1"),
        (lambda: corrected_resampled_t([[0.1]], 90, 10), "axes"),
        (lambda: corrected_resampled_t([0.1, 0.2], 0, 10), "training"),
        (lambda: corrected_resampled_t([0.1, 0.2], 90, float("inf")), "test_rows is inf"),
        (lambda: corrected_resampled_t([0.1, 0.2], 90, 10, level=1), "level"),
        (lambda: corrected_resampled_t([0.1, 0.2], 90, 10, alternative="larger"), "alternative"),
    ],
)
def test_input_that_cannot_be_used_is_refused(call, says):
    with pytest.raises(BadSample, match=says):
        call()
