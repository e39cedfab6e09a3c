import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heldout.stats import BadSample, clustered_standard_error
from heldout.stats.thresholds import cost_threshold, expected_cost

COSTS = st.floats(-50, 50)


@given(COSTS, COSTS, st.floats(0.1, 50), st.floats(0.1, 50))
def test_at_the_threshold_both_calls_cost_the_same(c00, c11, false_positive, false_negative):
    c10, c01 = c00 + false_positive, c11 + false_negative
    p = cost_threshold(c00, c01, c10, c11)
    assert 0 < p < 1
    assert p * c11 + (1 - p) * c10 == pytest.approx(p * c01 + (1 - p) * c00, abs=1e-6)


@pytest.mark.parametrize("costs", [{"c00": 1, "c10": 1}, {"c01": 0}, {"c10": -1}, {"c01": float("inf")}])
def test_costs_that_are_not_reasonable_are_refused(costs):
    with pytest.raises(BadSample, match=r"not reasonable|not finite"):
        cost_threshold(**costs)
    with pytest.raises(BadSample, match=r"not reasonable|not finite"):
        expected_cost([0, 1], [0.1, 0.9], 0.5, **costs)


def test_the_threshold_of_the_costs_has_the_least_cost_where_scores_are_calibrated():
    rng = np.random.default_rng(0)
    score = rng.random(200_000)
    label = rng.random(200_000) < score
    costs = {"c01": 4.0, "c10": 1.0}
    at = cost_threshold(**costs)
    here = expected_cost(label, score, at, **costs).value
    assert all(here < expected_cost(label, score, at + move, **costs).value for move in (-0.1, 0.1))


def test_the_mean_cost_is_that_of_a_plain_loop_with_the_error_of_its_rows_or_clusters():
    rng = np.random.default_rng(1)
    label, score, cluster = rng.integers(0, 2, 120), rng.random(120), np.repeat(np.arange(12), 10)
    table = {(0, 0): -1.0, (0, 1): 7.0, (1, 0): 2.0, (1, 1): -3.0}
    per_row = np.array([table[int(s >= 0.4), y] for y, s in zip(label, score, strict=True)])
    costs = {"c00": -1.0, "c01": 7.0, "c10": 2.0, "c11": -3.0}
    found = expected_cost(label, score, 0.4, **costs)
    assert found.value == pytest.approx(per_row.mean())
    assert found.high - found.value == pytest.approx(1.9801 * per_row.std(ddof=1) / 120**0.5, rel=1e-3)
    by_cluster = expected_cost(label, score, 0.4, **costs, cluster=cluster)
    error = clustered_standard_error((per_row - per_row.mean()) / 120, cluster)
    assert by_cluster.high - by_cluster.value == pytest.approx(2.200985 * error)


def test_a_score_without_any_error_has_a_cost_and_no_interval():
    found = expected_cost([0, 1], [0.1, 0.9], 0.5)
    assert found.value == 0
    assert "no row moves" in found.undefined_because
