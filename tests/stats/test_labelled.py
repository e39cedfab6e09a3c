import numpy as np
import pytest

from heldout.stats import METRICS, BadSample, clustered_standard_error
from heldout.stats.clusters import Clusters
from heldout.stats.labelled import labelled, linear_estimate, odds, score_counts


def test_counts_from_a_score_up_are_those_of_a_plain_comparison():
    rng = np.random.default_rng(0)
    label, score = rng.integers(0, 2, 80).astype(float), rng.integers(0, 12, 80) / 4
    counts = score_counts(label, score)
    hits, alarms = counts.called_positive
    for place, threshold in enumerate(counts.score):
        assert hits[place] == label[score >= threshold].sum()
        assert alarms[place] == (1 - label[score >= threshold]).sum()
    assert hits[-1] == alarms[-1] == 0


def test_the_interval_is_that_of_the_clustered_standard_error():
    rng = np.random.default_rng(1)
    label, score, cluster = rng.integers(0, 2, 90), rng.random(90), np.repeat(np.arange(9), 10)
    influence = METRICS["accuracy"].influence(label, score)
    found = linear_estimate(0.5, influence, Clusters.of(cluster, 90))
    assert found.high - 0.5 == pytest.approx(2.306004 * clustered_standard_error(influence, cluster))


def test_without_variance_or_units_there_is_no_interval():
    assert "two rows" in linear_estimate(0.5, np.zeros(1), Clusters.of(None, 1)).undefined_because
    assert "no row moves" in linear_estimate(0.5, np.zeros(9), Clusters.of(None, 9)).undefined_because


def test_scores_of_several_runs_levels_and_thresholds_out_of_range_are_refused():
    with pytest.raises(BadSample, match="score has 2 axes"):
        labelled([0, 1], [[0.1, 0.2], [0.1, 0.2]], probability=True)
    with pytest.raises(BadSample, match="level"):
        linear_estimate(0.5, np.zeros(9), Clusters.of(None, 9), level=1.0)
    for threshold in (0, 1, float("nan")):
        with pytest.raises(BadSample, match=r"no probability|is nan"):
            odds(threshold)
