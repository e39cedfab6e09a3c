import numpy as np
import pytest
from scipy import special

from heldout.stats.sample import BadSample, Undefined
from heldout.stats.studentised import studentised_quantiles


def test_normal_clusters_of_one_size_give_ts_quantiles():
    sums = special.ndtri((np.arange(80) + 0.5) / 80)
    low, high = studentised_quantiles(sums, np.ones(80), draws=20_000)
    assert (low, high) == pytest.approx((-1.99, 1.99), abs=0.12)


def test_a_long_right_tail_gives_a_long_left_quantile():
    low, high = studentised_quantiles(np.exp(np.linspace(-2, 3, 30)), np.ones(30))
    assert -low > high + 0.5


def test_the_same_seed_gives_the_same_quantiles():
    sums, sizes = np.arange(20.0), np.full(20, 3)
    assert studentised_quantiles(sums, sizes) == studentised_quantiles(sums, sizes)
    assert studentised_quantiles(sums, sizes) != studentised_quantiles(sums, sizes, seed=1)


def test_a_wider_level_has_wider_quantiles():
    sums, sizes = np.arange(20.0) ** 2, np.arange(1, 21)
    narrow, wide = (studentised_quantiles(sums, sizes, level=level) for level in (0.9, 0.99))
    assert wide[0] < narrow[0] < narrow[1] < wide[1]


@pytest.mark.parametrize(
    ("sums", "sizes", "level"),
    [(np.ones(9), np.ones(9), 0.95), (np.ones(12), np.ones(11), 0.95), (np.arange(12), np.ones(12), 1.0)],
)
def test_too_few_clusters_and_levels_of_1_are_refused(sums, sizes, level):
    with pytest.raises(BadSample):
        studentised_quantiles(sums, sizes, level=level)


def test_clusters_that_do_not_differ_are_undefined():
    with pytest.raises(Undefined, match="do not differ"):
        studentised_quantiles(np.full(12, 2.0), np.ones(12))
