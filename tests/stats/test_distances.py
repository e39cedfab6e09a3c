import itertools
import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats as oracle
from scipy.spatial.distance import jensenshannon

from heldout.stats import BadSample
from heldout.stats.distances import (
    hellinger,
    jensen_shannon,
    ks_from_counts,
    ks_test,
    kullback_leibler,
    psi,
    total_variation,
    wasserstein,
    wasserstein_from_counts,
)

COUNTS = st.lists(st.integers(0, 40), min_size=2, max_size=8)
DIVERGENCES = (psi, kullback_leibler, jensen_shannon, hellinger, total_variation)
DISTANCES = (*DIVERGENCES, ks_from_counts)


def on_whole_line(reference, current):
    return wasserstein_from_counts(reference, current, np.arange(len(reference)))


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=2, max_size=9))
def test_distances_of_counts_are_scipys(pairs):
    p, q = np.transpose(pairs)
    assume(p.any() and q.any())
    first, second = p / p.sum(), q / q.sum()
    assert jensen_shannon(p, q).value == pytest.approx(jensenshannon(first, second, 2), abs=1e-7)
    assert total_variation(p, q).value == pytest.approx(abs(first - second).sum() / 2)
    wanted = math.sqrt(max(1 - np.sqrt(first * second).sum(), 0))
    assert hellinger(p, q).value == pytest.approx(wanted, abs=1e-7)
    places = np.arange(len(p)) ** 2
    carried = wasserstein_from_counts(p, q, places).value
    assert carried == pytest.approx(oracle.wasserstein_distance(places, places, p, q), abs=1e-12)
    rows = [np.repeat(np.arange(len(p)), counts) for counts in (p, q)]
    assert ks_from_counts(p, q).value == pytest.approx(oracle.ks_2samp(*rows).statistic)
    if ((q > 0) | (p == 0)).all():
        assert kullback_leibler(p, q).value == pytest.approx(oracle.entropy(first, second), abs=1e-12)
    if ((p > 0) == (q > 0)).all():
        both = kullback_leibler(p, q).value + kullback_leibler(q, p).value
        assert psi(p, q).value == pytest.approx(both, abs=1e-12)


@pytest.mark.parametrize("distance", DISTANCES)
def test_equal_counts_are_at_distance_zero_and_others_above(distance):
    same = distance([30, 50, 20], [60, 100, 40])
    assert same.value == pytest.approx(0, abs=1e-8)
    assert same.estimate.low == 0
    assert distance([30, 50, 20], [20, 50, 30]).value > same.expected_without_drift / 2 > 0


@given(st.lists(st.tuples(st.integers(1, 90), st.integers(1, 90)), min_size=2, max_size=9), st.randoms())
def test_divergences_know_neither_the_order_of_bins_nor_bins_that_both_leave_empty(pairs, random):
    shuffled = [*pairs, (0, 0)]
    random.shuffle(shuffled)
    for distance in DIVERGENCES:
        there, here = distance(*np.transpose(shuffled)), distance(*np.transpose(pairs))
        assert there.value == pytest.approx(here.value)
        assert there.expected_without_drift == pytest.approx(here.expected_without_drift)
        assert (there.estimate.low is None) == (here.estimate.low is None)


@given(st.lists(st.tuples(st.integers(6, 90), st.integers(6, 90)), min_size=2, max_size=9))
def test_symmetric_distances_are_symmetric_with_their_intervals(pairs):
    p, q = np.transpose(pairs)
    for distance in (psi, jensen_shannon, hellinger, total_variation, on_whole_line):
        there, back = distance(p, q), distance(q, p)
        assert there.value == pytest.approx(back.value)
        if there.estimate.low is not None:
            assert (there.estimate.low, there.estimate.high) == pytest.approx((back.estimate.low, back.estimate.high))


@given(st.lists(st.tuples(st.integers(5, 60), st.integers(5, 60)), min_size=2, max_size=6))
def test_distances_of_shares_lie_between_zero_and_one_and_in_their_intervals(pairs):
    p, q = np.transpose(pairs)
    for distance in (jensen_shannon, hellinger, total_variation, ks_from_counts):
        there = distance(p, q)
        assert 0 <= there.value <= 1
        if there.estimate.low is not None:
            assert 0 <= there.estimate.low <= there.estimate.value <= there.estimate.high <= 1


@pytest.mark.parametrize("distance", [psi, jensen_shannon, kullback_leibler, hellinger, total_variation])
@pytest.mark.parametrize("bins", [2, 12])
def test_chance_alone_brings_a_distance_to_what_is_expected_without_drift(distance, bins):
    rng = np.random.default_rng(5)
    share = rng.dirichlet(np.full(bins, 8.0))
    drawn = [(rng.multinomial(2000, share), rng.multinomial(500, share)) for _ in range(400)]
    distances = [distance(*counts) for counts in drawn]
    mean = np.mean([d.value for d in distances])
    assert mean == pytest.approx(np.mean([d.expected_without_drift for d in distances]), rel=0.12)
    assert np.mean([d.estimate.low == 0 for d in distances]) > 0.95


def test_chance_alone_brings_d_and_wassersteins_distance_to_what_is_expected():
    rng = np.random.default_rng(6)
    found = {ks_from_counts: [], on_whole_line: []}
    for _ in range(300):
        counts = [rng.multinomial(n, np.full(200, 1 / 200)) for n in (3000, 2000)]
        for distance, values in found.items():
            values.append(distance(*counts))
    for values in found.values():
        mean = np.mean([d.value for d in values])
        assert mean == pytest.approx(np.mean([d.expected_without_drift for d in values]), rel=0.1)


@pytest.mark.parametrize("drift", [0.0, 0.1, 0.5])
@pytest.mark.parametrize("distance", [*DISTANCES, on_whole_line])
def test_intervals_cover_the_distance_of_the_populations(distance, drift):
    rng = np.random.default_rng(7)
    p = rng.dirichlet(np.full(15, 8.0))
    q = p * np.exp(drift * rng.normal(size=15))
    q /= q.sum()
    truth = distance(p, q).value
    estimates = [distance(rng.multinomial(4000, p), rng.multinomial(1500, q)).estimate for _ in range(300)]
    covered = [e.low <= truth + 1e-9 and truth <= e.high for e in estimates]
    assert np.mean(covered) >= 0.92


def test_psi_of_a_bin_that_one_sample_leaves_empty_is_undefined_unless_smoothed():
    drift = psi([0, 10, 0, 20], [0, 5, 6, 9])
    assert drift.value is None
    assert "bin 2 is empty in the first sample" in drift.estimate.undefined_because
    assert drift.expected_without_drift is None
    smoothed = psi([0, 10, 0, 20], [0, 5, 6, 9], pseudo_count=0.5).value
    p, q = np.array([10.5, 0.5, 20.5]) / 31.5, np.array([5.5, 6.5, 9.5]) / 21.5
    assert smoothed == pytest.approx(((p - q) * np.log(p / q)).sum())
    floored = psi([0, 10, 0, 20], [0, 5, 6, 9], floor=1e-4).value
    p, q = np.array([1 / 3, 1e-4, 2 / 3]), np.array([5, 6, 9]) / 20
    assert floored == pytest.approx(((p - q) * np.log(p / q)).sum())
    assert "bin 0 is empty in the second" in kullback_leibler([1, 1], [0, 1]).estimate.undefined_because


@pytest.mark.parametrize("distance", DISTANCES)
def test_shares_have_a_distance_but_no_interval(distance):
    drift = distance([0.25, 0.75], [0.5, 0.5])
    assert drift.value > 0
    assert drift.expected_without_drift is None
    assert "shares tell no number of rows" in drift.estimate.undefined_because


def test_intervals_are_undefined_outside_their_domain():
    few = jensen_shannon([3, 3, 3], [50, 50, 50])
    assert "9 rows in 3 bins" in few.estimate.undefined_because
    assert few.value is not None
    assert "a bin holds 4 rows" in psi([4, 60], [30, 30]).estimate.undefined_because
    assert "one bin" in total_variation([90], [80]).estimate.undefined_because
    assert "fewer than 20 rows" in ks_from_counts([5, 5], [50, 50]).estimate.undefined_because
    assert "fewer than 20 rows" in wasserstein([1, 2], [2, 3]).estimate.undefined_because


@pytest.mark.parametrize("distance", DISTANCES)
@pytest.mark.parametrize(
    ("p", "q", "said"),
    [
        ([1, 2], [1, 2, 3], "2 bins and 3 bins"),
        ([1, -2], [1, 2], "below 0"),
        ([0, 0], [1, 2], "first sample has no rows"),
        ([1, 2], [0, 0], "second sample has no rows"),
        ([1, np.nan], [1, 2], "not finite"),
        ([[1, 2]], [1, 2], "axes"),
    ],
)
def test_counts_that_cannot_be_are_refused(distance, p, q, said):
    with pytest.raises(BadSample, match=said):
        distance(p, q)


def test_parameters_out_of_range_are_refused():
    counts = [5, 5], [4, 6]
    for call in (
        lambda: psi(*counts, pseudo_count=-1),
        lambda: psi(*counts, floor=1),
        lambda: psi(*counts, floor=0.1, pseudo_count=0.5),
        lambda: psi([0.5, 0.5], [0.1, 0.9], pseudo_count=0.5),
        lambda: jensen_shannon(*counts, base=1),
        lambda: total_variation(*counts, level=95),
        lambda: ks_from_counts(*counts, single=[True]),
        lambda: wasserstein([], [1]),
        lambda: wasserstein([1], [1], [1, 2]),
        lambda: wasserstein([1], [1], [0]),
        lambda: wasserstein([1], [1], None, [-1]),
        lambda: wasserstein([1], [1], level=0),
        lambda: wasserstein_from_counts([1, 2], [1, 2], [1]),
    ):
        with pytest.raises(BadSample):
            call()


@given(st.integers(0, 10**6), st.booleans())
@settings(max_examples=50, deadline=None)
def test_the_ks_test_is_scipys(seed, large):
    rng = np.random.default_rng(seed)
    n, m = (150, 90) if large else (int(rng.integers(1, 15)), int(rng.integers(1, 15)))
    x, y = rng.normal(size=n), rng.normal(0.4, 1, m)
    for side in ("two-sided", "greater", "less"):
        theirs = oracle.ks_2samp(x, y, alternative=side, method="exact")
        ours = ks_test(x, y, method="exact", alternative=side)
        assert (ours.statistic, ours.p_value) == pytest.approx((theirs.statistic, theirs.pvalue), rel=1e-9, abs=1e-300)
    two_sided = ks_test(x, y)
    assert ks_test(np.exp(x), np.exp(y)).p_value == two_sided.p_value
    assert ks_test(y, x).p_value == pytest.approx(two_sided.p_value)
    assert two_sided.method == ("asymptotic" if large else "exact")


@pytest.mark.parametrize("side", ["two-sided", "greater", "less"])
@pytest.mark.parametrize("values", [[1, 1, 2, 3, 3, 3, 4, 5], [1, 1, 1, 1, 2, 2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8]])
def test_the_exact_p_with_ties_counts_every_way_to_deal_the_values(values, side):
    values = np.array(values)
    x, y = values[[0, 2, 3]], values[[1, 4, 5, 6, 7]]
    deals = [list(chosen) for chosen in itertools.combinations(range(8), 3)]
    reached = [
        ks_test(values[deal], np.delete(values, deal), alternative=side).statistic
        >= ks_test(x, y, alternative=side).statistic - 1e-12
        for deal in deals
    ]
    assert ks_test(x, y, method="exact", alternative=side).p_value == pytest.approx(np.mean(reached))


def test_small_exact_chances_keep_their_digits():
    test = ks_test(np.arange(60), np.arange(60) + 100, method="exact")
    assert test.p_value == pytest.approx(2 / math.comb(120, 60), rel=1e-10)


def test_where_the_gap_is_reached_is_said():
    test = ks_test([1, 2, 3, 10], [4, 5, 6, 11])
    assert (test.location, test.statistic, test.n, test.m) == (3, 0.75, 4, 4)


def test_a_ks_test_that_cannot_be_is_refused():
    for call in (
        lambda: ks_test([], [1]),
        lambda: ks_test([1, np.inf], [1]),
        lambda: ks_test([1], [1], method="approx"),
        lambda: ks_test([1], [1], alternative="larger"),
        lambda: ks_test(np.arange(15_000), np.arange(15_000), method="exact"),
    ):
        with pytest.raises(BadSample):
            call()


@given(st.integers(0, 10**6))
@settings(max_examples=30, deadline=None)
def test_wassersteins_distance_is_scipys_and_moves_with_the_unit(seed):
    rng = np.random.default_rng(seed)
    u, v = rng.normal(size=25), rng.choice([-1.0, 0.0, 2.0], 40)
    weights = rng.random(25), rng.random(40)
    assert wasserstein(u, v).value == pytest.approx(oracle.wasserstein_distance(u, v))
    assert wasserstein(u, v, *weights).value == pytest.approx(oracle.wasserstein_distance(u, v, *weights))
    plain, scaled = wasserstein(u, v), wasserstein(-3 * u + 7, -3 * v + 7)
    assert scaled.value == pytest.approx(3 * plain.value)
    assert scaled.estimate.high == pytest.approx(3 * plain.estimate.high)
    assert scaled.expected_without_drift == pytest.approx(3 * plain.expected_without_drift)


def test_wassersteins_distance_of_a_shift_is_the_shift():
    rng = np.random.default_rng(9)
    shifted = wasserstein(rng.normal(size=2000), rng.normal(1.5, 1, 2000)).estimate
    assert shifted.low < 1.5 < shifted.high
    assert shifted.high - shifted.low < 0.25


@given(COUNTS, COUNTS)
def test_counts_of_halves_add_up(first, second):
    size = min(len(first), len(second))
    first, second = np.array(first[:size]) + 1, np.array(second[:size]) + 1
    assert psi(first + first, second + second).value == pytest.approx(psi(first, second).value)
    assert psi(first * 2, second * 2).expected_without_drift == pytest.approx(
        psi(first, second).expected_without_drift / 2
    )
