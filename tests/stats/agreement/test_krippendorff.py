import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.stats.agreement.worlds import FOUR_RATERS, drawn, jackknife_error, slow_alpha

from heldout.stats.agreement import krippendorff, krippendorff_alpha, ratings_from_counts
from heldout.stats.sample import BadSample


def ordinal(a, b, pooled):
    low, high = min(a, b), max(a, b)
    between = ((pooled >= low) & (pooled <= high)).sum() - ((pooled == low).sum() + (pooled == high).sum()) / 2
    return 0.0 if a == b else between**2


DISTANCES = {
    "nominal": lambda a, b, pooled: float(a != b),
    "ordinal": ordinal,
    "interval": lambda a, b, pooled: (a - b) ** 2,
    "ratio": lambda a, b, pooled: ((a - b) / (a + b)) ** 2 if a + b else 0.0,
    "circular": lambda a, b, pooled: np.sin(np.pi * (a - b) / 6) ** 2,
}


def alpha(ratings, level, **options):
    return krippendorff_alpha(ratings, level, period=6 if level == "circular" else None, **options)


@pytest.mark.parametrize("level", DISTANCES)
@pytest.mark.parametrize("seed", range(3))
def test_alpha_is_that_of_the_coincidence_matrix(level, seed):
    ratings = drawn(seed, raters=4, units=25, q=5)
    assert alpha(ratings, level).estimate.value == pytest.approx(slow_alpha(ratings, DISTANCES[level]))


@pytest.mark.parametrize("level", ["ordinal", "interval", "ratio"])
def test_measurements_that_are_all_different_are_no_harder(level):
    rng = np.random.default_rng(0)
    ratings = np.exp(rng.normal(size=12) + rng.normal(0, 0.3, (3, 12)))
    ratings[0, :4] = np.nan
    assert alpha(ratings, level).estimate.value == pytest.approx(slow_alpha(ratings, DISTANCES[level]))


@pytest.mark.parametrize("level", DISTANCES)
@pytest.mark.parametrize("missing", [0, 0.2])
def test_the_standard_error_is_that_of_leaving_units_out(level, missing):
    ratings = drawn(7, raters=3, units=400, q=5, missing=missing)
    slow = jackknife_error(lambda r: alpha(r, level).estimate.value, ratings)
    assert alpha(ratings, level).standard_error == pytest.approx(slow, rel=0.02)


@pytest.mark.parametrize("level", DISTANCES)
def test_the_interval_agrees_with_the_bootstrap_over_units(level):
    ratings = drawn(8, raters=3, units=150, q=5)
    rng = np.random.default_rng(1)
    draws = [alpha(ratings[:, rng.integers(0, 150, 150)], level).estimate.value for _ in range(1500)]
    found = alpha(ratings, level)
    assert found.standard_error == pytest.approx(np.std(draws), rel=0.08)
    ends = np.quantile(draws, [0.025, 0.975])
    assert (found.estimate.low, found.estimate.high) == pytest.approx(ends, abs=0.25 * found.standard_error)


@pytest.mark.parametrize("level", ["nominal", "ratio"])
def test_many_raters_with_few_ratings_take_another_way_to_the_same(level):
    rng = np.random.default_rng(2)
    crowd = np.full((40, 60), np.nan)
    for unit in range(60):
        crowd[rng.choice(40, 4, replace=False), unit] = rng.integers(1, 4, 4)
    packed = np.stack([column[~np.isnan(column)] for column in crowd.T], axis=1)
    found, same = alpha(crowd, level), alpha(packed, level)
    assert found.estimate.value == pytest.approx(same.estimate.value)
    assert found.standard_error == pytest.approx(same.standard_error)
    assert found.estimate.value == pytest.approx(slow_alpha(packed, DISTANCES[level]))


def test_distances_made_in_chunks_are_the_same(monkeypatch):
    ratings = drawn(3, q=9)
    whole = alpha(ratings, "ratio")
    monkeypatch.setattr(krippendorff, "CHUNK", 2)
    assert alpha(ratings, "ratio") == whole


@given(st.integers(0, 500))
def test_ordinal_knows_order_alone_interval_shift_and_scale_ratio_scale(seed):
    ratings = drawn(seed, units=30, q=5)
    for level, transform in [
        ("nominal", lambda x: (7 * x) % 11),
        ("ordinal", np.exp),
        ("interval", lambda x: 3 * x - 100),
        ("ratio", lambda x: 0.25 * x),
        ("circular", lambda x: x + 6),
    ]:
        there, back = alpha(ratings, level), alpha(transform(ratings), level)
        assert back.estimate.value == pytest.approx(there.estimate.value)
        assert back.standard_error == pytest.approx(there.standard_error)
        assert (back.observed, back.expected) == pytest.approx((there.observed, there.expected))


@pytest.mark.parametrize("level", DISTANCES)
def test_observed_and_expected_agreement_make_alpha(level):
    found = alpha(FOUR_RATERS, level)
    made = (found.observed - found.expected) / (1 - found.expected)
    assert made == pytest.approx(found.estimate.value)
    assert 0 <= found.expected <= found.observed <= 1


def test_weights_say_the_same_as_the_distance_that_they_come_from():
    for weights, level in [("quadratic", "interval"), (None, "nominal"), ("identity", "nominal")]:
        weighted, plain = krippendorff_alpha(FOUR_RATERS, weights=weights), krippendorff_alpha(FOUR_RATERS, level)
        assert weighted.estimate.value == pytest.approx(plain.estimate.value)
        assert weighted.standard_error == pytest.approx(plain.standard_error)
        assert (weighted.observed, weighted.expected) == pytest.approx((plain.observed, plain.expected))


def test_texts_are_nominal_and_ordinal_once_listed():
    numbers = drawn(1, q=3, missing=0)
    texts = np.array(["", "lo", "mid", "top"])[numbers.astype(int)]
    assert krippendorff_alpha(texts).estimate.value == pytest.approx(krippendorff_alpha(numbers).estimate.value)
    listed = krippendorff_alpha(texts, "ordinal", categories=["lo", "mid", "top"])
    assert listed.estimate.value == pytest.approx(alpha(numbers, "ordinal").estimate.value)
    for level in ("ordinal", "interval", "ratio"):
        with pytest.raises(BadSample, match=r"order|numbers"):
            krippendorff_alpha(texts, level)


def test_far_from_zero_nothing_is_lost():
    ratings = drawn(5)
    far = alpha(ratings + 1e9, "interval").estimate.value
    assert far == pytest.approx(alpha(ratings, "interval").estimate.value)


def test_counts_serve_as_well():
    assert krippendorff_alpha(ratings_from_counts([[3, 0], [1, 2], [0, 3]])).estimate.value == pytest.approx(
        slow_alpha(np.array([[1, 1, 2], [1, 2, 2], [1, 2, 2]]), DISTANCES["nominal"])
    )


@pytest.mark.parametrize("level", DISTANCES)
def test_no_variation_leaves_alpha_undefined(level):
    found = alpha([[2.0] * 40, [2.0] * 40], level)
    assert found.estimate.value is None
    assert "nothing varies" in found.estimate.undefined_because


def test_variation_among_unpaired_ratings_alone_is_none():
    found = krippendorff_alpha([[1, 1, 2, None], [1, 1, None, 3]])
    assert "nothing varies" in found.estimate.undefined_because


def test_a_zero_among_ratios_is_no_division_by_it():
    assert alpha([[0, 0, 1], [0, 1, 2]], "ratio").estimate.value == pytest.approx(
        slow_alpha([[0, 0, 1], [0, 1, 2]], DISTANCES["ratio"])
    )


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: krippendorff_alpha(FOUR_RATERS, "metric"), "level of measurement 'metric'"),
        (lambda: krippendorff_alpha(FOUR_RATERS, level="ordinal"), "no confidence level"),
        (lambda: krippendorff_alpha([[1, -2], [1, 2]], "ratio"), "below 0"),
        (lambda: krippendorff_alpha(FOUR_RATERS, "circular"), "period"),
        (lambda: krippendorff_alpha(FOUR_RATERS, "circular", period=-1), "period"),
        (lambda: krippendorff_alpha(FOUR_RATERS, weights=np.eye(2)), "shape"),
    ],
)
def test_bad_parameters_are_refused(call, said):
    with pytest.raises(BadSample, match=said):
        call()
