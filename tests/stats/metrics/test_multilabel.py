import warnings

import numpy as np
import pytest
from sklearn import metrics as oracle
from tests.stats.metrics.by_weights import interval, parts

from heldout.stats import BadSample
from heldout.stats.metrics.multilabel import hamming_loss, multilabel_average, multilabel_ranking, subset_accuracy

SCORES = {"precision": oracle.precision_score, "recall": oracle.recall_score, "f1": oracle.f1_score}


def sample(seed, n=90, k=4):
    rng = np.random.default_rng(seed)
    label = (rng.random((n, k)) < [0.5, 0.3, 0.6, 0.4]).astype(int)
    label[np.arange(n), rng.integers(0, k, n)] = 1
    score = np.round(0.5 * label + rng.random((n, k)), 1)
    predicted = (score > 0.6).astype(int)
    predicted[predicted.sum(axis=1) == 0, 0] = 1
    return label, predicted, score, np.arange(n) % 11, rng.integers(1, 4, n) / 2


@pytest.mark.parametrize("average", ["macro", "weighted", "micro", "samples"])
@pytest.mark.parametrize("name", [*SCORES, "jaccard"])
def test_an_average_has_the_interval_of_the_derivative_by_row_weights(name, average):
    label, predicted, _, cluster, weight = sample(0)
    function = SCORES.get(name, oracle.jaccard_score)
    by_weight = lambda w: function(label, predicted, average=average, sample_weight=w)  # noqa: E731  # one line, and used once below
    plain = multilabel_average(name, label, predicted, average)
    assert plain.value == pytest.approx(by_weight(np.ones(90)))
    weighted = multilabel_average(name, label, predicted, average, cluster=cluster, weight=weight)
    assert parts(weighted) == pytest.approx(interval(by_weight, weight, cluster), rel=1e-6)


@pytest.mark.parametrize("average", ["macro", "weighted", "micro"])
@pytest.mark.parametrize(
    ("name", "theirs"), [("roc_auc", oracle.roc_auc_score), ("pr_auc", oracle.average_precision_score)]
)
def test_a_ranking_has_the_interval_of_the_derivative_by_row_weights(name, theirs, average):
    label, _, score, cluster, weight = sample(1)
    by_weight = lambda w: theirs(label, score, average=average, sample_weight=w)  # noqa: E731  # one line, and used once below
    plain = multilabel_ranking(name, label, score, average)
    assert plain.value == pytest.approx(by_weight(np.ones(90)))
    weighted = multilabel_ranking(name, label, score, average, cluster=cluster, weight=weight)
    assert parts(weighted) == pytest.approx(interval(by_weight, weight, cluster), rel=1e-6)


@pytest.mark.parametrize(
    ("ours", "theirs"), [(hamming_loss, oracle.hamming_loss), (subset_accuracy, oracle.accuracy_score)]
)
def test_a_mean_over_rows_has_the_interval_of_the_derivative(ours, theirs):
    label, predicted, _, cluster, weight = sample(2)
    by_weight = lambda w: theirs(label, predicted, sample_weight=w)  # noqa: E731  # one line, and used once below
    assert ours(label, predicted).value == pytest.approx(theirs(label, predicted))
    got = ours(label, predicted, cluster=cluster, weight=weight)
    assert parts(got) == pytest.approx(interval(by_weight, weight, cluster), rel=1e-6)


@pytest.mark.parametrize("average", ["macro", "samples"])
def test_what_has_no_value_is_said_left_out_or_zero(average):
    label = np.array([[1, 0, 1], [1, 1, 0], [0, 0, 0], [0, 1, 0]])
    predicted = np.array([[1, 0, 0], [1, 0, 0], [0, 0, 0], [1, 0, 0]])
    said = multilabel_average("precision", label, predicted, average, names=["red", "green", "blue"])
    assert said.value is None
    wanted = {"macro": "called of class green, and 1 more", "samples": "row 2: no class is called true"}[average]
    assert wanted in said.undefined_because
    for missing, division in (("zero", 0), ("skip", np.nan)):
        got = multilabel_average("precision", label, predicted, average, missing=missing)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs = oracle.precision_score(label, predicted, average=average, zero_division=division)
        assert got.value == pytest.approx(theirs)


def test_rows_left_out_of_a_mean_over_rows_move_nothing():
    label, predicted, _, cluster, weight = sample(3)
    predicted[:9] = 0
    got = multilabel_average("precision", label, predicted, "samples", missing="skip", cluster=cluster, weight=weight)
    rest = multilabel_average("precision", label[9:], predicted[9:], "samples", cluster=cluster[9:], weight=weight[9:])
    assert parts(got) == pytest.approx(parts(rest))


def test_a_class_of_one_kind_has_no_ranking():
    label, _, score, *_ = sample(4)
    label[:, 2] = 1
    said = multilabel_ranking("roc_auc", label, score, names=list("abcd"))
    assert "all rows are alike in class c" in said.undefined_because
    skipped = multilabel_ranking("roc_auc", label, score, missing="skip")
    rest = multilabel_ranking("roc_auc", label[:, [0, 1, 3]], score[:, [0, 1, 3]])
    assert parts(skipped) == pytest.approx(parts(rest))
    few = multilabel_ranking("pr_auc", label[:30], score[:30], missing="skip")
    assert few.value is not None
    assert "rows of one kind, and 20 are needed" in few.undefined_because


def test_all_rows_alike_in_every_class_are_undefined():
    nothing = np.zeros((4, 2))
    assert (
        "no row is or is called of any class" in multilabel_average("f1", nothing, nothing, "micro").undefined_because
    )
    assert "no class has a value" in multilabel_average("f1", nothing, nothing, missing="skip").undefined_because
    samples = multilabel_average("f1", nothing, nothing, "samples", missing="skip")
    assert "no row has a value" in samples.undefined_because


@pytest.mark.parametrize(
    ("label", "predicted", "more", "says"),
    [
        ([[1, 0]], [[1, 0, 1]], {}, r"label has shape \(1, 2\) and predicted \(1, 3\)"),
        ([1, 0], [1, 0], {}, "label has 1 axes"),
        (np.zeros((0, 2)), np.zeros((0, 2)), {}, "n and k ≥ 1"),
        ([[1, 2]], [[1, 0]], {}, "the label 2 is neither 0 nor 1\n  where: row 0, column 1"),
        ([[1, 1]], [[1, 0.4]], {}, "the predicted 0.4 is neither"),
        ([[1, float("nan")]], [[1, 0]], {}, "label holds a value that is not finite"),
        ([[1, 1]], [[1, 0]], {"names": ["a"]}, "1 names and 2 classes"),
        ([[1, 1]], [[1, 0]], {"average": "binary"}, "no average 'binary'"),
        ([[1, 1]], [[1, 0]], {"weight": [0]}, "every weight is 0"),
    ],
)
def test_what_is_no_sample_of_labels_is_refused(label, predicted, more, says):
    with pytest.raises(BadSample, match=says):
        multilabel_average("f1", label, predicted, **more)


def test_a_ranking_that_there_is_not_is_refused():
    with pytest.raises(BadSample, match="roc_auc or pr_auc"):
        multilabel_ranking("f1", [[1, 0]], [[0.2, 0.3]])
