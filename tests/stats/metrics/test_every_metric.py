"""Holds every metric of the registry to its contract, with scikit-learn as the oracle of its value."""

import numpy as np
import pytest
from sklearn import metrics as oracle

from heldout.stats import METRICS, BadSample

ORACLES = {
    "roc_auc": oracle.roc_auc_score,
    "accuracy": lambda y, s, **more: oracle.accuracy_score(y, s >= 0.5, **more),
    "brier_loss": oracle.brier_score_loss,
    "log_loss": oracle.log_loss,
    "mean_absolute_error": oracle.mean_absolute_error,
    "root_mean_squared_error": oracle.root_mean_squared_error,
}
every_metric = pytest.mark.parametrize("metric", METRICS.values(), ids=lambda metric: metric.name)


def sample(metric, seed, n=60):
    rng = np.random.default_rng(seed)
    score = rng.integers(0, 11, n) / 10  # ties, and probabilities of 0 and 1
    if metric.task == "regression":
        return rng.normal(size=n), score
    return (rng.random(n) < 0.2 + 0.6 * score).astype(float), score


@every_metric
@pytest.mark.parametrize("seed", range(5))
def test_the_value_is_that_of_scikit_learn(metric, seed):
    label, score = sample(metric, seed)
    assert metric.value(label, score) == pytest.approx(ORACLES[metric.name](label, score), rel=1e-12)


@every_metric
def test_the_influence_is_the_derivative_by_the_weight_of_each_row(metric):
    label, score = sample(metric, 0)
    step = 1e-5
    derivative = []
    for row in range(label.size):
        up, down = np.ones(label.size), np.ones(label.size)
        up[row] += step
        down[row] -= step
        values = [ORACLES[metric.name](label, score, sample_weight=weight) for weight in (up, down)]
        derivative.append((values[0] - values[1]) / (2 * step))
    assert metric.influence(label, score) == pytest.approx(np.array(derivative), abs=1e-8)


@every_metric
def test_the_influence_sums_to_nothing(metric):
    assert metric.influence(*sample(metric, 1)).sum() == pytest.approx(0, abs=1e-12)


@every_metric
def test_perfect_scores_have_the_perfect_value(metric):
    label, _ = sample(metric, 2)
    assert metric.value(label, label) == pytest.approx(metric.perfect, abs=1e-12)


@every_metric
def test_the_direction_is_the_declared_one(metric):
    label, score = sample(metric, 3)
    worse, better = metric.value(label, score), metric.value(label, (score + label) / 2)
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
