import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, norm, wilcoxon

from heldout.stats import permutation
from heldout.stats.permutation import sign_flip_test, wilcoxon_signed_rank
from heldout.stats.sample import BadSample, Undefined

RNG = np.random.default_rng(11)
DARWIN = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48]
differences = st.lists(st.integers(-9, 9).map(lambda x: x / 10), min_size=1, max_size=9)


def brute_force(values, alternative):
    """Count the flips at least as extreme, in exact tenths."""
    tenths = [round(10 * x) for x in values]
    sums = [
        sum(s * x for s, x in zip(signs, tenths, strict=True))
        for signs in itertools.product((1, -1), repeat=len(values))
    ]
    seen = sum(tenths)
    if alternative == "two-sided":
        return sum(abs(x) >= abs(seen) for x in sums)
    return sum(x >= seen if alternative == "greater" else x <= seen for x in sums)


@pytest.mark.parametrize("alternative", ["two-sided", "greater", "less"])
@given(values=differences)
def test_small_samples_count_every_flip(alternative, values):
    test = sign_flip_test(values, alternative=alternative)
    assert test.is_exact
    assert test.arrangements == 2 ** len(values)
    assert test.count == brute_force(values, alternative)
    assert test.p_value == test.count / test.arrangements
    assert test.statistic == pytest.approx(np.mean(values))


def test_one_side_of_darwins_plants_is_half_of_both():
    # Fisher 1935, The Design of Experiments, §21: 863 of 32,768 on one side
    assert sign_flip_test(DARWIN, alternative="greater").count == 863
    assert sign_flip_test(np.negative(DARWIN), alternative="less").count == 863


def test_pairs_are_subtracted():
    first, second = np.arange(12.0), np.arange(12.0)[::-1] / 2
    assert sign_flip_test(first, second) == sign_flip_test(first - second)


@given(st.lists(st.integers(0, 3), min_size=2, max_size=30), st.randoms(use_true_random=False))
def test_clusters_flip_as_wholes(cluster, random):
    values = np.array([random.randint(-5, 5) for _ in cluster], dtype=float)
    by_cluster = sign_flip_test(values, cluster=cluster)
    sums = [values[np.array(cluster) == name].sum() for name in sorted(set(cluster))]
    assert by_cluster.count == sign_flip_test(sums).count
    assert by_cluster.units == len(sums)
    assert by_cluster.statistic == pytest.approx(values.mean())


@pytest.mark.parametrize("alternative", ["two-sided", "greater", "less"])
@pytest.mark.parametrize(
    "values", [RNG.normal(0.2, 1, 18), RNG.integers(-1, 2, 18), np.repeat(RNG.normal(0.3, 1, 9), 2)]
)
def test_drawn_flips_agree_with_all_flips(alternative, values):
    exact = sign_flip_test(values, alternative=alternative)
    drawn = sign_flip_test(values, alternative=alternative, exact_up_to=0, resamples=20_000)
    assert not drawn.is_exact
    assert drawn.p_value == (drawn.count + 1) / 20_001
    assert drawn.p_value == pytest.approx(exact.p_value, abs=5 * np.sqrt(exact.p_value / 20_000))


@pytest.mark.parametrize("most", [64, 2**16])
def test_many_units_come_near_the_normal_whether_they_are_dealt_to_groups_or_not(most, monkeypatch):
    monkeypatch.setattr(permutation, "MOST_GROUPS", most)
    values = RNG.normal(0.03, 1, 3000) * RNG.uniform(0.2, 1.2, 3000)
    normal = 2 * norm.sf(abs(values.sum()) / np.sqrt(values @ values))
    assert sign_flip_test(values).p_value == pytest.approx(normal, rel=0.15 if most > 64 else 0.6)


def test_flips_dealt_to_groups_keep_the_level(monkeypatch):
    monkeypatch.setattr(permutation, "MOST_GROUPS", 24)
    rejected = [sign_flip_test(RNG.standard_cauchy(60), resamples=99, seed=seed).p_value <= 0.1 for seed in range(600)]
    assert np.mean(rejected) == pytest.approx(0.1, abs=0.04)


def test_a_binary_outcome_gives_the_p_of_the_exact_mcnemar():
    values = np.repeat([1.0, -1.0, 0.0], [130, 100, 90_000])
    drawn = sign_flip_test(values, resamples=20_000)
    assert drawn.p_value == pytest.approx(binomtest(100, 230).pvalue, abs=0.01)


@pytest.mark.parametrize("values", [RNG.normal(0.1, 1, 300), RNG.integers(-1, 2, 300)])
def test_the_seed_repeats_the_draws_and_neither_row_order_nor_a_turn_changes_them(values):
    once = sign_flip_test(values, seed=4)
    assert sign_flip_test(values, seed=4) == once
    assert sign_flip_test(RNG.permutation(values), seed=4).count == once.count
    assert sign_flip_test(-values, seed=4).count == once.count
    assert sign_flip_test(values, seed=5).count != once.count


def test_blocks_do_not_change_what_is_summed(monkeypatch):
    monkeypatch.setattr(permutation, "BYTES", 3)
    monkeypatch.setattr(permutation, "DRAWN_AT_ONCE", 30)
    values = RNG.normal(0.2, 1, 70)
    normal = 2 * norm.sf(abs(values.sum()) / np.sqrt(values @ values))
    assert sign_flip_test(values, resamples=2000).p_value == pytest.approx(normal, abs=0.05)


def test_no_difference_at_all_is_no_evidence():
    assert sign_flip_test([0.0, 0.0, 0.0]).p_value == 1
    assert sign_flip_test(np.zeros(500), resamples=99).p_value == 1


def test_the_smallest_p_tells_what_so_few_units_can_show():
    assert sign_flip_test([1.0, 2.0, 3.0, 4.0, 5.0]).p_value == sign_flip_test([1.0] * 5).smallest_p == 0.0625
    assert sign_flip_test([1.0] * 5, alternative="greater").smallest_p == 1 / 32
    assert sign_flip_test([1.0] * 50, resamples=999).p_value == sign_flip_test([1.0] * 50, resamples=999).smallest_p


@pytest.mark.parametrize("alternative", ["two-sided", "greater", "less"])
def test_signed_ranks_without_ties_are_scipys(alternative):
    values = RNG.normal(0.2, 1, 30)
    exact = wilcoxon_signed_rank(values, alternative=alternative)
    assert exact.is_exact
    assert exact.p_value == pytest.approx(wilcoxon(values, alternative=alternative, method="exact").pvalue)
    assert exact.statistic == wilcoxon(values, alternative="greater").statistic
    for continuity in (True, False):
        ours = wilcoxon_signed_rank(values, alternative=alternative, method="normal", continuity=continuity)
        theirs = wilcoxon(values, alternative=alternative, method="asymptotic", correction=continuity)
        assert ours.p_value == pytest.approx(theirs.pvalue)


@pytest.mark.parametrize(("zeros", "zero_method"), [("drop", "wilcox"), ("pratt", "pratt")])
def test_ties_and_zeros_are_ranked_as_scipy_ranks_them(zeros, zero_method):
    values = RNG.integers(-4, 6, 80)
    ours = wilcoxon_signed_rank(values, zeros=zeros, continuity=False)
    theirs = wilcoxon(values, zero_method=zero_method, correction=False, method="asymptotic")
    assert not ours.is_exact
    assert ours.p_value == pytest.approx(theirs.pvalue)
    assert ours.pairs == np.count_nonzero(values)
    assert ours.zeros == np.count_nonzero(values == 0)


@given(differences)
def test_exact_signed_ranks_with_ties_count_every_flip(values):
    moved = np.array([x for x in values if x])
    if not moved.size:
        return
    sizes = np.abs(moved)
    ranks = np.array([(np.sum(sizes < x) + np.sum(sizes <= x) + 1) / 2 for x in sizes])
    seen = ranks[moved > 0].sum()
    sums = [
        sum(r for r, kept in zip(ranks, signs, strict=True) if kept)
        for signs in itertools.product((0, 1), repeat=moved.size)
    ]
    above, below = np.mean([x >= seen for x in sums]), np.mean([x <= seen for x in sums])
    test = wilcoxon_signed_rank(values)
    assert (test.statistic, test.p_value) == pytest.approx((seen, min(1, 2 * min(above, below))))


def test_differences_of_zero_alone_have_no_ranks():
    with pytest.raises(Undefined, match="all differences are 0"):
        wilcoxon_signed_rank([0, 0])


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: sign_flip_test([]), "empty"),
        (lambda: sign_flip_test([1, float("nan")]), "row 1"),
        (lambda: sign_flip_test([1, 2], [1]), "same rows"),
        (lambda: sign_flip_test([1, 2], cluster=[1]), "shape"),
        (lambda: sign_flip_test([1, 2], resamples=0), "resamples is 0"),
        (lambda: sign_flip_test([1, 2], exact_up_to=40), "40 units"),
        (lambda: sign_flip_test([1, 2], alternative="larger"), "alternative"),
        (lambda: wilcoxon_signed_rank([1, 2], method="asymptotic"), "asymptotic"),
        (lambda: wilcoxon_signed_rank([1, 2], zeros="split"), "split"),
        (lambda: wilcoxon_signed_rank(np.arange(1, 1500), method="exact"), "1499 ranks"),
        (lambda: wilcoxon_signed_rank([]), "empty"),
    ],
)
def test_input_that_cannot_be_used_is_refused(call, says):
    with pytest.raises(BadSample, match=says):
        call()
