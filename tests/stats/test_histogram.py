import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats as oracle

from heldout.stats import BadSample
from heldout.stats.distances import joint_histogram, ks_from_counts

N = 30_000
COLUMNS = {
    "normal": lambda rng: rng.normal(size=N),
    "float32": lambda rng: rng.normal(size=N).astype(np.float32),
    "far from 0": lambda rng: rng.normal(1e9, 1, N),
    "one outlier": lambda rng: np.append(rng.normal(size=N - 1), rng.choice([1e300, -1e300])),
    "both ends of the floats": lambda rng: rng.choice([-1.7e308, 1.7e308, 0.0, 1.0], N) * rng.random(N),
    "next to 0": lambda rng: rng.integers(0, 3000, N) * 5e-324,
    "lognormal": lambda rng: rng.lognormal(0, 2, N),
    "heavy tails of both signs": lambda rng: rng.standard_cauchy(N) ** 3,
    "mostly 0": lambda rng: rng.exponential(1, N) * (rng.random(N) < 0.1),
    "a frequent value far below": lambda rng: np.where(rng.random(N) < 0.1, -999.0, 1e6 + rng.random(N)),
    "a frequent value far above": lambda rng: np.where(rng.random(N) < 0.1, 1e9, rng.random(N)),
    "two frequent values far off": lambda rng: np.where(
        rng.random(N) < 0.4, rng.choice([0.0, 1.0], N), 1e6 + rng.random(N)
    ),
    "negative 0": lambda rng: np.where(rng.random(N) < 0.5, -0.0, 0.0) + rng.integers(0, 2, N),
    "two scales": lambda rng: np.where(rng.random(N) < 0.5, rng.random(N) * 1e-3, 1e6 + rng.random(N)),
    "prices": lambda rng: rng.integers(1, 3000, N) / 100,
    "counts": lambda rng: rng.poisson(50, N),
    "wide whole numbers": lambda rng: rng.integers(-30_000, 30_000, N),
    "large whole numbers": lambda rng: rng.integers(2**62, 2**62 + 60_000, N),
    "times": lambda rng: rng.integers(1_700_000_000, 1_701_000_000, N),
    "bool": lambda rng: rng.random(N) < 0.3,
    "constant": lambda rng: np.full(N, 0.1),
    "whole but for one": lambda rng: np.append(rng.integers(0, 9, N - 1), 0.5),
}


def two(name, seed=0):
    rng = np.random.default_rng(seed)
    reference, current = COLUMNS[name](rng), COLUMNS[name](rng)
    return reference, current[: N - 5000]


def counted(values, edges):
    """The rows of each bin, one search a row; the ends take what lies outside."""
    return np.bincount(np.searchsorted(edges[1:-1], values, side="right"), minlength=edges.size - 1)


@pytest.mark.parametrize("bins", [4096, 50])
@pytest.mark.parametrize("name", COLUMNS)
def test_every_row_is_counted_in_the_bin_that_the_edges_say(name, bins):
    reference, current = two(name)
    histogram = joint_histogram(reference, current, bins=bins)
    both = np.concatenate((reference, current)).astype(np.float64)
    assert (np.diff(histogram.edges)[:-1] > 0).all()
    assert histogram.edges[0] <= both.min() <= both.max() <= histogram.edges[-1]
    assert np.array_equal(histogram.reference, counted(reference, histogram.edges))
    assert np.array_equal(histogram.current, counted(current, histogram.edges))
    assert histogram.reference.size <= 3 * bins


@pytest.mark.parametrize("name", COLUMNS)
def test_a_bin_of_one_value_has_one_value(name):
    reference, current = two(name)
    histogram = joint_histogram(reference, current)
    both = np.sort(np.concatenate((reference, current)).astype(np.float64))
    distinct = np.unique(both)
    values = counted(distinct, histogram.edges)
    assert (values[histogram.single] == 1).all()


@pytest.mark.parametrize("bins", [4096, 50])
@pytest.mark.parametrize("name", COLUMNS)
def test_d_of_the_rows_lies_between_d_of_the_counts_and_its_error_bound(name, bins):
    reference, current = two(name)
    histogram = joint_histogram(reference, current, bins=bins)
    drift = ks_from_counts(histogram.reference, histogram.current, single=histogram.single)
    exact = oracle.ks_2samp(reference.astype(np.float64), current.astype(np.float64), method="asymp").statistic
    assert drift.value - 1e-12 <= exact <= drift.value + drift.error_bound + 1e-12
    heaviest = max(
        (counts[~histogram.single] / counts.sum()).max(initial=0) for counts in (histogram.reference, histogram.current)
    )
    assert drift.error_bound <= heaviest + 1e-12
    assert heaviest <= max(2.5 / bins, 0.0045)


@pytest.mark.parametrize("name", ["counts", "bool", "constant", "prices", "negative 0"])
def test_columns_of_few_values_hide_nothing(name):
    reference, current = two(name)
    histogram = joint_histogram(reference, current)
    drift = ks_from_counts(histogram.reference, histogram.current, single=histogram.single)
    exact = oracle.ks_2samp(reference.astype(np.float64), current.astype(np.float64), method="asymp").statistic
    assert drift.value == pytest.approx(exact, abs=1e-12)
    assert drift.error_bound <= 0.002


def test_a_frequent_value_among_others_has_a_bin_of_its_own():
    reference, current = two("mostly 0")
    histogram = joint_histogram(reference, current, bins=100)
    at = int(np.searchsorted(histogram.edges, 0.0))
    assert histogram.edges[at] == 0
    assert histogram.single[at]
    assert histogram.reference[at] == (reference == 0).sum()


@given(
    arrays(np.float64, st.integers(1, 60), elements=st.floats(-1e6, 1e6)),
    arrays(np.float64, st.integers(1, 60), elements=st.floats(-1e6, 1e6) | st.integers(-3, 3).map(float)),
)
@settings(max_examples=60, deadline=None)
def test_small_samples_are_exact_and_know_no_order(reference, current):
    histogram = joint_histogram(reference, current)
    turned = joint_histogram(reference[::-1], current[::-1])
    assert np.array_equal(histogram.edges, turned.edges)
    assert np.array_equal(histogram.reference, turned.reference)
    drift = ks_from_counts(histogram.reference, histogram.current, single=histogram.single)
    assert drift.value == pytest.approx(oracle.ks_2samp(reference, current, method="exact").statistic)
    assert drift.error_bound == 0


@pytest.mark.parametrize("name", COLUMNS)
def test_halves_over_the_same_edges_merge_to_the_whole(name):
    reference, current = two(name)
    whole = joint_histogram(reference, current, bins=200)
    cut = 11_111
    first = joint_histogram(reference[:cut], current[:cut], edges=whole.edges)
    second = joint_histogram(reference[cut:], current[cut:], edges=whole.edges)
    for merged in (first.merge(second), second.merge(first), joint_histogram(reference, current, edges=whole.edges)):
        assert np.array_equal(merged.reference, whole.reference)
        assert np.array_equal(merged.current, whole.current)
        values = counted(np.unique(np.concatenate((reference, current)).astype(np.float64)), merged.edges)
        assert (values[merged.single] <= 1).all()


def test_merging_two_values_of_one_bin_makes_no_single_value():
    first, second = (joint_histogram([value], [value], edges=[0.0, 1.0]) for value in (0.2, 0.7))
    assert not first.merge(second).single.any()


def test_the_same_seed_gives_the_same_bins_and_columns_of_strides_are_read():
    table = np.random.default_rng(1).normal(size=(N, 4))
    first = joint_histogram(table[:, 1], table[:, 2], seed=3)
    second = joint_histogram(table[:, 1].copy(), table[:, 2].copy(), seed=3)
    assert np.array_equal(first.edges, second.edges)
    assert np.array_equal(first.reference, second.reference)


def test_coarser_bins_hold_equally_many_reference_rows_and_lose_none():
    reference, current = two("normal")
    histogram = joint_histogram(reference, current + 0.2)
    deciles = histogram.coarser(10)
    assert deciles.reference.size == 10
    assert deciles.reference.sum() == N
    assert deciles.current.sum() == N - 5000
    assert deciles.reference == pytest.approx(np.full(10, N / 10), rel=0.02)
    assert np.array_equal(deciles.reference, counted(reference, deciles.edges))
    assert not deciles.single.any()


def test_a_value_that_carries_much_of_the_reference_stays_alone_in_coarser_bins():
    coarse = joint_histogram(*two("mostly 0")).coarser(10)
    assert coarse.single.sum() == 1
    assert coarse.reference[coarse.single][0] > 0.88 * N


@pytest.mark.parametrize(
    ("arguments", "options", "said"),
    [
        (([], [1.0]), {}, "reference is empty"),
        (([1.0], np.array([])), {}, "current is empty"),
        ((np.array([1.0, np.nan]), [1.0]), {}, "reference holds a value that is not finite"),
        (([1.0], np.array([1.0, 2.0, -np.inf])), {}, "row 2"),
        ((["a"], [1.0]), {}, "not a number"),
        ((np.ones((2, 2)), [1.0]), {}, "2 axes"),
        (([1.0], [1.0]), {"bins": 0}, "bins is 0"),
        (([1.0], [1.0]), {"bins": 2.5}, "bins is 2.5"),
        (([1.0], [1.0]), {"edges": [1.0]}, "do not ascend"),
        (([1.0], [1.0]), {"edges": [1.0, 1.0, 2.0]}, "do not ascend"),
        (([1.0], [1.0]), {"edges": [1.0, np.nan]}, "not finite"),
    ],
)
def test_columns_and_bins_that_cannot_be_are_refused(arguments, options, said):
    with pytest.raises(BadSample, match=said):
        joint_histogram(*arguments, **options)


def test_histograms_over_other_edges_do_not_merge():
    with pytest.raises(BadSample, match="other edges"):
        joint_histogram([1, 2], [2]).merge(joint_histogram([1, 2], [2, 3]))
    with pytest.raises(BadSample, match="bins is 0"):
        joint_histogram([1, 2], [2]).coarser(0)
