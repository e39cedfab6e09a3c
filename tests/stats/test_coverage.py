import numpy as np
import pytest

from heldout.stats.coverage import simulated_coverage


def coverage(parts, seed_parts=(), level=0.95, seed=0):
    return simulated_coverage(parts, seed_parts, level=level, worlds=4000, seed=seed)


@pytest.mark.parametrize("level", [0.8, 0.95])
def test_even_parts_are_covered_as_often_as_promised(level):
    parts = np.random.default_rng(1).normal(size=99)
    estimate = coverage(parts - parts.mean(), level=level)
    assert estimate.low - 0.01 < level < estimate.high + 0.01
    assert estimate.n == 4000


def test_one_overwhelming_cluster_costs_coverage():
    parts = np.zeros(60)
    parts[0] = 10.0
    parts -= parts.mean()
    assert coverage(parts).high < 0.8


def test_a_measured_seed_variance_is_part_of_each_world():
    parts = np.random.default_rng(2).normal(size=60)
    parts -= parts.mean()
    with_seeds = coverage(parts, [(2.0 * float(parts @ parts), 2)])
    assert with_seeds != coverage(parts)
    assert with_seeds.value == pytest.approx(0.95, abs=0.02)


def test_worlds_without_any_variance_cover_nothing():
    assert coverage(np.zeros(30)).value == 0
