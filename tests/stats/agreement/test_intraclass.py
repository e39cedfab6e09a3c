import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats as scipy_stats

from heldout.stats.agreement import icc
from heldout.stats.sample import BadSample

KINDS = ("ICC1", "ICC2", "ICC3", "ICC1k", "ICC2k", "ICC3k")


def measured(seed, raters=3, units=40, shift=0.5):
    rng = np.random.default_rng(seed)
    return rng.normal(size=units) + rng.normal(0, shift, (raters, 1)) + rng.normal(0, 0.7, (raters, units))


def test_mean_squares_are_those_of_the_analysis_of_variance():
    ratings = measured(0)
    found = icc(ratings, "ICC1")
    one_way = scipy_stats.f_oneway(*ratings.T)
    assert found.f == pytest.approx(one_way.statistic)
    assert found.p_value == pytest.approx(one_way.pvalue)
    assert found.degrees_of_freedom == (39, 80)
    total = ((ratings - ratings.mean()) ** 2).sum()
    assert 39 * found.mean_square_units + 80 * found.mean_square_within == pytest.approx(total)
    two_way = 39 * found.mean_square_units + 2 * found.mean_square_raters + 78 * found.mean_square_residual
    assert two_way == pytest.approx(total)


def test_the_consistency_of_the_mean_is_cronbachs_alpha():
    ratings = measured(1, raters=5)
    items, total = ratings.var(axis=1, ddof=1).sum(), ratings.sum(axis=0).var(ddof=1)
    assert icc(ratings, "ICC3k").estimate.value == pytest.approx(5 / 4 * (1 - items / total))


def test_two_raters_consistency_is_near_their_correlation():
    ratings = measured(2, raters=2, units=2000)
    assert icc(ratings, "ICC3").estimate.value == pytest.approx(np.corrcoef(ratings)[0, 1], abs=0.01)


@pytest.mark.parametrize("kind", KINDS)
@given(seed=st.integers(0, 1000))
def test_order_shift_and_scale_do_not_matter(kind, seed):
    ratings = measured(seed)
    rng = np.random.default_rng(seed)
    turned = 5 - 3 * ratings[rng.permutation(3)][:, rng.permutation(40)]
    there, back = icc(ratings, kind).estimate, icc(turned, kind).estimate
    assert (back.value, back.low, back.high) == pytest.approx((there.value, there.low, there.high))
    assert there.low <= there.value <= there.high <= 1


SHROUT_FLEISS = np.array([[9, 6, 8, 7, 10, 6], [2, 1, 4, 1, 5, 2], [5, 3, 6, 2, 6, 4], [8, 2, 8, 6, 9, 7]])
"""Shrout & Fleiss 1979, table 2, with the six coefficients of their table 4."""

PUBLISHED = {"ICC1": 0.1657, "ICC2": 0.2898, "ICC3": 0.7148, "ICC1k": 0.4428, "ICC2k": 0.6201, "ICC3k": 0.9093}


@pytest.mark.parametrize(("kind", "published"), list(PUBLISHED.items()))
@given(offset=st.integers(-(10**9), 10**9), scale=st.sampled_from([1e-120, 2.0**-40, 1.0, 3.0, 1e140]))
def test_ratings_far_from_zero_have_the_icc_of_their_spread(kind, published, offset, scale):
    near, far = icc(SHROUT_FLEISS, kind, floor=0), icc((SHROUT_FLEISS + offset) * scale, kind, floor=0)
    assert near.estimate.value == pytest.approx(published, abs=5e-5)
    # the products are rounded to about 1e-16 of the offset
    assert far.estimate.value == pytest.approx(near.estimate.value, abs=1e-6)
    assert (far.estimate.low, far.estimate.high) == pytest.approx((near.estimate.low, near.estimate.high), abs=1e-5)
    assert far.f == pytest.approx(near.f, rel=1e-5)


def test_a_shift_between_raters_far_from_zero_is_still_no_error():
    shifted = 1.7e9 + np.arange(40) / 8 + np.array([[0], [0.1], [0.3]])
    assert icc(shifted, "ICC3").estimate.value == 1
    assert "no error is seen" in icc(shifted, "ICC3").estimate.undefined_because


@pytest.mark.parametrize(("scale", "said"), [(1e160, "too large"), (1e-160, "too small")])
def test_ratings_without_a_square_are_refused(scale, said):
    with pytest.raises(BadSample, match=said):
        icc(SHROUT_FLEISS * scale)


def test_only_consistency_forgives_a_raters_shift():
    ratings = measured(3, shift=0)
    shifted = ratings + np.array([[0], [0], [10]])
    assert icc(shifted, "ICC3").estimate.value == pytest.approx(icc(ratings, "ICC3").estimate.value)
    assert icc(shifted, "ICC2").estimate.value < 0.2
    assert icc(shifted, "ICC1").estimate.value < 0.2


@pytest.mark.parametrize("kind", ["ICC1", "ICC3"])
def test_the_interval_covers_what_it_says(kind):
    rng = np.random.default_rng(9)
    covers = []
    for _ in range(600):
        found = icc(rng.normal(size=30) + rng.normal(0, 0.8, (3, 30)), kind).estimate
        covers.append(found.low <= 1 / 1.64 <= found.high)
    assert 0.92 < np.mean(covers) < 0.98


def test_a_unit_that_lacks_a_rating_is_dropped_and_a_rater_without_any():
    ratings = measured(4)
    gaps = np.vstack([ratings, np.full(40, np.nan)])
    gaps[0, 0] = gaps[2, 5] = np.nan
    complete = np.delete(ratings, [0, 5], axis=1)
    assert icc(gaps, "ICC2").estimate == icc(complete, "ICC2").estimate
    assert icc(gaps, "ICC2").raters == 3


@pytest.mark.parametrize("kind", KINDS)
def test_ratings_that_are_all_equal_have_no_icc(kind):
    found = icc(np.full((3, 40), 0.1), kind)
    assert found.estimate.value is None
    assert "equal" in found.estimate.undefined_because
    assert found.f is None


def test_perfect_agreement_is_one_without_an_interval():
    same = np.tile(np.arange(40.0), (3, 1))
    for kind in KINDS:
        found = icc(same, kind)
        assert found.estimate.value == pytest.approx(1)
        assert "no error is seen" in found.estimate.undefined_because


def test_one_rater_or_one_complete_unit_has_no_icc():
    assert "two raters" in icc([[1, 2, 3]]).estimate.undefined_because
    one = icc([[1, 2], [1, None]])
    assert "complete" in one.estimate.undefined_because
    assert one.mean_square_units is None


def test_below_the_floor_the_value_stands_without_an_interval():
    ratings = measured(5, units=12)
    withheld, lowered = icc(ratings).estimate, icc(ratings, floor=12).estimate
    assert withheld.value == lowered.value
    assert "30 units" in withheld.undefined_because
    assert lowered.is_defined


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: icc([[1, 2], [1, 2]], "ICC4"), "no ICC 'ICC4'"),
        (lambda: icc([["a", "b"], ["a", "b"]]), "numbers"),
        (lambda: icc([[1, np.inf], [1, 2]]), "finite"),
        (lambda: icc([]), "axes"),
        (lambda: icc([[None, None]]), "missing"),
        (lambda: icc([[1, 2], [1, 2]], level=1), "level"),
    ],
)
def test_bad_input_is_refused(call, said):
    with pytest.raises(BadSample, match=said):
        call()
