import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as oracle
from tests.stats.metrics.by_weights import interval, parts

from heldout.stats import METRICS, BadSample, score_estimate
from heldout.stats.metrics.multiclass import (
    class_average,
    class_table,
    confusion_matrix,
    multiclass_accuracy,
    multiclass_balanced_accuracy,
    multiclass_mcc,
)

SCORES = {
    "precision": oracle.precision_score,
    "recall": oracle.recall_score,
    "f1": oracle.f1_score,
    "f_beta:2": lambda y, p, **more: oracle.fbeta_score(y, p, beta=2, **more),
    "jaccard": oracle.jaccard_score,
}


def sample(seed, n=50, classes=("ant", "bee", "cat", "dog")):
    rng = np.random.default_rng(seed)
    label = rng.choice(len(classes), n, p=np.array([0.4, 0.3, 0.2, 0.1]))
    predicted = np.where(rng.random(n) < 0.6, label, rng.integers(0, len(classes), n))
    names = np.array(classes)
    return names[label], names[predicted], np.arange(n) % 13, rng.integers(1, 5, n) / 2


@pytest.mark.parametrize("average", ["macro", "weighted", "micro"])
@pytest.mark.parametrize("name", SCORES)
def test_an_average_and_its_interval_are_those_of_the_derivative_by_row_weights(name, average):
    label, predicted, cluster, weight = sample(0)
    by_weight = lambda w: SCORES[name](label, predicted, average=average, sample_weight=w)  # noqa: E731  # one line, and used once below
    got = class_average(name, label, predicted, average, cluster=cluster, weight=weight)
    assert parts(got) == pytest.approx(interval(by_weight, weight, cluster), rel=1e-6)
    assert got.method == f"{average} average, influence functions over 13 clusters, t"
    plain = class_average(name, label, predicted, average)
    assert plain.value == pytest.approx(by_weight(np.ones(50)))
    each = class_average(name, label, predicted, average, cluster=np.arange(50), weight=np.full(50, 3))
    assert parts(plain) == pytest.approx(parts(each))


@pytest.mark.parametrize(
    ("ours", "theirs", "lowest"),
    [
        (multiclass_accuracy, oracle.accuracy_score, 0),
        (multiclass_balanced_accuracy, oracle.balanced_accuracy_score, 0),
        (multiclass_mcc, oracle.matthews_corrcoef, -1),
    ],
)
def test_a_metric_of_the_whole_table_has_the_interval_of_the_derivative(ours, theirs, lowest):
    label, predicted, cluster, weight = sample(1)
    by_weight = lambda w: theirs(label, predicted, sample_weight=w)  # noqa: E731  # one line, and used once below
    assert ours(label, predicted).value == pytest.approx(theirs(label, predicted))
    clustered = ours(label, predicted, cluster=cluster, weight=weight)
    assert parts(clustered) == pytest.approx(interval(by_weight, weight, cluster, lowest=lowest), rel=1e-6)


def test_two_classes_give_the_binary_metrics():
    rng = np.random.default_rng(2)
    label, score = rng.integers(0, 2, 90), rng.random(90)
    called = (score >= 0.5).astype(int)
    for ours, name in (
        (multiclass_mcc, "mcc"),
        (multiclass_accuracy, "accuracy"),
        (multiclass_balanced_accuracy, "balanced_accuracy"),
    ):
        assert parts(ours(label, called)) == pytest.approx(parts(score_estimate(name, label, score)), rel=1e-9)
    positive = class_table(label, called)[1]
    for name in ("precision", "recall", "specificity", "f1"):
        assert parts(getattr(positive, name)) == pytest.approx(parts(score_estimate(name, label, score)), rel=1e-9)


def test_the_table_of_classes_is_scikit_learns_report():
    label, predicted, cluster, weight = sample(3)
    report = oracle.classification_report(label, predicted, output_dict=True, sample_weight=weight)
    for one in class_table(label, predicted, cluster=cluster, weight=weight):
        for name, theirs in (("precision", "precision"), ("recall", "recall"), ("f1", "f1-score")):
            estimate = getattr(one, name)
            assert estimate.value == pytest.approx(report[one.name][theirs])
            assert estimate.low < estimate.value < estimate.high
        assert one.support == (label == one.name).sum()
        assert one.predicted == (predicted == one.name).sum()


def test_the_confusion_matrix_is_scikit_learns():
    label, predicted, _, weight = sample(4)
    order = ["dog", "cat", "bee", "ant", "eel"]
    ours = confusion_matrix(label, predicted, classes=order, weight=weight)
    assert ours.classes == tuple(order)
    assert np.array(ours.counts) == pytest.approx(
        oracle.confusion_matrix(label, predicted, labels=order, sample_weight=weight)
    )


def test_a_class_that_is_never_called_leaves_macro_precision_undefined_unless_told_otherwise():
    label, predicted = ["a", "b", "b", "c", "a", "b"], ["a", "b", "a", "a", "a", "b"]
    said = class_average("precision", label, predicted)
    assert said.value is None
    assert "no row is called of class c" in said.undefined_because
    zero = class_average("precision", label, predicted, missing="zero")
    assert zero.value == pytest.approx(oracle.precision_score(label, predicted, average="macro", zero_division=0))
    skip = class_average("precision", label, predicted, missing="skip")
    assert skip.value == pytest.approx(oracle.precision_score(label, predicted, average="macro", zero_division=np.nan))
    assert class_average("f1", label, predicted).value == pytest.approx(
        oracle.f1_score(label, predicted, average="macro")
    )
    (*_, last) = class_table(label, predicted)
    assert last.precision.value is None
    assert "class c" in last.precision.undefined_because
    assert last.recall.value == 0


def test_a_class_without_rows_leaves_macro_recall_undefined_and_weighted_recall_as_it_is():
    label, predicted, classes = ["a", "b", "b", "a"], ["a", "b", "a", "a"], ["a", "b", "c", "d"]
    said = class_average("recall", label, predicted, classes=classes)
    assert "no row is of class c, and 1 more" in said.undefined_because
    assert class_average("recall", label, predicted, "weighted", classes=classes).value == 0.75
    assert multiclass_balanced_accuracy(label, predicted, classes=classes, missing="skip").value == 0.75


@pytest.mark.parametrize("missing", ["skip", "zero"])
@pytest.mark.parametrize("average", ["macro", "weighted"])
def test_a_class_left_out_or_counted_as_zero_keeps_to_the_derivative(average, missing):
    label, predicted, cluster, weight = sample(5)
    predicted = np.where(predicted == "dog", "ant", predicted)
    division = {"skip": np.nan, "zero": 0}[missing]

    def by_weight(w):
        return oracle.precision_score(label, predicted, average=average, zero_division=division, sample_weight=w)

    got = class_average("precision", label, predicted, average, missing=missing, cluster=cluster, weight=weight)
    assert parts(got) == pytest.approx(interval(by_weight, weight, cluster), rel=1e-6)


def test_a_class_whose_rows_fare_alike_does_not_narrow_the_interval_of_a_mean():
    label = np.repeat([0, 1], [400, 10])
    predicted = np.where(np.arange(410) % 8 == 0, 1, label)
    predicted[400:] = 1
    flat = multiclass_balanced_accuracy(label, predicted)
    predicted[400] = 0
    other = multiclass_balanced_accuracy(label, predicted)
    assert flat.value > other.value
    assert flat.high - flat.low > 0.5 * (other.high - other.low)
    perfect = multiclass_balanced_accuracy(label, label)
    assert perfect.value == 1
    assert "no row moves the value" in perfect.undefined_because


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.randoms(use_true_random=False))
def test_row_order_and_the_names_of_classes_do_not_matter(seed, random):
    label, predicted, cluster, weight = sample(seed, n=50)
    order = random.sample(range(50), 50)
    renamed = {name: place for place, name in enumerate(random.sample(["ant", "bee", "cat", "dog"], 4))}
    label_2, predicted_2 = ([renamed[name] for name in given[order]] for given in (label, predicted))
    for average in ("macro", "weighted", "micro"):
        there = class_average("f1", label, predicted, average, cluster=cluster, weight=weight)
        back = class_average("f1", label_2, predicted_2, average, cluster=cluster[order], weight=weight[order])
        assert parts(back) == pytest.approx(parts(there))


def test_weights_are_repeats_within_a_cluster_and_a_weight_of_0_drops_the_row():
    label, predicted, cluster, _ = sample(6)
    times = np.random.default_rng(0).integers(0, 3, 50)
    rows = np.repeat(np.arange(50), times)
    for average in ("macro", "weighted", "micro"):
        weighted = class_average("f1", label, predicted, average, cluster=cluster, weight=times)
        repeated = class_average("f1", label[rows], predicted[rows], average, cluster=cluster[rows])
        assert parts(weighted) == pytest.approx(parts(repeated))
        assert weighted.n == (times > 0).sum()
    gone = np.where(label == "dog", 0, 1)
    calls = np.where(predicted == "dog", "ant", predicted)
    assert [one.name for one in class_table(label, calls, weight=gone)] == ["ant", "bee", "cat"]


@pytest.mark.parametrize(
    ("label", "predicted", "more", "says"),
    [
        (["a", "b"], ["a"], {}, "2 labels and 1 predictions"),
        ([], [], {}, "label has shape"),
        ([["a"]], ["a"], {}, "label has shape"),
        (["a", None], ["a", "a"], {}, "a label is missing\n  where: row 1"),
        ([1.0, 2.0], [1.0, float("nan")], {}, "a predicted is missing"),
        (["a", "b"], ["a", "z"], {"classes": ["a", "b"]}, "the prediction z is none of the classes\n  where: row 1"),
        (["q", "b"], ["a", "b"], {"classes": ["a", "b"]}, "the label q is none of the classes\n  where: row 0"),
        (["a", "b"], ["a", "b"], {"classes": ["a", "b", "a"]}, "each class once"),
        ([1, 2], ["1", "2"], {}, "classes of one type"),
        (["a", "b"], ["a", "b"], {"weight": [1, -1]}, "negative"),
        (["a", "b"], ["a", "b"], {"cluster": [1]}, "cluster has shape"),
        (["a", "b"], ["a", "b"], {"average": "mean"}, "there is no average 'mean'"),
        (["a", "b"], ["a", "b"], {"missing": "nan"}, "there is no missing 'nan'"),
        (["a", "b", "b"], ["a", "b", "a"], {"level": 2}, "no confidence level"),
    ],
)
def test_what_is_no_sample_of_classes_is_refused(label, predicted, more, says):
    with pytest.raises(BadSample, match=says):
        class_average("f1", label, predicted, **more)


def test_a_metric_that_no_class_has_is_refused():
    with pytest.raises(BadSample, match="precision, recall"):
        class_average("roc_auc", ["a"], ["a"])
    with pytest.raises(BadSample, match="names no beta"):
        class_average("f_beta:two", ["a"], ["a"])


def test_one_class_has_no_correlation_and_one_cluster_no_interval():
    assert "one class" in multiclass_mcc(["a", "a"], ["a", "b"]).undefined_because
    alone = multiclass_accuracy(["a", "b"], ["a", "a"], cluster=[1, 1])
    assert alone.value == 0.5
    assert "there is 1" in alone.undefined_because
    assert METRICS["accuracy"].value([1, 0], [0.9, 0.9]) == alone.value
