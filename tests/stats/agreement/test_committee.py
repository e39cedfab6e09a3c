import krippendorff
import numpy as np
import pytest
from benchmarks.simulation.committees import Committee
from hypothesis import given, settings
from hypothesis import strategies as st

from heldout.stats import committee_agreement, krippendorff_alpha
from heldout.stats.sample import BadSample

FOUR_LEAVES = Committee(raters=3, leaves=4, own=0.5, halo=0.3, unsure=0.05)


def committee(seed=0, candidates=15, of=FOUR_LEAVES):
    ratings, _ = of.draw(1, candidates, np.random.default_rng(seed))
    return ratings[0], np.repeat(np.arange(candidates), of.leaves)


def package_alpha(ratings):
    return krippendorff.alpha(reliability_data=ratings, level_of_measurement="ordinal")


@settings(max_examples=40)
@given(seed=st.integers(0, 10_000))
def test_the_value_is_that_of_the_krippendorff_package(seed):
    ratings, candidate = committee(seed)
    found = committee_agreement(ratings, candidate)
    assert found.value == pytest.approx(package_alpha(ratings))
    assert found.n == int(((~np.isnan(ratings)).sum(axis=0) >= 2).sum())
    assert found.low < found.value < found.high < 1


def test_the_interval_is_that_of_leaving_out_one_unit_at_a_time_on_fishers_scale():
    ratings, _ = committee(3, candidates=60, of=Committee(raters=3))
    found = committee_agreement(ratings)
    without = np.array([package_alpha(np.delete(ratings, unit, axis=1)) for unit in range(60)])
    error = np.sqrt(59 / 60 * ((without - without.mean()) ** 2).sum()) / (1 - found.value**2)
    centre = 60 * np.arctanh(found.value) - 59 * np.arctanh(without).mean()
    above, below = np.arctanh(found.high) - centre, centre - np.arctanh(found.low)
    assert below == pytest.approx(above)
    assert 2.00 < above / error < 2.1  # t at 59 degrees of freedom is 2.001, at 25 it is 2.06


def test_leaves_of_one_candidate_widen_it_and_candidates_of_one_leaf_change_nothing():
    ratings, candidate = committee(1, candidates=30, of=Committee(raters=3, leaves=4, own=0.7, halo=0.6))
    alone, together = committee_agreement(ratings), committee_agreement(ratings, candidate)
    assert together.value == alone.value
    assert together.high - together.low > 1.2 * (alone.high - alone.low)
    assert "30 clusters" in together.method
    each = committee_agreement(ratings, np.arange(120))
    assert (each.low, each.high, each.method) == (alone.low, alone.high, alone.method)


def test_neither_the_order_of_units_nor_the_names_of_candidates_or_levels_matter():
    ratings, candidate = committee(2)
    found = committee_agreement(ratings, candidate)
    turn = np.random.default_rng(0).permutation(candidate.size)
    names = np.array(["junior", "mid", "senior", "staff"], dtype=object)
    texts = [[None if np.isnan(level) else names[int(level)] for level in row] for row in ratings[:, turn]]
    other = committee_agreement(texts, [f"c{which}" for which in candidate[turn]], categories=list(names))
    assert (other.value, other.low, other.high) == pytest.approx((found.value, found.low, found.high))
    reversed_levels = committee_agreement(3 - ratings, candidate)
    assert (reversed_levels.low, reversed_levels.high) == pytest.approx((found.low, found.high))


def test_a_wider_level_holds_a_narrower_one():
    ratings, candidate = committee(4)
    narrow, wide = (committee_agreement(ratings, candidate, level=level) for level in (0.8, 0.99))
    assert wide.low < narrow.low < narrow.high < wide.high


def test_six_candidates_with_four_leaves_have_a_value_and_no_interval():
    found = committee_agreement(*committee(5, candidates=6))
    assert found.value is not None
    assert "30 units rated twice, and there are 2" in found.undefined_because
    many_leaves = Committee(raters=3, leaves=10, own=0.5)
    found = committee_agreement(*committee(5, candidates=6, of=many_leaves))
    assert "10 clusters, and there are 6" in found.undefined_because
    assert committee_agreement(*committee(5, candidates=6, of=many_leaves), floor=0).is_defined


def test_where_nearly_all_is_of_one_level_the_interval_says_why_not():
    levels = np.zeros((2, 40))
    levels[:, :6], levels[0, 6:11] = 1, 1
    found = committee_agreement(levels)
    assert found.value == pytest.approx(package_alpha(levels))
    assert found.undefined_because.startswith("11 units only have a rating away from the commonest level")


def test_where_raters_hardly_differ_the_interval_says_why_not():
    levels = np.tile(np.arange(40.0) % 4, (2, 1))
    assert committee_agreement(levels).value == 1
    assert "differ on 0 units" in committee_agreement(levels).undefined_because
    levels[0, :4] = 3
    assert "differ on 3 units" in committee_agreement(levels).undefined_because


def test_where_one_cluster_holds_all_that_varies_the_interval_says_why_not():
    levels = np.full((2, 60), 2.0)
    levels[0, :12], levels[1, :12] = np.arange(12) % 2, 1 - np.arange(12) % 2
    found = committee_agreement(levels, np.repeat(np.arange(5), 12), floor=0)
    assert "without one of its clusters" in found.undefined_because


@pytest.mark.parametrize(
    ("ratings", "reason"),
    [([[1, 1, 1], [1, 1, 1]], "all ratings are equal"), ([[1, 2, 3]], "two raters"), ([[1, None], [None, 2]], "twice")],
)
def test_what_has_no_alpha_has_no_agreement(ratings, reason):
    found = committee_agreement(ratings)
    assert found.value is None
    assert reason in found.undefined_because
    assert found == krippendorff_alpha(ratings, "ordinal").estimate


def test_bad_input_is_refused():
    ratings, candidate = committee()
    with pytest.raises(BadSample, match="cluster has shape"):
        committee_agreement(ratings, candidate[:-1])
    with pytest.raises(BadSample, match="a row has no cluster"):
        committee_agreement(ratings, [None, *candidate[1:]])
    with pytest.raises(BadSample, match="no order"):
        committee_agreement([["good", "bad"], ["bad", "bad"]])
    with pytest.raises(BadSample, match="60 levels"):
        committee_agreement(np.arange(120.0).reshape(2, 60) % 60)
    with pytest.raises(BadSample, match="no confidence level"):
        committee_agreement(ratings, level=95)
