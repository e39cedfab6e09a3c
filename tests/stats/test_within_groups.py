import itertools

import numpy as np
import pytest
from scipy import stats

from heldout.stats.within_groups import group_agreement, local_agreement, neighbour_agreement, of_independent_rows


@pytest.fixture
def rng():
    return np.random.default_rng(5)


def by_pairs(label, group):
    """The chance-corrected share of pairs that agree, each row weighing the same, by walking all pairs."""
    per_row = [
        np.mean([label[j] == label[i] for j in range(len(label)) if j != i and group[j] == group[i]])
        for i in range(len(label))
    ]
    expected = sum(np.mean(label == c) ** 2 for c in np.unique(label))
    return (np.mean(per_row) - expected) / (1 - expected)


def test_it_is_the_agreement_of_all_pairs_within_groups_beyond_chance(rng):
    group = np.repeat(np.arange(15), rng.integers(2, 7, 15))
    label = rng.integers(0, 3, len(group)).astype(float)
    assert group_agreement(label, group, is_classes=True).value == pytest.approx(by_pairs(label, group))


def test_for_numbers_it_is_the_pairwise_correlation_of_ranks(rng):
    group = np.repeat(np.arange(30), 2)
    label = rng.normal(size=30)[group] + rng.normal(size=60)
    ranks = stats.rankdata(label)
    pairs = ranks.reshape(30, 2)
    both = np.concatenate([pairs, pairs[:, ::-1]])
    expected = np.corrcoef(both.T)[0, 1]
    assert group_agreement(label, group, is_classes=False).value == pytest.approx(expected)


def test_single_rows_missing_groups_and_missing_labels_count_nowhere(rng):
    group = np.repeat(np.arange(20), 5)
    label = rng.integers(0, 2, 100).astype(float)
    plain = group_agreement(label, group, is_classes=True)
    more = group_agreement(
        np.concatenate([label, [1.0, 0.0, np.nan]]), np.concatenate([group, [77, -1, 3]]), is_classes=True
    )
    assert (more.value, more.low, more.n) == (plain.value, plain.low, plain.n)


def test_few_groups_or_one_label_have_no_interval(rng):
    few = group_agreement(rng.integers(0, 2, 18).astype(float), np.repeat(np.arange(9), 2), is_classes=True)
    same = group_agreement(np.ones(60), np.repeat(np.arange(20), 3), is_classes=True)
    tied = group_agreement(np.ones(60), np.repeat(np.arange(20), 3), is_classes=False)
    assert few.value is same.value is tied.value is None
    assert "10 are needed" in few.undefined_because


@pytest.mark.parametrize("is_classes", [True, False])
def test_its_lower_bound_is_rarely_above_the_truth(rng, is_classes):
    above = 0
    for _ in range(200):
        group = np.repeat(np.arange(40), rng.geometric(0.2, 40))
        label = (rng.random(len(group)) < 0.3).astype(float) if is_classes else rng.lognormal(size=len(group))
        above += group_agreement(label, group, is_classes=is_classes, level=0.9).low > 0
    assert above <= 200 * 0.05 + 3 * np.sqrt(200 * 0.05 * 0.95)


def test_neighbours_that_repeat_agree_by_the_share_that_repeats(rng):
    fresh = rng.integers(0, 2, 20_000).astype(float)
    series = list(
        itertools.accumulate(
            zip(fresh, rng.random(20_000), strict=True), lambda old, new: (old[0], 0) if new[1] < 0.6 else new
        )
    )
    values = np.array([value for value, _ in series])
    found = neighbour_agreement(values[:-1], values[1:], is_classes=True)
    assert found.low < 0.6 < found.high
    assert found.high - found.low < 0.1


def test_neighbours_of_numbers_correlate_by_rank(rng):
    walk = np.exp(rng.normal(size=4000).cumsum() / 10)
    found = neighbour_agreement(walk[:-1], walk[1:], is_classes=False)
    assert found.value == pytest.approx(stats.spearmanr(walk[:-1], walk[1:]).statistic)


def test_a_few_pairs_say_nothing():
    assert neighbour_agreement(np.zeros(50), np.ones(50), is_classes=True).value is None


def test_clusters_that_agree_count_once_and_those_that_do_not_count_their_rows(rng):
    hits = np.repeat(rng.random(100) < 0.3, 10)
    cluster = np.repeat(np.arange(100), 10)
    count, rows = of_independent_rows(hits, cluster)
    assert rows == pytest.approx(100, abs=2)
    assert count / rows == pytest.approx(hits.mean(), abs=0.01)
    loose = rng.random(10_000) < 0.3
    assert of_independent_rows(loose, np.repeat(np.arange(1000), 10))[1] > 8000
    assert of_independent_rows(loose, None) == (int(loose.sum()), 10_000)


def test_numbers_that_repeat_their_neighbour_within_blocks_agree_and_independent_ones_do_not(rng):
    noise = rng.normal(size=4001)
    repeated = np.repeat(rng.normal(size=2000), 2)
    alike = local_agreement(repeated[:-1], repeated[1:], is_classes=False)
    apart = local_agreement(noise[:-1], noise[1:], is_classes=False)

    assert alike.low < 0.5 < alike.high
    assert apart.low < 0 < apart.high
