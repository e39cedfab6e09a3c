import numpy as np
import pytest
from tests.stats.agreement.worlds import FOUR_RATERS

from heldout.stats.agreement import fleiss_kappa, fleiss_kappa_by_category, ratings_from_counts
from heldout.stats.sample import Undefined

COUNTS = [[0, 0, 0, 6, 0], [0, 3, 0, 0, 3], [0, 1, 4, 0, 1], [0, 0, 0, 0, 6], [0, 3, 0, 3, 0], [2, 0, 4, 0, 0]]
"""The first patients of Fleiss 1971, Table 1."""


def test_categories_average_to_kappa_by_their_variance():
    kappa = fleiss_kappa(ratings_from_counts(COUNTS))
    parts = fleiss_kappa_by_category(ratings_from_counts(COUNTS))
    spread = [part.share * (1 - part.share) for part in parts]
    assert np.average([part.kappa for part in parts], weights=spread) == pytest.approx(kappa.estimate.value)


def test_of_two_categories_each_has_kappa_itself_and_its_test():
    ratings = [[1, 2, 2, 1, 2, 2], [1, 2, 1, 1, 2, 1], [1, 2, 2, 2, 2, 1]]
    kappa = fleiss_kappa(ratings)
    for part in fleiss_kappa_by_category(ratings):
        assert part.kappa == pytest.approx(kappa.estimate.value)
        assert part.statistic == pytest.approx(kappa.statistic)
        assert part.p_value == pytest.approx(kappa.p_value)


def test_a_category_that_nobody_gave_has_no_kappa():
    parts = fleiss_kappa_by_category([[1, 2], [1, 1]], categories=[1, 2, 3])
    assert [part.category for part in parts] == [1, 2, 3]
    assert (parts[2].share, parts[2].kappa, parts[2].p_value) == (0, None, None)


def test_the_test_against_chance_needs_equally_many_ratings():
    uneven = fleiss_kappa(FOUR_RATERS)
    assert uneven.null_standard_error is None
    assert uneven.statistic == pytest.approx(uneven.estimate.value / uneven.standard_error)
    with pytest.raises(Undefined, match="different numbers"):
        fleiss_kappa_by_category(FOUR_RATERS)
    with pytest.raises(Undefined, match="one each"):
        fleiss_kappa_by_category([[1, 2, 1]])


def test_without_agreement_z_is_standard_normal():
    rng = np.random.default_rng(3)
    z = np.array([fleiss_kappa(rng.choice(3, (4, 60), p=[0.5, 0.3, 0.2])).statistic for _ in range(500)])
    assert abs(z.mean() + 0.1) < 0.25
    assert 0.88 < z.std() < 1.12
