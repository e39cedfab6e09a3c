import os
import subprocess
import sys

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score
from tests.stats.histogram.samples import shaped

from heldout.stats.clusters import clustered_standard_error
from heldout.stats.histogram.binary_scores import BinaryScores
from heldout.stats.histogram.groups import grouped
from heldout.stats.metrics.roc_auc import ROC_AUC, auc_delong, roc_auc
from heldout.stats.resampling import cluster_bootstrap_auc, poisson_bootstrap_auc
from heldout.stats.resampling.auc import poisson_weights
from heldout.stats.sample import BadSample


@pytest.mark.parametrize("shape", ["ordinary", "saturated", "tied", "rare"])
def test_the_interval_of_independent_rows_is_near_delongs(shape):
    label, score = shaped(shape)
    found, delong = poisson_bootstrap_auc(label, score), auc_delong(label, score)
    assert found.estimate.value == roc_auc(label, score)
    assert found.estimate.high - found.estimate.low == pytest.approx(delong.high - delong.low, rel=0.12)
    assert found.bias == pytest.approx(0, abs=0.2 * found.standard_error)
    assert found.discretisation_bound < 3e-4


def test_a_replicate_is_the_weighted_auc_of_the_rows_within_the_bound():
    label, score = shaped("saturated")
    weight = np.random.default_rng(0).poisson(1, label.size)
    for most in (64, 4_096):
        groups = grouped(BinaryScores.of(label, score), most)
        counts = [np.bincount(groups.of_row, weights=weight * (label == k), minlength=groups.count) for k in (0, 1)]
        bound = groups.auc_bound(*counts)
        assert abs(groups.auc(*counts) - roc_auc_score(label, score, sample_weight=weight)) <= bound + 1e-12
        assert bound < 1 / most


def test_scores_that_fit_the_bins_have_no_bound():
    label, score = shaped("tied", n=20_000)
    assert poisson_bootstrap_auc(label, score, replicates=50).discretisation_bound == 0


@pytest.mark.parametrize("size", [1, 20])
def test_the_clustered_standard_error_is_that_of_the_influence(size):
    rng = np.random.default_rng(1)
    user = np.repeat(np.arange(8_000 // size), size)
    mood = rng.normal(size=user.size // size)[user]
    label = rng.random(user.size) < 1 / (1 + np.exp(-mood))
    score = label + mood + rng.normal(size=user.size)
    found = cluster_bootstrap_auc(label, score, user)
    assert found.standard_error == pytest.approx(
        clustered_standard_error(ROC_AUC.influence(label, score), user), rel=0.1
    )
    if size > 1:
        assert found.standard_error > 1.1 * poisson_bootstrap_auc(label, score).standard_error


def test_clusters_may_have_any_names():
    label, score = shaped("ordinary", n=3_000)
    user = np.arange(3_000) % 300
    named = np.array([f"user {u:03d}" for u in user])
    one = cluster_bootstrap_auc(label, score, user, replicates=100)
    assert one == cluster_bootstrap_auc(label, score, named, replicates=100)


def test_poisson_weights_are_poisson():
    drawn = poisson_weights(np.random.default_rng(2), (2_000_000,))
    assert drawn.mean() == pytest.approx(1, abs=0.003)
    assert drawn.var() == pytest.approx(1, abs=0.005)
    share = np.bincount(drawn, minlength=9) / drawn.size
    assert share[:5] == pytest.approx([0.36788, 0.36788, 0.18394, 0.06131, 0.01533], abs=0.001)


def test_one_seed_gives_one_result_whatever_the_number_of_threads():
    program = (
        "import numpy as np; from heldout.stats.resampling import *;"
        "r = np.random.default_rng(0); y = r.random(40_000) < .2; s = r.normal(y); u = r.integers(0, 900, y.size);"
        "print(repr(poisson_bootstrap_auc(y, s, replicates=130)), repr(cluster_bootstrap_auc(y, s, u, replicates=130)))"
    )
    printed = {
        subprocess.run(
            [sys.executable, "-c", program],
            env=os.environ | {"OPENBLAS_NUM_THREADS": threads, "OMP_NUM_THREADS": threads},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for threads in ("1", "2")
    }
    assert len(printed) == 1
    label, score = shaped("ordinary", n=2_000)
    assert poisson_bootstrap_auc(label, score, seed=1) != poisson_bootstrap_auc(label, score, seed=2)


def test_one_class_one_cluster_and_constant_scores_have_no_interval():
    assert "one class" in poisson_bootstrap_auc([1, 1], [0.1, 0.2]).estimate.undefined_because
    assert "one class" in cluster_bootstrap_auc([0, 0], [0.1, 0.2], [1, 2]).estimate.undefined_because
    label, score = shaped("ordinary", n=500)
    assert "two clusters" in cluster_bootstrap_auc(label, score, np.zeros(500)).estimate.undefined_because
    alike = poisson_bootstrap_auc(label, np.zeros(500))
    assert alike.estimate.value == 0.5
    assert "no resample moves" in alike.estimate.undefined_because


def test_replicates_without_a_class_have_failed():
    found = poisson_bootstrap_auc([1] + [0] * 50, np.arange(51.0))
    assert found.failed > 200
    assert "does not exist on" in found.estimate.undefined_because


@pytest.mark.parametrize("settings", [{"bins": 1}, {"bins": 10**6}, {"replicates": 1}, {"level": 0}, {"seed": -3}])
def test_settings_out_of_range_are_refused(settings):
    with pytest.raises(BadSample, match=r"bins|resamples|level|seed"):
        poisson_bootstrap_auc([0, 1], [0.1, 0.2], **settings)
    with pytest.raises(BadSample, match=r"bins|resamples|level|seed"):
        cluster_bootstrap_auc([0, 1], [0.1, 0.2], [1, 2], **settings)
