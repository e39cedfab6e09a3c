import numpy as np
import pytest
from scipy.stats import norm
from sklearn.metrics import r2_score, roc_auc_score

from heldout.core.profile import LabelKind
from heldout.stats.single_feature import (
    SMOOTHING,
    out_of_fold_auc,
    out_of_fold_r2,
    single_feature_power,
)


def rows_of(seed, n=600, bins=7, classes=2):
    rng = np.random.default_rng(seed)
    label = rng.integers(classes, size=n)
    column = np.clip(rng.poisson(1 + label), 0, bins - 1)
    return rng.integers(5, size=n), column, label


def joint_of(fold, column, label, bins=7, classes=2):
    joint = np.zeros((5, bins, classes))
    np.add.at(joint, (fold, column, label), 1)
    return joint


def scores_row_by_row(fold, column, target):
    """The oracle: for each row, the smoothed mean of its value over the rows of the other folds."""
    scores = []
    for f, value in zip(fold, column, strict=True):
        elsewhere = fold != f
        alike = elsewhere & (column == value)
        overall = target[elsewhere].mean()
        scores.append((target[alike].sum() + SMOOTHING * overall) / (alike.sum() + SMOOTHING))
    return np.array(scores)


@pytest.mark.parametrize("seed", range(5))
def test_auc_from_counts_is_the_auc_of_rows_scored_by_the_other_folds(seed):
    fold, column, label = rows_of(seed)
    score = scores_row_by_row(fold, column, label)
    weights = [np.sum(label[fold == f]) * np.sum(1 - label[fold == f]) for f in range(5)]
    oracle = np.average([roc_auc_score(label[fold == f], score[fold == f]) for f in range(5)], weights=weights)
    assert out_of_fold_auc(joint_of(fold, column, label), positive=1).value == pytest.approx(oracle, abs=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_r2_from_counts_is_the_r2_of_rows_predicted_by_the_other_folds(seed):
    fold, column, label = rows_of(seed)
    y = label + np.random.default_rng(seed).normal(size=label.size)
    joint = np.zeros((5, 7, 3))
    for power in range(3):
        np.add.at(joint[:, :, power], (fold, column), y**power)
    assert out_of_fold_r2(joint).value == pytest.approx(r2_score(y, scores_row_by_row(fold, column, y)), abs=1e-9)


def test_an_id_has_no_power_out_of_fold_although_it_determines_the_label_in_the_fold():
    fold, _, label = rows_of(1, n=400)
    joint = joint_of(fold, np.arange(400), label, bins=400)
    assert out_of_fold_auc(joint, positive=1).value == pytest.approx(0.5)


def test_bins_in_another_order_give_the_same_power():
    joint = joint_of(*rows_of(2))
    shuffled = joint[:, np.random.default_rng(0).permutation(7)]
    assert out_of_fold_auc(joint, positive=1) == out_of_fold_auc(shuffled, positive=1)


def test_a_rare_class_leaves_the_auc_undefined_and_says_why():
    joint = np.zeros((5, 2, 2))
    joint[:, 0, 0], joint[0, 1, 1] = 100, 19
    power = out_of_fold_auc(joint, positive=1)
    assert power.value is None
    assert "19" in power.undefined_because


def test_the_interval_covers_the_auc_of_the_population_when_bins_hold_enough_rows_to_be_ordered():
    edges = np.linspace(-1.5, 3, 9)
    mass = np.diff(norm.cdf(edges[:, None], loc=[0, 1.5]), axis=0, prepend=0, append=1)
    truth = mass[:, 1] @ (np.cumsum(mass[:, 0]) - mass[:, 0] / 2)
    covered = []
    for seed in range(200):
        rng = np.random.default_rng(seed)
        label = rng.integers(2, size=1000)
        column = np.searchsorted(edges, rng.normal(1.5 * label))
        power = out_of_fold_auc(joint_of(rng.integers(5, size=1000), column, label, bins=10), positive=1)
        covered.append(power.low <= truth <= power.high)
    assert np.mean(covered) > 0.9


def test_a_multiclass_column_is_as_strong_as_on_the_class_it_tells_worst():
    fold, _, label = rows_of(3, classes=3)
    tells_class_0 = (label == 0).astype(int)
    joint = joint_of(fold, tells_class_0, label, classes=3)
    assert out_of_fold_auc(joint, positive=0).value == 1
    assert single_feature_power(joint, LabelKind.MULTICLASS).value < 0.85


def test_a_constant_label_leaves_r2_undefined():
    joint = np.zeros((5, 2, 3))
    joint[:, :] = 10, 20, 40
    assert out_of_fold_r2(joint).value is None


@pytest.mark.parametrize("apart", [0.5, 0.8, 0.97, 1.0])
def test_the_bounds_are_where_the_estimate_is_z_standard_errors_away(apart):
    joint = np.zeros((5, 2, 2))
    joint[:, :, 1] = 40 * (1 - apart), 40 * apart
    joint[:, :, 0] = 60 * apart, 60 * (1 - apart)
    power = out_of_fold_auc(joint, positive=1)
    for bound in {power.low, power.high} - {1.0}:
        q1, q2 = bound / (2 - bound), 2 * bound**2 / (1 + bound)
        equal_n = 249  # Hanley & McNeil (1982), both group sizes replaced by their mean, less 1
        variance = bound * (1 - bound) + equal_n * (q1 + q2 - 2 * bound**2)
        distance = abs(bound - power.value) / np.sqrt(variance / (200 * 300))
        assert distance == pytest.approx(norm.ppf(0.975), rel=1e-6)
