import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, norm, quantile_test

from heldout.stats.quantiles import median, order_statistic_ranks, quantile
from heldout.stats.sample import BadSample

RNG = np.random.default_rng(3)


@pytest.mark.parametrize("n", [6, 20, 73, 400])
@pytest.mark.parametrize("q", [0.25, 0.5, 0.9])
@pytest.mark.parametrize("level", [0.8, 0.95, 0.99])
def test_the_interval_is_that_of_scipys_quantile_test(n, q, level):
    values = RNG.normal(size=n)
    theirs = quantile_test(values, q=0, p=q).confidence_interval(level)
    ours = quantile(values, q, level=level)
    if np.isfinite([theirs.low, theirs.high]).all():
        assert (ours.low, ours.high) == (theirs.low, theirs.high)
    else:
        assert not ours.is_defined
        assert "no order statistic" in ours.undefined_because
    assert ours.value == pytest.approx(np.quantile(values, q))


@given(st.integers(1, 300), st.floats(0.01, 0.99), st.floats(0.5, 0.999))
def test_ranks_cover_the_level_and_one_nearer_rank_would_leave_too_much_out(n, q, level):
    low, high = order_statistic_ranks(n, q, level)
    tail = (1 - level) / 2
    assert binom.cdf(low - 1, n, q) <= tail + 1e-9
    assert binom.cdf(low, n, q) > tail - 1e-9
    assert binom.sf(high - 1, n, q) <= tail + 1e-9
    assert binom.sf(high - 2, n, q) > tail - 1e-9


def test_the_docstring_names_the_fewest_rows():
    for fewest, q in ((6, 0.5), (368, 0.99)):
        assert quantile(np.arange(fewest), q).is_defined
        assert not quantile(np.arange(fewest - 1), q).is_defined


def test_two_million_rows_need_no_table():
    low, high = order_statistic_ranks(2_000_000, 0.5)
    assert (low, high) == pytest.approx((1e6 - 1386, 1e6 + 1387), abs=1)


@given(st.lists(st.integers(-5, 5), min_size=6, max_size=60), st.randoms(use_true_random=False))
def test_row_order_does_not_matter_and_the_negated_median_is_the_median_negated(values, random):
    there, back = median(values), median([-x for x in random.sample(values, len(values))])
    assert (there.low, there.value, there.high) == (-back.high, -back.value, -back.low)


def test_ties_everywhere_make_an_interval_of_one_value():
    estimate = median([7] * 20)
    assert (estimate.low, estimate.value, estimate.high) == (7, 7, 7)


@pytest.mark.parametrize("cluster", [None, np.repeat(np.arange(25), 8)])
def test_a_monotone_change_of_the_values_changes_the_ends_alike(cluster):
    values = RNG.normal(size=200)
    plain, changed = quantile(values, 0.8, cluster), quantile(np.exp(values), 0.8, cluster)
    assert (changed.low, changed.high) == pytest.approx((np.exp(plain.low), np.exp(plain.high)))


def test_rows_that_repeat_within_clusters_widen_the_clustered_interval_alone():
    values, cluster = RNG.normal(size=60), np.arange(60)
    once = quantile(values, 0.5, cluster)
    copied = quantile(np.repeat(values, 9), 0.5, np.repeat(cluster, 9))
    assert (copied.low, copied.high) == (once.low, once.high)
    rows = quantile(np.repeat(values, 9), 0.5)
    assert rows.high - rows.low < copied.high - copied.low


def test_the_clustered_interval_covers_a_known_quantile_where_that_of_rows_does_not():
    cluster = np.repeat(np.arange(40), 10)
    truth = norm.ppf(0.75) * np.sqrt(2)
    covered = {"clusters": 0, "rows": 0}
    for _ in range(300):
        values = RNG.normal(size=40)[cluster] + RNG.normal(size=400)
        for name, estimate in (("clusters", quantile(values, 0.75, cluster)), ("rows", quantile(values, 0.75))):
            covered[name] += estimate.low <= truth <= estimate.high
    assert covered["clusters"] / 300 == pytest.approx(0.95, abs=0.035)
    assert covered["rows"] / 300 < 0.85


@pytest.mark.parametrize(
    ("estimate", "says"),
    [
        (median([1, 2, 3]), "3 rows hold no order statistic far enough below the quantile 0.5"),
        (quantile(range(100), 0.995), "above the quantile 0.995"),
        (median([1, 2], cluster=["a", "a"]), "two clusters"),
        (median([1, 3, 2, 4, 1, 3], cluster=["a", "a", "b", "b", "c", "c"]), "no variance"),
        (quantile(np.arange(40), 0.99, np.repeat(np.arange(8), 5)), "leaves"),
    ],
)
def test_an_interval_that_does_not_exist_says_why_and_leaves_the_value(estimate, says):
    assert estimate.value is not None
    assert not estimate.is_defined
    assert says in estimate.undefined_because


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: median([]), "empty"),
        (lambda: median([1, float("inf")]), "row 1"),
        (lambda: quantile([1, 2], 1), "no quantile 1"),
        (lambda: quantile([1, 2], float("nan")), "q is nan"),
        (lambda: median([1, 2], level=95), "level"),
        (lambda: median([1, 2], cluster=[1]), "shape"),
        (lambda: order_statistic_ranks(0, 0.5), "n is 0"),
    ],
)
def test_input_that_cannot_be_used_is_refused(call, says):
    with pytest.raises(BadSample, match=says):
        call()
