import numpy as np
import pytest
from benchmarks.simulation.committees import Committee

from heldout.stats import mean_estimate, rater_severity, ratings_from_counts, ratings_from_table, severity_drift
from heldout.stats.sample import BadSample

SEVERE = Committee(raters=3, noise=0.3, severity=0.8, drift=0.0, leaves=4, own=0.5, halo=0.2)


def drawn(of=SEVERE, candidates=40, seed=0):
    ratings, place = of.draw(1, candidates, np.random.default_rng(seed))
    return ratings[0], place[0], np.repeat(np.arange(candidates), of.leaves)


def test_a_strict_rater_lies_below_the_others_and_a_mild_one_above():
    ratings, _, candidate = drawn()
    strict, middle, mild = rater_severity(ratings, candidate)
    assert strict.low > 0 > mild.high
    assert middle.low < 0.1
    assert middle.high > -0.1
    assert strict.value == pytest.approx((ratings[1:].mean(axis=0) - ratings[0]).mean())


def test_without_clusters_it_is_the_mean_with_its_t_interval():
    ratings, _, _ = drawn()
    found = rater_severity(ratings)[0]
    wanted = mean_estimate(ratings[1:].mean(axis=0) - ratings[0])
    assert (found.value, found.low, found.high) == pytest.approx((wanted.value, wanted.low, wanted.high))


def test_only_shared_units_count_and_each_others_mean_is_over_whoever_rated():
    ratings = np.full((3, 30), 2.0)
    ratings[0, :10], ratings[1, 20:] = 1, 3
    ratings[2, 5:] = np.nan
    ratings[1, 15:20] = np.nan
    first, second, third = rater_severity(ratings)
    assert (first.n, second.n, third.n) == (25, 25, 5)
    assert first.value == pytest.approx((10 * 1 + 10 * 1) / 25)
    assert "20 shared units" in third.undefined_because
    assert third.value == pytest.approx(-0.5)


def test_texts_count_in_steps_of_their_listed_levels():
    listed = ["junior", "mid", "senior", "staff"]
    found = rater_severity([["junior"] * 20, ["senior"] * 20], categories=listed)
    assert found[0].value == 2
    assert "no unit moves the value" in found[0].undefined_because


def test_drift_is_the_least_squares_slope_over_the_rank_in_the_raters_own_order():
    ratings, place, candidate = drawn(Committee(raters=3, drift=1.0, leaves=4, own=0.5))
    found = severity_drift(ratings, place, candidate)
    assert found[0].high < 0 < found[1].low
    deviation = ratings[[0, 2]].mean(axis=0) - ratings[1]
    rank = np.array([((place[1] < here).sum() + ((place[1] == here).sum() - 1) / 2) / 159 for here in place[1]])
    assert found[1].value == pytest.approx(np.polyfit(rank, deviation, 1)[0])


def test_only_the_order_of_time_matters_and_gaps_need_none():
    ratings, place, candidate = drawn()
    ratings[0, :8] = np.nan
    gone = np.where(np.isnan(ratings), np.nan, place)
    there, other = severity_drift(ratings, place, candidate), severity_drift(ratings, np.exp(9 * gone), candidate)
    assert [e.value for e in other] == pytest.approx([e.value for e in there])
    with pytest.raises(BadSample, match="order"):
        severity_drift(ratings, np.full(place.shape, np.nan), candidate)


def test_what_cannot_be_known_of_a_rater_says_why():
    alone = rater_severity([[1, 2, None], [None, None, 3]])
    assert [(e.value, e.n) for e in alone] == [(None, 0)] * 2
    assert "shares no unit" in alone[0].undefined_because
    ratings, place, candidate = drawn(candidates=5)
    assert "6 clusters, and there are 20 of 5" in rater_severity(ratings, candidate)[0].undefined_because
    at_once = severity_drift(ratings, np.zeros_like(place))
    assert "at one time" in at_once[0].undefined_because


def test_bad_input_is_refused():
    ratings, place, candidate = drawn()
    with pytest.raises(BadSample, match="the order has shape"):
        severity_drift(ratings, place[0], candidate)
    with pytest.raises(BadSample, match="cluster has shape"):
        rater_severity(ratings, candidate[1:])
    for unnamed in (ratings_from_table([[3, 1], [1, 3]]), ratings_from_counts([[2, 0], [1, 1]])):
        with pytest.raises(BadSample, match="who gave which"):
            rater_severity(unnamed)
    with pytest.raises(BadSample, match="no order"):
        rater_severity([["a", "b"], ["b", "a"]])
