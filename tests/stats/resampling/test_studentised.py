import numpy as np
import pytest
from scipy import special

from heldout.stats.clusters import variance_of_sum
from heldout.stats.resampling import studentised_interval
from heldout.stats.sample import BadSample


def centred(parts):
    return parts - parts.mean()


def test_even_parts_give_nearly_students_interval():
    parts = centred(np.random.default_rng(1).normal(size=40)) / 40
    found = studentised_interval(parts, 2.0, worlds=40_000)
    half = special.stdtrit(39, 0.975) * np.sqrt(variance_of_sum(parts))
    assert (found.low, found.high) == pytest.approx((2 - half, 2 + half), abs=0.08 * half)
    assert found.n == 40


def test_skewed_parts_move_the_interval_to_their_long_side():
    parts = centred(np.random.default_rng(2).exponential(size=50)) / 50
    found = studentised_interval(parts, 0.0)
    assert found.high > 1.3 * -found.low


def test_it_covers_a_skewed_mean_of_few_clusters_better_than_z():
    rng = np.random.default_rng(3)
    by_z = by_worlds = 0
    for seed in range(300):
        values = rng.lognormal(0, 1, 25)
        parts, mean = centred(values) / 25, values.mean()
        error = np.sqrt(variance_of_sum(parts))
        truth = np.exp(0.5)
        by_z += abs(mean - truth) <= 1.96 * error
        found = studentised_interval(parts, mean, worlds=1_000, seed=seed)
        by_worlds += found.low <= truth <= found.high
    assert by_worlds / 300 > by_z / 300 + 0.03
    assert by_worlds / 300 > 0.9


@pytest.mark.parametrize(("scale", "low", "high"), [("logit", 0, 1), ("log", 0, np.inf)])
def test_the_scale_keeps_the_interval_to_its_range(scale, low, high):
    parts = centred(np.random.default_rng(4).normal(size=20)) / 500
    found = studentised_interval(parts, 0.97, scale=scale)
    assert low < found.low < 0.97 < found.high < high


def test_with_sizes_it_is_the_slow_bootstrap_of_a_ratio_of_sums():
    rng = np.random.default_rng(8)
    sizes = rng.integers(1, 30, 25)
    sums = rng.normal(0.3, 1, 25) * sizes
    mean = sums.sum() / sizes.sum()
    parts = (sums - mean * sizes) / sizes.sum()
    found = studentised_interval(parts, mean, worlds=20_000, sizes=sizes)
    ratios = []
    for _ in range(20_000):
        drawn = rng.integers(0, 25, 25)
        star = sums[drawn].sum() / sizes[drawn].sum()
        residual = sums[drawn] - star * sizes[drawn]
        ratios.append((star - mean) / (np.sqrt((residual**2).sum() * 25 / 24) / sizes[drawn].sum()))
    low, high = np.quantile(ratios, [0.025, 0.975])
    error = np.sqrt(variance_of_sum(parts))
    assert (found.low, found.high) == pytest.approx((mean - high * error, mean - low * error), abs=0.15 * error)


def test_equal_sizes_change_nothing():
    parts = centred(np.random.default_rng(5).normal(size=20))
    assert studentised_interval(parts, 1.0, sizes=np.full(20, 7)) == studentised_interval(parts, 1.0)


def test_worlds_without_spread_count_as_infinite_and_are_not_left_out():
    parts = centred(np.r_[np.ones(3), np.zeros(57)])
    assert "alike" in studentised_interval(parts, 0.05).undefined_because  # 5 % of the worlds draw none of the three
    assert studentised_interval(parts, 0.05, level=0.5).is_defined


def test_one_seed_gives_one_interval():
    parts = centred(np.arange(12.0))
    assert studentised_interval(parts, 1.0, seed=5) == studentised_interval(parts, 1.0, seed=5)
    assert studentised_interval(parts, 1.0, seed=5) != studentised_interval(parts, 1.0, seed=6)


def test_what_cannot_be_studentised_says_why():
    few = studentised_interval([-1.0, 1.0], 0.5)
    assert few.value == 0.5
    assert "five clusters" in few.undefined_because
    assert "no cluster moves" in studentised_interval(np.zeros(9), 0.5).undefined_because
    assert (
        "end of the logit scale" in studentised_interval(centred(np.arange(9.0)), 1.0, scale="logit").undefined_because
    )
    assert "alike" in studentised_interval(np.array([4.0, -1, -1, -1, -1]), 0.5).undefined_because


@pytest.mark.parametrize(
    ("parts", "settings", "says"),
    [
        ([1.0, 2.0, 3.0, 4.0, 5.0], {}, "parts sum to 15"),
        ([1.0, float("nan")], {}, "not finite"),
        (np.zeros((2, 2)), {}, "2 axes"),
        (np.zeros(9), {"estimate": float("inf")}, "no number"),
        (np.zeros(9), {"level": 2}, "level"),
        (np.zeros(9), {"scale": "probit"}, "scale"),
        (np.zeros(9), {"sizes": np.ones(8)}, "8 sizes of 9 clusters"),
        (np.zeros(9), {"sizes": np.zeros(9)}, "sizes"),
    ],
)
def test_bad_input_is_refused(parts, settings, says):
    with pytest.raises(BadSample, match=says):
        studentised_interval(parts, **{"estimate": 0.5} | settings)
