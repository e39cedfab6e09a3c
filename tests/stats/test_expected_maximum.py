import math

import numpy as np
import pytest

from heldout.stats.expected_maximum import expected_maximum
from heldout.stats.sample import BadSample


@pytest.mark.parametrize(
    ("draws", "known"),
    [(2, 1 / math.sqrt(math.pi)), (3, 1.5 / math.sqrt(math.pi)), (5, 1.16296447), (10, 1.53875273)],
)
def test_it_is_the_value_of_the_tables(draws, known):
    assert expected_maximum(draws) == pytest.approx(known, abs=1e-6)


def test_it_is_the_mean_of_simulated_maxima_and_below_the_usual_bound():
    drawn = np.random.default_rng(0).normal(size=(20_000, 40)).max(axis=1)
    assert expected_maximum(40) == pytest.approx(drawn.mean(), abs=4 * drawn.std() / math.sqrt(20_000))
    assert all(expected_maximum(k) < math.sqrt(2 * math.log(k)) for k in (2, 10, 1000, 10**6))


def test_fewer_than_one_draw_is_refused():
    with pytest.raises(BadSample):
        expected_maximum(0)
