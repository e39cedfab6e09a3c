import itertools
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.stats.agreement.worlds import FOUR_RATERS, drawn, jackknife_error, slow_observed, unit_ratings

from heldout.stats.agreement import (
    brennan_prediger,
    cohen_kappa,
    cohen_kappa_from_table,
    conger_kappa,
    fleiss_kappa,
    gwet_ac1,
    gwet_ac1_from_table,
    gwet_ac2,
    gwet_ac2_from_table,
    krippendorff_alpha,
    ratings_from_counts,
    ratings_from_table,
)
from heldout.stats.sample import BadSample

MANY = [gwet_ac1, gwet_ac2, fleiss_kappa, conger_kappa, brennan_prediger, krippendorff_alpha]


def slow_expected(ratings, q):
    """The agreement by chance of AC1, Fleiss, Brennan-Prediger and Conger, by their definitions."""
    share = np.mean([[np.mean(unit == k) for k in range(1, q + 1)] for unit in unit_ratings(ratings)], axis=0)
    by_rater = np.array([[np.mean(row[~np.isnan(row)] == k) for k in range(1, q + 1)] for row in ratings])
    conger = np.mean([a @ b for a, b in itertools.permutations(by_rater, 2)])
    return sum(share * (1 - share)) / (q - 1), sum(share**2), 1 / q, conger


@pytest.mark.parametrize("seed", range(5))
def test_coefficients_are_made_of_their_defined_parts(seed):
    ratings = drawn(seed, raters=4, units=40)
    observed = slow_observed(unit_ratings(ratings), lambda a, b: a == b)
    coefficients = (gwet_ac1, fleiss_kappa, brennan_prediger, conger_kappa)
    for coefficient, expected in zip(coefficients, slow_expected(ratings, 4), strict=True):
        found = coefficient(ratings)
        assert (found.observed, found.expected) == pytest.approx((observed, expected))
        assert found.estimate.value == pytest.approx((observed - expected) / (1 - expected))


@pytest.mark.parametrize("coefficient", MANY)
@pytest.mark.parametrize("missing", [0, 0.2])
def test_standard_errors_are_those_of_leaving_units_out(coefficient, missing):
    ratings = drawn(11, raters=4, units=300, missing=missing)
    found = coefficient(ratings)
    slow = jackknife_error(lambda r: coefficient(r, categories=[1, 2, 3, 4]).estimate.value, ratings)
    assert found.standard_error == pytest.approx(slow, rel=0.06)


@pytest.mark.parametrize("coefficient", MANY)
def test_the_interval_is_t_and_ends_at_one(coefficient):
    found = coefficient(FOUR_RATERS, floor=0)
    t = 2.2281388519862744 if coefficient is krippendorff_alpha else 2.200985160082949
    assert found.estimate.low == pytest.approx(found.estimate.value - t * found.standard_error)
    assert found.estimate.high == 1
    assert found.units == 11
    assert found.raters == 4


def test_two_raters_make_conger_cohen_and_fleiss_scott():
    ratings = drawn(2, raters=2, missing=0)
    for weights in (None, "quadratic"):
        conger, cohen = conger_kappa(ratings, weights), cohen_kappa(*ratings, weights)
        assert conger.estimate.value == pytest.approx(cohen.estimate.value)
        assert conger.standard_error == pytest.approx(cohen.standard_error * np.sqrt(80 / 79))
    pi = fleiss_kappa(ratings_from_table([[40, 9], [6, 45]]))
    assert pi.expected == pytest.approx(0.475**2 + 0.525**2)


def test_a_table_has_the_ratings_coefficients_and_errors_over_n():
    table = np.array([[40, 9, 1], [6, 45, 3], [0, 4, 12]])
    ratings = np.repeat(np.indices((3, 3)).reshape(2, -1), table.ravel(), axis=1) + 1.0
    for by_table, by_ratings in [
        (gwet_ac1_from_table(table), gwet_ac1(ratings)),
        (gwet_ac2_from_table(table, "linear"), gwet_ac2(ratings, "linear")),
        (conger_kappa(ratings_from_table(table)), conger_kappa(ratings)),
        (brennan_prediger(ratings_from_table(table)), brennan_prediger(ratings)),
        (krippendorff_alpha(ratings_from_table(table)), krippendorff_alpha(ratings)),
    ]:
        assert by_table.estimate.value == pytest.approx(by_ratings.estimate.value)
        assert by_table.standard_error == pytest.approx(by_ratings.standard_error * np.sqrt(119 / 120))
        assert by_table.units == by_ratings.units == 120
    cohen = cohen_kappa_from_table(table)
    assert conger_kappa(ratings_from_table(table)).standard_error == pytest.approx(cohen.standard_error)


def test_the_kappa_paradox_moves_kappa_and_not_ac1():
    even, skewed = [[40, 9], [6, 45]], [[80, 10], [5, 5]]
    kappa = [cohen_kappa_from_table(table).estimate.value for table in (even, skewed)]
    ac1 = [gwet_ac1_from_table(table).estimate.value for table in (even, skewed)]
    assert kappa[0] - kappa[1] > 0.35
    assert abs(ac1[0] - ac1[1]) < 0.15


def test_counts_say_what_ratings_say_where_raters_do_not_matter():
    ratings = drawn(4)
    counts = np.array([[np.sum(unit == k) for k in range(1, 5)] for unit in ratings.T])
    for coefficient in (gwet_ac1, gwet_ac2, fleiss_kappa, brennan_prediger, krippendorff_alpha):
        by_counts, by_ratings = coefficient(ratings_from_counts(counts)), coefficient(ratings)
        assert by_counts.estimate.value == pytest.approx(by_ratings.estimate.value)
        assert by_counts.standard_error == pytest.approx(by_ratings.standard_error)
    with pytest.raises(BadSample, match="who gave which"):
        conger_kappa(ratings_from_counts(counts))


@pytest.mark.parametrize("coefficient", MANY)
@given(seed=st.integers(0, 1000))
def test_order_of_units_and_raters_does_not_matter(coefficient, seed):
    ratings = drawn(seed, units=35)
    rng = np.random.default_rng(seed)
    turned = ratings[rng.permutation(3)][:, rng.permutation(35)]
    there, back = coefficient(ratings), coefficient(turned)
    assert back.estimate.value == pytest.approx(there.estimate.value)
    assert back.standard_error == pytest.approx(there.standard_error)


@pytest.mark.parametrize("coefficient", MANY)
def test_units_without_a_rating_and_raters_without_one_change_nothing(coefficient):
    ratings = drawn(6)
    wider = np.full((4, 90), np.nan)
    wider[:3, :80] = ratings
    assert coefficient(wider).estimate == coefficient(ratings).estimate
    assert coefficient(wider).raters == 3


def test_a_listed_category_that_nobody_gave_counts():
    ratings = [[1, 2] * 20, [1, 1] * 20]
    assert gwet_ac1(ratings, categories=[1, 2, 3]).expected < gwet_ac1(ratings).expected
    assert brennan_prediger(ratings, categories=[1, 2, 3, 4]).expected == 0.25
    alone = gwet_ac1([[1, 1], [1, 1]], categories=[1, 2])
    assert alone.estimate.value == 1


@pytest.mark.parametrize("coefficient", [fleiss_kappa, conger_kappa, krippendorff_alpha])
def test_no_variation_leaves_the_kappas_and_alpha_undefined_even_if_more_was_possible(coefficient):
    found = coefficient([[1] * 40, [1] * 40], categories=[1, 2])
    assert found.estimate.value is None
    assert found.observed == 1
    assert "one category" in found.estimate.undefined_because or "varies" in found.estimate.undefined_because


@pytest.mark.parametrize("coefficient", MANY)
@pytest.mark.parametrize(
    ("ratings", "reason"),
    [
        ([[3] * 40] * 3, "one category|equal"),
        ([[1, 2, 1, 2]], "two raters, and there is 1"),
        ([[1, 2, 1], [None] * 3], "two raters, and there is 1"),
        ([[1, None, 2], [None, 2, None]], "no unit was rated twice"),
    ],
)
def test_where_nothing_can_be_compared_the_coefficient_is_undefined(coefficient, ratings, reason):
    found = coefficient(ratings)
    assert found.estimate.value is None
    assert found.standard_error is None
    assert re.search(reason, found.estimate.undefined_because)


@pytest.mark.parametrize("coefficient", MANY)
def test_one_unit_has_a_value_and_no_error(coefficient):
    found = coefficient([[1], [2], [1]], floor=0)
    assert found.estimate.value is not None
    assert found.standard_error is None
    assert "2 units" in found.estimate.undefined_because


@pytest.mark.parametrize("coefficient", MANY)
def test_full_agreement_has_a_value_of_one_and_no_interval(coefficient):
    found = coefficient([[1, 2, 3] * 20] * 3)
    assert found.estimate.value == pytest.approx(1)
    assert found.standard_error is None
    assert "no unit moves the value" in found.estimate.undefined_because


@pytest.mark.parametrize("coefficient", MANY)
@pytest.mark.parametrize(
    ("ratings", "said"), [([[np.inf, 1], [1, 2]], "finite"), ([], "axes"), ([[None], [None]], "missing")]
)
def test_bad_ratings_are_refused(coefficient, ratings, said):
    with pytest.raises(BadSample, match=said):
        coefficient(ratings)


def test_weights_of_texts_need_an_order():
    texts = [["lo", "hi", "mid"], ["lo", "mid", "mid"]]
    with pytest.raises(BadSample, match="lowest first"):
        gwet_ac2(texts)
    ordered = gwet_ac2(texts, categories=["lo", "mid", "hi"])
    assert ordered.estimate.value == gwet_ac2([[1, 3, 2], [1, 2, 2]]).estimate.value
