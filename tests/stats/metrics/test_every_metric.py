"""Holds every metric of the registry to its contract, with scikit-learn as the oracle of its value."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as oracle

from heldout.stats import METRICS, BadSample, Undefined, clustered_standard_error
from heldout.stats.metrics import Metric, metric_named


def cut(function, threshold=0.5, **settings):
    """scikit-learn's metric of calls, put to scores that are cut at a threshold."""
    return lambda y, s, **more: function(y, s >= threshold, **settings, **more)


ORACLES = {
    "roc_auc": oracle.roc_auc_score,
    "pr_auc": oracle.average_precision_score,
    "accuracy": cut(oracle.accuracy_score),
    "accuracy@0.7": cut(oracle.accuracy_score, 0.7),
    "balanced_accuracy": cut(oracle.balanced_accuracy_score),
    "f1": cut(oracle.f1_score),
    "f_beta:2": cut(oracle.fbeta_score, beta=2),
    "f_beta:0.5@0.3": cut(oracle.fbeta_score, 0.3, beta=0.5),
    "jaccard": cut(oracle.jaccard_score),
    "mcc": cut(oracle.matthews_corrcoef),
    "precision": cut(oracle.precision_score),
    "precision@0.8": cut(oracle.precision_score, 0.8),
    "recall": cut(oracle.recall_score),
    "specificity": cut(oracle.recall_score, pos_label=0),
    "negative_predictive_value": cut(oracle.precision_score, pos_label=0),
    "brier_loss": oracle.brier_score_loss,
    "log_loss": oracle.log_loss,
    "mean_absolute_error": oracle.mean_absolute_error,
    "mean_absolute_percentage_error": oracle.mean_absolute_percentage_error,
    "mean_squared_error": oracle.mean_squared_error,
    "root_mean_squared_error": oracle.root_mean_squared_error,
    "pinball_loss:0.9": lambda y, s, **more: oracle.mean_pinball_loss(y, s, alpha=0.9, **more),
    "r_squared": oracle.r2_score,
}
EVERY = [metric_named(name) for name in ORACLES]
every_metric = pytest.mark.parametrize("metric", EVERY, ids=lambda metric: metric.name)


def sample(metric, seed, n=60):
    rng = np.random.default_rng(seed)
    score = rng.integers(0, 11, n) / 10  # ties, and probabilities of 0 and 1
    if metric.task == "regression":
        return rng.normal(size=n), score
    return (rng.random(n) < 0.2 + 0.6 * score).astype(float), score


def weights(seed, n=60):
    return np.random.default_rng(100 + seed).integers(0, 5, n) / 2  # some are 0


def test_every_metric_of_the_registry_has_an_oracle():
    assert set(METRICS) <= set(ORACLES)
    assert all(metric.name == name for name, metric in METRICS.items())


@every_metric
@pytest.mark.parametrize("seed", range(5))
def test_the_value_is_that_of_scikit_learn(metric, seed):
    label, score = sample(metric, seed)
    assert metric.value(label, score) == pytest.approx(ORACLES[metric.name](label, score), rel=1e-12)
    assert metric.linearised(label, score).value == pytest.approx(metric.value(label, score), rel=1e-12)


@every_metric
@pytest.mark.parametrize("seed", range(5))
def test_the_weighted_value_is_that_of_scikit_learn(metric, seed):
    label, score = sample(metric, seed)
    weight = weights(seed)
    wanted = ORACLES[metric.name](label, score, sample_weight=weight)
    assert metric.value(label, score, weight) == pytest.approx(wanted, rel=1e-12)


@every_metric
@pytest.mark.parametrize("weight", [np.ones(60), weights(9) + 0.5], ids=["alike", "weighted"])
def test_the_influence_is_the_derivative_by_the_weight_of_each_row(metric, weight):
    label, score = sample(metric, 0)
    step = 1e-5
    derivative = []
    for row in range(label.size):
        up, down = weight.copy(), weight.copy()
        up[row] += step
        down[row] -= step
        values = [ORACLES[metric.name](label, score, sample_weight=moved) for moved in (up, down)]
        derivative.append(weight[row] * (values[0] - values[1]) / (2 * step))
    assert metric.influence(label, score, weight) == pytest.approx(np.array(derivative), abs=1e-8)
    if (weight == 1).all():
        assert metric.influence(label, score) == pytest.approx(np.array(derivative), abs=1e-8)


@every_metric
def test_the_influence_sums_to_nothing(metric):
    label, score = sample(metric, 1)
    assert metric.influence(label, score).sum() == pytest.approx(0, abs=1e-12)
    assert metric.influence(label, score, weights(1)).sum() == pytest.approx(0, abs=1e-12)


@every_metric
def test_a_row_of_weight_2_is_the_row_twice_and_of_weight_0_the_row_not_there(metric):
    label, score = sample(metric, 6)
    times = np.random.default_rng(7).integers(0, 4, label.size)
    repeated = np.repeat(np.arange(label.size), times)
    there = metric.linearised(label[repeated], score[repeated])
    weighted = metric.linearised(label, score, times)
    assert weighted.value == pytest.approx(there.value, rel=1e-12)
    assert np.repeat(weighted.influence, times) == pytest.approx(there.influence * np.repeat(times, times))
    assert (weighted.influence[times == 0] == 0).all()


@every_metric
def test_only_the_proportions_of_the_weights_matter(metric):
    label, score = sample(metric, 6)
    once, thrice = (metric.linearised(label, score, factor * (weights(6) + 1)) for factor in (1, 3))
    assert thrice.value == pytest.approx(once.value, rel=1e-12)
    assert thrice.influence == pytest.approx(once.influence, abs=1e-14)


@pytest.mark.parametrize("metric", [metric for metric in EVERY if metric.summed], ids=lambda metric: metric.name)
def test_the_sum_of_squares_without_an_array_is_that_of_the_influence(metric):
    labels, (scores,) = metric.checked(*sample(metric, 8, n=150_000))
    summed, whole = metric.summed(labels, scores), metric.kernel(labels, scores)
    assert summed.value == pytest.approx(whole.value, rel=1e-12)
    assert summed.squares == pytest.approx(whole.influence @ whole.influence, rel=1e-9)


@every_metric
def test_labels_and_scores_of_other_types_give_the_same(metric):
    label, score = sample(metric, 9)
    wanted = metric.linearised(label, score)
    kinds = (np.bool_, np.uint8, np.int8, np.int64, np.float32) if metric.task == "binary" else (object,)
    for kind in kinds:
        got = metric.linearised(label.astype(kind), score)
        assert got.value == wanted.value
        assert (got.influence == wanted.influence).all()
    for same in (list(score), score.astype(object), np.repeat(score, 2)[::2]):
        assert metric.value(label, same) == pytest.approx(wanted.value, rel=1e-12)
    narrow = np.asarray(score * 0.9 + 0.05, dtype=np.float32)
    wide = narrow.astype(np.float64)
    assert metric.value(label, narrow) == pytest.approx(metric.value(label, wide), rel=1e-6)


@every_metric
def test_the_input_is_left_as_it_was(metric):
    label, score = sample(metric, 10)
    weight = weights(10)
    kept = [array.copy() for array in (label, score, weight)]
    metric.linearised(label, score, weight)
    metric.value(label, score)
    assert all((array == before).all() for array, before in zip((label, score, weight), kept, strict=True))


@every_metric
def test_perfect_scores_have_the_perfect_value(metric):
    label, _ = sample(metric, 2)
    assert metric.value(label, label) == pytest.approx(metric.perfect, abs=1e-12)


@every_metric
def test_the_direction_is_the_declared_one(metric):
    label, score = sample(metric, 3)
    worse, better = metric.value(label, score), metric.value(label, (score + 2 * label) / 3)
    assert (better > worse) is metric.higher_is_better


@every_metric
def test_row_order_does_not_matter(metric):
    label, score = sample(metric, 4)
    order = np.random.default_rng(5).permutation(label.size)
    assert metric.value(label[order], score[order]) == pytest.approx(metric.value(label, score), rel=1e-12)
    assert metric.influence(label[order], score[order]) == pytest.approx(metric.influence(label, score)[order])


@every_metric
@pytest.mark.parametrize(
    ("label", "score", "says"),
    [
        ([0, 1], [0.5], "2 labels and 1 scores"),
        ([0, 1], [0.5, float("nan")], "not finite"),
        ([0, float("inf")], [0.5, 0.5], "not finite"),
        ([], [], "empty"),
        (["a", "b"], [0.1, 0.2], "not a number"),
        ([[0, 1]], [0.1, 0.2], "label has 2 axes"),
        ([1.0, float("nan")], np.array([0.5, 0.5]), "label holds a value that is not finite\n  where: row 1"),
        ([1, 0], np.array([0.5, -np.inf], dtype=np.float32), "score holds a value that is not finite\n  where: row 1"),
    ],
)
def test_arrays_that_no_metric_takes_are_refused(metric, label, score, says):
    with pytest.raises(BadSample, match=says):
        metric.value(label, score)


@pytest.mark.parametrize("name", [metric.name for metric in METRICS.values() if metric.task == "binary"])
def test_labels_other_than_zero_and_one_are_refused_with_their_row(name):
    with pytest.raises(BadSample, match=r"the label 2 is neither 0 nor 1\n  where: row 1"):
        METRICS[name].value([0, 2], [0.1, 0.2])


@pytest.mark.parametrize("name", [metric.name for metric in METRICS.values() if metric.needs_probability])
def test_scores_that_are_no_probability_are_refused_where_one_is_needed(name):
    with pytest.raises(BadSample, match="no probability"):
        METRICS[name].value([0, 1], [0.1, 1.2])


@every_metric
@pytest.mark.parametrize(
    ("weight", "says"),
    [
        ([1.0], "1 weights and 2 rows"),
        ([1.0, -0.5], "the weight -0.5 is negative\n  where: row 1"),
        ([0, 0], "every weight is 0"),
        ([1, float("nan")], "weight holds a value that is not finite"),
        ([[1, 1]], "weight has 2 axes"),
    ],
)
def test_weights_that_are_none_are_refused(metric, weight, says):
    with pytest.raises(BadSample, match=says):
        metric.value([1, 0], [0.9, 0.2], weight)


@pytest.mark.parametrize(
    ("name", "label", "score", "says"),
    [
        ("roc_auc", [1, 1], [0.2, 0.3], "one class"),
        ("pr_auc", [0, 0], [0.2, 0.3], "no row is positive"),
        ("pr_auc", [1, 1], [0.2, 0.3], "all rows are positive"),
        ("balanced_accuracy", [1, 1], [0.2, 0.3], "every row is positive"),
        ("balanced_accuracy", [0, 0], [0.2, 0.3], "no row is positive"),
        ("mcc", [1, 1], [0.2, 0.9], "all rows are of one class"),
        ("mcc", [0, 1], [0.6, 0.9], "called one class"),
        ("precision", [0, 1], [0.2, 0.3], "no row is called positive"),
        ("precision@0.8", [0, 1], [0.2, 0.7], "no row is called positive"),
        ("recall", [0, 0], [0.2, 0.9], "no row is positive"),
        ("specificity", [1, 1], [0.2, 0.9], "every row is positive"),
        ("negative_predictive_value", [0, 1], [0.6, 0.9], "every row is called positive"),
        ("f1", [0, 0], [0.2, 0.3], "no row is or is called positive"),
        ("jaccard", [0, 0], [0.2, 0.3], "no row is or is called positive"),
        ("mean_absolute_percentage_error", [0, 1], [0.6, 0.9], "a label is 0"),
        ("r_squared", [2, 2], [0.6, 0.9], "all 2 labels are the same"),
        ("r_squared", [2], [0.6], "all 1 labels are the same"),
    ],
)
def test_a_metric_that_does_not_exist_on_sound_rows_says_why(name, label, score, says):
    metric = metric_named(name)
    for how in (metric.value, metric.influence):
        with pytest.raises(Undefined, match=says):
            how(label, score)
    with pytest.raises(Undefined, match=says):
        metric.value([*label, 1 - label[0]], [*score, 1 - score[0]], [1] * len(label) + [0])


@pytest.mark.parametrize("name", ["f1", "f_beta:2", "jaccard"])
def test_a_score_of_calls_without_a_hit_is_zero_and_not_missing(name):
    assert metric_named(name).value([1, 0], [0.1, 0.9]) == 0
    assert metric_named(name).value([1, 0], [0.1, 0.2]) == 0


@every_metric
def test_constant_scores_have_a_value_or_a_reason(metric):
    label, score = sample(metric, 11)
    try:
        value = metric.value(label, np.full_like(score, 0.5))
    except Undefined:
        assert metric.name in {"mcc", "precision@0.8", "negative_predictive_value"}
    else:
        assert metric.lowest <= value <= metric.highest


@st.composite
def scored(draw):
    n = draw(st.integers(2, 30))
    label = draw(st.lists(st.integers(0, 1), min_size=n, max_size=n).filter(lambda y: 0 < sum(y) < len(y)))
    score = draw(st.lists(st.integers(0, 8), min_size=n, max_size=n).filter(lambda s: min(s) < 4 < max(s)))
    weight = draw(st.lists(st.integers(1, 5), min_size=n, max_size=n))
    return np.array(label), np.array(score) / 8 * 0.98 + 0.015, np.array(weight)


@given(scored())
def test_swapped_classes_leave_the_symmetric_metrics_as_they_were(sample):
    label, score, weight = sample
    for name in ("roc_auc", "balanced_accuracy", "mcc", "accuracy", "log_loss", "brier_loss"):
        there, back = (METRICS[name].linearised(y, s, weight) for y, s in ((label, score), (1 - label, 1 - score)))
        assert back.value == pytest.approx(there.value, abs=1e-12)
        assert back.influence == pytest.approx(there.influence, abs=1e-12)
    for name, mirrored in (("recall", "specificity"), ("precision", "negative_predictive_value")):
        back = METRICS[mirrored].influence(1 - label, 1 - score, weight)
        assert METRICS[name].influence(label, score, weight) == pytest.approx(back, abs=1e-12)


@given(scored())
def test_swapped_labels_turn_the_correlation_round(sample):
    label, score, weight = sample
    turned = METRICS["mcc"].value(1 - label, score, weight)
    assert turned == pytest.approx(-METRICS["mcc"].value(label, score, weight), abs=1e-12)


@given(scored())
def test_average_precision_is_the_mean_precision_at_the_positive_rows(sample):
    label, score, weight = sample
    calls = score[np.newaxis] >= score[:, np.newaxis]
    precision = (calls * label * weight).sum(axis=1) / (calls * weight).sum(axis=1)
    wanted = np.average(precision, weights=label * weight)
    assert METRICS["pr_auc"].value(label, score, weight) == pytest.approx(wanted, rel=1e-12)
    assert METRICS["pr_auc"].value(label, np.exp(3 * score), weight) == pytest.approx(wanted, rel=1e-12)


@settings(max_examples=50)
@given(scored(), st.sampled_from(["pr_auc", "f1", "mcc", "balanced_accuracy", "log_loss"]))
def test_the_variance_of_a_difference_is_the_sum_of_variances_less_twice_the_covariance(sample, name):
    label, score, weight = sample
    a, b = METRICS[name].influence(label, score, weight), METRICS[name].influence(label, score[::-1], weight)
    n = label.size
    covariance = n / (n - 1) * (a @ b)
    both = clustered_standard_error(a) ** 2 + clustered_standard_error(b) ** 2
    assert clustered_standard_error(a - b) ** 2 == pytest.approx(both - 2 * covariance, abs=1e-12)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("auc", "there is no metric 'auc'\n  expected: one of roc_auc, pr_auc, accuracy"),
        ("precision@", "no metric"),
        ("precision@high", "'high' in 'precision@high' is no number"),
        ("precision@inf", "threshold is inf"),
        ("precision:2", "no metric"),
        ("f_beta", "no metric"),
        ("f_beta:0", "0.0 is no beta"),
        ("f_beta:nan", "beta is nan"),
        ("pinball_loss:1", "1.0 is no quantile"),
        ("pinball_loss:0.5@0.5", "no metric"),
        ("roc_auc@0.5", "no metric"),
    ],
)
def test_a_name_that_is_none_is_refused(name, says):
    with pytest.raises(BadSample, match=says):
        metric_named(name)


def test_a_metric_named_with_its_default_threshold_is_the_plain_one():
    assert metric_named("f1@0.5").name == "f1"
    assert metric_named("f_beta:1").name == "f1"
    assert isinstance(metric_named("mcc@0.2"), Metric)


def test_ranges_are_declared():
    ranges = {name: (metric.lowest, metric.highest, metric.bounded) for name, metric in METRICS.items()}
    assert ranges["mcc"] == (-1, 1, True)
    assert ranges["r_squared"] == (-math.inf, 1, False)
    assert ranges["log_loss"] == (0, math.inf, False)
    assert ranges["roc_auc"] == (0, 1, True)
