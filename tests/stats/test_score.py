import numpy as np
import pytest

from heldout.stats import METRICS, BadSample, auc_delong, clustered_standard_error, score_estimate


def probabilities(seed, n=400):
    rng = np.random.default_rng(seed)
    score = rng.random(n)
    return (rng.random(n) < score).astype(float), score, np.repeat(np.arange(n // 10), 10)


@pytest.mark.parametrize("metric", METRICS)
def test_the_interval_holds_the_value_and_keeps_to_the_metrics_range(metric):
    label, score, cluster = probabilities(0)
    estimate = score_estimate(metric, label, score, cluster)
    assert estimate.value == pytest.approx(METRICS[metric].value(label, score))
    assert 0 <= estimate.low < estimate.value < estimate.high
    assert estimate.high <= 1 or not METRICS[metric].bounded
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


@pytest.mark.parametrize(
    ("metric", "label", "score", "cluster", "says"),
    [
        ("roc_auc", [1] * 30, np.arange(30), None, "one class"),
        ("roc_auc", [1] * 5 + [0] * 30, np.arange(35) % 7, None, "5 rows"),
        ("accuracy", [1, 0, 1], [0.9, 0.8, 0.7], ["a", "a", "a"], "two clusters, and there is 1"),
        ("accuracy", [1, 0, 1], [0.9, 0.2, 0.7], None, "no row moves the value"),
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
    with pytest.raises(BadSample, match="roc_auc, accuracy"):
        score_estimate("auc", [0, 1], [0.1, 0.2])
