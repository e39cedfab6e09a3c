from itertools import combinations

import numpy as np
import pytest
from sklearn import metrics as oracle
from tests.stats.metrics.by_weights import interval, parts

from heldout.stats import BadSample, score_estimate
from heldout.stats.metrics.multiclass_scores import (
    multiclass_auc,
    multiclass_brier,
    multiclass_log_loss,
    top_k_accuracy,
)


def sample(seed, n=120):
    rng = np.random.default_rng(seed)
    label = rng.choice(4, n, p=[0.25, 0.25, 0.25, 0.25])
    raw = rng.integers(1, 6, (n, 4)) + 3 * (np.arange(4) == label[:, None]) * rng.random((n, 1))
    return label, raw / raw.sum(axis=1, keepdims=True), np.arange(n) % 17, rng.integers(1, 4, n) / 2


def hand_till(label, score, weight, *, by_rows):
    """Weighted pairs of classes, each from scikit-learn's binary AUC both ways round."""
    values, shares = [], []
    for pair in combinations(np.unique(label), 2):
        among = np.isin(label, pair)
        half = [oracle.roc_auc_score(label[among] == c, score[among, c], sample_weight=weight[among]) for c in pair]
        values.append(np.mean(half))
        shares.append(weight[among].sum() if by_rows else 1)
    return np.average(values, weights=shares)


AUCS = {
    ("one_vs_rest", "macro"): lambda y, s, w: oracle.roc_auc_score(y, s, multi_class="ovr", sample_weight=w),
    ("one_vs_rest", "weighted"): lambda y, s, w: oracle.roc_auc_score(
        y, s, multi_class="ovr", average="weighted", sample_weight=w
    ),
    ("one_vs_rest", "micro"): lambda y, s, w: oracle.roc_auc_score(
        (y[:, None] == np.arange(4)).ravel(), s.ravel(), sample_weight=np.repeat(w, 4)
    ),
    ("one_vs_one", "macro"): lambda y, s, w: hand_till(y, s, w, by_rows=False),
    ("one_vs_one", "weighted"): lambda y, s, w: hand_till(y, s, w, by_rows=True),
}


@pytest.mark.parametrize(("comparison", "average"), AUCS)
def test_an_auc_over_classes_has_the_interval_of_the_derivative_by_row_weights(comparison, average):
    label, score, cluster, weight = sample(0)
    by_weight = lambda w: AUCS[comparison, average](label, score, w)  # noqa: E731  # one line, and used once below
    plain = multiclass_auc(label, score, comparison, average)
    assert plain.value == pytest.approx(by_weight(np.ones(120)))
    each = multiclass_auc(label, score, comparison, average, cluster=np.arange(120), weight=np.full(120, 3))
    assert parts(plain) == pytest.approx(parts(each))
    weighted = multiclass_auc(label, score, comparison, average, cluster=cluster, weight=weight)
    assert parts(weighted) == pytest.approx(interval(by_weight, weight, cluster), rel=1e-6)


@pytest.mark.parametrize("average", ["macro", "weighted"])
def test_one_vs_one_is_scikit_learns(average):
    label, score, *_ = sample(1)
    wanted = oracle.roc_auc_score(label, score, multi_class="ovo", average=average)
    assert multiclass_auc(label, score, "one_vs_one", average).value == pytest.approx(wanted)


def test_two_classes_give_the_binary_auc():
    rng = np.random.default_rng(2)
    label = rng.integers(0, 2, 100)
    score = rng.random(100)
    both = np.stack((1 - score, score), axis=1)
    for comparison in ("one_vs_rest", "one_vs_one"):
        got = multiclass_auc(label, both, comparison)
        assert parts(got) == pytest.approx(parts(score_estimate("roc_auc", label, score)), rel=1e-9)


@pytest.mark.parametrize(
    ("ours", "theirs", "highest"),
    [
        (multiclass_log_loss, oracle.log_loss, np.inf),
        (multiclass_brier, oracle.brier_score_loss, 2),
        (lambda *given, **more: top_k_accuracy(*given, k=2, **more), oracle.top_k_accuracy_score, 1),
    ],
)
def test_a_mean_over_rows_has_the_interval_of_the_derivative(ours, theirs, highest):
    label, score, cluster, weight = sample(3)
    score = score + np.random.default_rng(4).random(score.shape) * 1e-6  # scikit-learn breaks ties by column
    score /= score.sum(axis=1, keepdims=True)
    by_weight = lambda w: theirs(label, score, sample_weight=w)  # noqa: E731  # one line, and used once below
    assert ours(label, score).value == pytest.approx(theirs(label, score))
    got = ours(label, score, cluster=cluster, weight=weight)
    assert parts(got) == pytest.approx(interval(by_weight, weight, cluster, highest=highest), rel=1e-6)


def test_half_the_brier_score_of_two_classes_is_the_binary_one():
    rng = np.random.default_rng(5)
    label, p = rng.integers(0, 2, 60), rng.random(60)
    both = np.stack((1 - p, p), axis=1)
    half = multiclass_brier(label, both, scale_by_half=True)
    assert parts(half) == pytest.approx(parts(score_estimate("brier_loss", label, p)), rel=1e-9)


def test_sure_mistakes_cost_what_scikit_learn_says_for_either_type():
    label, score = [0, 1, 2], np.array([[1.0, 0, 0], [0.5, 0.5, 0], [1, 0, 0]])
    for kind in (np.float32, np.float64):
        wanted = oracle.log_loss(label, score.astype(kind))
        assert multiclass_log_loss(label, score.astype(kind)).value == pytest.approx(wanted, rel=1e-6)


def test_equal_scores_are_worth_their_chance_and_no_hit():
    assert top_k_accuracy([0, 1, 2, 3], np.full((4, 4), 0.25), k=1).value == 0.25
    assert top_k_accuracy([0, 1, 2, 3], np.full((4, 4), 0.25), k=3).value == 0.75
    assert multiclass_auc(np.arange(80) % 4, np.full((80, 4), 0.25)).value == 0.5


def test_columns_follow_the_classes_given():
    label, score, *_ = sample(6)
    names = np.array(["d", "b", "c", "a"])
    there = multiclass_log_loss(label, score)
    assert multiclass_log_loss(names[label], score, classes=names).value == pytest.approx(there.value)
    assert multiclass_log_loss(names[label], score[:, [3, 1, 2, 0]]).value == pytest.approx(there.value)


def test_a_class_without_rows_leaves_the_auc_undefined_unless_skipped():
    label, score, *_ = sample(7)
    kept = label != 2
    label, score = label[kept], score[kept]
    for comparison in ("one_vs_rest", "one_vs_one"):
        said = multiclass_auc(label, score, comparison, classes=range(4))
        assert said.value is None
        assert "no row is of class 2" in said.undefined_because
        skipped = multiclass_auc(label, score, comparison, classes=range(4), missing="skip")
        narrower = multiclass_auc(label, score[:, [0, 1, 3]], comparison)
        assert parts(skipped) == pytest.approx(parts(narrower))


def test_few_rows_of_a_class_leave_the_value_without_an_interval():
    label, score, *_ = sample(8, n=60)
    got = multiclass_auc(label, score)
    assert got.value > 0.5
    assert got.low is None
    assert "rows, and 20 are needed" in got.undefined_because
    assert "one class" in multiclass_auc([1, 1], [[0.1, 0.9], [0.2, 0.8]], classes=[0, 1]).undefined_because


@pytest.mark.parametrize(
    ("function", "label", "score", "more", "says"),
    [
        (multiclass_auc, [0, 1], [[0.5, 0.5]], {}, "2 labels and 1 rows of scores"),
        (multiclass_auc, [0, 1], [[0.2, 0.3, 0.5]] * 2, {}, "2 classes and 3 columns"),
        (multiclass_auc, [0, 1], [0.2, 0.5], {}, "score has 1 axes"),
        (multiclass_auc, [0, 1], [[0.2, float("nan")]] * 2, {}, "not finite\n  where: run 0, row 1"),
        (multiclass_auc, [0, 1], [[0.2, 0.8]] * 2, {"comparison": "ovr"}, "no comparison 'ovr'"),
        (multiclass_auc, [0, 1], [[0.2, 0.8]] * 2, {"missing": "zero"}, "no missing 'zero'"),
        (
            multiclass_auc,
            [0, 1],
            [[0.2, 0.8]] * 2,
            {"comparison": "one_vs_one", "average": "micro"},
            "pairs of classes have no micro average",
        ),
        (multiclass_log_loss, [0, 1], [[0.2, 0.8], [0.3, 0.3]], {}, "do not sum to 1: 0.3, 0.3\n  where: row 1"),
        (multiclass_brier, [0, 1], [[0.2, 0.8], [1.3, -0.3]], {}, "no probabilities: 1.3, -0.3\n  where: row 1"),
        (top_k_accuracy, [0, 1], [[0.2, 0.8]] * 2, {"k": 2}, "no top 2 of 2 classes"),
        (top_k_accuracy, [0, 1], [[0.2, 0.8]] * 2, {"k": 0}, "k is 0"),
        (top_k_accuracy, [0, 5], [[0.2, 0.8]] * 2, {"k": 1, "classes": [0, 1]}, "the label 5 is none"),
    ],
)
def test_what_is_no_score_of_classes_is_refused(function, label, score, more, says):
    with pytest.raises(BadSample, match=says):
        function(label, score, **more)
