import itertools

import numpy as np
import pytest

from heldout.stats.determination import chance_of_determining, determination, excess_p
from heldout.stats.proportions import clopper_pearson


def test_the_chance_bound_holds_over_every_way_to_deal_the_labels():
    labels = [1, 1, 1, 0, 0, 0, 0]
    column = [0, 0, 1, 1, 1, 2, 2]
    deals = set(itertools.permutations(labels))
    determined = sum(len(set(zip(column, deal, strict=True))) == len(set(column)) for deal in deals)
    assert determined / len(deals) <= chance_of_determining([3, 4], levels=3) < 1


def test_rows_without_a_value_are_left_out_unless_they_all_have_one_class():
    mixed_null = determination(np.array([[40.0, 0.0], [0.0, 40.0], [3.0, 7.0]]))
    pure_null = determination(np.array([[40.0, 0.0], [0.0, 40.0], [0.0, 10.0]]))
    assert (mixed_null.rows, mixed_null.levels) == (80, 2)
    assert (pure_null.rows, pure_null.levels, pure_null.agreed) == (90, 3, 90)


def test_a_column_that_has_nothing_to_do_with_the_label_agrees_as_often_as_a_guess():
    found = determination(np.array([[30.0, 70.0], [60.0, 140.0], [0.0, 0.0]]))
    assert found.agreed == found.largest == 210


@pytest.mark.parametrize("successes", [27, 28, 29, 30])
def test_the_exact_p_meets_the_clopper_pearson_bound(successes):
    bound = clopper_pearson(successes, 30, 0.99, "lower").low
    assert excess_p(successes, 30, bound) == pytest.approx(0.01)
