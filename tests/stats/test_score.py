import numpy as np
import pytest
from scipy import stats as oracle

from heldout.stats import METRICS, BadSample, auc_delong, clustered_standard_error, score_estimate
from heldout.stats.clusters import Clusters
from heldout.stats.influence import influence_estimate
from heldout.stats.metrics.thresholded import f_beta


def probabilities(seed, n=400):
    rng = np.random.default_rng(seed)
    score = rng.random(n)
    return (rng.random(n) < score).astype(float), score, np.repeat(np.arange(n // 10), 10)


@pytest.mark.parametrize("metric", METRICS)
def test_the_interval_holds_the_value_and_keeps_to_the_metrics_range(metric):
    label, score, cluster = probabilities(0)
    label = label + 1 if METRICS[metric].task == "regression" else label  # no percentage of a label of 0
    estimate = score_estimate(metric, label, score, cluster)
    assert estimate.value == pytest.approx(METRICS[metric].value(label, score))
    assert METRICS[metric].lowest < estimate.low < estimate.value < estimate.high < METRICS[metric].highest
    assert estimate.n == 400
    assert "40 clusters" in estimate.method


def test_an_auc_near_one_keeps_its_interval_below_one_where_wald_leaves_it():
    label = np.repeat([0, 1], 60)
    score = np.concatenate([np.arange(60), np.arange(58, 118)])
    estimate = score_estimate("roc_auc", label, score)
    assert 0.99 < estimate.low < estimate.value < estimate.high < 1
    assert auc_delong(label, score).high == 1


def test_clusters_that_agree_within_widen_the_interval():
    label, score, _ = probabilities(1)
    once = score_estimate("brier_loss", label, score)
    ten_times = score_estimate("brier_loss", np.repeat(label, 10), np.repeat(score, 10), np.repeat(np.arange(400), 10))
    naive = score_estimate("brier_loss", np.repeat(label, 10), np.repeat(score, 10))
    assert ten_times.low == pytest.approx(once.low)
    assert naive.high - naive.low < (once.high - once.low) / 3


def test_the_interval_narrows_to_the_plain_one_for_many_rows():
    label, score, cluster = probabilities(2, n=40_000)
    estimate = score_estimate("log_loss", label, score, cluster)
    error = clustered_standard_error(METRICS["log_loss"].influence(label, score), cluster)
    assert estimate.high - estimate.low == pytest.approx(2 * 1.9605 * error, rel=1e-3)


def test_several_runs_are_averaged_and_their_spread_is_added():
    label, score, cluster = probabilities(3)
    noise = np.random.default_rng(0).normal(0, 0.3, (3, 400))
    single = score_estimate("mean_absolute_error", label, score, cluster)
    runs = score_estimate("mean_absolute_error", label, score + noise, cluster)
    values = [METRICS["mean_absolute_error"].value(label, run) for run in score + noise]
    assert runs.value == pytest.approx(np.mean(values))
    copies = score_estimate("mean_absolute_error", label, np.tile(score, (3, 1)), cluster)
    assert (copies.value, copies.low, copies.high) == pytest.approx((single.value, single.low, single.high))


def test_a_metric_itself_may_be_given_and_a_name_may_carry_a_threshold():
    label, score, cluster = probabilities(4)
    assert score_estimate(f_beta(2, 0.3), label, score, cluster) == score_estimate(
        "f_beta:2@0.3", label, score, cluster
    )


@pytest.mark.parametrize("metric", ["roc_auc", "pr_auc", "f1", "log_loss", "accuracy"])
def test_independent_rows_and_rows_that_are_each_a_cluster_have_one_interval(metric):
    label, score, _ = probabilities(5)
    rows, clusters = (score_estimate(metric, label, score, cluster) for cluster in (None, np.arange(400)))
    assert (rows.low, rows.value, rows.high) == pytest.approx((clusters.low, clusters.value, clusters.high), rel=1e-9)
    assert (rows.method, clusters.method) == tuple(f"influence functions over 400 {u}, t" for u in ("rows", "clusters"))


@pytest.mark.parametrize("metric", METRICS)
def test_weights_are_repeats_within_a_cluster_and_a_weight_of_0_drops_the_row(metric):
    label, score, cluster = probabilities(6)
    label = label + 1 if METRICS[metric].task == "regression" else label
    weight = np.random.default_rng(7).integers(0, 3, 400)
    weighted = score_estimate(metric, label, score, cluster, weight=weight)
    rows = np.repeat(np.arange(400), weight)
    repeated = score_estimate(metric, label[rows], score[rows], cluster[rows])
    assert (weighted.low, weighted.value, weighted.high) == pytest.approx((repeated.low, repeated.value, repeated.high))
    assert weighted.n == (weight > 0).sum()


def test_rows_of_weight_0_are_no_cluster_and_no_row_of_a_class():
    label, score, _ = probabilities(8)
    cluster = np.where(np.arange(400) < 200, "a", "b")
    only_a = score_estimate("accuracy", label, score, cluster, weight=cluster == "a")
    assert "two clusters, and there is 1" in only_a.undefined_because
    negatives = score_estimate("roc_auc", label, score, weight=label == 0)
    assert "one class" in negatives.undefined_because
    assert negatives.n == (label == 0).sum()
    with pytest.raises(BadSample, match="cluster has shape"):
        score_estimate("accuracy", label, score, cluster[1:], weight=label == 0)


def test_an_error_many_times_the_value_has_no_interval():
    score = np.full(12, 1e-9)
    score[0] = 1 - 1e-12
    estimate = score_estimate("log_loss", [1] + [0] * 11, score, [0] * 6 + [1] * 6)
    assert estimate.value < 1e-8
    assert estimate.low is None or estimate.low < estimate.value < estimate.high
    huge = influence_estimate(1e-3, np.array([9.0, -9.0]), Clusters.of(None, 2))
    assert "many times the value" in huge.undefined_because
    below = influence_estimate(1 - 1e-3, np.array([9.0, -9.0]), Clusters.of(None, 2), lowest=-np.inf, highest=1.0)
    assert "many times the value" in below.undefined_because


def test_a_value_without_bounds_has_a_symmetric_interval():
    free = influence_estimate(-2.0, np.array([1.0, -1.0]), Clusters.of(None, 2), lowest=-np.inf, highest=np.inf)
    assert free.low + free.high == pytest.approx(-4)


def test_the_interval_of_a_correlation_is_fishers_z():
    label, score, _ = probabilities(10)
    estimate = score_estimate("mcc", label, score)
    error = clustered_standard_error(METRICS["mcc"].influence(label, score))
    half = oracle.t.ppf(0.975, 399) * error / (1 - estimate.value**2)
    ends = np.tanh(np.arctanh(estimate.value) + np.array([-half, half]))
    assert (estimate.low, estimate.high) == pytest.approx(tuple(ends))


@pytest.mark.parametrize("level", [0, 1, 1.2, -0.5, float("nan")])
def test_a_level_outside_0_and_1_is_refused(level):
    label, score, _ = probabilities(9)
    with pytest.raises(BadSample, match="no confidence level"):
        score_estimate("accuracy", label, score, level=level)


@pytest.mark.parametrize(
    ("metric", "label", "score", "cluster", "says"),
    [
        ("roc_auc", [1] * 30, np.arange(30), None, "one class"),
        ("roc_auc", [1] * 5 + [0] * 30, np.arange(35) % 7, None, "5 rows"),
        ("accuracy", [1, 0, 1], [0.9, 0.8, 0.7], ["a", "a", "a"], "two clusters, and there is 1"),
        ("f1", [1, 0, 1], [0.9, 0.2, 0.7], None, "no row moves the value"),
        ("accuracy", [1, 0, 1], [0.9, 0.2, 0.7], ["a", "b", "b"], "no row moves the value"),
        ("root_mean_squared_error", [1.0, 2.0], [1.0, 2.0], None, "no row moves the value"),
        ("log_loss", [1], [0.3], None, "two rows, and there is 1"),
    ],
)
def test_what_cannot_be_known_is_undefined_with_its_reason(metric, label, score, cluster, says):
    estimate = score_estimate(metric, label, score, cluster)
    assert estimate.low is None
    assert says in estimate.undefined_because
    assert (estimate.value is None) is (says == "one class")


def test_an_unknown_metric_is_refused_with_those_that_exist():
    with pytest.raises(BadSample, match="roc_auc, pr_auc, accuracy"):
        score_estimate("auc", [0, 1], [0.1, 0.2])
