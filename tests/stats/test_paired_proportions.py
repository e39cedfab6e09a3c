import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.stats import binom, binomtest, multinomial

from heldout.stats.paired_proportions import PairedCounts, mcnemar, newcombe_paired, paired_counts, tango
from heldout.stats.proportions import newcombe
from heldout.stats.sample import BadSample, Undefined

tables = st.tuples(*[st.integers(0, 30)] * 4).filter(any)
METHODS = [tango, newcombe_paired, lambda *c: newcombe_paired(*c, method=8), lambda *c: newcombe_paired(*c, method=9)]


def swapped(counts):
    both, first_only, second_only, neither = counts
    return both, second_only, first_only, neither


def test_counts_are_those_of_the_rows():
    first, second = [1, 1, 1, 0, 0, 1], [1, 0, 1, 1, 0, 1]
    assert paired_counts(first, second) == PairedCounts(both=3, first_only=1, second_only=1, neither=1)
    assert paired_counts(np.array(first, dtype=bool), second).both == 3


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1)), max_size=40))
def test_counts_of_two_halves_add_up(pairs):
    rows = np.array(pairs).reshape(-1, 2)
    halves = [paired_counts(*half.T) for half in (rows[::2], rows[1::2])]
    assert tuple(np.sum(halves, axis=0)) == paired_counts(*rows.T)


def test_newcombe_paired_gives_altmans_example():
    # Altman et al. 2000, Statistics with Confidence, p. 52: 14, 5, 0, 22 give a difference of .12 from .01 to .23
    difference = newcombe_paired(14, 5, 0, 22)
    assert (difference.value, difference.low, difference.high) == pytest.approx((0.12, 0.01, 0.23), abs=0.005)


def test_without_correlation_square_and_add_is_that_of_independent_shares():
    paired = newcombe_paired(4, 6, 6, 9, method=8)  # 4 × 9 = 6 × 6, so that phi is 0
    independent = newcombe(10, 25, 10, 25)
    assert (paired.low, paired.high) == pytest.approx((independent.low, independent.high))


@pytest.mark.parametrize("method", METHODS)
@given(counts=tables)
def test_the_difference_turned_round_is_its_negative_and_keeps_to_its_range(method, counts):
    there, back = method(*counts), method(*swapped(counts))
    assert there.low == pytest.approx(-back.high, abs=1e-9)
    assert -1 <= there.low <= there.value <= there.high <= 1
    assert there.n == sum(counts)


@pytest.mark.parametrize("counts", [(1, 1, 7, 12), (43, 0, 1, 0), (10, 4, 9, 2), (5, 0, 0, 5), (0, 12, 2, 0)])
def test_tangos_statistic_is_z_at_the_ends_where_the_chances_are_the_most_likely_ones(counts):
    both, first_only, second_only, neither = counts
    n, estimate = sum(counts), tango(*counts)
    for delta in (estimate.low, estimate.high):

        def unlikely(chance, delta=delta):
            rest = 1 - 2 * chance - delta
            return -multinomial.logpmf([first_only, second_only, both + neither], n, [chance + delta, chance, rest])

        bounds = (max(0, -delta) + 1e-12, (1 - delta) / 2 - 1e-12)
        chance = minimize_scalar(unlikely, bounds=bounds, method="bounded", options={"xatol": 1e-11}).x
        error = np.sqrt((2 * chance + delta - delta**2) / n)
        assert abs(estimate.value - delta) / error == pytest.approx(1.959964, abs=2e-4)


def test_tango_exists_where_no_pair_is_discordant():
    z_squared, n = 1.959963984540054**2, 10
    estimate = tango(5, 0, 0, 5)
    assert estimate.high == pytest.approx(z_squared / (n + z_squared))
    assert estimate.low == -estimate.high


def test_all_pairs_discordant_the_same_way_reach_the_end_of_the_range():
    assert tango(0, 9, 0, 0).high == 1
    assert -1 < tango(0, 9, 0, 0).low < 1
    assert tango(0, 0, 9, 0).low == -1


@pytest.mark.parametrize("method", [tango, newcombe_paired])
def test_coverage_counted_over_all_tables_is_near_the_level(method):
    n, chances = 20, np.array([0.55, 0.15, 0.05, 0.25])
    tables = [
        (both, one, two, n - both - one - two)
        for both in range(n + 1)
        for one in range(n + 1 - both)
        for two in range(n + 1 - both - one)
    ]
    covers = [estimate.low <= 0.1 <= estimate.high for estimate in (method(*table) for table in tables)]
    assert 0.94 < multinomial.pmf(tables, n, chances)[covers].sum() < 0.98


def test_no_pairs_give_a_reason():
    for method in METHODS:
        assert method(0, 0, 0, 0).undefined_because == "there are no pairs"


@given(st.integers(0, 40), st.integers(0, 40))
def test_the_exact_p_is_the_binomial_tests_and_mid_p_leaves_out_half_of_what_was_seen(one, two):
    if one + two == 0:
        return
    test = mcnemar(one, two)
    assert test.exact_p_value == pytest.approx(binomtest(one, one + two).pvalue)
    seen = binom.pmf(one, one + two, 0.5)
    assert test.p_value == pytest.approx(
        min(1.0, 2 * binom.cdf(min(one, two), one + two, 0.5)) - seen / (1 + (one == two))
    )
    assert test.p_value <= test.exact_p_value


def test_chi_squares_are_mcnemars_without_and_with_the_correction_which_stops_at_no_difference():
    test = mcnemar(150, 86)
    assert test.chi_square == pytest.approx(64**2 / 236)
    assert test.corrected_chi_square == pytest.approx(63**2 / 236)
    assert mcnemar(4, 4).corrected_chi_square == 0
    assert mcnemar(4, 4).corrected_chi_square_p_value == 1


def test_pairs_without_a_discordant_one_have_no_test():
    with pytest.raises(Undefined, match="no pair is discordant"):
        mcnemar(0, 0)


@pytest.mark.parametrize("count", [-1, 1.5, float("nan"), float("inf")])
def test_counts_that_count_nothing_are_refused(count):
    with pytest.raises(BadSample, match="second_only"):
        mcnemar(3, count)
    with pytest.raises(BadSample, match="both"):
        tango(count, 1, 1, 1)


def test_a_level_or_method_that_does_not_exist_is_refused():
    with pytest.raises(BadSample, match="level"):
        tango(1, 1, 1, 1, level=95)
    with pytest.raises(BadSample, match="method"):
        newcombe_paired(1, 1, 1, 1, method=7)


@pytest.mark.parametrize(
    ("first", "second", "says"),
    [([0, 1], [1], "same rows"), ([0, 2], [1, 1], "row 1"), ([0, 1], [float("nan"), 1], "row 0"), ([[0]], [0], "axes")],
)
def test_outcomes_that_cannot_be_paired_are_refused(first, second, says):
    with pytest.raises(BadSample, match=says):
        paired_counts(first, second)
