import numpy as np
import pytest

from heldout.stats.comparisons import determined_by_order
from heldout.stats.equations import Equation, agreement, chance_of, copy_equations, pair_equations
from heldout.stats.near_products import near_products
from heldout.stats.pure_slices import pure_slices
from heldout.stats.remainders import remainder_of, summands

N = 1500


@pytest.fixture
def rng():
    return np.random.default_rng(3)


@pytest.fixture
def x(rng):
    noise = rng.normal(size=(N, 4))
    counts = rng.poisson(3, (N, 4))
    amounts = np.round(rng.gamma(3, 40, (N, 4)) + 1, 2)
    return np.column_stack([noise, counts, amounts])


def pairs(found):
    return {(frozenset(one.places), one.is_product) for one in found}


@pytest.mark.parametrize(
    ("make", "places", "is_product"),
    [
        (lambda x: x[:, 4] + x[:, 8], {4, 8}, False),
        (lambda x: x[:, 9] - x[:, 10] + 7, {9, 10}, False),
        (lambda x: np.round(x[:, 8] * x[:, 9] * 1.19, 2), {8, 9}, True),
        (lambda x: np.round(x[:, 10] / x[:, 11], 4), {10, 11}, True),
    ],
)
def test_an_equation_of_two_columns_is_found_and_no_other(x, make, places, is_product):
    assert pairs(pair_equations(x, make(x))) == {(frozenset(places), is_product)}


def test_no_equation_is_found_where_there_is_none(x, rng):
    assert pair_equations(x, np.round(x[:, 8] + x[:, 9] + rng.normal(size=N), 2)) == []
    assert pair_equations(x, rng.normal(size=N)) == []
    assert pair_equations(x, (x[:, 4] > 3).astype(float)) == []


def test_a_constant_is_no_product_of_columns_that_go_together(rng):
    hours = rng.integers(1, 40, N).astype(float)
    assert pair_equations(np.column_stack([hours, hours * 60]), rng.integers(0, 2, N).astype(float)) == []


def test_an_equation_is_found_where_some_rows_lack_a_value(x):
    y = x[:, 4] + x[:, 8]
    x[::5, 8] = np.nan
    x[::7, 0] = np.nan
    assert pairs(pair_equations(x, y)) == {(frozenset({4, 8}), False)}


def test_chance_is_high_where_one_column_does_not_matter(x):
    nearly_constant = np.zeros(N)
    nearly_constant[0] = 1
    y = x[:, 8] + nearly_constant
    equation = Equation(places=(0, 1), signs=(1, 1), is_product=False)
    both = np.column_stack([x[:, 8], nearly_constant])
    assert agreement(equation, both, y) == (N, N)
    assert chance_of(equation, both, y) > 0.99
    assert chance_of(equation, x[:, [8, 9]], x[:, 8] + x[:, 9]) < 0.05


def test_copies_in_another_unit_are_found_up_or_down(x):
    y = np.exp(x[:, 0])
    assert copy_equations(np.column_stack([x[:, 0], -x[:, 0], x[:, 1]]), y) == [0, 1]


def test_a_sum_that_leaves_a_handful_of_values_is_found(x, rng):
    y = x[:, 8] - x[:, 10] + x[:, 11] + rng.choice([0.5, 0.8, 3.3], N)
    places, signs = summands(x, y)
    assert (places, signs) == ((8, 10, 11), (1, -1, 1))
    assert remainder_of(x[:, [8, 10, 11]], y, signs) == (N, 3)


def test_a_label_of_few_values_and_a_noisy_sum_leave_nothing_to_find(x, rng):
    assert summands(x, x[:, 4] + rng.integers(0, 3, N)) == ((), ())
    assert summands(x, x[:, 8] + x[:, 9] + np.round(rng.normal(size=N), 2)) == ((), ())


def test_the_larger_of_two_tells_the_class_but_a_threshold_does_not(rng):
    x = np.column_stack([rng.poisson(3, N), rng.poisson(3, N), rng.poisson(3, N), np.full(N, 3)]).astype(float)
    won = np.where(x[:, 0] > x[:, 2], 2, np.where(x[:, 0] == x[:, 2], 1, 0))
    assert determined_by_order(x, won, 3) == [(0, 2)]
    assert determined_by_order(x, (x[:, 1] > 3).astype(np.int64), 2) == []


def test_a_ratio_that_was_corrected_for_small_amounts_is_found(rng):
    spent, income = np.where(rng.random(N) < 0.3, 0, rng.gamma(2, 100, N)), rng.gamma(4, 1, N) + 0.2
    share = (spent + rng.random(N)) / income
    (found, *_) = near_products(np.column_stack([share, income, rng.normal(size=N)]), spent)
    assert (found.first, found.second, found.exponent) == (0, 1, 1)
    assert near_products(np.column_stack([rng.permutation(share), income]), spent) == []


def test_a_pure_slice_is_told_with_how_its_share_varies_elsewhere():
    counts = np.array([[40, 10]] * 12 + [[50, 0]] * 2 + [[38, 12]] * 6, dtype=float)
    (found,) = pure_slices(counts)
    assert (found.first, found.last, found.winner, found.rows) == (12, 13, 0, 100)
    assert found.share == pytest.approx(0.787, abs=0.001)
    assert found.spread < 0.03
    assert pure_slices(np.array([[5.0, 5.0]])) == []
    assert pure_slices(np.array([[5.0, 0.0]])) == []


def test_two_equal_times_make_no_label(rng):
    moments = np.sort(rng.integers(0, 10**13, 500)) + 1.36e15
    label = (rng.random(500) < 0.05).astype(float)
    assert pair_equations(np.column_stack([moments, moments]), label) == []
