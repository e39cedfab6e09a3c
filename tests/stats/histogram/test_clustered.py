import numpy as np
import pytest
from tests.stats.histogram.samples import shaped

from heldout.stats.histogram import auc_clustered
from heldout.stats.metrics.roc_auc import delong_covariance, roc_auc
from heldout.stats.sample import BadSample


def clustered(clusters=60, size=8, seed=0):
    rng = np.random.default_rng(seed)
    user = np.repeat(np.arange(clusters), size)
    mood = rng.normal(size=clusters)[user]
    label = rng.random(user.size) < 1 / (1 + np.exp(-mood))
    return label, np.round(label + mood + rng.normal(size=user.size), 1), user


def obuchowski(label, score, user):
    """Her formulas, written out with all pairs."""
    order = (np.sign(score[label][:, None] - score[~label][None, :]) + 1) / 2
    auc, m, n = order.mean(), label.sum(), (~label).sum()
    placement = np.empty(label.size)
    placement[label], placement[~label] = order.mean(axis=1), order.mean(axis=0)
    users = np.unique(user)
    x = np.array([(placement - auc)[(user == u) & label].sum() for u in users])
    y = np.array([(placement - auc)[(user == u) & ~label].sum() for u in users])
    i10 = sum(((user == u) & label).any() for u in users)
    i01 = sum(((user == u) & ~label).any() for u in users)
    s10, s01 = i10 / ((i10 - 1) * m) * (x**2).sum(), i01 / ((i01 - 1) * n) * (y**2).sum()
    s11 = users.size / (users.size - 1) * (x * y).sum()
    return s10 / m + s01 / n + 2 * s11 / (m * n)


@pytest.mark.parametrize("seed", range(3))
def test_the_variance_is_obuchowskis(seed):
    label, score, user = clustered(seed=seed)
    found = auc_clustered(label, score, user)
    assert found.value == pytest.approx(roc_auc(label, score), abs=1e-14)
    half = 1.959963984540054 * np.sqrt(obuchowski(label, score, user))
    assert (found.high - found.low) / 2 == pytest.approx(half, rel=1e-9)


def test_rows_that_are_their_own_clusters_give_delongs_variance():
    label, score, _ = clustered()
    found = auc_clustered(label, score, np.arange(label.size))
    half = 1.959963984540054 * np.sqrt(delong_covariance(label, [score])[0, 0])
    assert (found.high - found.low) / 2 == pytest.approx(half, rel=1e-9)


@pytest.mark.parametrize("shape", ["ordinary", "saturated", "tied"])
def test_large_samples_give_what_sorted_ones_do(shape, monkeypatch):
    label, score = shaped(shape)
    user = np.random.default_rng(1).integers(0, 5_000, label.size)
    fast = auc_clustered(label, score, user)
    monkeypatch.setattr("heldout.stats.histogram.groups.FEWEST_ROWS", 10**9)
    exact = auc_clustered(label, score, user)
    assert fast.value == pytest.approx(exact.value, abs=2e-6)
    assert fast.high - fast.low == pytest.approx(exact.high - exact.low, rel=1e-3)


def test_the_logit_scale_keeps_to_the_range():
    label, score, user = clustered()
    found = auc_clustered(label, score + 3 * label, user, scale="logit")
    assert 0 < found.low < found.value < found.high < 1


def test_what_has_no_interval_says_why():
    label, score, user = clustered()
    assert "one class" in auc_clustered(np.ones(9), np.arange(9), np.arange(9)).undefined_because
    assert "12 rows" in auc_clustered(np.arange(60) < 12, np.arange(60), np.arange(60)).undefined_because
    one_sided = np.where(label, 0, user)
    assert "two clusters with positive rows" in auc_clustered(label, score, one_sided).undefined_because
    assert "no cluster moves" in auc_clustered(label, np.zeros(label.size), user).undefined_because


def test_bad_clusters_and_scales_are_refused():
    with pytest.raises(BadSample, match="cluster has shape"):
        auc_clustered([0, 1], [0.1, 0.2], [1])
    with pytest.raises(BadSample, match="scale"):
        auc_clustered([0, 1], [0.1, 0.2], [1, 2], scale="probit")
