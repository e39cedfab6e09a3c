import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.stats.agreement.worlds import FOUR_RATERS, drawn, slow_observed, unit_ratings

from heldout.stats import wilson
from heldout.stats.agreement import (
    disagreements,
    ratings_from_counts,
    ratings_from_table,
    raw_agreement,
    specific_agreement,
)
from heldout.stats.sample import BadSample, Undefined


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3)), min_size=2, max_size=40))
def test_two_raters_have_wilsons_interval(pairs):
    found = raw_agreement(np.transpose(pairs)).estimate
    wanted = wilson(sum(a == b for a, b in pairs), len(pairs))
    assert (found.value, found.low, found.high) == pytest.approx((wanted.value, wanted.low, wanted.high))


@pytest.mark.parametrize("weights", [None, "linear"])
def test_it_is_the_mean_over_units_of_agreeing_pairs(weights):
    ratings = drawn(1, raters=4)
    weight = {None: lambda a, b: a == b, "linear": lambda a, b: 1 - abs(a - b) / 3}[weights]
    found = raw_agreement(ratings, weights)
    assert found.observed == found.estimate.value == pytest.approx(slow_observed(unit_ratings(ratings), weight))
    assert found.estimate.low < found.observed < found.estimate.high


def test_more_raters_narrow_the_interval_and_no_less_than_two_would():
    ratings = drawn(2, raters=5, missing=0)
    many, two = raw_agreement(ratings).estimate, raw_agreement(ratings[:2]).estimate
    assert many.high - many.low < two.high - two.low


def test_full_agreement_still_has_an_interval_and_so_has_one_category():
    found = raw_agreement([[1] * 20] * 3)
    assert (found.estimate.value, found.estimate.high) == (1, 1)
    assert found.estimate.low == pytest.approx(wilson(20, 20).low)
    assert found.standard_error is None


def test_a_table_and_a_floor():
    table = ratings_from_table([[80, 10], [5, 5]])
    assert raw_agreement(table).estimate.low == pytest.approx(wilson(85, 100).low)
    withheld = raw_agreement(table, floor=101).estimate
    assert withheld.value == 0.85
    assert "101 units" in withheld.undefined_because


def test_one_rater_or_no_shared_unit_has_no_agreement():
    assert "two raters" in raw_agreement([[1, 2]]).estimate.undefined_because
    assert "rated twice" in raw_agreement([[1, None], [None, 2]]).estimate.undefined_because
    with pytest.raises(Undefined, match="rated twice"):
        specific_agreement([[1, None], [None, 2]])
    assert disagreements([[1, None], [None, 2]]) == ()


def test_positive_and_negative_agreement_of_a_table():
    positive, negative = specific_agreement(ratings_from_table([[80, 10], [5, 5]], ["yes", "no"]))
    assert (positive.category, negative.category) == ("yes", "no")
    assert positive.agreement == pytest.approx(2 * 80 / (2 * 80 + 15))
    assert negative.agreement == pytest.approx(2 * 5 / (2 * 5 + 15))
    assert positive.share == pytest.approx(175 / 200)


def test_a_category_that_nobody_gave_has_no_agreement():
    assert specific_agreement([[1, 2], [1, 2]], categories=[1, 2, 3])[2].agreement is None


def test_disagreements_come_worst_first_with_every_raters_rating():
    found = disagreements(FOUR_RATERS)
    assert [d.unit for d in found] == [5, 1, 7]
    assert found[0].ratings == (1, 2, 3, 4)
    assert found[0].agreement == 0
    assert [d.agreement for d in found[1:]] == [0.5, 0.5]
    assert disagreements(FOUR_RATERS, limit=1) == found[:1]
    assert disagreements(FOUR_RATERS, limit=0) == ()


def test_distance_ranks_disagreements_and_gaps_are_none():
    ratings = [[1, None, 1, 2], [2, None, 5, 2], [None, 3, 5, 2]]
    assert [d.unit for d in disagreements(ratings)] == [0, 2]
    assert [d.unit for d in disagreements(ratings, "linear")] == [2, 0]
    assert disagreements(ratings)[0].ratings == (1, 2, None)
    assert disagreements([["a", "b"], ["a", "a"]])[0].ratings == ("b", "a")


def test_disagreements_of_counts_are_found():
    assert [d.unit for d in disagreements(ratings_from_counts([[2, 0], [0, 0], [1, 1]]))] == [2]


def test_a_negative_limit_is_refused():
    with pytest.raises(BadSample, match="limit"):
        disagreements([[1], [2]], limit=-1)
